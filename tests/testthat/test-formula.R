test_that("variables, weights and subset are looked up in the data first", {
  counts <- as.data.frame(table(waiting = faithful$waiting), stringsAsFactors = FALSE)
  counts$waiting <- as.numeric(counts$waiting)
  fit <- gmm1d(~waiting, data = counts, weights = Freq, k = 2)
  expect_identical(fit[1:6], gmm1d(faithful$waiting, k = 2)[1:6])
  limit <- 100
  expect_identical(
    gmm1d(~depth, data = quakes, subset = depth < limit, k = 2)[1:6],
    gmm1d(quakes$depth[quakes$depth < limit], k = 2)[1:6]
  )
})

test_that("the variable may be an expression", {
  fit <- gmm1d(~ log(depth), data = quakes, k = 2)
  expect_identical(fit[1:6], gmm1d(log(quakes$depth), k = 2)[1:6])
  expect_identical(fit$data_name, "log(depth)")
  expect_equal(predict(fit, quakes[1:3, ], "cdf"), pgmm1d(log(quakes$depth[1:3]), fit),
               ignore_attr = TRUE)
})

test_that("a term keeps what it computed from its data for new data", {
  fit <- gmm1d(~ scale(waiting), data = faithful, k = 2)
  expect_equal(predict(fit, faithful[1:2, ], "cdf"), predict(fit, type = "cdf")[1:2],
               ignore_attr = TRUE)
})

test_that("missing values are kept in their place", {
  data <- data.frame(v = c(NA, faithful$waiting))
  fit <- gmm1d(~v, data = data, k = 2)
  expect_identical(fit$n_missing, 1)
  expect_length(predict(fit), 273)
  expect_true(is.na(predict(fit)[[1]]))
})
