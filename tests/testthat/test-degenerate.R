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

test_that("as many components as distinct values is possible", {
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
