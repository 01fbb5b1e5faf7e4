fit <- gmm1d(log(rivers), k = 1:3)
boot <- function(fit, times, ...) {
  withr::with_seed(1, bootstrap(fit, times, search = TRUE, ...))
}

test_that("each k is what gmm1d() chooses for the replicate", {
  both <- gmm1d(log(rivers), k = 1:3, variance = c("free", "equal"), criterion = "AIC")
  for (one in list(fit, both)) {
    for (type in c("parametric", "nonparametric", "weighted")) {
      b <- boot(one, 5, type)
      variance <- unique(one$selection$variance)
      chosen <- withr::with_seed(1, lapply(1:5, function(i) {
        quietly(gmm1d(gmm1d:::replicate_drawer(one, type)(), k = 1:3, variance = variance,
                      criterion = one$criterion))
      }))
      expect_identical(b$k, vapply(chosen, `[[`, 1L, "k"))
      expect_identical(b$variance, vapply(chosen, `[[`, "", "variance"))
    }
  }
})

test_that("results depend on the seed alone", {
  single <- gmm1d(log(rivers), k = 1:3, control = list(threads = 1))
  expect_identical(boot(single, 20)$k, boot(fit, 20)$k)
  expect_identical(boot(fit, 20, "nonparametric")$k, boot(fit, 20)$k)
})

test_that("groups that are far apart are found in all replicates", {
  apart <- gmm1d(withr::with_seed(1, rnorm(200, rep(c(0, 20), 100))), k = 1:2)
  expect_identical(boot(apart, 20)$k, rep(2L, 20))
  expect_identical(boot(apart, 20, "parametric")$k, rep(2L, 20))
})

test_that("bins, lattices, noise and labels are searched as the data were", {
  grouped <- quietly(gmm1d(hist(faithful$waiting, breaks = seq(39.5, 99.5, 5), plot = FALSE),
                           k = 1:2))
  expect_identical(boot(grouped, 9)$k, rep(2L, 9))
  noisy <- gmm1d(c(faithful$waiting, seq(0, 200, 5)), noise = c(FALSE, TRUE), k = 2:3)
  expect_true(all(boot(noisy, 5)$k %in% 2:3))
  labels <- ifelse(faithful$waiting < 50, "short", NA)
  expect_identical(boot(gmm1d(faithful$waiting, labels = labels, k = 1:2), 9)$k, rep(2L, 9))
  fixed <- gmm1d(faithful$waiting, fixed = list(sigma = 6), k = 1:2)
  expect_identical(boot(fixed, 9)$k, rep(2L, 9))
})

test_that("replicates that cannot be fitted are NA and counted", {
  few <- quietly(gmm1d(c(1, 2, 4), k = 1:2))
  b <- boot(few, 200)
  # Three equal values are drawn with probability 1/9; the tolerance is four standard errors.
  expect_lt(abs(mean(is.na(b$k)) - 1 / 9), 4 * sqrt(8 / 81 / 200))
  expect_identical(sum(summary(b)$times), sum(!is.na(b$k)))
  expect_output(print(b), "could not be fitted")
})

test_that("the summary lists all k tried, and the share of each", {
  b <- boot(fit, 40)
  table <- summary(b)
  expect_identical(table$k, 1:3)
  expect_identical(table$times, as.vector(table(factor(b$k, 1:3))))
  expect_equal(sum(table$share), 1)
  expect_identical(table$k[table$is_fit], fit$k)
  expect_snapshot(print(b))
})

test_that("fits without a choice of k, and methods for parameters, give an error", {
  expect_error(boot(gmm1d(faithful$waiting, k = 2), 9), class = "gmm1d_error_argument")
  expect_error(bootstrap(fit, 9, search = NA), class = "gmm1d_error_type")
  b <- boot(fit, 2)
  expect_error(confint(b), class = "gmm1d_error_argument")
  expect_error(cutpoints(fit, boot = b), class = "gmm1d_error_type")
})

test_that("bars of the choices look as they should", {
  skip_if_not_installed("vdiffr")
  vdiffr::expect_doppelganger("choices of k", function() plot(boot(fit, 40)))
})
