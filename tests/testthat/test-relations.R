# The highest penalised log-likelihood that EM reaches from random mixtures.
best_of_random <- function(x, k, relate, times) {
  from <- if (is.data.frame(x)) c(20, 60) else range(x)
  max(replicate(times, {
    start <- list(lambda = prop.table(runif(k, 0.1, 1)), mu = runif(k, from[1], from[2]),
                  sigma = runif(k, 0.02, 0.3) * diff(from))
    quietly(gmm1d(x, k = k, relate = relate, start = start))$selection$objective
  }))
}

# The maxima from two other programs (R's optim() from many starts, and plain EM), to the digits
# given.
test_that("lengths at age have the maxima that other programs find", {
  found <- list(
    list(list(sigma = "equal"), -1496.336355,
         c(23.796965, 33.779840, 42.021696, 51.155800, 62.145433), rep(3.252130, 5)),
    list(list(sigma = "proportional"), -1493.243116,
         c(22.748731, 32.967468, 39.779919, 48.628407, 60.126157),
         c(2.17180, 3.14737, 3.79774, 4.64250, 5.74018)),
    list(list(sigma = "proportional", cv = 0.1), -1493.388934,
         c(22.739175, 33.125670, 39.999586, 48.646216, 59.919494),
         c(22.739175, 33.125670, 39.999586, 48.646216, 59.919494) / 10),
    list(list(mu = "growth", sigma = "proportional"), -1494.780687,
         c(22.8475, 33.7598, 43.2401, 51.4763, 58.6317), c(2.4432, 3.6102, 4.6240, 5.5047, 6.2699))
  )
  for (one in found) {
    fit <- gmm1d(pike(), k = 5, relate = one[[1]])
    expect_true(fit$converged)
    expect_equal(fit$loglik, one[[2]], tolerance = 1e-9)
    expect_equal(fit$mu, one[[3]], tolerance = 3e-6)
    expect_equal(fit$sigma, one[[4]], tolerance = 1e-5)
  }
})

test_that("a growth curve with one sigma has a certified maximum above that of random starts", {
  relate <- list(mu = "growth", sigma = "equal")
  fit <- gmm1d(pike(), k = 5, relate = relate)
  expect_true(fit$converged)
  expect_identical(fit$df, 4L + 3L + 1L)
  expect_gte(fit$loglik, best_of_random(pike(), 5, relate, 20) - 1e-7)
})

# For each relation, the map from its free numbers to the parameters, and its inverse.
log_ratios <- function(fit) log(fit$lambda[-fit$k] / fit$lambda[fit$k])
lambda_of <- function(ratios) exp(c(ratios, 0)) / sum(exp(c(ratios, 0)))
related <- list(
  equal = list(relate = list(mu = "equal"),
               map = function(t) list(lambda_of(t[1:2]), rep(t[3], 3), exp(t[4:6])),
               back = function(f) c(log_ratios(f), f$mu[1], log(f$sigma))),
  spacing = list(relate = list(mu = "equal spacing"),
                 map = function(t) list(lambda_of(t[1:2]), t[3] + t[4] * (0:2), exp(t[5:7])),
                 back = function(f) c(log_ratios(f), f$mu[1], diff(f$mu)[1], log(f$sigma))),
  symmetric = list(relate = list(mu = "symmetric", sigma = "equal"),
                   map = function(t) {
                     list(lambda_of(t[1:2]), t[3] + t[4] * (-1:1), rep(exp(t[5]), 3))
                   },
                   back = function(f) c(log_ratios(f), f$mu[2], diff(f$mu)[1], log(f$sigma[1]))),
  growth = list(relate = list(mu = "growth", sigma = "proportional"),
                map = function(t) {
                  mu <- t[3] + t[4] * c(0, 1, 1 + exp(t[5]))
                  list(lambda_of(t[1:2]), mu, exp(t[6]) * mu)
                },
                back = function(f) {
                  steps <- diff(f$mu)
                  c(log_ratios(f), f$mu[1], steps[1], log(steps[2] / steps[1]),
                    log(f$sigma[1] / f$mu[1]))
                }),
  ratios = list(relate = list(mu = c(2, 3, 4), sigma = c(1, 1.5, 2)),
                map = function(t) {
                  list(lambda_of(t[1:2]), t[3] * c(2, 3, 4), exp(t[4]) * c(1, 1.5, 2))
                },
                back = function(f) c(log_ratios(f), f$mu[1] / 2, log(f$sigma[1]))),
  matrix = list(relate = list(mu = cbind(c(1, 1, 1), c(0, 1, 3)), offset = c(0, 1, 0)),
                map = function(t) {
                  list(lambda_of(t[1:2]), c(0, 1, 0) + t[3] + t[4] * c(0, 1, 3), exp(t[5:7]))
                },
                back = function(f) c(log_ratios(f), f$mu[1], diff(f$mu)[1] - 1, log(f$sigma))),
  distances = list(relate = list(mu = "equal", offset = c(0, 5, 9)),
                   map = function(t) list(lambda_of(t[1:2]), t[3] + c(0, 5, 9), exp(t[4:6])),
                   back = function(f) c(log_ratios(f), f$mu[1], log(f$sigma))),
  proportional = list(relate = list(sigma = "proportional"),
                      map = function(t) list(lambda_of(t[1:2]), t[3:5], exp(t[6]) * t[3:5]),
                      back = function(f) c(log_ratios(f), f$mu, log(f$sigma[1] / f$mu[1]))),
  known_cv = list(relate = list(sigma = "proportional", cv = 0.1),
                  map = function(t) list(lambda_of(t[1:2]), t[3:5], 0.1 * t[3:5]),
                  back = function(f) c(log_ratios(f), f$mu)),
  proportions = list(relate = list(lambda = "equal", mu = "symmetric"),
                     map = function(t) list(rep(1 / 3, 3), t[1] + t[2] * (-1:1), exp(t[3:5])),
                     back = function(f) c(f$mu[2], diff(f$mu)[1], log(f$sigma)))
)
# A fit with its components in the order of the relation.
as_given <- function(fit, relate) {
  row <- function(relate) do.call(paste, as.data.frame(gmm1d:::rows_of_relate(relate)))
  if (is.null(gmm1d:::relate_k(relate))) return(fit)
  from <- match(row(relate), row(fit$relate))
  fit[c("lambda", "mu", "sigma")] <- lapply(fit[c("lambda", "mu", "sigma")], `[`, from)
  fit
}

three <- function() {
  withr::with_seed(3, c(rnorm(200, 10, 1), rnorm(150, 15, 1.5), rnorm(100, 19, 2)))
}

test_that("relations hold to the last digits, at a maximum of the likelihood in what is free", {
  for (observed in c("values", "values with errors")) {
    x <- three()
    error <- if (observed == "values") 0 else 0.7
    if (error > 0) x <- withr::with_seed(1, x + rnorm(length(x), 0, error))
    for (one in related) {
      fit <- quietly(gmm1d(x, k = 3, relate = one$relate, error = if (error > 0) error))
      given <- as_given(fit, one$relate)
      at <- one$back(given)
      expect_identical(fit$df, length(at))
      expect_equal(unlist(one$map(at)), c(given$lambda, given$mu, given$sigma), tolerance = 1e-12)
      loglik <- function(t) {
        theta <- stats::setNames(one$map(t), c("lambda", "mu", "sigma"))
        theta$sigma <- sqrt(theta$sigma^2 + error^2)
        reference_loglik(x, theta)
      }
      expect_equal(loglik(at), fit$loglik, tolerance = 1e-12)
      if (!fit$converged) next
      # Second differences have a relative error of about 1e-4.
      hessian <- stats::optimHess(at, loglik, control = list(ndeps = rep(1e-4, length(at))))
      slope <- vapply(seq_along(at), function(i) {
        h <- 1e-5 * (seq_along(at) == i)
        (loglik(at + h) - loglik(at - h)) / 2e-5
      }, 1)
      expect_lt(max(abs(slope) / sqrt(abs(diag(hessian)))), 1e-4)
      jacobian <- vapply(seq_along(at), function(i) {
        h <- 1e-6 * (seq_along(at) == i)
        (unlist(one$map(at + h)) - unlist(one$map(at - h))) / 2e-6
      }, numeric(9))
      expected <- jacobian %*% solve(-hessian) %*% t(jacobian)
      error_of <- as_given(gmm1d:::mixture_of(sqrt(diag(vcov(fit)))) |>
                             c(list(relate = fit$relate)), one$relate)
      expect_equal(c(error_of$lambda, error_of$mu, error_of$sigma), sqrt(diag(expected)),
                   tolerance = 1e-3)
    }
  }
})

test_that("standard errors take the curvature of a growth curve into account", {
  x <- withr::with_seed(7, rnorm(900, rep(c(10, 16, 19.5, 24), c(300, 250, 200, 150)), 0.9))
  map <- function(t) {
    lambda <- exp(c(t[1:3], 0))
    mu <- t[4] + t[5] * cumsum(c(0, 1, exp(t[6]), exp(2 * t[6])))
    list(lambda = lambda / sum(lambda), mu = mu, sigma = rep(exp(t[7]), 4))
  }
  fit <- gmm1d(x, k = 4, relate = list(mu = "growth", sigma = "equal"))
  expect_true(fit$converged)
  steps <- diff(fit$mu)
  at <- c(log(fit$lambda[1:3] / fit$lambda[4]), fit$mu[1], steps[1], log(steps[2] / steps[1]),
          log(fit$sigma[1]))
  loglik <- function(t) reference_loglik(x, map(t))
  hessian <- stats::optimHess(at, loglik, control = list(ndeps = rep(1e-4, 7)))
  jacobian <- vapply(1:7, function(i) {
    h <- 1e-6 * (1:7 == i)
    (unlist(map(at + h)) - unlist(map(at - h))) / 2e-6
  }, numeric(12))
  expect_equal(diag(vcov(fit)), diag(jacobian %*% solve(-hessian) %*% t(jacobian)),
               tolerance = 1e-4, ignore_attr = TRUE)
})

test_that("an M-step agrees with the equations", {
  x <- three()
  theta <- list(lambda = c(0.4, 0.4, 0.2), mu = c(9, 14, 19), sigma = c(1, 1.5, 2))
  gamma <- reference_estep(x, theta)
  s0 <- colSums(gamma)
  m <- colSums(gamma * x) / s0
  spread <- function(mu) colSums(gamma * outer(x, mu, "-")^2)
  step <- function(relate) {
    model <- list(variance = "free", fixed = gmm1d:::free_model$fixed, relate = relate)
    options <- gmm1d:::em_options(gmm1d_control(penalty = 0),
                                  gmm1d:::constraints_in_place(model, 3))
    gmm1d:::em_steps_cpp(squash(x), theta, 1, options)
  }
  # mu = A b and b = (A'WA)^-1 A'W m, alternating with the sigmas.
  design <- cbind(1, 0:2)
  sigma <- theta$sigma
  for (turn in 1:2) {
    weight <- diag(s0 / sigma^2)
    mu <- drop(design %*% solve(t(design) %*% weight %*% design, t(design) %*% weight %*% m))
    sigma <- sqrt(spread(mu) / s0)
  }
  expect_equal(step(list(mu = "equal spacing")), list(lambda = s0 / length(x), mu = mu,
                                                      sigma = sigma), tolerance = 1e-12)
  expect_equal(step(list(mu = design)), step(list(mu = "equal spacing")), tolerance = 1e-12)
  # sigma^2 = sum s0 (v + (m - mu)^2) / r^2 / n.
  ratios <- c(1, 2, 2)
  theta$sigma <- ratios
  gamma <- reference_estep(x, theta)
  s0 <- colSums(gamma)
  m <- colSums(gamma * x) / s0
  expect_equal(step(list(sigma = ratios)),
               list(lambda = s0 / length(x), mu = m,
                    sigma = ratios * sqrt(sum(spread(m) / ratios^2) / length(x))),
               tolerance = 1e-12)
})

test_that("the likelihood never falls, whatever was observed", {
  x <- three()[c(TRUE, FALSE, FALSE)]
  error <- withr::with_seed(2, runif(length(x), 0.2, 1))
  observed <- list(
    list(x = x), list(x = x, weights = rep_len(1:3, length(x))), list(x = x, error = error),
    list(x = x[x > 9], within = c(9, Inf)), list(x = x, censored = c(9, 20)),
    list(x = c(x, seq(0, 40, 2)), noise = TRUE), list(x = round(x), rounding = 1),
    list(x = x, labels = ifelse(x < 9, "low", NA))
  )
  for (one in related) {
    for (data in observed) {
      fit <- quietly(do.call(gmm1d, c(data, list(k = 3, relate = one$relate))))
      expect_true(all(diff(fit$trace) > 0))
      given <- as_given(fit, one$relate)
      theta <- one$map(one$back(given))
      expect_equal(theta[[2]], given$mu, tolerance = 1e-10)
      expect_equal(theta[[3]], given$sigma, tolerance = 1e-10)
    }
  }
})

test_that("no random start leads higher", {
  withr::local_seed(1)
  relations <- c(lapply(related, `[[`, "relate"),
                 list(list(mu = c(1, 2, 4), sigma = "proportional"),
                      list(mu = cbind(c(1, 1, 0), c(0, 1, 1))), list(sigma = c(1, 2, 4))))
  for (i in seq_along(relations)) {
    for (name in c("trimodal", "skewed")) {
      x <- 12 + 3 * draw(marron_wand[[name]], 150)
      fit <- quietly(gmm1d(x, k = 3, relate = relations[[i]]))
      expect_gte(fit$selection$objective,
                 best_of_random(x, 3, relations[[i]], 6) - 1e-4)
    }
  }
})

test_that("relations without a restriction change nothing", {
  x <- three()
  same <- function(relate, ...) {
    expect_equal(parameters(gmm1d(x, k = 3, relate = relate)), parameters(gmm1d(x, k = 3, ...)),
                 tolerance = 1e-7)
  }
  same(list(sigma = "equal"), variance = "equal")
  same(list(sigma = c(1, 1, 1)), variance = "equal")
  same(list(mu = diag(3)))
  same(list(mu = "growth"))
  expect_identical(gmm1d(x, k = 3, relate = list(mu = "growth"))$df, 8L)
  expect_identical(gmm1d(x, k = 3, relate = list())$relate, NULL)
  expect_equal(parameters(gmm1d(x, k = 1, relate = list(mu = "growth", sigma = "proportional"))),
               parameters(gmm1d(x, k = 1)), tolerance = 1e-12)
})

test_that("the unit, the sign and the order of the values have their known effects", {
  x <- three()
  for (one in related) {
    fit <- quietly(gmm1d(x, k = 3, relate = one$relate))
    given <- mirror <- one$relate
    if (is.null(given$offset)) {
      scaled <- quietly(gmm1d(4 * x, k = 3, relate = given))
      expect_equal(c(scaled$mu, scaled$sigma), 4 * c(fit$mu, fit$sigma), tolerance = 1e-6)
    } else {
      mirror$offset <- -given$offset
    }
    mirrored <- quietly(gmm1d(-x, k = 3, relate = mirror))
    expect_equal(mirrored$loglik, fit$loglik, tolerance = 1e-9)
    expect_equal(rev(-mirrored$mu), fit$mu, tolerance = 1e-6)
    expect_identical(quietly(gmm1d(rev(x), k = 3, relate = one$relate))$mu, fit$mu)
    if (is.character(given$mu) && is.null(given$sigma)) {
      moved <- quietly(gmm1d(x + 1000, k = 3, relate = given))
      expect_equal(moved$mu - 1000, fit$mu, tolerance = 1e-6)
    }
  }
})

test_that("a fit says which of its components has which ratio", {
  x <- withr::with_seed(4, c(rnorm(200, 0, 2), rnorm(200, 8, 1)))
  fit <- gmm1d(x, relate = list(sigma = c(1, 2)))
  expect_identical(fit$relate$sigma, c(2, 1))
  expect_equal(fit$sigma[1], 2 * fit$sigma[2])
  again <- gmm1d(x, relate = list(sigma = c(1, 2)), start = fit)
  expect_equal(again$loglik, fit$loglik, tolerance = 1e-12)
  falling <- gmm1d(-abs(three()), relate = list(mu = c(1, 2)))
  expect_identical(falling$relate$mu, c(2, 1))
  expect_equal(falling$mu[1], 2 * falling$mu[2])
})

test_that("the criterion chooses k if the relation allows any number", {
  x <- withr::with_seed(5, rnorm(600, c(0, 4, 8)[1 + rbinom(600, 2, 0.4)], 0.7))
  fit <- quietly(gmm1d(x, k = 1:6, relate = list(mu = "equal spacing", sigma = "equal")))
  expect_identical(fit$k, 3L)
  expect_identical(fit$selection$df, c(2L, 4L, 5L, 6L, 7L, 8L))
  expect_true(all(diff(fit$selection$objective) > -1e-6))
  expect_identical(gmm1d(x, relate = list(mu = c(1, 2)))$k, 2L)
})

test_that("a row of means that may be longer is never worse", {
  set.seed(16637)
  x <- c(rep(0, 5), abs(rnorm(42)))
  rows <- list("equal spacing", "symmetric", "growth")
  for (mu in rows) for (sigma in list(NULL, "equal")) {
    relate <- list(mu = mu)
    relate$sigma <- sigma
    objective <- quietly(gmm1d(x, 1:6, relate = relate))$selection$objective
    price <- if (is.null(sigma)) 0 else 0.5  # a common sigma counts once per component
    expect_true(all(diff(objective) > -1e-6 - price), info = paste(mu, sigma))
  }
})

test_that("a component does not contract onto 0, to which its sigma is proportional", {
  set.seed(8468)
  x <- abs(rnorm(52))
  for (zeros in c(2L, 37L)) for (relate in list(list(sigma = "proportional"),
                                                list(sigma = "proportional", cv = 0.3),
                                                list(sigma = "proportional", mu = "growth"))) {
    for (k in 2:4) {
      fit <- quietly(gmm1d(c(rep(0, zeros), x), k, relate = relate))
      expect_gt(min(fit$sigma), 1e-4 * sd(x))
      expect_equal(fit$sigma / abs(fit$mu), rep(fit$sigma[1L] / abs(fit$mu[1L]), k))
      expect_equal(sum(dgmm1d(c(rep(0, zeros), x), fit, log = TRUE)), fit$loglik)
      # Held parameters have no standard error, but this removes no other one.
      if (length(fit$held) == 0L || fit$status != "converged") next
      covariance <- quietly(vcov(fit))
      expect_true(all(covariance[paste0("mu", fit$held), ] == 0))
    }
  }
})

test_that("relations hold among the parameters that are not fixed", {
  x <- withr::with_seed(6, c(rnorm(200), rnorm(100, 4, 0.8), rnorm(80, 7, 0.8), rnorm(60, 10, 0.8)))
  fit <- gmm1d(x, k = 4, fixed = list(mu = c(0, NA), sigma = c(1, NA)),
               relate = list(mu = "equal spacing", sigma = "equal"))
  expect_identical(c(fit$mu[1], fit$sigma[1]), c(0, 1))
  expect_equal(diff(fit$mu[2:4])[1], diff(fit$mu[2:4])[2], tolerance = 1e-12)
  expect_identical(fit$sigma[2], fit$sigma[4])
  expect_identical(fit$df, 3L + 2L + 1L)
  expect_true(fit$converged)
})

test_that("labels can be combined with every relation", {
  x <- withr::with_seed(1, c(rnorm(200, 10), rnorm(150, 20, 2), rnorm(60, 30, 3)))
  labels <- c(rep("a", 10), rep(NA, 190), rep("b", 10), rep(NA, 200))
  relations <- list(list(mu = "equal spacing"), list(mu = "symmetric"), list(mu = c(1, 2, 3)),
                    list(mu = "growth", sigma = "proportional"), list(sigma = c(1, 2, 3)),
                    list(lambda = "equal"))
  for (relate in relations) {
    fit <- gmm1d(x, k = 3, relate = relate, labels = labels)
    expect_true(fit$converged)
    expect_identical(fit$labels, c("a", "b", NA))
  }
})

test_that("components find their rows of a matrix, however many there are", {
  pairs <- cbind(c(1, 2, 4, 0, 0), c(0, 0, 0, 1, 2))
  x <- withr::with_seed(1, rnorm(350, rep(drop(pairs %*% c(10, 13)), 70), 0.7))
  relate <- list(mu = pairs, sigma = "equal")
  truth <- list(lambda = rep(0.2, 5), mu = drop(pairs %*% c(10, 13)), sigma = rep(0.7, 5))
  expect_equal(gmm1d(x, relate = relate)$loglik,
               gmm1d(x, relate = relate, start = truth)$loglik, tolerance = 1e-9)
})

test_that("values fixed for all components are also fixed for additional ones", {
  x <- withr::with_seed(1, c(rnorm(100), rnorm(50, 5)))
  one_sigma <- quietly(gmm1d(x, k = 3, fixed = list(mu = c(0, NA), sigma = 1)))
  expect_identical(one_sigma$sigma, c(1, 1, 1))
  expect_identical(one_sigma$df, 4L)
  one_mean <- quietly(gmm1d(x, k = 1:3, fixed = list(mu = 0, sigma = c(1, NA))))
  expect_true(all(one_mean$mu == 0))
  expect_identical(one_mean$selection$df, c(0L, 2L, 4L))
  expect_identical(gmm1d(x, k = 1, fixed = list(mu = c(0, NA), sigma = 1))$df, 0L)
})

test_that("a start may have more components than there are fixed values", {
  x <- withr::with_seed(1, c(rnorm(100), rnorm(50, 5), rnorm(30, 10)))
  fit <- gmm1d(x, k = 3, fixed = list(mu = c(5, NA)))
  expect_identical(fit$fixed$mu, c(NA, 5, NA))
  for (start in list(fit, list(lambda = rep(1 / 3, 3), mu = c(5, 0, 10), sigma = c(1, 1, 1)))) {
    again <- gmm1d(x, k = 3, fixed = list(mu = c(5, NA)), start = start)
    expect_equal(again$loglik, fit$loglik, tolerance = 1e-9)
    expect_equal(vcov(again), vcov(fit), tolerance = 1e-6)
  }
})

test_that("a common sigma has the same interval by either name", {
  for (mu in list(NULL, "equal spacing", c(1, 1.5, 1.9))) {
    by_relate <- gmm1d(three(), k = 3, relate = list(mu = mu, sigma = "equal"))
    by_variance <- gmm1d(three(), k = 3, relate = list(mu = mu), variance = "equal")
    expect_equal(confint(by_relate, "sigma", method = "profile"),
                 confint(by_variance, "sigma", method = "profile"), tolerance = 1e-6)
  }
})

test_that("known components can be combined with any number of others", {
  x <- withr::with_seed(1, c(rnorm(200), rnorm(100, 4), rnorm(60, 8)))
  noise_floor <- list(mu = c(0, NA), sigma = c(1, NA))
  fit <- quietly(gmm1d(x, k = 1:5, fixed = noise_floor))
  expect_identical(fit$k, 3L)
  expect_identical(fit$fixed$mu, c(0, NA, NA))
  expect_identical(fit$selection$df, c(0L, 3L, 6L, 9L, 12L))
  expect_equal(fit$selection$loglik[1], sum(dnorm(x, log = TRUE)))
  for (k in 2:3) {
    alone <- quietly(gmm1d(x, k = k, fixed = lapply(noise_floor, `[`, seq_len(k))))
    expect_equal(alone$loglik, fit$selection$loglik[k], tolerance = 1e-9)
  }
  half <- gmm1d(x, k = 2:4, fixed = list(lambda = c(0.5, NA)))
  expect_true(0.5 %in% half$lambda)
  two <- gmm1d(x, k = 3, fixed = list(mu = c(8, 0), sigma = c(NA, 1)))
  expect_identical(two$fixed$mu, c(0, NA, 8))
})

test_that("profile intervals end where the likelihood has fallen by the quantile", {
  for (name in c("growth", "ratios", "distances", "proportional", "known_cv", "proportions")) {
    one <- related[[name]]
    x <- three()
    fit <- gmm1d(x, k = 3, relate = one$relate)
    interval <- confint(fit, method = "profile")
    names <- rownames(interval)[!is.na(interval[, 1])]
    for (which in names[c(1, ceiling(length(names) / 2))]) {
      at <- match(which, names(coef(fit)))
      for (end in interval[which, ]) {
        # The best likelihood with that parameter there, by penalties that become steeper.
        best <- list(par = one$back(fit))
        for (steepness in 10^(2:7)) {
          at_end <- function(t) {
            theta <- stats::setNames(one$map(t), c("lambda", "mu", "sigma"))
            steepness * (unlist(theta)[[at]] / end - 1)^2 - reference_loglik(x, theta)
          }
          best <- suppressWarnings(stats::optim(best$par, at_end, method = "BFGS",
                                                control = list(reltol = 1e-14, maxit = 1000)))
        }
        expect_equal(2 * (fit$loglik + best$value), qchisq(0.95, 1), tolerance = 0.01)
      }
    }
  }
})

test_that("parameters that a relation determines have no interval", {
  fit <- gmm1d(three(), relate = list(mu = c(0, 1, 2), lambda = "equal"))
  expect_true(all(is.na(confint(fit)[c("lambda1", "lambda2", "lambda3", "mu1"), ])))
  expect_false(anyNA(confint(fit)[c("mu2", "mu3", "sigma1"), ]))
  noisy <- gmm1d(c(three(), seq(0, 40, 2)), k = 3, relate = list(lambda = "equal"), noise = TRUE)
  expect_equal(diff(noisy$lambda), c(0, 0))
  wald <- confint(noisy)["lambda1", ]
  expect_equal(confint(noisy, "lambda1", method = "profile")[1, ], wald, tolerance = 0.05)
})

test_that("replicates and tests use the model with the relation", {
  withr::local_seed(1)
  fit <- gmm1d(three(), k = 3, relate = list(mu = "equal spacing", sigma = "proportional"))
  boot <- bootstrap(fit, R = 9)$estimates
  expect_equal(boot[, "mu2"] - boot[, "mu1"], boot[, "mu3"] - boot[, "mu2"], tolerance = 1e-9)
  expect_equal(boot[, "sigma1"] / boot[, "mu1"], boot[, "sigma3"] / boot[, "mu3"],
               tolerance = 1e-9)
  test <- quietly(boot_lrt(fit, R = 9))
  expect_identical(lapply(test$fits, `[[`, "relate"), list(k0 = fit$relate, k1 = fit$relate))
  by_number <- gmm1d(three(), relate = list(mu = c(1, 2)))
  expect_error(quietly(boot_lrt(by_number, R = 9)), class = "gmm1d_error_shape")
})

test_that("summary has the numbers of a relation, with their standard errors", {
  expected <- list(spacing = "spacing", symmetric = "centre",
                   growth = c("ratio of steps", "coefficient of variation"),
                   ratios = c("mean of ratio 1", "sigma of ratio 1"),
                   distances = "mean of offset 0", proportional = "coefficient of variation",
                   equal = "mean", matrix = NULL, known_cv = NULL)
  for (name in names(expected)) {
    one <- related[[name]]
    fit <- quietly(gmm1d(three(), k = 3, relate = one$relate))
    table <- summary(fit)$relation
    expect_identical(rownames(table), expected[[name]])
    if (is.null(table)) next
    at <- one$back(fit)
    numbers <- function(t) {
      fit[c("lambda", "mu", "sigma")] <- one$map(t)
      gmm1d:::relation_numbers(fit)$estimate
    }
    slopes <- matrix(vapply(seq_along(at), function(i) {
      h <- 1e-6 * (seq_along(at) == i)
      (numbers(at + h) - numbers(at - h)) / 2e-6
    }, table$estimate), nrow(table))
    jacobian <- vapply(seq_along(at), function(i) {
      h <- 1e-6 * (seq_along(at) == i)
      (unlist(one$map(at + h)) - unlist(one$map(at - h))) / 2e-6
    }, numeric(9))
    expect_equal(gmm1d:::relation_numbers(fit)$gradient %*% jacobian, slopes, tolerance = 1e-6)
    if (!fit$converged) next
    expect_equal(table$std.error,
                 sqrt(diag(gmm1d:::relation_numbers(fit)$gradient %*% vcov(fit) %*%
                             t(gmm1d:::relation_numbers(fit)$gradient))), tolerance = 1e-8)
  }
  growth <- gmm1d(three(), k = 3, relate = related$growth$relate)
  steps <- diff(growth$mu)
  expect_equal(summary(growth)$relation["ratio of steps", "estimate"], steps[2] / steps[1])
})

test_that("update, saved fits, many fits and print keep relations", {
  x <- three()
  fit <- gmm1d(x, k = 3, relate = list(mu = "growth", sigma = "proportional"))
  expect_identical(update(fit, k = 3)$loglik, fit$loglik)
  fits <- gmm1d_each(list(a = x, b = 2 * x), k = 3, relate = fit$relate)
  expect_equal(fits[["a"]]$loglik, fit$loglik, tolerance = 1e-12)
  expect_equal(quietly(update(fits, k = 2))[["a"]]$relate, fit$relate)
  damaged <- fit
  damaged$relate$mu <- c(1, 2)
  expect_error(print(damaged), class = "gmm1d_error_saved")
  expect_snapshot({
    fit
    gmm1d(x, relate = list(mu = c(1, 2), sigma = c(1, 2), lambda = "equal"))
    gmm1d(x, k = 3, relate = list(mu = "equal", offset = c(0, 5, 9)))
  })
  spaced <- summary(gmm1d(x, k = 1:3, relate = list(mu = "equal spacing", sigma = "equal")))
  expect_output(print(spaced), "Means equally spaced by 4.874", fixed = TRUE)
  expect_output(print(spaced), "spacing    4.874     0.151", fixed = TRUE)
})

test_that("hostile data end in a fit or a classed error", {
  x <- withr::with_seed(1, c(rnorm(60, 10, 1), rnorm(50, 15, 1.5), rnorm(40, 19, 2)))
  hostile <- list(x * 1e-300, x * 1e300, x + 1e9, c(1, 2, 3), round(x / 3), x - 15,
                  c(rep(5, 50), x), c(x, 1e6), c(0, 0, 0, x))
  some <- related[c("spacing", "growth", "ratios", "proportional", "known_cv", "proportions")]
  relations <- c(lapply(some, `[[`, "relate"), list(list(mu = c(0, 1, 2))))
  for (data in hostile) {
    for (relate in relations) {
      fit <- tryCatch(quietly(gmm1d(data, k = 3, relate = relate)), gmm1d_error = identity)
      if (inherits(fit, "gmm1d_error")) next
      expect_true(all(is.finite(c(fit$loglik, fit$mu, fit$sigma, fit$lambda))))
      expect_true(all(diff(fit$trace) > 0))
    }
  }
})
