test_that("the distribution is the mixture", {
  skip_if_not_installed("distributional")
  noisy <- gmm1d(c(faithful$waiting, seq(0, 200, 5)), k = 2, noise = TRUE)
  for (fit in list(gmm1d(faithful$waiting, k = 2), gmm1d(faithful$waiting, k = 1), noisy,
                   gmm1d_mixture(c(0.3, 0.7), c(0, 3), c(1, 0.5)))) {
    waits <- as_distribution(fit)
    expect_true(distributional::is_distribution(waits))
    at <- qgmm1d(c(0.01, 0.3, 0.6, 0.99), fit)
    expect_equal(unlist(stats::density(waits, at)), dgmm1d(at, fit), tolerance = 1e-10)
    expect_equal(unlist(distributional::cdf(waits, at)), pgmm1d(at, fit), tolerance = 1e-10)
    # distributional finds quantiles by optimise(), to at most half the digits of a double.
    expect_equal(unlist(stats::quantile(waits, c(0.1, 0.5, 0.9))), qgmm1d(c(0.1, 0.5, 0.9), fit),
                 tolerance = 1e-3)
    if (inherits(fit, "gmm1d")) expect_equal(mean(waits), mean(fit))
  }
})

test_that("a component with sigma 0 is a point mass, and many fits are a vector", {
  skip_if_not_installed("distributional")
  point <- as_distribution(gmm1d(c(10.1, 9.8, 10.3, 10.0, 9.9), k = 1, error = 1))
  expect_equal(mean(point), 10.02)
  fits <- suppressWarnings(gmm1d_each(list(a = faithful$waiting, b = 1, c = faithful$eruptions),
                                      k = 2))
  all <- as_distribution(fits)
  expect_length(all, 3L)
  expect_equal(mean(all)[c(1, 3)], unname(mean(fits))[c(1, 3)])
  expect_true(is.na(mean(all)[2]))
})

test_that("anything but a mixture is an error", {
  skip_if_not_installed("distributional")
  expect_error(as_distribution(1:3), class = "gmm1d_error_type")
  expect_error(as_distribution(list(mu = 1)), class = "gmm1d_error_argument")
  expect_error(as_distribution(gmm1d(faithful$waiting, k = 1), 3), class = "gmm1d_error_argument")
})
