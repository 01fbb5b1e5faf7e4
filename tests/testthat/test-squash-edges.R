test_that("an open bin is closed as far from its value as its other edge", {
  ends <- list(x = c(-1, 1, 5), lower = c(-Inf, 0, -Inf), upper = c(0, Inf, Inf))
  expect_equal(gmm1d:::closed_bins(ends), list(lower = c(-2, 0, 5), upper = c(0, 2, 5)))
})
