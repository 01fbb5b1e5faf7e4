estfun <- function(...) gmm1d:::estfun.gmm1d(...)
bread <- function(...) gmm1d:::bread.gmm1d(...)

# The log-likelihood of each observation, written out: the value lies between `lower` and `upper`
# (equal if it is exact), with errors `s`, a window, noise, and a known component (0 if unknown).
log_likelihoods <- function(theta, lower, upper, s = 0, window = c(-Inf, Inf), noise = NULL,
                            label = 0L, by_design = FALSE) {
  k <- length(theta$mu)
  part <- function(j, from, to) {
    spread <- sqrt(theta$sigma[j]^2 + s^2)
    ifelse(from == to, dnorm(from, theta$mu[j], spread),
           pnorm(to, theta$mu[j], spread) - pnorm(from, theta$mu[j], spread))
  }
  total <- function(from, to, label) {
    of <- vapply(seq_len(k), function(j) {
      share <- if (by_design) ifelse(label == 0L, theta$lambda[j], 1) else theta$lambda[j]
      ifelse(label %in% c(0L, j), share * part(j, from, to), 0)
    }, numeric(length(from)))
    uniform <- if (is.null(noise)) 0
               else theta$lambda0 * ifelse(from == to, 1, to - from) / diff(noise)
    rowSums(of) + uniform
  }
  size <- length(lower)
  label <- rep_len(label, size)
  seen <- log(total(lower, upper, label))
  if (all(is.infinite(window))) return(seen)
  seen -
    log(total(rep(window[1L], size), rep(window[2L], size), if (by_design) label else 0L * label))
}

# Its numerical derivatives with respect to the free parameters of two components, and the
# derivatives of coef() with respect to these.
free_parameters <- function(fit) {
  c(fit$lambda[if (is.null(fit$noise)) 1L else 1:2], fit$mu, fit$sigma)
}

theta_of <- function(free, has_noise) {
  if (has_noise) {
    return(list(lambda = free[1:2], mu = free[3:4], sigma = free[5:6],
                lambda0 = 1 - sum(free[1:2])))
  }
  list(lambda = c(free[1L], 1 - free[1L]), mu = free[2:3], sigma = free[4:5])
}

numerical_scores <- function(fit, ...) {
  free <- free_parameters(fit)
  has_noise <- !is.null(fit$noise)
  vapply(seq_along(free), function(i) {
    step <- replace(0 * free, i, 1e-5 * max(abs(free[i]), 0.1))
    (log_likelihoods(theta_of(free + step, has_noise), ...) -
       log_likelihoods(theta_of(free - step, has_noise), ...)) / (2 * sum(step))
  }, numeric(length(fit$data)))
}

moves_of_coef <- function(fit) {
  free <- free_parameters(fit)
  has_noise <- !is.null(fit$noise)
  vapply(seq_along(free), function(i) {
    unlist(theta_of(replace(0 * free, i, 1), has_noise)) - unlist(theta_of(0 * free, has_noise))
  }, coef(fit))
}

x <- faithful$waiting
label <- ifelse(x < 50, 1L, ifelse(x > 90, 2L, 0L))
named <- factor(ifelse(label > 0L, c("a", "b")[pmax(label, 1L)], NA))
beyond <- function(x, low, high) {
  list(lower = ifelse(x >= high, high, ifelse(x <= low, -Inf, x)),
       upper = ifelse(x <= low, low, ifelse(x >= high, Inf, x)))
}
censored <- beyond(x, 50, 90)
scattered <- c(x, seq(0, 120, 3))

kinds <- list(
  exact = list(gmm1d(x, k = 2), x, x),
  rounded = list(gmm1d(x, k = 2, rounding = 1), x - 0.5, x + 0.5),
  censored = list(gmm1d(x, k = 2, censored = c(50, 90)), censored$lower, censored$upper),
  errors = list(gmm1d(x, k = 2, error = x / 30), x, x, s = x / 30),
  window = list(gmm1d(x, k = 2, within = c(42, 97)), x, x, window = c(42, 97)),
  noise = list(gmm1d(scattered, k = 2, noise = c(0, 120)), scattered, scattered, noise = c(0, 120)),
  labels = list(gmm1d(x, k = 2, labels = named), x, x, label = label),
  design = list(gmm1d(x, k = 2, labels = named, labels_by = "design", within = c(40, 100)), x, x,
                label = label, window = c(40, 100), by_design = TRUE),
  all = list(
    gmm1d(x, k = 2, censored = c(50, 90), rounding = 1, error = x / 30, within = c(30, 110)),
    ifelse(x <= 50, 30, ifelse(x >= 90, 90, x - 0.5)),
    ifelse(x >= 90, 110, ifelse(x <= 50, 50, x + 0.5)), s = x / 30, window = c(30, 110)
  )
)

test_that("scores are the derivatives of each observation's log-likelihood, for every kind", {
  for (name in names(kinds)) {
    fit <- kinds[[name]][[1L]]
    by_hand <- do.call(numerical_scores, unname(kinds[[name]][1L]) |> c(kinds[[name]][-1L]))
    ours <- estfun(fit) %*% moves_of_coef(fit)
    # Central differences have about half the digits of a double.
    expect_equal(ours, by_hand, tolerance = 1e-6, ignore_attr = TRUE, label = name)
  }
})

test_that("the scores of free parameters are those of the textbook", {
  fit <- kinds$exact[[1L]]
  gamma <- estep(x, fit)
  z <- outer(x, fit$mu, "-") / rep(fit$sigma, each = length(x))
  by_hand <- cbind(gamma / rep(fit$lambda, each = length(x)) - 1,
                   gamma * z / rep(fit$sigma, each = length(x)),
                   gamma * (z^2 - 1) / rep(fit$sigma, each = length(x)))
  expect_equal(estfun(fit), by_hand, tolerance = 1e-10, ignore_attr = TRUE)
  expect_identical(colnames(estfun(fit)), names(coef(fit)))
})

test_that("every column sums to 0 at a maximum, also if parameters are fixed or tied", {
  tied <- list(
    equal = gmm1d(x, k = 2, variance = "equal"), one = gmm1d(x, k = 1),
    fixed = gmm1d(x, fixed = list(mu = c(55, NA), lambda = c(0.4, 0.6))),
    related = gmm1d(x, k = 3, relate = list(mu = "equal spacing"), variance = "equal"),
    formula = gmm1d(~ log(eruptions), faithful, k = 2)
  )
  for (fit in c(lapply(kinds, `[[`, 1L), tied)) {
    scores <- estfun(fit)
    expect_lt(max(abs(colSums(scores)) / sqrt(pmax(colSums(scores^2), 1))), 1e-6)
  }
  # Fixed parameters do not move, and equal sigmas move together.
  expect_identical(unname(estfun(tied$fixed)[, c(1:3)]), matrix(0, 272, 3))
  along <- estfun(tied$equal)[, c("sigma1", "sigma2")] / rep(tied$equal$lambda, each = 272)
  expect_equal(along[, 1], along[, 2])
})

test_that("the sandwich and the inverse information agree if the model is correct", {
  skip_if_not_installed("sandwich")
  draws <- withr::with_seed(1, rgmm1d(50000, c(0.3, 0.7), c(0, 3), c(1, 0.7)))
  for (variance in c("free", "equal")) {
    if (variance == "equal") {
      draws <- withr::with_seed(1, rgmm1d(50000, c(0.3, 0.7), c(0, 4), c(1, 1)))
    }
    fit <- gmm1d(draws, k = 2, variance = variance)
    # The fourth moments behind the meat have a relative error of about 1 % at this n.
    expect_equal(sqrt(diag(sandwich::sandwich(fit))), sqrt(diag(vcov(fit))), tolerance = 0.03)
  }
  robust <- sandwich::sandwich(fit)
  expect_identical(dimnames(robust), dimnames(vcov(fit)))
  expect_equal(rowSums(robust[, 1:2]), 0 * robust[, 1], tolerance = 1e-10)
  expect_identical(bread(fit), 50000 * vcov(fit))
})

test_that("copies of observations in one cluster add no information", {
  skip_if_not_installed("sandwich")
  fit <- gmm1d(x, k = 2)
  thrice <- gmm1d(rep(x, each = 3), k = 2)
  clustered <- sandwich::vcovCL(thrice, cluster = rep(seq_along(x), each = 3), cadjust = FALSE)
  expect_equal(clustered, sandwich::sandwich(fit), tolerance = 1e-6)
  single <- sandwich::vcovCL(fit, cluster = seq_along(x), cadjust = FALSE)
  expect_equal(single, sandwich::sandwich(fit))
  skip_if_not_installed("lmtest")
  table <- lmtest::coeftest(fit, vcov. = sandwich::sandwich)
  expect_equal(table[, "Std. Error"], sqrt(diag(sandwich::sandwich(fit))))
})

test_that("a weight counts like copies of the value", {
  w <- rep(0:3, 68)
  weighted <- gmm1d(c(NA, x), k = 2, weights = c(1, w))
  copies <- gmm1d(rep(x, w), k = 2)
  expect_equal(estfun(weighted), estfun(copies), tolerance = 1e-6)
  expect_identical(nrow(estfun(weighted)), sum(w))
  expect_error(estfun(gmm1d(x, k = 2, weights = w / 2)), class = "gmm1d_error_range")
})

test_that("without single observations scores are an error, and without vcov() they are NA", {
  for (fit in list(gmm1d(squash(x), k = 2), gmm1d(hist(x, plot = FALSE), k = 2),
                   gmm1d(x, k = 2, control = list(keep_data = FALSE)))) {
    expect_error(estfun(fit), class = "gmm1d_error_argument")
  }
  start <- list(lambda = c(0.5, 0.5), mu = c(70, 70), sigma = c(9, 9))
  fit <- quietly(gmm1d(x, start = start))
  expect_warning(scores <- estfun(fit), class = "gmm1d_warning_singular")
  expect_true(all(is.na(scores)))
  expect_error(estfun(fit, 3), class = "gmm1d_error_argument")
})

test_that("a sigma of 0 counts as fixed", {
  fit <- gmm1d(c(10.1, 9.8, 10.3, 10.0, 9.9), k = 1, error = 1)
  expect_identical(fit$sigma, 0)
  expect_identical(unname(bread(fit)["sigma1", ]), numeric(3))
  expect_identical(estfun(fit)[, "sigma1"], numeric(5))
  expect_equal(sum(estfun(fit)[, "mu1"]), 0)
})
