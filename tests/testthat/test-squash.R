squash <- gmm1d:::squash

test_that("points are the sorted distinct values with their counts", {
  points <- squash(c(3, 1, 2, 3, NA, 3, NaN))
  expect_identical(points$x, c(1, 2, 3))
  expect_identical(points$w, c(1, 1, 3))
  expect_identical(points$n, 5)
  expect_identical(points$n_missing, 2L)
})

test_that("weights of equal values add up, and weight 0 is absent", {
  points <- squash(c(2, 1, 2, 5), c(0.5, 1, 0.25, 0))
  expect_identical(points$x, c(1, 2))
  expect_identical(points$w, c(1, 0.75))
})

test_that("the order of the rows changes no bit", {
  x <- round(draw(marron_wand$claw, 500), 1)
  w <- withr::with_seed(1, rexp(500))
  order <- withr::with_seed(2, sample(500))
  expect_identical(squash(x[order], w[order]), squash(x, w))
})

test_that("the scale is min(sd, IQR / 1.349), and sd where the IQR is 0", {
  for (x in real_data()) {
    expect_equal(squash(x)$scale, min(sd(x), IQR(x) / 1.349), tolerance = 1e-12)
  }
  x <- c(rep(0, 10), 1, 5)
  expect_equal(squash(x)$scale, sd(x), tolerance = 1e-12)
  expect_equal(squash(2^990 * x)$scale / 2^990, sd(x), tolerance = 1e-12)
})

test_that("the step of a lattice is found, and none where there is none", {
  steps <- c(waiting = 1, eruptions = 0.001, galaxies = 1, precip = 0.1, depth = 1)
  for (name in names(steps)) {
    expect_equal(squash(real_data()[[name]])$step, steps[[name]], tolerance = 1e-6)
  }
  expect_identical(squash(draw(marron_wand$gaussian, 100))$step, 0)
  expect_equal(squash(c(10, 16, 31) * 1e-200)$step, 3e-200, tolerance = 1e-9)
})

test_that("integer64 is converted by value", {
  skip_if_not_installed("bit64")
  x <- bit64::as.integer64(c(5, NA, -3, 2^40))
  points <- squash(x)
  expect_identical(points$x, c(-3, 5, 2^40))
  expect_identical(points$n_missing, 1L)
  expect_identical(squash(1:3, bit64::as.integer64(c(1, 2, 3)))$w, c(1, 2, 3))
})

test_that("the data are not changed", {
  x <- c(3, 1, 2)
  squash(x)
  expect_identical(x, c(3, 1, 2))
})
