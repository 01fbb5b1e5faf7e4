test_that("known maxima are reached", {
  fit <- gmm1d(faithful$waiting, k = 2)
  expect_equal(fit$loglik, -1034.0017, tolerance = 1e-4 / 1034)
  expect_equal(fit$mu, c(54.615, 80.091), tolerance = 1e-5)
  expect_equal(gmm1d(faithful$eruptions, k = 2)$loglik, -276.3600, tolerance = 1e-4 / 276)
})

test_that("the fit contains what its help page promises", {
  fit <- gmm1d(c(faithful$waiting, NA), k = 1:3)
  expect_s3_class(fit, "gmm1d")
  expect_identical(lengths(parameters(fit)), c(lambda = 2L, mu = 2L, sigma = 2L))
  expect_false(is.unsorted(fit$mu))
  expect_equal(sum(fit$lambda), 1)
  expect_identical(fit[c("k", "n", "n_missing", "df", "converged", "penalised", "variance")],
                   list(k = 2L, n = 272, n_missing = 1, df = 5L, converged = TRUE,
                        penalised = FALSE, variance = "free"))
  expect_equal(fit$loglik, reference_loglik(faithful$waiting, fit), tolerance = 1e-12)
})

test_that("the order of the rows changes nothing", {
  x <- faithful$eruptions
  expect_identical(gmm1d(rev(x), k = 3)[1:5], gmm1d(x, k = 3)[1:5])
})

test_that("the unit does not matter", {
  x <- quakes$depth
  fit <- gmm1d(x, k = 3)
  for (b in c(-1, 1e-300, 1e-9, 1e9, 1e300)) {
    scaled <- gmm1d(b * x, k = 3)
    turn <- if (b < 0) 3:1 else 1:3
    expect_equal(scaled$lambda, fit$lambda[turn], tolerance = 1e-6)
    expect_equal(scaled$mu / b, fit$mu[turn], tolerance = 1e-6)
    expect_equal(scaled$sigma / abs(b), fit$sigma[turn], tolerance = 1e-6)
    expect_equal(scaled$loglik + length(x) * log(abs(b)), fit$loglik, tolerance = 1e-9)
  }
})

test_that("a shift changes only the means", {
  x <- quakes$depth
  fit <- gmm1d(x, k = 3)
  for (a in c(-1e3, 1e6, 1e8)) {
    moved <- gmm1d(x + a, k = 3)
    expect_equal(moved$mu - a, fit$mu, tolerance = 1e-6)
    expect_equal(moved$sigma, fit$sigma, tolerance = 1e-6)
    expect_equal(moved$loglik, fit$loglik, tolerance = 1e-9)
  }
})

test_that("weights are counts of observations; doubling them leaves the mixture unchanged", {
  counts <- table(faithful$waiting)
  x <- as.numeric(names(counts))
  w <- as.numeric(counts)
  fit <- gmm1d(faithful$waiting, k = 2)
  expect_identical(gmm1d(x, k = 2, weights = w)[1:6], fit[1:6])
  double <- gmm1d(x, k = 2, weights = 2 * w)
  expect_equal(parameters(double), parameters(fit), tolerance = 1e-5)
  expect_equal(double$loglik, 2 * fit$loglik, tolerance = 1e-10)
  expect_identical(gmm1d(c(x, 1e6), k = 2, weights = c(w, 0))[1:6], fit[1:6])
})

test_that("squashed data give the estimates of all values", {
  for (name in names(marron_wand)) {
    x <- draw(marron_wand[[name]], 1e5)
    fit <- quietly(gmm1d(x, k = min(length(marron_wand[[name]]$mu), 6)))
    if (!fit$converged || fit$penalised) next
    exact <- exact_fit(x, fit)
    expect_close_fits(fit, exact$mixture, 1e-6)
    expect_equal(fit$loglik, exact$loglik, tolerance = 1e-9)
  }
})

test_that("squashing does not depend on the unit or the origin", {
  x <- draw(marron_wand$trimodal, 3e4)
  fit <- gmm1d(x, k = 3)
  for (b in c(-1, 1e-300, 1e-9, 3, 1e300)) {
    scaled <- gmm1d(b * x, k = 3)
    back <- list(lambda = scaled$lambda, mu = scaled$mu / b, sigma = scaled$sigma / abs(b))
    if (b < 0) back <- lapply(back, rev)
    expect_close_fits(fit, back, 1e-6)
  }
  for (a in c(-1e6, 1e6)) {
    moved <- gmm1d(x + a, k = 3)
    # x + a is rounded to 2^-33
    expect_close_fits(fit, list(lambda = moved$lambda, mu = moved$mu - a, sigma = moved$sigma),
                      1e-5)
  }
})

test_that("permuted rows give the same fit", {
  x <- draw(marron_wand$claw, 1e5)
  fit <- gmm1d(x, k = 3)
  other <- gmm1d(withr::with_seed(3, sample(x)), k = 3)
  expect_equal(parameters(other), parameters(fit), tolerance = 1e-10)
})

test_that("threaded fits and forks work together", {
  skip_on_os("windows")
  x <- draw(marron_wand$bimodal, 3e5)
  fit <- gmm1d(x, k = 2)
  forked <- parallel::mclapply(1:2, function(i) gmm1d(x, k = 2)$mu, mc.cores = 2)
  expect_identical(forked, list(fit$mu, fit$mu))
})

test_that("the unit of the weights does not matter, as far as doubles reach", {
  x <- withr::with_seed(1, c(rnorm(200), rnorm(100, 4)))
  fit <- quietly(gmm1d(x, k = 2))
  for (unit in 10^c(-300, -40, -20, 20, 40, 300)) {
    scaled <- quietly(gmm1d(x, k = 2, weights = rep(unit, 300)))
    expect_equal(scaled$mu, fit$mu, tolerance = 1e-6)
    expect_equal(scaled$sigma, fit$sigma, tolerance = 1e-6)
    expect_equal(scaled$loglik / unit, fit$loglik, tolerance = 1e-9)
  }
  for (large in c(1e20, 1e100, 1e300)) {
    half <- quietly(gmm1d(x, k = 1, weights = rep(c(1, large), 150)))
    expect_equal(half$mu, mean(x[c(FALSE, TRUE)]), tolerance = 1e-12)
    expect_true(all(is.finite(quietly(gmm1d(x, weights = rep(c(1, large), 150)))$mu)))
  }
})

test_that("normalised weights give the same estimates, and a warning", {
  x <- faithful$waiting
  expect_warning(fit <- gmm1d(x, k = 2, weights = rep(1e-3, 272)), class = "gmm1d_warning_weights")
  # tol is in units of the log-likelihood, which are a thousandth of the usual ones here
  expect_equal(parameters(fit), parameters(gmm1d(x, k = 2)), tolerance = 1e-2)
})

test_that("vectors, integers, matrices, time series and formulas give the same fit", {
  x <- faithful$waiting
  fit <- gmm1d(x, k = 2)
  estimates <- function(fit) unclass(fit)[1:6]
  expect_identical(estimates(gmm1d(as.integer(x), k = 2)), estimates(fit))
  expect_identical(estimates(gmm1d(matrix(x), k = 2)), estimates(fit))
  expect_identical(estimates(gmm1d(ts(x), k = 2)), estimates(fit))
  expect_identical(estimates(gmm1d(~waiting, data = faithful, k = 2)), estimates(fit))
  expect_identical(estimates(gmm1d(~x, k = 2)), estimates(fit))
})

test_that("a k larger than the number of distinct values is skipped", {
  fit <- quietly(gmm1d(c(1, 2, 2, 3), k = 1:5))
  expect_identical(fit$selection$k, 1:3)
  expect_identical(fit$k_left_out, 4:5)
})

test_that("the data are kept by reference, or not at all", {
  x <- faithful$waiting
  expect_identical(gmm1d(x, k = 1)$data, x)
  expect_null(gmm1d(x, k = 1, control = list(keep_data = FALSE))$data)
  expect_lt(object.size(gmm1d(rep(x, 1000), k = 2, control = list(keep_data = FALSE))), 5e4)
})

test_that("the caller's data, options and random state are not changed", {
  x <- c(3, 1, NA, 2, 9, 4)
  before <- list(x, options())
  quietly(gmm1d(x, k = 2))
  expect_identical(list(x, options()), before)
})

test_that("the name of the data is short, and never the data", {
  x <- faithful
  name <- function(fit) fit$data_name
  expect_identical(name(gmm1d(x$waiting, k = 1)), "x$waiting")
  expect_identical(
    name(gmm1d(x$waiting[x$eruptions > 2 & x$waiting > 50 & x$waiting < 100 & x$waiting != 70],
               k = 1)),
    "x$waiting[...]"
  )
  expect_identical(
    name(gmm1d(log(subset(x, eruptions > 2 & waiting > 50 & waiting < 90)$waiting + 0), k = 1)),
    "log(subset(x, ...)$waiting + 0)"
  )
  long <- strrep("x", 80)
  assign(long, x$waiting)
  expect_identical(name(eval(call("gmm1d", as.name(long), k = 1))), paste0(strrep("x", 57), "..."))
  typed <- c(1.25, 2.125, 3.5, 4.75, 5.125, 6.25, 7.5, 8.125, 9.25, 10.5, 11.25, 12.75)
  expect_identical(name(do.call(gmm1d, list(typed, k = 1))), "x")
  expect_identical(name(eval(call("gmm1d", as.call(c(quote(c), as.list(typed))), k = 1))), "x")
  expect_identical(name(do.call(gmm1d, list(call("log", typed), k = 1))), "x")
})
