fits <- lapply(1:3, function(k) gmm1d(faithful$waiting, k = k))

test_that("each fit is tested against the next larger one, in order of k", {
  table <- anova(fits[[3]], fits[[1]], fits[[2]])
  expect_s3_class(table, c("anova", "data.frame"), exact = TRUE)
  expect_identical(table$k, 1:3)
  expect_identical(table$logLik, vapply(fits, `[[`, 1, "loglik"))
  expect_equal(table$BIC, vapply(fits, BIC, 1))
  expect_equal(table[["EM"]][-1], vapply(1:2, function(k0) {
    em_test(faithful$waiting, k0)$statistic[["EM"]]
  }, 1))
  expect_equal(table[["Pr(>EM)"]][3], em_test(faithful$waiting, 2)$p.value)
})

test_that("the bootstrap tests fits that differ by several components", {
  table <- withr::with_seed(1, anova(fits[[1]], fits[[3]], test = "boot", R = 19))
  lrt <- withr::with_seed(1, boot_lrt(faithful$waiting, 1, 3, R = 19))
  expect_identical(c(table$LR[2], table[["Pr(>LR)"]][2]), c(lrt$statistic[["LR"]], lrt$p.value))
  equal <- lapply(1:2, function(k) gmm1d(faithful$waiting, k = k, variance = "equal"))
  expect_error(anova(equal[[1]], equal[[2]]), "boot", class = "gmm1d_error_argument")
  table <- withr::with_seed(1, anova(equal[[1]], equal[[2]], test = "boot", R = 9))
  expect_true(is.finite(table$LR[2]))
})

test_that("the chi-squared test and fits that cannot be compared are errors that say why", {
  expect_error(anova(fits[[1]], fits[[2]], test = "Chisq"), "not identified",
               class = "gmm1d_error_argument")
  expect_error(anova(fits[[1]], fits[[3]]), "boot", class = "gmm1d_error_argument")
  expect_error(anova(fits[[1]], fits[[1]]), "different numbers", class = "gmm1d_error_argument")
  expect_error(anova(fits[[1]], gmm1d(faithful$eruptions, k = 2)), "same data",
               class = "gmm1d_error_argument")
  expect_error(anova(fits[[1]], gmm1d(faithful$waiting[-1], k = 2)), "same data",
               class = "gmm1d_error_argument")
  expect_error(anova(fits[[1]]), "two or more fits", class = "gmm1d_error_argument")
  expect_error(anova(fits[[1]], 3), class = "gmm1d_error_type")
})

test_that("thousands of values count as the same data however finely they are squashed", {
  x <- c(qnorm(ppoints(1e4)), 4 + qnorm(ppoints(1e4)) / 1000)
  table <- anova(gmm1d(x, k = 1), quietly(gmm1d(x, k = 2)))
  expect_identical(table$k, 1:2)
})

test_that("the table says what was tested", {
  expect_snapshot(anova(fits[[1]], fits[[2]], fits[[3]]))
})
