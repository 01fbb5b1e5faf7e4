# Old Faithful in bins of four minutes, with two open bins.
grouped_fit <- function() {
  x <- faithful$waiting
  edges <- c(-Inf, seq(46, 94, 4), Inf)
  bin <- cut(x, edges)
  fit <- gmm1d(x, k = 2)
  points <- squash(data.frame(lower = edges[-length(edges)], upper = edges[-1],
                              count = as.vector(table(bin))))
  points$x <- as.vector(tapply(x, bin, mean))
  points$scale <- fit$points$scale
  fit$points <- points
  fit
}

test_that("diagnostic plots look as they should", {
  skip_if_not_installed("vdiffr")
  fit <- gmm1d(~waiting, data = faithful, k = 2)
  for (type in c("qq", "cdf", "rootogram")) {
    vdiffr::expect_doppelganger(type, function() plot(fit, type))
    vdiffr::expect_doppelganger(paste(type, "grouped"), function() plot(grouped_fit(), type))
  }
  many <- gmm1d(faithful$waiting, k = 2, weights = rep(1e4, 272))
  vdiffr::expect_doppelganger("rootogram of many", function() plot(many, "rootogram"))
})

test_that("each value is plotted at the quantile of its rank", {
  x <- draw(marron_wand$claw, 100)
  pairs <- gmm1d:::quantile_pairs(squash(x))
  expect_equal(pairs$x, sort(x))
  for (p in pairs[c("from", "p", "to")]) expect_equal(p, ppoints(100, 0.5))
  qq <- qqnorm(x, plot.it = FALSE)
  expect_equal(qnorm(gmm1d:::quantile_pairs(squash(x[1:100]))$p), sort(qq$x))
})

test_that("equal values span the quantiles of all their ranks", {
  x <- faithful$waiting
  pairs <- gmm1d:::quantile_pairs(squash(x))
  p <- ppoints(length(x), 0.5)
  expect_equal(pairs$from, as.vector(tapply(p, sort(x), min)))
  expect_equal(pairs$p, as.vector(tapply(p, sort(x), mean)))
  expect_equal(pairs$to, as.vector(tapply(p, sort(x), max)))
})

test_that("the envelope consists of quantiles of the order statistics", {
  for (n in c(20, 1e4, 1e9)) {
    fit <- gmm1d(qnorm(ppoints(20)), k = 1, weights = rep(n / 20, 20))
    m <- c(1, 2, n / 2, n - 1, n)
    band <- gmm1d:::qq_envelope((m - 0.5) / n, fit)
    at <- match((m - 0.5) / n, band$p)
    lower <- pgmm1d(band$lower[at], fit)
    upper <- pgmm1d(band$upper[at], fit, lower.tail = FALSE)
    # p has 16 digits, so in the upper tail m of 1e9 has 7 correct digits.
    expect_equal(lower, qbeta(0.025, m, n + 1 - m), tolerance = 1e-6)
    expect_equal(upper, qbeta(0.025, n + 1 - m, m), tolerance = 1e-6)
    expect_true(all(band$lower < band$x & band$x < band$upper))
    expect_false(is.unsorted(band$lower) || is.unsorted(band$upper))
  }
})

test_that("the envelope holds 95 % of each order statistic of simulated data", {
  fit <- gmm1d(draw(marron_wand$bimodal, 40), k = 2)
  p <- ppoints(40, 0.5)
  band <- gmm1d:::qq_envelope(p, fit)
  at <- match(p, band$p)
  inside <- withr::with_seed(1, replicate(2000, {
    x <- sort(rgmm1d(40, fit))
    x >= band$lower[at] & x <= band$upper[at]
  }))
  # With 2000 draws the standard error is 0.005.
  expect_lt(max(abs(rowMeans(inside) - 0.95)), 0.025)
})

test_that("the steps are those of ecdf", {
  for (x in real_data()) {
    steps <- gmm1d:::ecdf_steps(squash(x))
    expect_equal(steps$x, knots(ecdf(x)))
    expect_equal(steps$p, ecdf(x)(steps$x))
  }
})

test_that("weights count in the steps", {
  expect_equal(gmm1d:::ecdf_steps(squash(c(3, 1, 2), c(2, 1, 5))),
               gmm1d:::ecdf_steps(squash(c(1, 2, 2, 2, 2, 2, 3, 3))))
})

test_that("grouped data are known at upper edges only", {
  x <- faithful$waiting
  steps <- gmm1d:::ecdf_steps(grouped_fit()$points)
  expect_equal(steps$x, seq(46, 94, 4))
  expect_equal(steps$p, ecdf(x)(steps$x))
  pairs <- gmm1d:::quantile_pairs(grouped_fit()$points)
  expect_equal(pairs[c("x", "p")], steps)
})

test_that("the distribution function of bins is drawn only at their edges", {
  view <- gmm1d:::cdf_view(grouped_fit(), gmm1d:::parse_look())
  expect_true(view$at_edges)
  expect_equal(view$data$x, seq(46, 94, 4))
  expect_equal(view$data$p, ecdf(faithful$waiting)(view$data$x))
  # closed bins, one of them empty, and a gap
  bins <- data.frame(lower = c(0, 1, 2, 5), upper = c(1, 2, 3, 6), count = c(2, 0, 4, 2))
  edges <- gmm1d:::ecdf_edges(squash(bins))
  expect_equal(edges$x, c(0, 1, 2, 3, 5, 6))
  expect_equal(edges$p, c(0, 2, 2, 6, 6, 8) / 8)
  rounded <- gmm1d(faithful$waiting, rounding = 1, k = 2)
  expect_true(gmm1d:::cdf_view(rounded, gmm1d:::parse_look())$at_edges)
})

test_that("the distribution function of values is drawn in steps, not into open intervals", {
  fit <- gmm1d(faithful$waiting, k = 2)
  view <- gmm1d:::cdf_view(fit, gmm1d:::parse_look())
  expect_false(view$at_edges)
  at <- c(40, 50.5, 70.5, 99)
  drawn <- approx(view$data$x, view$data$p, at, ties = "ordered")$y
  expect_equal(drawn, ecdf(faithful$waiting)(at))
  fit <- gmm1d(pmax(faithful$waiting, 50), censored = c(50, Inf), k = 2)
  view <- gmm1d:::cdf_view(fit, gmm1d:::parse_look())
  expect_false(view$at_edges)
  expect_identical(min(view$data$x), 50)
})

test_that("the band of the distribution function has the width of Massart", {
  e <- gmm1d:::dkw_half_width(100)
  expect_equal(2 * exp(-2 * 100 * e^2), 0.05)
})

test_that("the band holds the distribution function in 95 % of samples or more", {
  e <- gmm1d:::dkw_half_width(50)
  held <- withr::with_seed(1, replicate(2000, {
    x <- runif(50)
    unname(ks.test(x, "punif")$statistic) <= e
  }))
  expect_gt(mean(held), 0.94)
})

test_that("a rootogram has the counts of hist and expects as many as there are", {
  for (x in real_data()) {
    fit <- quietly(gmm1d(x, k = 2))
    bars <- gmm1d:::rootogram_of(fit)
    expect_equal(bars$observed, hist(x, bars$breaks, plot = FALSE)$counts)
    expect_equal(sum(bars$expected), length(x))
    inner <- seq_along(bars$expected)[-c(1, length(bars$expected))]
    expect_equal(bars$expected[inner], (length(x) * diff(pgmm1d(bars$breaks, fit)))[inner])
  }
})

test_that("bars that omit data do not include the tails", {
  fit <- gmm1d(faithful$waiting, k = 2)
  bars <- gmm1d:::rootogram_of(fit, xlim = c(60, 70))
  expect_equal(bars$expected, 272 * diff(pgmm1d(bars$breaks, fit)))
})

test_that("with many values a rootogram shows deviations", {
  look <- gmm1d:::parse_look()
  few <- gmm1d:::rootogram_view(gmm1d(faithful$waiting, k = 2), look)
  expect_identical(few$style, "hanging")
  expect_equal(few$bars$top - few$bars$bottom, sqrt(few$bars$observed))
  many <- gmm1d(faithful$waiting, k = 2, weights = rep(1e4, 272))
  view <- gmm1d:::rootogram_view(many, look)
  bars <- gmm1d:::rootogram_of(many)
  expect_identical(view$style, "deviations")
  expect_equal(view$bars$top - view$bars$bottom, sqrt(bars$observed) - sqrt(bars$expected))
  expect_equal(view$bars$bottom, rep(0, nrow(view$bars)))
})

test_that("a rootogram of grouped data has a bar for each bin", {
  fit <- grouped_fit()
  bars <- gmm1d:::rootogram_of(fit)
  expect_equal(bars$observed, fit$points$w)
  expect_equal(bars$expected, 272 * diff(pgmm1d(c(-Inf, seq(46, 94, 4), Inf), fit)))
})
