test_that("many fits are drawn in panels, and the page is as it was", {
  fits <- suppressWarnings(gmm1d_each(list(a = faithful$waiting, b = 1, c = faithful$eruptions),
                                      k = 2))
  withr::with_pdf(NULL, {
    before <- par("mfrow", "mar")
    expect_identical(withVisible(plot(fits)), list(value = fits, visible = FALSE))
    expect_silent(plot(fits, "qq", legend = TRUE, main = "m"))
    expect_identical(par("mfrow", "mar"), before)
  })
  expect_error(plot(fits["b"]), class = "gmm1d_error_argument")
  expect_error(plot(fits, tpye = 1), class = "gmm1d_error_argument")
})
