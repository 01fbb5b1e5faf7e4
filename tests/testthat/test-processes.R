# Effects outside the package: interrupts, forks, and limits on threads.

# Runs code in a separate R process, interrupts it once it has begun, and returns its output after
# that.
interrupted <- function(code) {
  begun <- withr::local_tempfile()
  session <- callr::r_bg(function(code, begun) {
    set.seed(1)
    x <- c(stats::rnorm(400), stats::rnorm(300, 4))
    library(gmm1d)
    state <- tryCatch({
      file.create(begun)
      eval(code)
      "ended"
    }, interrupt = function(i) "interrupted")
    list(state = state, coef = coef(gmm1d(datasets::faithful$waiting, k = 2)),
         graphics = grDevices::dev.cur())
  }, list(code, begun))
  withr::defer(session$kill())
  while (!file.exists(begun) && session$is_alive()) Sys.sleep(0.05)
  Sys.sleep(0.5)
  session$interrupt()
  session$wait(60000)
  expect_false(session$is_alive())
  session$get_result()
}

test_that("an interrupt ends long calls, and R goes on", {
  skip_on_cran()
  skip_if_not_installed("callr")
  skip_on_os("windows")
  long <- list(
    quote(for (i in 1:1000) gmm1d(x, k = 1:9)),
    quote(gmm1d_each(rep(list(x), 20000), k = 1:4)),
    quote(gmm1d_each(rep(list(x), 4), k = 1:40)),
    quote(gmm1d(function() rnorm(1e5), k = 2)),
    quote(bootstrap(gmm1d(x, k = 4), R = 1e6)),
    quote(boot_lrt(x, 2, R = 1e6)),
    quote(gof_test(gmm1d(x, k = 2), R = 1e6)),
    if (rlang::is_installed(c("dbplyr", "RSQLite"))) {
      quote({
        connection <- DBI::dbConnect(RSQLite::SQLite(), ":memory:")
        numbers <- dplyr::sql(paste("WITH RECURSIVE c(x) AS (SELECT 1.0 UNION ALL",
                                    "SELECT x + 1 FROM c WHERE x < 1e7) SELECT x FROM c"))
        gmm1d(dplyr::tbl(connection, numbers), x, k = 2)
      })
    }
  )
  expected <- coef(gmm1d(faithful$waiting, k = 2))
  for (code in long[lengths(long) > 0L]) {
    result <- interrupted(code)
    expect_identical(result$state, "interrupted", label = deparse1(code))
    expect_identical(result$coef, expected)
  }
})

test_that("an interrupt counts as one even if the interrupted code ends in an error", {
  ends_in_error <- function() {
    on.exit(stop("the way out"))
    rlang::interrupt()
  }
  interrupt <- tryCatch(gmm1d:::build_query(ends_in_error()), condition = identity)
  expect_s3_class(interrupt, "interrupt")
  expect_error(gmm1d:::build_query(stop("no column")), "no column", class = "gmm1d_error_argument")
})

test_that("forks of an R process that has used threads give the same fit", {
  skip_on_cran()
  skip_if_not_installed("callr")
  skip_on_os("windows")
  fits <- callr::r(function() {
    library(gmm1d)
    set.seed(1)
    x <- stats::rnorm(4e5) + c(0, 4)
    one <- function(i) coef(gmm1d(x, k = 2, control = list(threads = 2)))
    each <- function(i) coef(gmm1d_each(list(x[1:500], x[501:1000]), k = 2,
                                        control = list(threads = 2)))
    here <- list(one(0), each(0))
    there <- parallel::mclapply(1:2, function(i) list(one(i), each(i)), mc.cores = 2)
    list(here = here, there = there, again = list(one(0), each(0)))
  }, timeout = 60)
  expect_identical(fits$again, fits$here)
  for (fit in fits$there) expect_identical(fit, fits$here)
})

test_that("other sessions, and their threads, give the same fit", {
  skip_on_cran()
  skip_on_os("windows")
  cluster <- parallel::makeCluster(2L)
  withr::defer(parallel::stopCluster(cluster))
  fit <- function(i) gmm1d::gmm1d(datasets::faithful$waiting, k = 2, control = list(threads = 2))
  fits <- parallel::parLapply(cluster, 1:2, fit)
  for (one in fits) expect_equal(one, fit(1))
})

# Sanitizers need memory of their own.
skip_under_sanitizers <- function() {
  skip_if(grepl("asan", Sys.getenv("LD_PRELOAD"), fixed = TRUE), "memory is not ours alone")
}

# The largest number of threads that a separate R process has at once while it runs code.
most_threads <- function(code, ...) {
  session <- callr::r_bg(function(code) {
    library(gmm1d)
    set.seed(1)
    x <- stats::rnorm(1e6)
    eval(code)
    TRUE
  }, list(code), env = c(callr::rcmd_safe_env(), ...))
  withr::defer(session$kill())
  threads <- file.path("/proc", session$get_pid(), "task")
  most <- 0
  while (session$is_alive()) most <- max(most, length(list.files(threads)))
  expect_true(session$get_result())
  most
}

test_that("there are no more threads than asked for, than are worth it, and than limits allow", {
  skip_on_cran()
  skip_if_not_installed("callr")
  skip_if_not(dir.exists("/proc/self/task"), "threads cannot be counted here")
  alone <- most_threads(quote(for (i in 1:5) gmm1d(x, k = 1, control = list(threads = 1))))
  many <- quote(for (i in 1:30) gmm1d(x, k = 1, control = list(threads = 1e6)))
  expect_identical(most_threads(many, OMP_THREAD_LIMIT = "1"), alone)
  # Threads that have just ended may still be listed when the next ones start.
  expect_lte(most_threads(many), alone + 2 * (parallel::detectCores() - 1))
  expect_gt(most_threads(many), alone - (parallel::detectCores() == 1))
  small <- quote(for (i in 1:30) gmm1d(x[1:100], k = 2, control = list(threads = 8)))
  expect_identical(most_threads(small), alone)
})

test_that("results are the same if the system provides no thread, or little memory for one", {
  skip_on_cran()
  skip_if_not_installed("callr")
  skip_if_not(nzchar(Sys.which("prlimit")), "memory cannot be limited here")
  skip_under_sanitizers()
  x <- withr::with_seed(1, stats::rnorm(1e6))
  expected <- coef(gmm1d(x, k = 1))
  no_room <- callr::r(function(x) {
    library(gmm1d)
    gmm1d(x, k = 1, control = list(threads = 1))
    status <- readLines("/proc/self/status")
    size <- as.numeric(gsub("[^0-9]", "", grep("^VmSize", status, value = TRUE)))
    # the stack of a thread alone takes 8 MB
    system2("prlimit", c("--pid", Sys.getpid(), sprintf("--as=%.0f", 1024 * size + 7e6)))
    coef(gmm1d(x, k = 1, control = list(threads = 8)))
  }, list(x))
  expect_identical(no_room, expected)
  small <- callr::r(function(x) coef(gmm1d::gmm1d(x, k = 1)), list(x),
                    env = c(callr::rcmd_safe_env(), OMP_STACKSIZE = "64k"))
  expect_identical(small, expected)
})

test_that("invalid values of mc.cores do no harm", {
  for (cores in list(0, NA, -3, "two", c(2, 3), 1e6, Inf)) {
    withr::local_options(mc.cores = cores)
    threads <- gmm1d_control()$threads
    expect_gte(threads, 1L)
    expect_true(gmm1d(faithful$waiting, k = 2)$converged)
  }
})

test_that("an error of R while a vector is read loses no memory", {
  skip_on_cran()
  skip_if_not(file.exists("/proc/self/status"), "memory cannot be measured here")
  skip_under_sanitizers()
  folder <- withr::local_tempdir()
  file.copy(test_path("data", "unreadable.c"), folder)
  build <- function() tools::Rcmd("SHLIB unreadable.c", stdout = FALSE, stderr = FALSE)
  built <- withr::with_dir(folder, build())
  skip_if_not(built == 0, "no C compiler")
  library <- dyn.load(file.path(folder, paste0("unreadable", .Platform$dynlib.ext)))
  withr::defer(dyn.unload(library[["path"]]))
  x <- .Call(library$unreadable)
  resident <- function() {
    line <- grep("^VmRSS", readLines("/proc/self/status"), value = TRUE)
    as.numeric(gsub("[^0-9]", "", line)) / 1024
  }
  fail <- function() expect_error(squash(x), "cannot be read")
  for (i in 1:20) fail()
  before <- resident()
  # each would leak the 1.4 MB in which it collects data
  for (i in 1:100) fail()
  expect_lt(resident() - before, 50)
})

test_that("the interface protects what it uses from R's garbage collector", {
  skip_on_cran()
  x <- as.double(faithful$waiting)
  whole <- as.integer(x)
  compact <- 40:95  # computed when it is read
  points <- squash(x)
  cells <- squash(qnorm(ppoints(9000)))
  three <- list(lambda = c(0.2, 0.3, 0.5), mu = c(50, 60, 80), sigma = c(4, 5, 6), k = 3L)
  control <- gmm1d_control(max_iter = 20)
  options <- gmm1d:::em_options(control)
  pass <- gmm1d:::squash_options(control)
  # Compiled here: otherwise R compiles it in the second call, in which each allocation is slow.
  run <- compiler::cmpfun(function() {
    list(
      gmm1d:::squash_cpp(x, numeric(), pass), gmm1d:::squash_each_cpp(list(x, x), list(x, x), pass),
      gmm1d:::merged_cells_cpp(cells$cells, cells$cells), gmm1d:::points_of_cells_cpp(cells$cells),
      gmm1d:::em_cpp(points, three, options), gmm1d:::climb_cpp(points, three, options),
      gmm1d:::conclude_each_cpp(points, list(three), list(options), 1L),
      gmm1d:::search_each_cpp(list(points), list(1:2), options, 1L),
      gmm1d:::covariance_cpp(points, three, options), gmm1d:::estep_cpp(x, three, 1L),
      gmm1d:::log_density_cpp(x, three),
      gmm1d:::squash_cpp(whole, whole, pass), gmm1d:::squash_cpp(compact, compact, pass),
      gmm1d:::squash_each_cpp(list(whole, compact), list(whole, compact), pass),
      gmm1d:::squash_finer_cpp(x, numeric(), pass, cells, list(three)),
      gmm1d:::estep_cpp(whole, three, 1L), gmm1d:::classify_cpp(compact, three, 1L),
      gmm1d:::mstep_cpp(whole[1:3], diag(3L), 1:3),
      gmm1d:::log_density_cpp(compact, three), gmm1d:::log_cdf_cpp(whole, three, TRUE),
      gmm1d:::quantile_cpp(-(1:9), three, FALSE), gmm1d:::from_integer64_cpp(x),
      gmm1d:::smallest_sigma_cpp(points, 50:60, options),
      gmm1d:::robust_scale_cpp(points), gmm1d:::lattice_step_cpp(points),
      gmm1d:::coarsened_cells_cpp(cells$cells, 5L), gmm1d:::cells_of_values_cpp(whole, whole, 3L),
      gmm1d:::em_steps_cpp(points, three, 2L, options),
      gmm1d:::starting_values_cpp(points, 2L, options),
      gmm1d:::climb_each_cpp(list(points), three, options, 1L)
    )
  })
  expected <- run()
  gctorture2(7)
  found <- tryCatch(run(), finally = gctorture2(0))
  expect_identical(found, expected)
})
