replicate_of <- function(fit, type, seed = 1) {
  withr::with_seed(seed, gmm1d:::replicate_drawer(fit, type)())
}

test_that("a replicate has as many observations as the data, of any kind", {
  fits <- list(
    gmm1d(faithful$waiting, k = 2), gmm1d(faithful$eruptions, k = 2), gmm1d(stamps(), k = 2),
    gmm1d(galaxies, k = 2), gmm1d(round(faithful$waiting, -1), k = 2, rounding = 10),
    gmm1d(draw(marron_wand$bimodal, 2e4), k = 2)
  )
  for (fit in fits) {
    for (type in c("parametric", "nonparametric", "weighted")) {
      points <- replicate_of(fit, type)
      expect_equal(points$n, fit$n, tolerance = 1e-12)
      expect_equal(sum(points$w), points$n)
      expect_false(is.unsorted(points$x))
      expect_identical(is.null(points$lower), is.null(fit$points$lower))
    }
  }
})

test_that("parametric replicates have the distribution of the mixture", {
  for (x in list(draw(marron_wand$bimodal, 200), draw(marron_wand$bimodal, 2e4))) {
    fit <- gmm1d(x, k = 2)
    means <- vapply(1:200, function(i) {
      points <- replicate_of(fit, "parametric", i)
      sum(points$w * points$x) / points$n
    }, 1)
    centre <- sum(fit$lambda * fit$mu)
    sd <- sqrt(sum(fit$lambda * (fit$sigma^2 + (fit$mu - centre)^2)))
    expect_lt(abs(mean(means) - centre), 4 * sd / sqrt(200 * length(x)))
    expect_equal(sd(means), sd / sqrt(length(x)), tolerance = 0.2)
  }
})

test_that("replicates lie on the lattice or in the bins of the data", {
  fit <- gmm1d(faithful$waiting, k = 2)
  expect_true(all(replicate_of(fit, "parametric")$x %% 1 == 0))
  grouped <- gmm1d(stamps(), k = 2)
  expect_true(all(replicate_of(grouped, "parametric")$lower %in% stamps()$lower))
})

test_that("few values on a wide lattice are drawn individually", {
  x <- round(1e4 * draw(marron_wand$bimodal, 30))
  points <- replicate_of(gmm1d(x, k = 1), "parametric")
  expect_identical(points$n, 30)
  expect_identical(points$x, round(points$x))
})

test_that("rounded values that are taken as exact are rounded once", {
  x <- round(draw(marron_wand$gaussian, 1e4))
  fit <- gmm1d(x, k = 1)
  boot <- withr::with_seed(1, bootstrap(fit, 99))
  expect_lt(abs(summary(boot)["sigma1", "bias"]), 0.3 * sqrt(vcov(fit)["sigma1", "sigma1"]))
})

test_that("counts beyond the largest integer are drawn too", {
  bins <- stamps()
  bins$count <- bins$count * 1e10
  fit <- quietly(gmm1d(bins, k = 1))
  for (type in c("parametric", "nonparametric", "weighted")) {
    points <- replicate_of(fit, type)
    expect_equal(points$n, fit$n, tolerance = 1e-6)
  }
  counts <- vapply(1:400, function(i) {
    withr::with_seed(i, gmm1d:::draw_multinomial(1e10, c(1, 2, 7)))
  }, numeric(3))
  expect_equal(rowMeans(counts), 1e10 * c(0.1, 0.2, 0.7), tolerance = 1e-5)
  p <- c(0.1, 0.2, 0.7)
  expect_equal(cov(t(counts)) / 1e10, diag(p) - p %o% p, tolerance = 0.2)
})

test_that("replicates of values seen through a window lie in it, however they are recorded", {
  set.seed(2)
  x <- rexp(300)
  x <- x[x >= 0.26]
  coarse <- round(x, 1)
  coarse <- coarse[coarse >= 0.3]
  window <- c(0.26, Inf)
  fits <- quietly(list(
    gmm1d(x, k = 1, within = window), gmm1d(x, k = 2, within = window),
    gmm1d(coarse, k = 1, within = window), gmm1d(round(1e3 * x), k = 1, within = c(259.7, Inf)),
    gmm1d(coarse, k = 1, rounding = 0.1, within = c(0.25, Inf)),
    gmm1d(0.26 + rexp(6e4), k = 1, within = window),
    gmm1d(x, k = 1, error = 0.1, within = window),
    gmm1d(pmin(x, 2), k = 1, censored = c(NA, 2), within = window),
    gmm1d(-x, k = 1, within = c(-Inf, -0.26))
  ))
  for (fit in fits) {
    window <- fit$points$within
    points <- replicate_of(fit, "parametric")
    expect_equal(points$n, fit$n)
    ends <- bounds_of(points)
    # x +- rounding / 2 may differ from the end of the window in the last bits
    expect_true(all(ends$lower >= window[1] - 1e-12 & ends$upper <= window[2]))
    expect_true(all(points$x >= window[1] & points$x <= window[2]))
    # The mean is that of the data, whose mixture fits them, within four standard errors.
    mean_of <- function(points) sum(points$w * points$x) / points$n
    expect_lt(abs(mean_of(points) - mean_of(fit$points)), 4 * sqrt(2 / fit$n) * fit$points$scale)
  }
})

test_that("replicates of values on a lattice contain the noise", {
  x <- withr::with_seed(1, c(round(rnorm(500, 0, 2)), sample(-49:49, 400, TRUE)))
  for (rounding in list(NULL, 1)) {
    fit <- gmm1d(x, k = 1, noise = TRUE, rounding = rounding)
    far_of <- function(points) sum(points$w[abs(points$x) > 20])
    expect_lt(abs(far_of(replicate_of(fit, "parametric")) - far_of(fit$points)), 60)
  }
})
