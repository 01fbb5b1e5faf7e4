free <- c(NA_real_, NA_real_)

test_that("EM steps with fixed or equal parameters agree with the oracle", {
  x <- faithful$waiting
  start <- list(lambda = c(0.3, 0.7), mu = c(54, 80), sigma = c(6, 6))
  cases <- list(
    list(list(lambda = free, mu = free, sigma = free), TRUE),
    list(list(lambda = c(0.3, NA), mu = free, sigma = free), FALSE),
    list(list(lambda = free, mu = c(54, NA), sigma = free), FALSE),
    list(list(lambda = free, mu = free, sigma = c(NA, 6)), FALSE),
    list(list(lambda = c(NA, 0.7), mu = c(54, NA), sigma = free), TRUE),
    list(list(lambda = free, mu = c(54, 80), sigma = c(6, NA)), TRUE)
  )
  points <- squash(x)
  for (case in cases) {
    model <- list(variance = if (case[[2]]) "equal" else "free", fixed = case[[1]])
    options <- gmm1d:::em_options(gmm1d_control(penalty = 0),
                                  gmm1d:::constraints_in_place(model, 2))
    theta <- start
    for (i in 1:8) {
      theta <- restricted_mstep(x, reference_estep(x, theta), case[[1]], case[[2]])
    }
    expect_equal(gmm1d:::em_steps_cpp(points, start, 8, options), theta, tolerance = 1e-12)
  }
})

restrictions <- list(
  list(variance = "equal"),
  list(fixed = list(sigma = 0.6)),
  list(fixed = list(mu = c(0, NA, NA))),
  list(fixed = list(lambda = c(0.2, NA, NA), mu = c(NA, NA, 1))),
  list(fixed = list(lambda = c(0.3, 0.3, 0.4))),
  list(variance = "equal", fixed = list(mu = c(-1, NA, 1), lambda = c(NA, 0.1, NA))),
  list(variance = "equal", fixed = list(sigma = c(0.3, NA, NA)))
)

test_that("the log-likelihood never falls under constraints, which hold at the end", {
  for (name in c("bimodal", "trimodal", "claw", "skewed")) {
    x <- draw(marron_wand[[name]], 300)
    for (restriction in restrictions) {
      fit <- quietly(do.call(gmm1d, c(list(x, k = 3), restriction)))
      expect_true(all(diff(fit$trace) > 0))
      expect_equal(fit$loglik, reference_loglik(x, fit), tolerance = 1e-12)
      asked <- unlist(lapply(restriction$fixed, rep_len, 3))
      fixed <- unlist(lapply(fit$fixed, rep_len, 3))
      expect_equal(sort(fixed), sort(asked), ignore_attr = TRUE)
      if (!is.null(fixed)) {
        expect_equal(unlist(parameters(fit))[!is.na(fixed)], fixed[!is.na(fixed)],
                     ignore_attr = TRUE)
      }
    }
  }
})

test_that("a converged restricted fit has score 0 in the free parameters", {
  x <- draw(marron_wand$trimodal, 500)
  for (restriction in restrictions) {
    fit <- quietly(do.call(gmm1d, c(list(x, k = 3), restriction)))
    expect_true(fit$converged)
    expect_lte(fit$gap, 1e-8)
    expect_gt(fit$certificate$smallest_eigenvalue, 0)
    score <- if (fit$penalised) penalised_score(x, fit) else reference_score(x, fit)
    fixed <- fit$fixed %||% gmm1d:::free_model$fixed
    fixed <- lapply(fixed, rep_len, 3)
    s0 <- score[1:3] + 500 * fit$lambda
    share <- is.na(fixed$lambda)
    expect_lt(max(abs(s0 - sum(s0[share]) * fit$lambda / sum(fit$lambda[share]))[share], 0), 1e-2)
    expect_lt(max(abs(score[4:6][is.na(fixed$mu)]), 0), 1e-2)
    sigma <- score[7:9][is.na(fixed$sigma)]
    expect_lt(max(abs(if (fit$variance == "equal") sum(sigma) else sigma), 0), 1e-2)
  }
})

test_that("no constrained fit is below those of mclust and mixtools", {
  skip_if_not_installed("mixtools")
  skip_if_not_installed("mclust")
  local_mclust()
  for (name in names(real_data())) {
    x <- real_data()[[name]]
    for (k in 2:4) {
      theirs <- mclust::Mclust(x, G = k, modelNames = "E", verbose = FALSE)
      if (is.null(theirs)) next
      expect_gte(quietly(gmm1d(x, k = k, variance = "equal"))$loglik, theirs$loglik - 1e-7,
                 label = paste(name, k))
    }
  }
  x <- faithful$waiting
  mixtools <- function(...) {
    utils::capture.output(
      fit <- withr::with_seed(1, mixtools::normalmixEM(x, k = 2, epsilon = 1e-12, ...))
    )
    fit$loglik
  }
  expect_gte(gmm1d(x, fixed = list(mu = c(57, NA)))$loglik,
             mixtools(mean.constr = c(57, NA)) - 1e-7)
  expect_gte(gmm1d(x, fixed = list(sigma = c(NA, 5)), k = 2)$loglik,
             mixtools(sd.constr = c(NA, 5), lambda = c(0.3, 0.7), mu = c(55, 80)) - 1e-7)
  expect_gte(gmm1d(x, k = 2, variance = "equal")$loglik,
             mixtools(arbvar = FALSE) - 1e-7)
})

test_that("the component that a fixed value belongs to is found", {
  x <- faithful$waiting
  fit <- gmm1d(x, fixed = list(sigma = c(6, NA), mu = c(80, NA)))
  expect_equal(fit$mu[2], 80)
  expect_equal(fit$fixed$sigma, c(NA, 6))
  other <- gmm1d(x, fixed = list(sigma = c(NA, 6), mu = c(NA, 80)))
  expect_equal(parameters(other), parameters(fit), tolerance = 1e-8)
  three <- draw(list(lambda = c(0.2, 0.3, 0.5), mu = c(0, 5, 10), sigma = c(1, 1, 1)), 500)
  for (order in list(1:3, c(2, 3, 1), c(3, 1, 2))) {
    fit <- gmm1d(three, fixed = list(lambda = c(0.2, 0.3, 0.5)[order]))
    expect_equal(fit$lambda, c(0.2, 0.3, 0.5))
    expect_equal(fit$mu, c(0, 5, 10), tolerance = 0.05)
  }
})

test_that("fixing a value at the maximum changes nothing; elsewhere it lowers the likelihood", {
  x <- faithful$eruptions
  fit <- gmm1d(x, k = 2)
  for (name in c("lambda", "mu", "sigma")) {
    there <- gmm1d(x, fixed = stats::setNames(list(c(fit[[name]][1], NA)), name), k = 2)
    expect_equal(parameters(there), parameters(fit), tolerance = 1e-6)
    expect_identical(there$df, 4L)
    elsewhere <- gmm1d(x, fixed = stats::setNames(list(c(1.05 * fit[[name]][1], NA)), name), k = 2)
    expect_lt(elsewhere$loglik, fit$loglik)
  }
})

test_that("nothing is estimated if everything is fixed", {
  theta <- list(lambda = c(0.3, 0.7), mu = c(55, 80), sigma = c(6, 6))
  fit <- gmm1d(faithful$waiting, fixed = theta)
  expect_equal(parameters(fit), theta)
  expect_identical(fit$df, 0L)
  expect_true(fit$converged)
  expect_equal(fit$loglik, reference_loglik(faithful$waiting, theta), tolerance = 1e-13)
})

test_that("free parameters are counted", {
  x <- draw(marron_wand$trimodal, 200)
  df <- function(...) quietly(gmm1d(x, k = 3, ...))$df
  expect_identical(df(), 8L)
  expect_identical(df(variance = "equal"), 6L)
  expect_identical(df(fixed = list(sigma = 1)), 5L)
  expect_identical(df(fixed = list(lambda = c(0.2, NA, NA))), 7L)
  expect_identical(df(fixed = list(lambda = c(0.2, 0.3, NA))), 6L)
  expect_identical(df(fixed = list(mu = c(0, 1, NA)), variance = "equal"), 4L)
})

test_that("constraints do not depend on the unit", {
  x <- quakes$depth
  fit <- gmm1d(x, fixed = list(mu = c(100, NA)), variance = "equal")
  for (b in c(1e-300, 1e9, 1e300)) {
    scaled <- gmm1d(b * x, fixed = list(mu = c(100 * b, NA)), variance = "equal")
    expect_equal(scaled$lambda, fit$lambda, tolerance = 1e-6)
    expect_equal(scaled$sigma / b, fit$sigma, tolerance = 1e-6)
  }
})

test_that("the criterion chooses between free and equal variances", {
  x <- draw(list(lambda = c(0.5, 0.5), mu = c(0, 5), sigma = c(1, 1)), 300)
  expect_silent(one <- gmm1d(x, k = 1, variance = c("free", "equal")))
  expect_identical(one$selection$variance, "free")
  fit <- gmm1d(x, k = 1:3, variance = c("free", "equal"))
  expect_identical(c(fit$k, fit$variance), c("2", "equal"))
  expect_identical(fit$selection$variance, c("free", "free", "free", "equal", "equal"))
  expect_identical(fit$sigma[1], fit$sigma[2])
  unequal <- draw(list(lambda = c(0.5, 0.5), mu = c(0, 5), sigma = c(0.3, 2)), 300)
  expect_identical(gmm1d(unequal, k = 2, variance = c("equal", "free"))$variance, "free")
})

test_that("equal variances never fit better than free ones", {
  for (x in real_data()) {
    both <- quietly(gmm1d(x, k = 2:4, variance = c("free", "equal")))$selection
    expect_true(all(both$objective[1:3] >= both$objective[4:6] - 1e-6))
  }
})

test_that("five and more components find their fixed values in any order", {
  lambda <- c(100, 80, 60, 50, 70, 90) / 450
  sigma <- c(1, 0.5, 2, 1, 0.5, 3)
  mu <- c(0, 4, 8, 14, 18, 22)
  x <- draw(list(lambda = lambda, mu = mu, sigma = sigma), 450)
  best <- gmm1d(x, fixed = list(lambda = lambda),
                start = list(lambda = lambda, mu = mu, sigma = sigma))$loglik
  for (seed in 1:6) {
    order <- withr::with_seed(seed, sample(6))
    expect_gte(gmm1d(x, fixed = list(lambda = lambda[order]))$loglik, best - 1e-6)
  }
})

test_that("a fit can be the start for the same fixed values", {
  x <- draw(list(lambda = c(0.5, 0.5), mu = c(0, 5), sigma = c(1, 3)), 200)
  fit <- gmm1d(x, fixed = list(sigma = c(3, NA)))
  expect_equal(update(fit, start = fit)$loglik, fit$loglik, tolerance = 1e-12)
})

test_that("fixed values for which no density exists are a classed error", {
  expect_error(gmm1d(faithful$waiting, k = 2, fixed = list(sigma = 1e-200)),
               class = "gmm1d_error_range")
})

test_that("fixed values for single observations are an error", {
  x <- faithful$waiting
  error <- rep(1, 272)
  frame <- data.frame(x, x)
  tries <- list(quote(gmm1d(x, fixed = list(sigma = error))),
                quote(gmm1d(~x, k = 2, fixed = list(sigma = error))),
                quote(gmm1d_each(x, x > 70, fixed = list(sigma = error))),
                quote(gmm1d_each(list(x), fixed = list(sigma = error))),
                quote(gmm1d_each(frame, fixed = list(sigma = error))))
  for (try in tries) {
    expect_error(eval(try), "known errors of the values", class = "gmm1d_error_shape")
  }
  expect_identical(quietly(gmm1d(1:12, k = 12, fixed = list(sigma = rep(1, 12))))$k, 12L)
})

test_that("fixed sigmas that reach no data are reported before any search", {
  for (sigma in c(1e-300, 1e-3)) {
    expect_error(gmm1d(faithful$waiting, k = 1:9, fixed = list(sigma = sigma)),
                 "a density above 0", class = "gmm1d_error_range")
  }
  expect_identical(gmm1d(c(0, 1, 1000, 1001), k = 2, fixed = list(sigma = 1))$k, 2L)
  expect_error(gmm1d(c(0, 1, 1000, 1001), k = 1, fixed = list(sigma = 1)),
               class = "gmm1d_error_range")
})
