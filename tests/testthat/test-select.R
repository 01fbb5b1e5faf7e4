test_that("the criteria are those of stats, and ICL adds twice the entropy", {
  fit <- gmm1d(faithful$waiting, k = 1:4)
  for (k in 1:4) {
    row <- fit$selection[fit$selection$k == k, ]
    single <- gmm1d(faithful$waiting, k = k)
    expect_equal(row$AIC, AIC(single))
    expect_equal(row$BIC, BIC(single))
    gamma <- reference_estep(faithful$waiting, single)
    entropy <- -sum(ifelse(gamma > 0, gamma * log(gamma), 0))
    expect_equal(row$ICL, BIC(single) + 2 * entropy, tolerance = 1e-10)
  }
})

test_that("narrow components have the price that the help page states", {
  price <- function(fit, free = rep(TRUE, fit$k)) {
    large <- fit$lambda * fit$n > 4.5
    lambda <- fit$lambda[large] / sum(fit$lambda[large])
    mean <- sum(lambda * fit$mu[large])
    s <- sqrt(sum(lambda * (fit$sigma[large]^2 + (fit$mu[large] - mean)^2)))
    2 * sum(pmax(0, log(s / (fit$k * fit$sigma[free]))))
  }
  x <- withr::with_seed(1, c(rnorm(60), rnorm(40, 5, 0.2), 30, 30.1))
  for (k in 2:4) {
    fit <- quietly(gmm1d(x, k = k))
    expect_equal(fit$selection$price, price(fit))
  }
  expect_gt(fit$selection$price, 0)
  expect_true(any(fit$lambda * fit$n < 4.5))
  expect_identical(gmm1d(x, k = 1)$selection$price, 0)
  # A known mean has no choice of places, and of means in a row only two are free.
  known <- quietly(gmm1d(x, k = 3, fixed = list(mu = c(5, NA, NA))))
  expect_equal(known$selection$price, price(known, known$mu != 5))
  row <- quietly(gmm1d(x, k = 3, relate = list(mu = "equal spacing")))
  expect_equal(row$selection$price, 2 / 3 * price(row))
  expect_gt(row$selection$price, 0)
})

test_that("the criterion chooses k", {
  x <- faithful$eruptions
  for (criterion in c("BIC", "AIC", "ICL")) {
    fit <- quietly(gmm1d(x, criterion = criterion))
    penalised <- fit$selection[[criterion]] + 2 * (fit$selection$loglik - fit$selection$objective)
    expect_identical(fit$k, fit$selection$k[which.min(penalised)])
  }
})

test_that("BIC finds the number of separated components", {
  for (k in 1:4) {
    x <- draw(list(lambda = rep(1 / k, k), mu = 10 * 1:k, sigma = rep(1, k)), 400)
    expect_identical(quietly(gmm1d(x, k = 1:6))$k, k)
  }
})

test_that("the objective is the maximum of the penalised likelihood, and never falls", {
  for (name in names(real_data())) {
    x <- real_data()[[name]]
    selection <- quietly(gmm1d(x, k = 1:5))$selection
    expect_true(all(diff(selection$objective) > -1e-6), label = name)
    expect_true(all(selection$objective <= selection$loglik + 1e-6), label = name)
  }
})

test_that("a spike on a few values is not chosen as a component", {
  chosen <- vapply(1:60, function(seed) {
    quietly(gmm1d(draw(marron_wand$gaussian, 50, seed), k = 1:3))$k
  }, 1L)
  # at a rate of 2 %, more than 5 of 60 occur once in 700 times
  expect_lte(sum(chosen > 1), 5)
})

test_that("rounded values and other ties do not get components of their own", {
  for (case in list(list(n = 300, sd = 1), list(n = 2000, sd = 3), list(n = 20000, sd = 8))) {
    one <- round(draw(list(lambda = 1, mu = 100, sigma = case$sd), case$n))
    two <- c(one, round(100 + 6 * case$sd) + one)
    # the same in units whose steps are not binary fractions
    for (unit in c(1, 0.1, 2.54)) {
      expect_identical(quietly(gmm1d(unit * one, k = 1:4))$k, 1L)
      expect_identical(quietly(gmm1d(unit * two, k = 1:4))$k, 2L)
    }
    counts <- as.data.frame(table(one), stringsAsFactors = FALSE)
    expect_identical(
      quietly(gmm1d(as.numeric(counts$one), weights = counts$Freq, k = 1:4))$k, 1L)
    expect_identical(glance(quietly(gmm1d_each(list(one, two), k = 1:4)))$k, 1:2)
  }
})

test_that("values tied off a lattice, such as logs of counts, are not split into components", {
  counts <- withr::with_seed(1, rpois(1000, 10))
  for (transform in list(log1p, sqrt, asinh)) {
    expect_lte(quietly(gmm1d(transform(counts)))$k, 2)
  }
  # background and signal of a barcode: no spike on a low count replaces either
  humps <- withr::with_seed(1, log2(1 + c(rnbinom(250, 3, mu = 3), rnbinom(250, 3, mu = 200))))
  fit <- quietly(gmm1d(humps, k = 2))
  apart <- vapply(split(humps, rep(1:2, each = 250)), mean, 0)
  expect_equal(fit$mu, unname(apart), tolerance = 0.05)
  expect_true(all(fit$lambda > 0.4))
})

test_that("tight groups are found, whether small or nearly all values", {
  groups <- c(.97, 1.01, .96, 1.08, 5.02, 4.96, 5.03, 5.04, 9.03, 8.99, 9.08, 9.02)
  for (unit in c(1e-6, 1, 1e6)) expect_identical(quietly(gmm1d(unit * groups))$k, 3L)
  for (narrow in c(1e-6, 1e-4, 1e-2)) {
    x <- c(narrow * draw(marron_wand$gaussian, 80), 5 + draw(marron_wand$gaussian, 20, seed = 2))
    expect_identical(quietly(gmm1d(x, k = 1:5))$k, 2L)
  }
})

test_that("summary says where the penalty decides", {
  expect_snapshot(summary(gmm1d(faithful$waiting, k = 1:5, criterion = "AIC")),
                  transform = some_iterations)
  expect_snapshot(summary(gmm1d(faithful$waiting, k = 1:3, variance = c("free", "equal"))),
                  transform = some_iterations)
  expect_snapshot(gmm1d(faithful$waiting, fixed = list(mu = c(55, NA), sigma = c(NA, 6))))
})

test_that("a message about too few bins says what helps", {
  bins <- data.frame(lower = 0:4, upper = 1:5, count = 1:5)
  expect_error(gmm1d(bins, k = 2), "`k` = 2 has 5 free parameters.*5 bins.*a smaller `k`, narrower",
               class = "gmm1d_error_k")
  expect_error(gmm1d(bins[1:2, ], k = 1), "2 bins of `x`: use narrower bins",
               class = "gmm1d_error_k")
  expect_error(gmm1d(c(1, 2, 2, 3, 4), k = 2, rounding = 1),
               "4 rounding intervals.*a smaller `rounding`", class = "gmm1d_error_k")
})

test_that("a long call says so", {
  x <- draw(marron_wand$gaussian, 52)
  expect_message(quietly(gmm1d(x, k = 51)), "51 components", class = "gmm1d_message_time")
})

# Data sets of several shapes, with few and with many values.
shapes <- function() {
  withr::with_seed(4, list(
    normal = rnorm(200), two = c(rnorm(150), rnorm(100, 4)), skewed = rgamma(300, 3),
    narrow = c(rnorm(150), rnorm(50, 3, 0.1)), tails = rt(400, 3),
    many = c(rnorm(6000), rnorm(3000, 3, 0.5)), rounded = round(rnorm(800, 10, 2), 1)
  ))
}

test_that("the fit that is chosen is that for its k alone", {
  for (x in shapes()) {
    fit <- quietly(gmm1d(x))
    alone <- quietly(gmm1d(x, k = fit$k))
    fields <- c("lambda", "mu", "sigma", "loglik", "trace", "certificate")
    if (length(x) < 4096) expect_identical(unclass(fit)[fields], unclass(alone)[fields])
    expect_equal(alone$loglik, fit$loglik, tolerance = 1e-10)
    expect_false(alone$selection$brief)
  }
})

test_that("what is searched briefly would not be chosen if it were searched at length", {
  any_brief <- FALSE
  for (x in shapes()) {
    fit <- quietly(gmm1d(x))
    every <- quietly(gmm1d(x, control = list(starts = "thorough")))
    expect_false(any(every$selection$brief))
    expect_identical(fit$k, every$k)
    expect_equal(fit$loglik, every$loglik, tolerance = 1e-10)
    brief <- fit$selection[fit$selection$brief, ]
    expect_true(all(brief$k > fit$k))
    any_brief <- any_brief || nrow(brief) > 0L
  }
  expect_true(any_brief)
})

test_that("the bound holds, and rules out what was searched briefly", {
  known <- FALSE
  for (x in shapes()) {
    fit <- quietly(gmm1d(x))
    table <- fit$selection
    chosen <- table[table$k == fit$k, ]
    for (i in which(!is.na(table$bound))) {
      known <- TRUE
      expect_equal(table$bound_sigma[i], min(fit$sigma) / 2)
      expect_gt(-2 * table$bound[i] + log(fit$n) * table$df[i], chosen$BIC + chosen$price)
      long <- quietly(gmm1d(x, k = table$k[i]))
      if (all(long$sigma >= table$bound_sigma[i])) expect_lt(long$loglik, table$bound[i])
    }
  }
  expect_true(known)
})

test_that("there is no bound where none exists, and the search is still brief", {
  x <- withr::with_seed(1, c(rnorm(100), rnorm(100, 5)))
  x <- x[x > -1]
  fit <- quietly(gmm1d(x, within = c(-1, Inf)))
  expect_true(all(is.na(fit$selection$bound)))
  expect_true(any(fit$selection$brief))
  labels <- replace(rep(NA, length(x)), c(1, length(x)), c("low", "high"))
  expect_true(all(is.na(quietly(gmm1d(x, labels = labels))$selection$bound)))
})

test_that("what becomes the best on finer points is searched at length", {
  points <- squash(faithful$waiting)
  plan <- list(criterion = "BIC", control = gmm1d_control())
  path <- gmm1d:::search_each(list(points), list(1:4), gmm1d:::free_model, plan$control)[[1L]]
  path[[2L]]$brief <- TRUE
  expect_identical(gmm1d:::at_length(path[2:4], points, plan)[[1L]]$brief, FALSE)
  expect_identical(gmm1d:::at_length(path, points, plan)[[2L]]$mixture, path[[2L]]$mixture)
})
