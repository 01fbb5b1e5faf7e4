#' Scores of single observations, for robust standard errors
#'
#' The methods by which the sandwich package computes standard errors that hold if the components
#' are not quite Gaussian, or if observations come in clusters:
#' `sandwich::sandwich(fit)` and `sandwich::vcovCL(fit, cluster = )`. What they give can be handed
#' to [confint.gmm1d()] (as `vcov`), `lmtest::coeftest()` or `modelsummary::modelsummary()`.
#'
#' @details
#' `estfun()` gives the derivatives of the log-likelihood of each observation. The parameters of
#' `coef()` are not free: the `lambda` sum to 1, the `sigma` may be one, others may be fixed or tied
#' ([gmm1d()], `fixed` and `relate`), and [vcov.gmm1d()] is singular. The derivatives are therefore
#' those along the directions in which the parameters can move: for free parameters
#' `gamma_ij / lambda_j - 1` for `lambda_j`, `gamma_ij (x_i - mu_j) / sigma_j^2` for `mu_j` and
#' `gamma_ij ((x_i - mu_j)^2 / sigma_j^2 - 1) / sigma_j` for `sigma_j`, with `gamma_ij` the
#' posterior probability of component j. Otherwise they are the projection of these, in the
#' information of data whose components are known. So the columns sum to 0 at a maximum, and a
#' fixed parameter has a column of zeros. Values that are rounded, censored, seen with an error,
#' in a window or with a label have the derivatives of their likelihood.
#'
#' `bread()` is `nobs(fit) * vcov(fit)`. If the mixture is right, `sandwich()` and `vcov()` agree
#' in large samples. A parameter at a bound (a `sigma` of 0) counts as fixed.
#'
#' Weights are counts, here as elsewhere: a value of weight 3 has three rows, one after the other.
#' Values that are missing, or of weight 0, have none; `cluster` needs an entry for each row.
#'
#' sandwich must be installed; it calls these methods.
#'
#' @param x A [gmm1d()] fit.
#' @param ... Not used; an unknown argument is an error.
#'
#' @return `estfun()`: a numeric matrix with a row for each observation, in the order of the data,
#'   and a column for each parameter, named as `coef(x)`. `bread()`: a matrix with a row and a
#'   column for each parameter. All are `NA` if [vcov.gmm1d()] is, with its warning.
#'
#' @section Errors:
#' `gmm1d_error_argument` from `estfun()` if the fit has no data (squashed, grouped, or
#' `keep_data = FALSE`); `gmm1d_error_range` if its weights are not whole numbers.
#'
#' @references
#' Zeileis, A. (2006). Object-oriented computation of sandwich estimators. *Journal of Statistical
#' Software* 16(9). \doi{10.18637/jss.v016.i09}
#'
#' Zeileis, A., Köll, S. and Graham, N. (2020). Various versatile variances: an object-oriented
#' implementation of clustered covariances in R. *Journal of Statistical Software* 95(1).
#' \doi{10.18637/jss.v095.i01}
#'
#' @concept robust standard errors
#' @concept clustered standard errors
#' @concept score
#' @concept Huber-White
#' @examples
#' if (requireNamespace("sandwich", quietly = TRUE)) {
#'   fit <- gmm1d(~ waiting, data = faithful, k = 2)
#'   robust <- sandwich::sandwich(fit)
#'   print(cbind(usual = sqrt(diag(vcov(fit))), robust = sqrt(diag(robust))))
#'   confint(fit, "mu", vcov = robust)
#' }
#' @name estfun.gmm1d
#' @method estfun gmm1d
estfun.gmm1d <- function(x, ...) {
  check_no_dots(...)
  fit <- parse_fit(x, "x")
  observed <- used_observations(fit)
  known <- relative_covariance(fit)
  scores <- along_free(relative_scores(observed, fit, known$unit), known, fit)
  scores <- scores / rep(known$unit, each = nrow(scores))
  scores[, known$unit == 0] <- 0
  dimnames(scores) <- list(observed$names, names_of_coef(fit))
  if (all(observed$w == 1)) scores
  else scores[rep(seq_along(observed$w), observed$w), , drop = FALSE]
}

#' @rdname estfun.gmm1d
#' @method bread gmm1d
bread.gmm1d <- function(x, ...) {
  check_no_dots(...)
  fit <- parse_fit(x, "x")
  covariance <- vcov.gmm1d(fit)
  at_bound <- bounds_reached(fit)
  covariance[at_bound, ] <- 0
  covariance[, at_bound] <- 0
  fit$n * covariance
}

# The observations that the fit was made of, as observed_as() gives them, with their weights `w`.
used_observations <- function(fit) {
  x <- data_of(fit)
  observed <- observations_of(fit)
  if (!is.list(observed)) observed <- observed_as(observed, NULL, NULL, integer(length(x)))
  rounding <- rounding_of(fit, observed)
  if (rounding > 0) {
    exact <- which(observed$lower == observed$upper)
    observed$lower[exact] <- x[exact] - rounding / 2
    observed$upper[exact] <- x[exact] + rounding / 2
  }
  window <- fit$points$within
  if (!is.null(window)) {
    # What lies beyond a limit lies in the window.
    observed$lower <- pmax(observed$lower, window[1L])
    observed$upper <- pmin(observed$upper, window[2L])
  }
  w <- weights_of(fit)
  used <- !is.na(w) & w > 0 & is_observed_row(observed)
  check_each(w[used] == floor(w[used]), w[used], "weights", paste(
    "be whole numbers for `estfun()`, which has a row for each of the observations that they count"
  ))
  check_is_matrix(sum(w[used]))
  columns <- c("lower", "upper", "error", "component", "names")
  observed <- lapply(observed[columns], function(column) column[used])
  c(observed[!vapply(observed, is.null, NA)], list(w = w[used]))
}

# The step to which the values were rounded, 0 if they are exact. With errors or limits beside it,
# the points have intervals of that width.
rounding_of <- function(fit, observed) {
  if (!is.null(fit$points$rounding)) return(fit$points$rounding)
  if (!needs_rows(fit$observed)) return(0)
  bounds <- bounds_of(fit$points)
  width <- bounds$upper - bounds$lower
  if (any(width == 0) || !any(is.finite(width))) return(0)
  if (all(observed$lower != observed$upper, na.rm = TRUE)) return(0)
  stats::median(width[is.finite(width)])
}

# The derivatives of the log of the likelihood of each observation, of which the lambda do not sum
# to 1, in the units of relative_covariance().
relative_scores <- function(observed, fit, unit) {
  scores <- scores_of(observed, fit, unit)
  window <- fit$points$within
  if (is.null(window)) return(scores)
  size <- length(observed$lower)
  seen <- c(list(lower = rep(window[1L], size), upper = rep(window[2L], size)),
            observed["error"])
  by_design <- identical(fit$points$labels_by, "design")
  seen$component <- if (by_design) observed$component else integer(size)
  scores - scores_of(seen, fit, unit)
}

scores_of <- function(observed, fit, unit) {
  k <- fit$k
  gamma <- component_posterior_of(observed, fit)
  of_lambda <- gamma / rep(c(fit$lambda, fit$noise[1L]), each = nrow(gamma))
  if (identical(fit$points$labels_by, "design")) of_lambda[observed$component > 0L, ] <- 0
  of_mu <- of_spread <- matrix(0, nrow(gamma), k)
  for (j in seq_len(k)) {
    spread <- spread_of(fit$sigma[j], observed$error %||% 0)
    moments <- moments_between(observed, fit$mu[j], spread)
    ratio <- unit[k + j] / spread
    of_mu[, j] <- gamma[, j] * moments$first * ratio
    of_spread[, j] <- gamma[, j] * moments$second * ratio^2
  }
  scores <- cbind(of_lambda[, seq_len(k)], of_mu, of_spread, of_lambda[, -seq_len(k)])
  # What an observation cannot be of has no say, however far away it is.
  scores[is.nan(scores)] <- 0
  scores
}

# The posterior probabilities, those of the noise last.
component_posterior_of <- function(observed, fit) {
  rows <- posterior(observed[names(observed) != "names"], fit)
  in_order <- c(which(components_of(fit) > 0L), which(components_of(fit) == 0L))
  unname(rows[, in_order, drop = FALSE])
}

# E(z) and E(z^2) - 1 of z = (X - mu) / spread, given that X lies between the bounds.
moments_between <- function(observed, mu, spread) {
  lower <- (observed$lower - mu) / spread
  upper <- (observed$upper - mu) / spread
  first <- lower
  second <- lower^2 - 1
  between <- which(observed$lower < observed$upper)
  if (length(between) == 0L) return(list(first = first, second = second))
  a <- lower[between]
  b <- upper[between]
  log_p <- log_density_of_observed(list(lower = a, upper = b), new_mixture(1, 0, 1))
  at_a <- exp(stats::dnorm(a, log = TRUE) - log_p)
  at_b <- exp(stats::dnorm(b, log = TRUE) - log_p)
  first[between] <- at_a - at_b
  second[between] <- ifelse(is.finite(a), a * at_a, 0) - ifelse(is.finite(b), b * at_b, 0)
  list(first = first, second = second)
}

# Scores along the directions in which the parameters can move, which are those of their covariance
# matrix, projected in the information of data whose components are known.
along_free <- function(scores, known, fit) {
  if (anyNA(known$covariance)) return(scores * NA)
  lambda <- pmax(fit$lambda, 1e-12)
  scale <- sqrt(fit$n * c(1 / lambda, lambda, 2 * lambda, 1 / pmax(fit$noise[1L], 1e-12)))
  # Along them the variance is at least about 1; across them it is a rounding error.
  parts <- eigen(known$covariance * outer(scale, scale), symmetric = TRUE)
  free <- parts$vectors[, parts$values > 1e-3, drop = FALSE]
  scores %*% ((free %*% t(free)) * outer(1 / scale, scale))
}
