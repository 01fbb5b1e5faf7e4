test_that("many fits are plotted in panels, and the layout is restored", {
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

test_that("many fits can be indexed by factors and times, and an empty index gives all", {
  fits <- gmm1d_each(1:12, rep(c("a", "b"), 6), k = 1)
  expect_identical(fits[], fits)
  expect_identical(fits[factor("b", c("b", "a"))], fits["b"])
  times <- as.POSIXlt(as.POSIXct("2026-01-01", tz = "UTC") + rep(c(0, 60), 6))
  expect_identical(coef(gmm1d_each(1:12, times, k = 1)), coef(fits), ignore_attr = TRUE)
})

test_that("the row names of a data frame of fits may be numbers", {
  fits <- gmm1d_each(list(a = 1:9, b = 2:12), k = 1)
  expect_identical(row.names(as.data.frame(fits, row.names = c(2.5, 7))), c("2.5", "7"))
})
