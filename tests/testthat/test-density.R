test_that("the curve is that of dgmm1d(), has area 1, and is a density to plot()", {
  fit <- gmm1d(~waiting, data = faithful, k = 2)
  curve <- density(fit)
  expect_s3_class(curve, "density")
  expect_identical(curve$y, dgmm1d(curve$x, fit))
  step <- diff(curve$x)[1]
  # The probability beyond 4 sigma is less than 1e-4.
  expect_equal(sum(curve$y) * step, 1, tolerance = 1e-4)
  expect_equal(stats::approx(curve, xout = 70)$y, dgmm1d(70, fit), tolerance = 1e-3)
  withr::with_pdf(NULL, {
    expect_invisible(plot(curve))
    expect_silent(lines(curve))
  })
  expect_output(print(curve), "fitted to waiting")
  expect_identical(as.data.frame(curve), data.frame(x = curve$x, y = curve$y))
  expect_identical(range(density(fit, from = 0, to = 10, n = 11)$x), c(0, 10))
  mixture <- gmm1d_mixture(c(0.5, 0.5), c(0, 3), c(1, 1))
  expect_identical(density(mixture)$y, dgmm1d(density(mixture)$x, mixture))
})

test_that("the grid is fine enough for the narrowest component, and covers the noise", {
  narrow <- density(gmm1d_mixture(c(0.5, 0.5), c(0, 0), c(1, 0.01)))
  expect_lte(diff(narrow$x)[1], 0.01 / 4)
  fit <- gmm1d(c(faithful$waiting, seq(0, 200, 5)), k = 2, noise = TRUE)
  expect_identical(range(density(fit)$x), fit$noise[2:3])
})

test_that("an invalid grid, and a mixture without a density, are errors", {
  fit <- gmm1d(faithful$waiting, k = 2)
  expect_error(density(fit, from = 10, to = 5), class = "gmm1d_error_argument")
  expect_error(density(fit, n = 1), class = "gmm1d_error_range")
  expect_error(density(fit, bw = 3), class = "gmm1d_error_argument")
  point <- gmm1d(c(10.1, 9.8, 10.3, 10.0, 9.9), k = 1, error = 1)
  expect_error(density(point), class = "gmm1d_error_argument")
})
