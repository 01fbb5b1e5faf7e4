test_that("print and summary show what a reader wants", {
  fit <- gmm1d(~waiting, data = rbind(faithful, NA), k = 1:3)
  expect_snapshot(fit)
  expect_snapshot(summary(fit), transform = some_iterations)
})

test_that("doubts are printed", {
  x <- c(rep(0, 50), draw(marron_wand$gaussian, 200))
  expect_snapshot(quietly(gmm1d(x, k = 2)))
  few <- quietly(gmm1d(c(1, 2, 2, 3, 8), k = 1:6, control = list(max_iter = 2)))
  expect_snapshot(summary(few), transform = some_iterations)
})

test_that("print and summary return their objects", {
  fit <- gmm1d(faithful$waiting, k = 2)
  capture.output(expect_identical(withVisible(print(fit)), list(value = fit, visible = FALSE)))
  expect_s3_class(summary(fit), "summary.gmm1d")
  expect_identical(summary(fit)$components, as.data.frame(fit))
})

test_that("data given as values are not printed", {
  fit <- do.call(gmm1d, list(faithful$waiting, k = 2))
  expect_identical(fit$data_name, "x")
  expect_lt(sum(nchar(capture.output(print(fit)))), 400)
})
