expect_sound <- function(fit) {
  expect_true(all(is.finite(unlist(parameters(fit)))))
  expect_true(all(fit$lambda >= 0) && abs(sum(fit$lambda) - 1) < 1e-9)
  expect_true(all(fit$sigma > 0))
  expect_true(is.finite(fit$loglik))
  expect_false(is.unsorted(fit$trace))
}

test_that("hostile data give finite numbers", {
  gaussian <- draw(marron_wand$gaussian, 100)
  hostile <- list(
    two_values = c(0, 1),
    two_values_many = rep(c(0, 1), c(90, 10)),
    spike_at_zero = c(rep(0, 80), abs(gaussian)),
    outlier = c(gaussian, 1e9),
    far_outlier = c(gaussian, 1e300),
    largest = c(-1e308, 0, 1e308, 1.7e308),
    denormal = c(1, 2, 3, 7, 8, 9) * 1e-310,
    scales = c(gaussian * 1e-12, gaussian * 1e12),
    heavy_tails = tan(pi * (ppoints(200) - 0.5)),
    one_differs = c(rep(5, 100), 6),
    neighbours = 1 + c(0, 1, 2, 3) * .Machine$double.eps
  )
  for (name in names(hostile)) {
    for (k in 1:2) expect_sound(quietly(gmm1d(hostile[[name]], k = k)))
    fit <- quietly(gmm1d(hostile[[name]]))
    expect_sound(fit)
    expect_true(all(abs(rowSums(predict(fit, type = "posterior")) - 1) < 1e-12))
  }
})

test_that("there can be as many components as distinct values", {
  expect_sound(quietly(gmm1d(c(1, 2, 4, 8), k = 4)))
})

test_that("one distinct value needs a floor for sigma", {
  expect_error(gmm1d(rep(3, 10)), class = "gmm1d_error_constant")
  expect_error(gmm1d(rep(3, 10), k = 2), class = "gmm1d_error_constant")
  fit <- gmm1d(rep(3, 10), control = list(min_sigma = 0.5))
  expect_identical(unlist(parameters(fit)), c(lambda = 1, mu = 3, sigma = 0.5))
  expect_identical(fit$k_left_out, 2:9)
  expect_output(print(fit), "fitted to")
})

test_that("one component has the ML standard deviation on a lattice too", {
  x <- rep(c(0, 1), c(95, 5))
  fit <- gmm1d(x, k = 1)
  expect_equal(fit$sigma, sqrt(0.05 * 0.95), tolerance = 1e-12)
  expect_false(fit$penalised)
})

test_that("a few values with nearly all the weight leave the others their components", {
  expect_sound(quietly(gmm1d(c(rep(0, 1e5), rep(10, 1e5), (1:500) / 500), k = 9)))
  heavy <- quietly(gmm1d(c(0, 10, seq(0.1, 1, len = 500)), k = 1:9,
                         weights = c(1e6, 1e6, rep(1, 500))))
  expect_sound(heavy)
})

test_that("one distant value does not raise the floor of other components", {
  x <- c(draw(marron_wand$gaussian, 100), 10 + draw(marron_wand$gaussian, 100, seed = 2))
  fit <- gmm1d(x, k = 2)
  for (outlier in c(1e20, 1e300)) {
    with_outlier <- quietly(gmm1d(c(x, outlier), k = 3))
    # penalised estimates, as a single value has no sigma
    expect_equal(with_outlier$mu, c(fit$mu, outlier), tolerance = 1e-2)
    expect_equal(with_outlier$sigma[1:2], fit$sigma, tolerance = 1e-2)
  }
})

test_that("many zeros and far outliers do not hide what lies between", {
  gaussian <- draw(marron_wand$gaussian, 5000)
  points <- squash(c(rep(0, 6000), gaussian, rep(c(-1, 1) * 1e300, 50)))
  expect_gt(length(points), 500)
})

test_that("a fit with an empty component has not converged", {
  fit <- quietly(gmm1d(1:10, start = list(lambda = c(1, 0), mu = 1:2, sigma = c(1, 1))))
  expect_identical(fit$status, "ridge")
})

test_that("values of all exponents can be fitted", {
  x <- c(3.2e-125, -1.4e158, 5.5e-119, 3.7e-281, 3.4e-298, 7.6e13, 3e-75, 1.2e-96, -3.8e-270)
  for (w in list(1:9, 9:1, c(22, 24, 57, 37, 32, 60, 52, 50, 15))) {
    fit <- quietly(gmm1d(x, k = 1:4, weights = w))
    expect_true(all(is.finite(c(fit$lambda, fit$mu, fit$sigma, fit$selection$objective))))
  }
})

test_that("values over many scales take little memory, and errors in threads do no harm", {
  x <- c(-1, 1) * 2^seq(-1000, 1000, length.out = 4e4)
  expect_true(gmm1d(x, k = 1)$converged)
  fits <- quietly(gmm1d_each(list(a = 1:9, b = x), k = 1:2))
  expect_true(all(is.na(glance(fits)$error)))
})
