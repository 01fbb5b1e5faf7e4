test_that("the likelihood is that of the intervals", {
  bins <- stamps()
  for (k in 1:3) {
    fit <- gmm1d(bins, k = k)
    expect_equal(fit$loglik, interval_loglik(bins$lower, bins$upper, bins$count, fit),
                 tolerance = 1e-10)
    expect_true(fit$converged)
    expect_true(all(diff(fit$trace) > 0))
  }
})

test_that("EM steps on intervals agree with numerical integration", {
  breaks <- c(-Inf, 50, 55, 60, 75, 76, 80, 90, Inf)
  counts <- as.vector(table(cut(faithful$waiting, breaks)))
  bins <- data.frame(lower = breaks[-9], upper = breaks[-1], count = counts)
  points <- squash(bins)
  options <- gmm1d:::em_options(gmm1d_control(penalty = 0))
  theta <- list(lambda = c(0.4, 0.6), mu = c(52, 79), sigma = c(5, 7))
  expect_equal(gmm1d:::em_steps_cpp(points, theta, 1, options),
               interval_em_step(bins$lower, bins$upper, bins$count, theta), tolerance = 1e-9)
})

test_that("a step from far away, with sums repeated about the new mean, agrees as well", {
  bins <- stamps()
  bins <- bins[bins$count > 0, ]
  far <- list(lambda = 1, mu = 0.6, sigma = 0.08)
  points <- squash(bins)
  options <- gmm1d:::em_options(gmm1d_control(penalty = 0, min_sigma = 1e-9))
  expect_equal(gmm1d:::em_steps_cpp(points, far, 1, options)[c("mu", "sigma")],
               interval_em_step(bins$lower, bins$upper, bins$count, far)[c("mu", "sigma")],
               tolerance = 1e-8)
})

test_that("the fits of mixR to the stamps are reached", {
  # interval log-likelihoods that mixR 0.2.1 reaches from 15 starts
  expect_gte(gmm1d(stamps(), k = 2)$loglik, -1865.5124)
  expect_gte(gmm1d(stamps(), k = 3)$loglik, -1831.4667)
  expect_gte(gmm1d(stamps(), k = 4)$loglik, -1829.5048)
})

test_that("values with rounding give the same fit as bins", {
  bins <- stamps()
  x <- rep(round(bins$lower / 2 + bins$upper / 2, 3), bins$count)
  for (k in 1:4) {
    fit <- gmm1d(bins, k = k)
    rounded <- gmm1d(x, k = k, rounding = 0.001)
    expect_equal(rounded$loglik, fit$loglik, tolerance = 1e-10)
    expect_equal(parameters(rounded), parameters(fit), tolerance = 1e-6)
  }
})

test_that("a histogram with narrow bins gives the fit of the values, up to its resolution", {
  x <- draw(marron_wand$bimodal, 2000)
  fit <- gmm1d(x, k = 2)
  for (width in c(0.1, 0.01)) {
    breaks <- seq(-6, 6, by = width)
    expect_close_fits(fit, gmm1d(hist(x, breaks, plot = FALSE), k = 2), 3 * width)
  }
})

test_that("rounding undoes what rounding adds to the variance", {
  x <- round(draw(list(lambda = 1, mu = 0, sigma = 1), 1e5))
  expect_equal(gmm1d(x, k = 1)$sigma^2, 1 + 1 / 12, tolerance = 0.01)
  expect_equal(gmm1d(x, k = 1, rounding = 1)$sigma^2, 1, tolerance = 0.01)
})

test_that("hundreds of thousands of rounded values are squashed, too", {
  x <- round(draw(marron_wand$bimodal, 1e5), 4)
  expect_close_fits(gmm1d(x, k = 2), gmm1d(x, k = 2, rounding = 1e-4), 1e-3)
  expect_lt(length(squash(x, rounding = 1e-4)), 4096)
})

test_that("open bins contain the tails", {
  x <- draw(list(lambda = 1, mu = 0, sigma = 1), 1e5)
  breaks <- c(-Inf, -1, 0, 1, Inf)
  bins <- data.frame(lower = breaks[-5], upper = breaks[-1],
                     count = as.vector(table(cut(x, breaks))))
  fit <- gmm1d(bins, k = 1)
  expect_equal(c(fit$mu, fit$sigma), c(0, 1), tolerance = 0.02)
})

test_that("intervals far out and far apart have finite likelihoods", {
  bins <- data.frame(lower = c(0, 1, 1e6), upper = c(1, 2, 1e6 + 1), count = c(50, 60, 1))
  fit <- quietly(gmm1d(bins, k = 1:2))
  expect_true(all(is.finite(unlist(fit$selection[c("loglik", "BIC")]))))
  start <- list(lambda = 1, mu = -1e4, sigma = 1)
  expect_equal(gmm1d(stamps(), start = start)$mu, gmm1d(stamps(), k = 1)$mu, tolerance = 1e-6)
})

test_that("empty, unsorted or split bins change nothing", {
  bins <- stamps()
  fit <- gmm1d(bins, k = 2)
  more <- rbind(bins[rev(seq_len(nrow(bins))), ], data.frame(lower = 1, upper = 2, count = 0))
  expect_identical(parameters(gmm1d(more, k = 2)), parameters(fit))
  parts <- c(squash(bins[1:30, ]), squash(bins[-(1:20), ]))
  expect_identical(parts$n, as.double(sum(bins$count) + sum(bins$count[21:30])))
  expect_identical(c(squash(bins[1:30, ]), squash(bins[31:62, ]))$w, squash(bins)$w)
})

test_that("a histogram is named after its variable, and squashed data print what they are", {
  fit <- gmm1d(hist(faithful$waiting, plot = FALSE), k = 2)
  expect_identical(fit$data_name, "faithful$waiting")
  expect_snapshot(squash(stamps()))
  expect_snapshot(squash(faithful$waiting, rounding = 1))
  expect_snapshot(summary(gmm1d(stamps(), k = 1:2)), transform = some_iterations)
})

test_that("bins that differ only in the last digits are kept apart", {
  bins <- data.frame(lower = 1e9 + 0:2 * 1e-6, upper = 1e9 + 1:3 * 1e-6, count = 1:3)
  expect_identical(c(squash(bins), squash(bins))$w, c(2, 4, 6))
})

test_that("models with too many parameters for the bins are skipped", {
  incomes <- data.frame(lower = c(-Inf, 10, 20, 30, 40, 60, 100),
                        upper = c(10, 20, 30, 40, 60, 100, Inf),
                        count = c(120, 310, 260, 140, 110, 50, 10))
  fit <- quietly(gmm1d(incomes))
  expect_identical(fit$selection$k, 1:2)
  expect_identical(fit$k_left_out, 3:9)
})

test_that("bins in which a start has no density attract it", {
  bins <- data.frame(lower = 1e6 + 0:3, upper = 1e6 + 1:4, count = c(1, 4, 5, 2))
  far <- gmm1d(bins, k = 1, start = list(lambda = 1, mu = 0, sigma = 1e-3))
  expect_equal(coef(far), coef(gmm1d(bins, k = 1)), tolerance = 1e-9)
})

test_that("proportions and densities are not taken as counts without a warning", {
  shares <- function(count) data.frame(lower = seq_along(count), upper = seq_along(count) + 1,
                                       count = count)
  warns <- function(code) expect_warning(code, "less than half", class = "gmm1d_warning_weights")
  counts <- hist(faithful$waiting, plot = FALSE)
  density <- proportions <- counts
  density$counts <- density$density
  proportions$counts <- counts$counts / sum(counts$counts)
  for (x in list(shares(c(1, 2, 5) / 100), shares(c(0, 1, 2, 5) / 8), density, proportions)) {
    warns(squash(x))
    warns(gmm1d(x, k = 1))
    warns(gmm1d_each(list(a = x, b = counts), k = 1))
    warns(c(squash(counts), squash(x)))
    # Given once, for all data sets.
    expect_length(capture_warnings(gmm1d_each(list(x, x), k = 1)), 1L)
  }
  for (x in list(shares(c(1, 1, 1)), shares(c(0, 0, 2)), shares(c(0.5, 0.5)), counts)) {
    expect_silent(squash(x))
  }
})
