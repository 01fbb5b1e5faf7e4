fit <- gmm1d(faithful$waiting, k = 2)
four <- gmm1d(~ log(galaxies), data = list(galaxies = c(exp(qnorm(ppoints(90))),
              exp(qnorm(ppoints(60), 3.5, 0.8)), exp(qnorm(ppoints(70), 8, 1.2)))), k = 3)
mixtures <- c(
  list(
    plain = new_mixture(c(0.7, 0.3), c(0, 4), c(1, 1.5)),
    wide_negative = new_mixture(c(0.4, 0.6), c(0, 1), c(3, 0.5)),
    wide_positive = new_mixture(c(0.9, 0.1), c(0, 0.5), c(1, 4)),
    equal_sigmas = new_mixture(c(0.5, 0.5), c(-1, 2), c(1, 1)),
    three = new_mixture(c(0.3, 0.5, 0.2), c(0, 3, 5), c(1, 0.5, 2)),
    gap = new_mixture(c(0.2, 0.4, 0.4), c(0, 100, 1000), c(1, 2, 0.1))
  ),
  lapply(marron_wand[c("skewed", "bimodal", "trimodal", "claw")],
         function(m) new_mixture(m$lambda, m$mu, m$sigma))
)
mixtures <- lapply(mixtures, function(m) reordered(m, order(m$mu, m$sigma)))

# All ways to divide a mixture: the negative group below or above.
partings <- function(m) {
  unlist(lapply(seq_len(m$k - 1L), function(at) {
    list(seq_len(at), seq(at + 1L, m$k))
  }), recursive = FALSE)
}

share_below <- function(x, m, group) {
  sum(m$lambda[group] * pnorm((x - m$mu[group]) / m$sigma[group])) / sum(m$lambda[group])
}

test_that("a cut by specificity or sensitivity leaves that probability on its side", {
  p <- c(1e-6, 0.05, 0.5, 0.95, 0.99, 0.999)
  for (m in mixtures) {
    for (negative in partings(m)) {
      positive <- setdiff(seq_len(m$k), negative)
      above <- negative[1L] == 1L
      cuts <- cutpoints(m, specificity = p, sensitivity = p, negative = negative)
      expect_identical(cuts$rule, rep(c("specificity", "sensitivity"), each = length(p)))
      below <- function(group) vapply(cuts$cutpoint, share_below, 0, m, group)
      specificity <- if (above) below(negative) else 1 - below(negative)
      sensitivity <- if (above) 1 - below(positive) else below(positive)
      # 1 - p has lost digits that p has not.
      expect_equal(specificity[seq_along(p)], p, tolerance = 1e-10)
      expect_equal(cuts$specificity, specificity, tolerance = 1e-10)
      expect_equal(sensitivity[-seq_along(p)], p, tolerance = 1e-10)
      expect_equal(cuts$sensitivity, sensitivity, tolerance = 1e-10)
      expect_identical(cuts$from[1L], if (above) "negative" else "positive")
      expect_identical(cuts$to[1L], if (above) "positive" else "negative")
    }
  }
})

test_that("the specificity of a single component agrees with its distribution to the last digits", {
  for (m in mixtures) {
    cut <- cutpoints(m, specificity = c(0.9, 0.99))$cutpoint
    expect_lt(max(abs(pgmm1d(cut, 1, m$mu[1], m$sigma[1]) - c(0.9, 0.99))), 1e-12)
  }
  cut <- cutpoints(fit, specificity = 0.99)
  expect_equal(cut$cutpoint, fit$mu[1] + qnorm(0.99) * fit$sigma[1], tolerance = 1e-14)
})

test_that("at Youden's cut the densities are equal, and no other place is better", {
  for (m in mixtures) {
    for (negative in partings(m)) {
      groups <- list(negative = negative, positive = setdiff(seq_len(m$k), negative),
                     above = negative[1L] == 1L)
      cut <- cutpoints(m, rule = "youden", negative = negative)
      density <- vapply(groups[1:2], function(group) {
        sum(m$lambda[group] * dnorm(cut$cutpoint, m$mu[group], m$sigma[group])) /
          sum(m$lambda[group])
      }, 0)
      expect_equal(density[[1L]], density[[2L]], tolerance = 1e-9)
      x <- sort(c(outer(seq(-12, 12, length.out = 2000), m$sigma) + rep(m$mu, each = 2000)))
      gain <- vapply(x, function(at) {
        share_below(at, m, groups$negative) - share_below(at, m, groups$positive)
      }, 0)
      best <- cut$specificity + cut$sensitivity - 1
      expect_gte(best, max(if (groups$above) gain else -gain) - 1e-14)
    }
  }
})

test_that("Youden's cut between equal sigmas is the midpoint of the means, whatever lambda is", {
  for (lambda in c(0.01, 0.5, 0.9)) {
    m <- new_mixture(c(lambda, 1 - lambda), c(-1, 2), c(1.5, 1.5))
    expect_equal(cutpoints(m, rule = "youden")$cutpoint, 0.5, tolerance = 1e-14)
  }
  expect_identical(cutpoints(new_mixture(c(0.5, 0.5), c(1, 1), c(2, 2)), rule = "youden")$cutpoint,
                   NA_real_)
})

test_that("the gradients agree with central differences", {
  for (m in mixtures[setdiff(names(mixtures), "gap")]) {
    theta <- c(m$lambda, m$mu, m$sigma)
    for (negative in partings(m)) {
      groups <- list(negative = negative, positive = setdiff(seq_len(m$k), negative),
                     above = negative[1L] == 1L)
      rules <- parse_rules(c(0.9, 0.99), 0.95, "youden")
      cuts <- rule_cuts(m, rules, groups)
      along <- function(value) {
        vapply(seq_along(theta), function(p) {
          step <- replace(numeric(length(theta)), p, 1e-5)
          (value(mixture_of(theta + step)) - value(mixture_of(theta - step))) / 2e-5
        }, numeric(nrow(cuts)))
      }
      numeric <- along(function(m) rule_cuts(m, rules, groups)$cutpoint)
      expect_equal(rule_gradient(cuts, m, groups), numeric, tolerance = 1e-6)
      log_spread <- function(m, group) {
        lambda <- m$lambda[group] / sum(m$lambda[group])
        mean <- sum(lambda * m$mu[group])
        log(sum(lambda * (m$sigma[group]^2 + (m$mu[group] - mean)^2))) / 2
      }
      numeric <- along(function(m) {
        low <- log_spread(m, groups$negative)
        high <- log_spread(m, groups$positive)
        c(low, low, high, (low + high) / 2)
      })
      expect_equal(spread_gradient(cuts, m, groups), numeric, tolerance = 1e-6)
    }
  }
})

test_that("rules move with the data: shift, scale and reflection", {
  for (m in mixtures) {
    of <- function(m, ...) cutpoints(m, specificity = 0.99, sensitivity = 0.9, rule = "youden", ...)
    cuts <- of(m)
    expect_equal(of(new_mixture(m$lambda, m$mu + 100, m$sigma))$cutpoint - 100, cuts$cutpoint,
                 tolerance = 1e-8)
    for (by in c(1e-290, 0.1, 1e290)) {
      scaled <- of(new_mixture(m$lambda, m$mu * by, m$sigma * by))
      expect_equal(scaled$cutpoint / by, cuts$cutpoint, tolerance = 1e-10)
      expect_equal(scaled[5:6], cuts[5:6], tolerance = 1e-10)
    }
    reflected <- new_mixture(rev(m$lambda), -rev(m$mu), rev(m$sigma))
    expect_equal(-of(reflected, negative = m$k)$cutpoint, cuts$cutpoint, tolerance = 1e-10)
  }
})

test_that("intervals move with the data, and the standard error is the delta method's", {
  cuts <- cutpoints(fit, specificity = c(0.9, 0.99), sensitivity = 0.95, rule = "youden")
  gradient <- rule_gradient(cuts, fit, list(negative = 1L, positive = 2L, above = TRUE))
  expect_equal(cuts$std.error, sqrt(diag(gradient %*% vcov(fit) %*% t(gradient))),
               tolerance = 1e-10)
  moved <- cutpoints(gmm1d(-3 * faithful$waiting + 7, k = 2), specificity = c(0.9, 0.99),
                     sensitivity = 0.95, rule = "youden", negative = 2)
  expect_equal(moved$std.error, 3 * cuts$std.error, tolerance = 1e-5)
  expect_equal(moved$conf.low, -3 * cuts$conf.high + 7, tolerance = 1e-5)
  expect_equal(moved$conf.high, -3 * cuts$conf.low + 7, tolerance = 1e-5)
})

test_that("an interval is symmetric on the scale on which the standard error is constant", {
  cut <- cutpoints(fit, specificity = 0.99, level = 0.9)
  covariance <- vcov(fit)
  gradient <- c(0, 0, 1, 0, qnorm(0.99), 0)
  growth <- sum(gradient * covariance[, "sigma1"]) / fit$sigma[1] / cut$std.error^2
  to_scale <- function(x) log(1 + growth * (x - cut$cutpoint)) / growth
  reach <- qnorm(0.95) * cut$std.error
  expect_equal(to_scale(c(cut$conf.low, cut$conf.high)), c(-1, 1) * reach, tolerance = 1e-8)
  # A larger cut-point comes with a larger sigma, so the interval is longer above.
  expect_gt(cut$conf.high - cut$cutpoint, cut$cutpoint - cut$conf.low)
  # Narrow intervals are symmetric.
  small <- cutpoints(fit, specificity = 0.99, level = 1e-4)
  expect_equal(small$conf.high - small$cutpoint, small$cutpoint - small$conf.low, tolerance = 1e-3)
})

test_that("a bootstrap gives the spread and the percentiles of the replicates' cuts", {
  boot <- withr::with_seed(1, bootstrap(fit, 99))
  cuts <- cutpoints(fit, boot = boot, specificity = 0.99, rule = "youden", level = 0.8)
  replicates <- apply(boot$estimates, 1L, function(theta) {
    theta[["mu1"]] + qnorm(0.99) * theta[["sigma1"]]
  })
  expect_equal(cuts$std.error[1L], sd(replicates), tolerance = 1e-10)
  expect_equal(c(cuts$conf.low[1L], cuts$conf.high[1L]),
               quantile(replicates, c(0.1, 0.9), names = FALSE), tolerance = 1e-10)
  expect_identical(cuts[1:6], cutpoints(fit, specificity = 0.99, rule = "youden")[1:6])
})

test_that("several components may form a group, and a group of all has only a specificity", {
  by_number <- cutpoints(four, specificity = 0.99, negative = c(2, 1))
  names(four) <- c("none", "low", "high")
  by_name <- cutpoints(four, specificity = 0.99, negative = c("none", "low"))
  expect_identical(by_name[-(2:3)], by_number[-(2:3)])
  expect_identical(c(by_name$from, by_name$to), c("negative", "high"))
  all <- cutpoints(gmm1d(faithful$waiting, k = 1), specificity = 0.95)
  expect_equal(all$cutpoint, mean(faithful$waiting) + qnorm(0.95) *
                 sqrt(mean((faithful$waiting - mean(faithful$waiting))^2)), tolerance = 1e-8)
  expect_identical(all$sensitivity, NA_real_)
  expect_error(cutpoints(four, sensitivity = 0.9, negative = 1:3), class = "gmm1d_error_argument")
  expect_error(cutpoints(four, specificity = 0.9, negative = 2), class = "gmm1d_error_argument")
  expect_error(cutpoints(four, specificity = 0.9, negative = c(1, 3)),
               class = "gmm1d_error_argument")
})

test_that("cuts are marked and dropped by the range of the data, as others are", {
  cuts <- cutpoints(fit, specificity = c(0.5, 1 - 1e-12), sensitivity = 0.99)
  range <- range(faithful$waiting)
  expect_identical(cuts$inside, cuts$cutpoint >= range[1L] & cuts$cutpoint <= range[2L])
  kept <- cutpoints(fit, specificity = c(0.5, 1 - 1e-12), sensitivity = 0.99, within = TRUE)
  expect_identical(lapply(kept, identity), lapply(cuts, `[`, cuts$inside))
})

test_that("a group without weight has no cut-point", {
  empty <- new_mixture(c(0, 1), c(0, 3), c(1, 1))
  cuts <- cutpoints(empty, specificity = 0.99, sensitivity = 0.95, rule = "youden")
  expect_identical(is.na(cuts$cutpoint), c(TRUE, FALSE, TRUE))
  expect_identical(cuts$specificity, rep(NA_real_, 3))
})

test_that("over many samples, the interval by specificity has its nominal coverage", {
  # The benchmark has 1000 samples for each design. Here there are few, with limits that chance
  # keeps with probability 0.999.
  truth <- qnorm(0.99)
  held <- vapply(1:100, function(seed) {
    x <- withr::with_seed(seed, rgmm1d(300, c(0.7, 0.3), c(0, 4), c(1, 1.5)))
    cut <- cutpoints(gmm1d(x, k = 2), specificity = 0.99)
    cut$conf.low <= truth && truth <= cut$conf.high
  }, NA)
  expect_gte(sum(held), qbinom(0.001, 100, 0.95))
})

test_that("a component with the name of the negative group is that group, on either side", {
  x <- withr::with_seed(1, c(rnorm(100, 25, 8), rnorm(100, 85, 10)))
  fit <- gmm1d(x, k = 2)
  low <- cutpoints(fit, specificity = 0.99)
  names(fit) <- c("positive", "Negative")
  high <- cutpoints(fit, specificity = 0.99)
  expect_equal(high, cutpoints(fit, specificity = 0.99, negative = 2))
  expect_gt(high$cutpoint, low$cutpoint)
  names(fit) <- c("negative", "positive")
  expect_equal(cutpoints(fit, specificity = 0.99)$cutpoint, low$cutpoint)
})

test_that("a known component is the negative group, on either side", {
  x <- withr::with_seed(1, c(rnorm(1000, 1.7, 0.45), rnorm(150, -1.2, 0.8)))
  fit <- gmm1d(x, k = 2, fixed = list(mu = c(1.7, NA), sigma = c(0.45, NA)))
  cut <- cutpoints(fit, specificity = 0.999)
  expect_equal(cut$cutpoint, qnorm(0.001, 1.7, 0.45), tolerance = 1e-8)
})
