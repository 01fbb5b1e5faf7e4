test_that("a fit is a table in documents, its name kept from being mathematics", {
  skip_if_not_installed("knitr")
  fit <- gmm1d(faithful$waiting)
  expect_s3_class(knitr::knit_print(fit), "knit_asis")
  expect_snapshot(cat(knitr::knit_print(fit)))
  expect_snapshot(cat(knitr::knit_print(gmm1d_each(faithful, k = 1:2), n = 1)))
})
