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

test_that("a poor fit is rejected and a good one is not, for values, lattices, cells and bins", {
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

test_that("the test prints like other tests", {
  fit <- gmm1d(faithful$waiting, k = 2)
  expect_snapshot(withr::with_seed(1, gof_test(fit, "KS", R = 19)))
})

test_that("gaps between bins, lattice points and cells count", {
  bins <- data.frame(lower = -1:9, upper = 0:10, count = c(0, 10, 20, 0, 0, 0, 30, 20, 5, 0, 3))
  fit <- gmm1d(bins, k = 1)
  n <- sum(bins$count)
  level <- cumsum(bins$count) / n
  expect_equal(gof_test(fit, "KS", R = 1)$statistic[["D"]],
               max(abs(level - pgmm1d(bins$upper, fit))))
  # Over an empty bin the integral is that of a constant, otherwise it is the square at the edge.
  p <- pgmm1d(bins$upper, fit)
  below <- c(0, p[-11L])
  of_bin <- function(i) {
    if (bins$count[i] > 0) return((level[i] - p[i])^2 / p[i] / (1 - p[i]) * (p[i] - below[i]))
    stats::integrate(function(u) (level[i] - u)^2 / u / (1 - u), below[i], p[i],
                     rel.tol = 1e-10)$value
  }
  statistic <- gof_test(fit, R = 1)$statistic[["A^2"]]
  expect_equal(statistic, n * sum(vapply(1:10, of_bin, 1)), tolerance = 1e-8)
  # Gaps between bins count like empty bins.
  bins <- bins[bins$count > 0 | bins$lower == -1, ]
  expect_equal(gof_test(gmm1d(bins, k = 1), R = 1)$statistic[["A^2"]], statistic)

  lattice <- rep(c(1:3, 20:21), c(10, 20, 15, 30, 20))
  fit <- gmm1d(lattice, k = 1)
  edges <- seq(0.5, 21.5)
  expect_equal(gof_test(fit, "KS", R = 1)$statistic[["D"]],
               max(abs(ecdf(lattice)(edges) - pgmm1d(edges, fit))))

  x <- withr::with_seed(1, c(runif(5000), runif(5000, 9, 10)))
  fit <- gmm1d(x, k = 1)
  u <- sort(pgmm1d(x, fit))
  n <- length(x)
  exact <- -n - mean((2 * seq_len(n) - 1) * (log(u) + log(1 - rev(u))))
  expect_equal(gof_test(fit, R = 1)$statistic[["A^2"]], exact, tolerance = 0.01)
})
