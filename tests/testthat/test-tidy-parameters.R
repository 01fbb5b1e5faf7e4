test_that("the tables of bootstraps agree with their summaries", {
  fit <- gmm1d(faithful$waiting, k = 1:2)
  boot <- withr::with_seed(1, bootstrap(fit, 19))
  rows <- tidy(boot, conf.int = TRUE, conf.level = 0.9)
  said <- summary(boot, level = 0.9)
  expect_identical(names(rows), c("term", "component", "estimate", "bias", "std.error", "conf.low",
                                  "conf.high"))
  expect_identical(rows$term, rownames(said))
  expect_equal(rows[names(said)], said, ignore_attr = "row.names")
  expect_identical(names(tidy(boot)), names(rows)[1:5])
  expect_error(tidy(boot, conf.lvl = 0.9), class = "gmm1d_error_argument")

  boot <- withr::with_seed(1, bootstrap(fit, 5, search = TRUE))
  expect_identical(tidy(boot), summary(boot))
  expect_error(tidy(boot, conf.int = TRUE), class = "gmm1d_error_argument")
})
