test_that("tidy() has the words of broom for the parameters", {
  fit <- gmm1d(faithful$waiting, k = 2)
  expect_identical(as.list(tidy(fit)), list(
    component = 1:2, proportion = fit$lambda, mean = fit$mu, sd = fit$sigma,
    variance = fit$sigma^2
  ))
})

test_that("glance() is a row that agrees with the extractors", {
  fit <- gmm1d(c(NA, faithful$waiting), k = 1:3, variance = c("free", "equal"))
  row <- glance(fit)
  expect_identical(nrow(row), 1L)
  expect_equal(row$logLik, as.numeric(logLik(fit)))
  expect_equal(c(row$AIC, row$BIC), c(AIC(fit), BIC(fit)))
  expect_identical(row[c("k", "variance", "nobs", "n_missing", "df")],
                   list2DF(list(k = fit$k, variance = "equal", nobs = 272, n_missing = 1,
                                df = fit$df)))
})
