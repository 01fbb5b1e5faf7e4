test_that("plots look as they should", {
  skip_if_not_installed("vdiffr")
  fit <- gmm1d(~waiting, data = faithful, k = 2)
  vdiffr::expect_doppelganger("two components", function() plot(fit))
  vdiffr::expect_doppelganger("black and white, own breaks", function() {
    plot(fit, breaks = seq(40, 100, 2), col = "black", main = "Old Faithful", legend = FALSE)
  })
  groups <- as.vector(outer(qnorm(ppoints(30)), 10 * 1:7, "+"))
  vdiffr::expect_doppelganger("seven components", function() plot(gmm1d(groups, k = 7)))
  vdiffr::expect_doppelganger("one component", function() plot(gmm1d(as.vector(precip), k = 1)))
})

test_that("the histogram is that of hist, weights counted", {
  histogram <- function(x, w = NULL, breaks) {
    gmm1d:::histogram_of(squash(x, w), breaks, mixture = NULL)
  }
  for (x in real_data()) {
    theirs <- hist(x, plot = FALSE)
    expect_equal(histogram(x, NULL, theirs$breaks)$density, theirs$density)
  }
  bars <- histogram(c(1, 2, 3), c(1, 2, 1), c(0.5, 1.5, 2.5, 3.5))
  expect_equal(bars$density, c(0.25, 0.5, 0.25))
})

test_that("plot returns the fit and leaves graphics parameters as they were", {
  fit <- gmm1d(faithful$waiting, k = 2)
  withr::with_pdf(NULL, {
    before <- par(no.readonly = TRUE)[c("mar", "mfrow", "cex", "lty", "col", "xpd")]
    expect_identical(withVisible(plot(fit)), list(value = fit, visible = FALSE))
    expect_identical(par(no.readonly = TRUE)[names(before)], before)
  })
})

test_that("breaks must cover the data", {
  fit <- gmm1d(faithful$waiting, k = 2)
  expect_error(plot(fit, breaks = c(50, 60)), class = "gmm1d_error_range")
  expect_error(plot(fit, breaks = "many"), class = "gmm1d_error_type")
})
