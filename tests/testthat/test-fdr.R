z <- withr::with_seed(1, c(rnorm(900), rnorm(50, 3.5), rnorm(50, -3.5)))
known <- list(mu = c(0, NA, NA), sigma = c(1, NA, NA))
fit <- gmm1d(z, fixed = known)
rates <- fdr(fit)
values <- as.data.frame(rates)

posterior_of <- function(fit, null) {
  rowSums(predict(fit, type = "posterior")[, paste0("comp.", null), drop = FALSE])
}

# P(null | X <= x) and P(null | X >= x) by definition.
reference_tails <- function(x, m, null, share) {
  tail <- function(lower) {
    p <- mapply(function(mu, sigma) pnorm(x, mu, sigma, lower.tail = lower), m$mu, m$sigma)
    of_null <- p[, null, drop = FALSE] %*% (m$lambda[null] / sum(m$lambda[null]))
    pmin(as.vector(share * of_null / (p %*% m$lambda)), 1)
  }
  list(lower = tail(TRUE), upper = tail(FALSE))
}

test_that("with the fitted proportion the local rate is the posterior probability of the null", {
  fits <- list(fit, gmm1d(z, k = 3), gmm1d(faithful$waiting, k = 2),
               gmm1d(c(z, seq(-20, 20, 4)), k = 2, noise = TRUE))
  for (fit in fits) {
    for (null in list(1L, 2L, c(1L, 2L))) {
      rates <- fdr(fit, null, pi0 = "fitted")
      expect_equal(rates$values$fdr, posterior_of(fit, null), tolerance = 1e-14)
      expect_equal(rates$pi0$estimate, sum(fit$lambda[null]), tolerance = 1e-14)
    }
  }
})

test_that("the largest proportion makes the rate 1 somewhere in the middle of the null", {
  for (fit in list(fit, quietly(gmm1d(z, k = 2, fixed = list(mu = c(0, NA), sigma = c(1, NA)))))) {
    rates <- fdr(fit)
    null <- rates$null
    x <- seq(-1.96, 1.96, length.out = 10001)
    f <- dgmm1d(x, fit)
    expect_equal(min(f / dnorm(x)), rates$pi0$estimate, tolerance = 1e-7)
    expect_gte(rates$pi0$estimate, fit$lambda[null])
    expect_equal(rates$values$fdr, pmin(posterior_of(fit, null) * rates$pi0$estimate /
                                          fit$lambda[null], 1), tolerance = 1e-14)
    expect_equal(max(fdr(fit, newdata = x)$values$fdr), 1, tolerance = 1e-6)
  }
  # If components are far apart, the largest proportion is the fitted one.
  far <- gmm1d(c(z[1:900], z[1:90] / 10 + 50), k = 2)
  expect_equal(fdr(far)$pi0$estimate, far$lambda[1], tolerance = 1e-12)
})

test_that("the q-value is the mean of all rates that are as small", {
  fdr <- values$fdr
  for (i in c(1, 100, 901, 960, which.min(fdr), which.max(fdr))) {
    expect_equal(values$q.value[i], mean(fdr[fdr <= fdr[i]]), tolerance = 1e-12)
  }
  in_order <- order(fdr)
  expect_false(is.unsorted(values$q.value[in_order]))
  expect_true(all(values$q.value <= fdr * (1 + 1e-12)))
  expect_equal(max(values$q.value), mean(fdr), tolerance = 1e-12)
  # The expected number of nulls among the called values.
  called <- values$q.value <= 0.1
  expect_equal(max(values$q.value[called]), mean(fdr[called]), tolerance = 1e-12)
  # At the maximum of the likelihood, the mean posterior probability equals the proportion.
  expect_equal(max(fdr(fit, pi0 = "fitted")$values$q.value), fit$lambda[rates$null],
               tolerance = 1e-6)
})

test_that("the tail rates are quotients of distribution functions", {
  for (fit in list(fit, gmm1d(z, k = 3), gmm1d(faithful$waiting, k = 2))) {
    for (null in list(1L, fit$k)) {
      rates <- quietly(fdr(fit, null))
      expected <- reference_tails(rates$values$x, fit, null, rates$pi0$estimate)
      expect_equal(rates$values$Fdr.lower, expected$lower, tolerance = 1e-10)
      expect_equal(rates$values$Fdr.upper, expected$upper, tolerance = 1e-10)
    }
  }
  # Far beyond the data, and at infinity.
  far <- fdr(fit, newdata = c(-Inf, -30, 30, Inf))$values
  expected <- reference_tails(c(-30, 30), fit, 2L, rates$pi0$estimate)
  expect_equal(far$Fdr.lower[2:3], expected$lower, tolerance = 1e-10)
  expect_equal(far$Fdr.upper[2:3], expected$upper, tolerance = 1e-10)
  expect_false(anyNA(far))
})

test_that("in a window the tails end where it does", {
  seen <- z[z > -2 & z < 5]
  fit <- gmm1d(seen, k = 2, within = c(-2, 5))
  rates <- fdr(fit, pi0 = "fitted")
  between <- function(a, b) mapply(function(mu, s) pnorm(b, mu, s) - pnorm(a, mu, s), fit$mu,
                                   fit$sigma)
  x <- rates$values$x
  lower <- between(-2, x) * rep(fit$lambda, each = length(x))
  upper <- between(x, 5) * rep(fit$lambda, each = length(x))
  null <- rates$null
  expect_equal(rates$values$Fdr.lower, lower[, null] / rowSums(lower), tolerance = 1e-8)
  expect_equal(rates$values$Fdr.upper, upper[, null] / rowSums(upper), tolerance = 1e-8)
})

test_that("rates do not depend on the unit, the location, the sign or the order of the data", {
  columns <- c("fdr", "q.value", "Fdr.lower", "Fdr.upper")
  moved <- function(f, scale) {
    fdr(gmm1d(f(z), fixed = list(mu = c(f(0), NA, NA), sigma = c(scale, NA, NA))))$values[columns]
  }
  # Maxima are found to within the tolerance of a climb.
  expect_equal(moved(function(x) 8 * x + 16, 8), values[columns], tolerance = 1e-6)
  expect_equal(moved(function(x) x / 1000, 1 / 1000), values[columns], tolerance = 1e-6)
  mirrored <- moved(function(x) -x, 1)
  expect_equal(mirrored[c(1, 2, 4, 3)], values[columns], tolerance = 1e-6, ignore_attr = TRUE)
  in_order <- order(z)
  sorted <- fdr(gmm1d(z[in_order], fixed = known))$values
  expect_equal(sorted, values[in_order, ], tolerance = 1e-6, ignore_attr = "row.names")
})

test_that("a null of all components gives 1, and one without a proportion 0", {
  for (one in list(fit, gmm1d(z, k = 1))) {
    all <- fdr(one, seq_len(one$k))
    for (column in c("fdr", "q.value", "Fdr.lower", "Fdr.upper")) {
      expect_equal(all$values[[column]], rep(1, length(z)), tolerance = 1e-12)
    }
    expect_equal(unlist(all$pi0), c(estimate = 1, std.error = 0, conf.low = 1, conf.high = 1,
                                    fitted = 1), tolerance = 1e-12)
  }
  # proportions that sum to 1 but for the last digit
  inexact <- gmm1d(z, k = 2)
  inexact$lambda <- (1 - 2^-52) * inexact$lambda
  expect_identical(fdr(inexact, 1:2)$pi0$conf.low, 1)
  none <- fit
  none$lambda <- c(0.5, 0, 0.5)
  none <- quietly(fdr(none, 2, newdata = c(-1, 0, 5)))
  expect_identical(unlist(none$values[-1], use.names = FALSE), numeric(12))
  expect_identical(none$pi0$estimate, 0)
})

test_that("the null is the named component, the fixed one, or the one with most values", {
  expect_identical(rates[c("null", "type")], list(null = 2L, type = "theoretical"))
  expect_identical(fdr(gmm1d(faithful$waiting, k = 2))[c("null", "type")],
                   list(null = 2L, type = "empirical"))
  partly <- gmm1d(z, k = 3, fixed = list(mu = c(NA, 0, NA)))
  expect_identical(quietly(fdr(partly))$type, "partly fixed")
  label <- ifelse(abs(z) > 4, "hit", ifelse(abs(z) < 0.1, "none", NA))
  labelled <- gmm1d(z, k = 2, labels = label)
  by_label <- quietly(fdr(labelled, "none"))
  expect_identical(by_label$null, which(labelled$labels == "none"))
  expect_identical(quietly(fdr(labelled, factor("none")))$values, by_label$values)
  known_null <- which(label == "none")
  expect_identical(by_label$values$fdr[known_null], rep(1, length(known_null)))
  expect_identical(fdr(fit, c(3, 1, 3))$null, c(1L, 3L))
})

test_that("the fitted proportion has the standard error and the interval of confint()", {
  for (fit in list(fit, gmm1d(z, k = 3), gmm1d(c(z, -15:15), k = 2, noise = TRUE))) {
    null <- 2L
    pi0 <- quietly(fdr(fit, null, pi0 = "fitted", level = 0.9))$pi0
    expect_equal(pi0$std.error, sqrt(diag(vcov(fit)))[["lambda2"]], tolerance = 1e-10)
    expect_equal(c(pi0$conf.low, pi0$conf.high),
                 unname(confint(fit, "lambda2", level = 0.9)[1, ]), tolerance = 1e-10)
  }
  fixed <- gmm1d(z, fixed = c(known, list(lambda = c(0.9, NA, NA))))
  expect_identical(fdr(fixed, pi0 = "fitted")$pi0$std.error, 0)
  expect_gt(rates$pi0$std.error, 0)
  # The other proportions are uncertain, so the largest possible one is, too.
  expect_gt(fdr(fixed)$pi0$std.error, 0)
})

test_that("the standard error of the largest proportion agrees with numerical derivatives", {
  error <- 0.7
  fits <- list(
    fit, gmm1d(z, k = 2, fixed = list(mu = c(0, NA), sigma = c(1, NA))),
    quietly(gmm1d(z, k = 2)), gmm1d(z, k = 2, error = error, fixed = list(mu = 0)),
    quietly(gmm1d(c(z, -12:12), k = 2, noise = TRUE))
  )
  for (fit in fits) {
    null <- default_null(fit)
    share <- share_of_null(fit, null, "largest")
    # The smallest quotient of the two densities.
    quotient <- function(theta) {
      m <- mixture_of(theta)
      spread <- sqrt(m$sigma^2 + min(errors_of_points(fit$points))^2)
      noise <- if (is.null(fit$noise)) 0 else theta[length(theta)] / diff(fit$noise[2:3])
      (sum(m$lambda * dnorm(share$at, m$mu, spread)) + noise) /
        dnorm(share$at, m$mu[null], spread[null])
    }
    gradient <- numerical_gradient(quotient, parameters_of(fit))
    covariance <- vcov(fit)
    # At sigma = 0 there is no derivative.
    gradient[is.na(diag(covariance))] <- 0
    covariance[is.na(covariance)] <- 0
    expect_equal(unname(quotient(parameters_of(fit))), share$estimate, tolerance = 1e-9)
    expect_equal(quietly(fdr(fit))$pi0$std.error,
                 sqrt(drop(gradient %*% covariance %*% gradient)), tolerance = 1e-4)
  }
})

test_that("weights count as copies", {
  w <- rep(c(1, 2, 3), length.out = 1000)
  weighted <- fdr(quietly(gmm1d(z, fixed = known, weights = w)))
  copies <- fdr(quietly(gmm1d(rep(z, w), fixed = known)))
  at <- match(z, rep(z, w))
  columns <- c("fdr", "q.value", "Fdr.lower", "Fdr.upper")
  expect_equal(weighted$values[columns], copies$values[at, columns], tolerance = 1e-6,
               ignore_attr = "row.names")
  expect_equal(weighted$pi0, copies$pi0, tolerance = 1e-6)
  expect_equal(summary(weighted), summary(copies), tolerance = 1e-6)
  expect_identical(weighted$values$weight, w)
})

test_that("missing values keep their places, and names are kept", {
  holes <- c(a = NA, stats::setNames(z, paste0("z", seq_along(z))), b = NA)
  rates <- fdr(gmm1d(holes, fixed = known))
  expect_equal(rates$values[-c(1, 1002), ], values, tolerance = 1e-12,
               ignore_attr = "row.names")
  expect_true(all(is.na(rates$values[c(1, 1002), ])))
  expect_identical(row.names(rates$values), names(holes))
  new <- fdr(fit, newdata = c(g1 = 3, g2 = NA, g3 = z[7]))
  expect_identical(row.names(new$values), c("g1", "g2", "g3"))
  expect_equal(new$values[3, ], values[7, ], tolerance = 1e-12, ignore_attr = "row.names")
})

test_that("new values have the q-values of the data", {
  new <- fdr(fit, newdata = rev(z))$values
  expect_equal(new, values[1000:1, ], tolerance = 1e-12, ignore_attr = "row.names")
  # Beyond all data, the q-value is the local rate itself.
  beyond <- fdr(fit, newdata = 12)$values
  expect_identical(beyond$q.value, beyond$fdr)
  by_formula <- gmm1d(~ log(depth), data = quakes, k = 2)
  expect_equal(fdr(by_formula, 1, newdata = quakes[1:5, ])$values,
               fdr(by_formula, 1)$values[1:5, ], tolerance = 1e-12)
  expect_identical(fdr(by_formula, 1, newdata = 100)$values$x, log(100))
})

test_that("every kind of sample has rates for its data or its points, and the mean is pi0", {
  set.seed(3)
  kinds <- sample_kinds()
  for (name in names(kinds)) {
    points <- kinds[[name]](identity)
    for (noise in list(FALSE, c(-5, 9))) {
      fit <- quietly(gmm1d(points, k = 2, noise = noise))
      rates <- quietly(fdr(fit, 1, pi0 = "fitted"))
      rows <- rates$values
      expect_identical(nrow(rows), length(fit$points$x), label = name)
      numbers <- unlist(rows[c("fdr", "q.value", "Fdr.lower", "Fdr.upper")])
      expect_true(all(numbers >= 0 & numbers <= 1), label = name)
      # This follows from the EM equation for lambda, unless a window or a design changes it.
      if (!grepl("window|design", name)) {
        expect_equal(max(rows$q.value), fit$lambda[1], tolerance = 1e-4, label = name)
      }
      largest <- quietly(fdr(fit, 1))
      expect_gte(largest$pi0$estimate, rates$pi0$estimate - 1e-12)
      expect_true(all(largest$values$fdr >= rows$fdr - 1e-12), label = name)
    }
  }
})

test_that("the rates of squashed data are those of the values", {
  set.seed(4)
  x <- c(rnorm(18000), rnorm(2000, 3))
  whole <- gmm1d(x, k = 2)
  squashed <- gmm1d(squash(x), k = 2)
  new <- c(-1, 2, 2.5, 3)
  # Cells change estimates by far less than their standard errors, which are about 0.01.
  expect_equal(fdr(squashed, newdata = new)$values, fdr(whole, newdata = new)$values,
               tolerance = 1e-3)
  expect_equal(fdr(squashed)$pi0, fdr(whole)$pi0, tolerance = 1e-4)
  expect_equal(sum(fdr(squashed)$values$weight), 20000)
})

test_that("values with errors have rates of their own", {
  error <- withr::with_seed(2, runif(1000, 0.2, 1))
  fit <- gmm1d(z, k = 2, error = error, fixed = list(mu = c(0, NA), sigma = c(0.5, NA)))
  rates <- fdr(fit, pi0 = "fitted")
  null <- rates$null
  expect_equal(rates$values$fdr, posterior_of(fit, null), tolerance = 1e-14)
  spread <- function(j) sqrt(fit$sigma[j]^2 + error^2)
  part <- function(j) fit$lambda[j] * pnorm(z, fit$mu[j], spread(j), lower.tail = FALSE)
  expect_equal(rates$values$Fdr.upper, part(null) / (part(1) + part(2)), tolerance = 1e-10)
  expect_equal(fdr(fit, newdata = z[1:3], error = error[1:3])$values,
               fdr(fit)$values[1:3, ], tolerance = 1e-12)
  # For values with error 1, the null is an effect of 0.
  effects <- gmm1d(z, error = 1, fixed = list(mu = c(0, NA, NA), sigma = c(0, NA, NA)))
  f0 <- dnorm(z)
  s <- sqrt(1 + effects$sigma^2)
  f <- rowSums(mapply(function(l, m, s) l * dnorm(z, m, s), effects$lambda, effects$mu, s))
  both <- fdr(effects)
  expect_equal(both$values$fdr, pmin(both$pi0$estimate * f0 / f, 1), tolerance = 1e-10)
})

test_that("a component over an estimated null gives a warning, over a known one a line of print", {
  two <- quietly(gmm1d(z, k = 2))
  expect_warning(fdr(two), class = "gmm1d_warning_null")
  expect_no_warning(fdr(two, pi0 = "fitted"))
  expect_no_warning(fdr(gmm1d(z, k = 1)))
  covered <- gmm1d(z, k = 2, fixed = list(mu = c(0, NA), sigma = c(1, NA)))
  expect_no_warning(rates <- fdr(covered))
  expect_output(print(rates), "another component overlaps it")
})

test_that("the share of nulls among the called values is as nominal", {
  share <- vapply(1:40, function(seed) {
    set.seed(seed)
    is_null <- rep(c(TRUE, FALSE), c(1800, 200))
    z <- c(rnorm(1800), rnorm(100, 3), rnorm(100, -3))
    covered <- gmm1d(z, k = 2, fixed = list(mu = c(0, NA), sigma = c(1, NA)))
    called <- function(pi0) fdr(covered, pi0 = pi0)$values$q.value <= 0.1
    c(mean(is_null[called("largest")]), mean(is_null[called("fitted")]))
  }, c(0, 0))
  # The standard error of the means is 0.004. The fitted proportion is too small, because one
  # component stands for both sides.
  expect_lt(mean(share[1, ]), 0.115)
  expect_gt(mean(share[2, ]), 0.115)
})
