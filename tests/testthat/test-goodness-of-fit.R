test_that("the statistics are those of the textbook", {
  x <- sort(draw(marron_wand$skewed, 200))
  fit <- gmm1d(x, k = 1)
  p <- pnorm(x, fit$mu, fit$sigma)
  i <- seq_along(x)
  textbook <- -200 - mean((2 * i - 1) * (log(p) + log(1 - rev(p))))
  expect_equal(gmm1d:::anderson_darling(fit$points, fit), textbook, tolerance = 1e-9)
  ks <- suppressWarnings(ks.test(x, "pnorm", fit$mu, fit$sigma))
  expect_equal(gmm1d:::kolmogorov_smirnov(fit$points, fit), ks$statistic, ignore_attr = TRUE)
})

test_that("the statistics of squashed data are near those of the data", {
  x <- draw(marron_wand$bimodal, 2e4)
  fit <- gmm1d(x, k = 2)
  expect_equal(gmm1d:::anderson_darling(fit$points, fit),
               gmm1d:::anderson_darling(exact_points(x), fit), tolerance = 0.05)
  expect_equal(gmm1d:::kolmogorov_smirnov(fit$points, fit),
               gmm1d:::kolmogorov_smirnov(exact_points(x), fit), tolerance = 0.15)
})

test_that("a poor fit is found out, a good one is not, on values, lattices, cells and bins", {
  grouped <- hist(draw(marron_wand$bimodal, 500), breaks = 40, plot = FALSE)
  fits <- list(
    list(gmm1d(faithful$waiting, k = 1), TRUE), list(gmm1d(faithful$waiting, k = 2), FALSE),
    list(gmm1d(draw(marron_wand$bimodal, 500), k = 1), TRUE),
    list(gmm1d(draw(marron_wand$bimodal, 500), k = 2), FALSE),
    list(gmm1d(draw(marron_wand$bimodal, 2e4), k = 1), TRUE),
    list(gmm1d(draw(marron_wand$bimodal, 2e4), k = 2), FALSE),
    list(gmm1d(stamps(), k = 1), TRUE), list(gmm1d(grouped, k = 2), FALSE)
  )
  for (case in fits) {
    for (statistic in c("AD", "KS")) {
      p <- withr::with_seed(1, gof_test(case[[1]], statistic, R = 49))$p.value
      if (case[[2]]) expect_identical(p, 0.02) else expect_gt(p, 0.05)
    }
  }
})

test_that("p-values of true models are uniform", {
  p <- vapply(1:100, function(i) {
    fit <- gmm1d(draw(list(lambda = 1, mu = 0, sigma = 1), 60, i), k = 1)
    withr::with_seed(i, gof_test(fit, R = 39))$p.value
  }, 1)
  # a discrete uniform distribution on 1/40, ..., 1
  expect_gt(suppressWarnings(ks.test(p, "punif"))$p.value, 0.01)
})

test_that("the test prints as tests do", {
  fit <- gmm1d(faithful$waiting, k = 2)
  expect_snapshot(withr::with_seed(1, gof_test(fit, "KS", R = 19)))
})
