#' Scores of the observations, for robust standard errors
#'
#' With these methods the sandwich package computes standard errors that remain valid if the
#' components are not quite Gaussian, `sandwich::sandwich(fit)`, or if the observations come in
#' clusters, `sandwich::vcovCL(fit, cluster = )`. Pass the result to [confint.gmm1d()] (as `vcov`),
#' `lmtest::coeftest()` or `modelsummary::modelsummary()`.
#'
#' @details
#' `estfun()` returns the score of each observation: the derivatives of its log-likelihood with
#' respect to the parameters. If nothing is fixed or tied, these are `gamma_ij / lambda_j - 1` for
#' `lambda_j`, `gamma_ij (x_i - mu_j) / sigma_j^2` for `mu_j` and
#' `gamma_ij ((x_i - mu_j)^2 / sigma_j^2 - 1) / sigma_j` for `sigma_j`, where `gamma_ij` is the
#' posterior probability of component j. Otherwise (`variance = "equal"`, `fixed` or `relate` of
#' [gmm1d()]) these are projected onto the directions in which the parameters can move, in the
#' metric of the complete-data information. The columns therefore sum to 0 at a maximum, and the
#' column of a fixed parameter is 0. For values that are rounded, censored, labelled, measured with
#' error or seen through a window, the score is that of their likelihood.
#'
#' `bread()` is `nobs(fit) * vcov(fit)`. If the model is correct, `sandwich()` and `vcov()` agree in
#' large samples. A parameter at a bound (a `sigma` of 0) counts as fixed.
#'
#' Weights count observations, as everywhere in gmm1d: a value of weight 3 has three rows, one after
#' the other, and a value that is missing or has weight 0 has none. `cluster` needs an entry for
#' each row.
#'
#' The package sandwich, which calls these methods, must be installed.
#'
#' @param x A [gmm1d()] fit.
#' @param ... Not used; an unknown argument is an error.
#'
#' @return `estfun()`: a numeric matrix with a row for each observation, in the order of the data,
#'   and a column for each parameter, named as `coef(x)`. `bread()`: a matrix with a row and a
#'   column for each parameter. Both are `NA`, with a warning, if [vcov.gmm1d()] is.
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

# The observations that the fit used, in the form of observed_as(), with their weights `w`.
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
    # A censored value lies within the window.
    observed$lower <- pmax(observed$lower, window[1L])
    observed$upper <- pmin(observed$upper, window[2L])
  }
  w <- weights_of(fit)
  used <- !is.na(w) & w > 0 & is_observed_row(observed)
  check_each(w[used] == floor(w[used]), w[used], "weights", paste(
    "be whole numbers for `estfun()`, which returns a row for each observation that they count"
  ))
  check_is_matrix(sum(w[used]))
  columns <- c("lower", "upper", "error", "component", "names")
  observed <- lapply(observed[columns], function(column) column[used])
  c(observed[!vapply(observed, is.null, NA)], list(w = w[used]))
}

# The rounding unit of the values, 0 if they are exact. If there are errors or limits as well, only
# the widths of the intervals show it.
rounding_of <- function(fit, observed) {
  if (!is.null(fit$points$rounding)) return(fit$points$rounding)
  if (!needs_rows(fit$observed)) return(0)
  bounds <- bounds_of(fit$points)
  width <- bounds$upper - bounds$lower
  if (any(width == 0) || !any(is.finite(width))) return(0)
  if (all(observed$lower != observed$upper, na.rm = TRUE)) return(0)
  stats::median(width[is.finite(width)])
}

# The score of each observation, as if the lambda need not sum to 1, in the units of
# relative_covariance().
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
  # A component with posterior probability 0 contributes nothing, however far away it is.
  scores[is.nan(scores)] <- 0
  scores
}

# The posterior probabilities, with the noise last.
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

# Projects scores onto the directions in which the parameters can move (the column space of their
# covariance matrix), in the metric of the complete-data information.
along_free <- function(scores, known, fit) {
  if (anyNA(known$covariance)) return(scores * NA)
  lambda <- pmax(fit$lambda, 1e-12)
  scale <- sqrt(fit$n * c(1 / lambda, lambda, 2 * lambda, 1 / pmax(fit$noise[1L], 1e-12)))
  # Along these directions the variance is at least about 1; along others it is rounding error.
  parts <- eigen(known$covariance * outer(scale, scale), symmetric = TRUE)
  free <- parts$vectors[, parts$values > 1e-3, drop = FALSE]
  scores %*% ((free %*% t(free)) * outer(1 / scale, scale))
}
