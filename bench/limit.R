# The physical limit: how long a loop takes that only reads ten million values on two threads, and
# how much longer the pass over them and the whole fit take.
limit <- function(cases = limit_cases()) {
  ratio <- cases$ratio
  record("times", limit_pass = ratio[2L], limit_step = ratio[3L], goal = "at most 1.5",
         about = paste0(cases$what[2:3], ", beside reading them"))
  record("times", limit_fit = ratio[4L], goal = "at most 2",
         about = paste0(cases$what[4L], ", beside reading them"))
  c(
    "## The physical limit", "",
    table_of(what = cases$what, time = milliseconds(cases$time), ratio = number(ratio),
             goal = c("", "1.5", "1.5", "2"))
  )
}

# Each time is the mean of `times` calls.
limit_cases <- function(n = 1e7, runs = 5L, times = 5L) {
  compiled <- new.env()
  Rcpp::sourceCpp("bench/limit.cpp", env = compiled)
  x <- draw(n)
  points <- list(x = x, w = rep(1, n), n = n, scale = 1, step = 0, width = NULL, lower = NULL,
                 upper = NULL, base = 0)
  options <- gmm1d:::em_options(gmm1d_control(penalty = 0))
  steps <- function(count) gmm1d:::em_steps_cpp(points, three, count, options)
  repeats <- seq_len(times)
  found <- seconds_beside(
    reading = for (i in repeats) compiled$read_on_two_threads(x),
    pass = for (i in repeats) squash(x),
    step = steps(times),
    fit = for (i in repeats) gmm1d(x, k = 3),
    start = steps(0L),
    runs = runs
  )
  # The steps begin with an E-step of their own.
  with_start <- found$time[["start"]]
  time <- c(found$time[1:2], step = found$time[["step"]] - with_start, found$time["fit"]) / times
  size <- number(n)
  data.frame(
    what = c(paste("reading", size, "values on two threads"), paste("squashing", size, "values"),
             paste("one E-step and M-step on", size, "values, one thread"),
             paste0("gmm1d(x, k = 3) of ", size, " values")),
    time = time, ratio = time / time[1L]
  )
}
