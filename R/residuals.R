#' Residuals of single observations
#'
#' Quantile residuals, which are normal if the mixture is correct, or the values minus their fitted
#' component means.
#'
#' @details
#' Quantile residuals (Dunn and Smyth 1996) are `qnorm(F(x))`, where F is the distribution function
#' of the mixture. If the mixture is correct, they are a sample from the standard normal
#' distribution, whatever the number of components, and can be checked as such: [stats::qqnorm()],
#' [stats::shapiro.test()] (which does not account for the estimation of the parameters). They are
#' not randomised, so rounded values have residuals in steps; use [gof_test()] for these. They are
#' computed on the log scale from the smaller tail, so they are finite and accurate even a thousand
#' standard deviations away.
#'
#' Response residuals are `x - fitted(fit)`, in the unit of the data: the value minus the posterior
#' mean of `mu`.
#'
#' @param object A `gmm1d` fit.
#' @param type `"quantile"` (default) or `"response"`.
#' @param ... Not used; an unknown argument is an error.
#'
#' @return A numeric vector as long as the data of the fit, in the same order and with the same
#'   names; `NA` where the data are `NA`.
#'
#' @section Errors:
#' `gmm1d_error_argument` if the fit has no data (squashed, grouped, or `keep_data = FALSE`), or
#' `type` is unknown.
#'
#' @references
#' Dunn, P. K. and Smyth, G. K. (1996). Randomized quantile residuals. *Journal of
#' Computational and Graphical Statistics* 5, 236-244.
#' \doi{10.1080/10618600.1996.10474708}
#'
#' @seealso [fitted.gmm1d()], [plot.gmm1d()]
#' @examples
#' fit <- gmm1d(~ eruptions, data = faithful)
#' qqnorm(residuals(fit))
#' abline(0, 1)
#' @export
residuals.gmm1d <- function(object, type = c("quantile", "response"), ...) {
  check_no_dots(...)
  object <- parse_fit(object, "object")
  type <- parse_choice(type, c("quantile", "response"), "type")
  observations <- observations_of(object)
  switch(type,
    quantile = quantile_residuals(observations, object),
    response = data_of(object) - fitted_means(observations, object)
  )
}

quantile_residuals <- function(x, mixture) {
  if (is.list(x)) return(residuals_of_observed(x, mixture))
  mixture <- as_seen(mixture, mixture$points)
  lower <- cdf_of(x, mixture, log_p = TRUE)
  upper <- cdf_of(x, mixture, lower_tail = FALSE, log_p = TRUE)
  normal_of_tails(lower, upper)
}

# For an interval, F is the mean of the probabilities at its ends.
residuals_of_observed <- function(x, fit) {
  window <- window_of(fit$points)
  between <- function(lower, upper) log_probability_between(lower, upper, x, fit)
  of_window <- between(window[1L], window[2L])
  lower <- log_mean(between(window[1L], x$lower), between(window[1L], x$upper))
  upper <- log_mean(between(x$lower, window[2L]), between(x$upper, window[2L]))
  normal_of_tails(lower - of_window, upper - of_window)
}

# log((exp(a) + exp(b)) / 2).
log_mean <- function(a, b) {
  largest <- pmax(a, b)
  ifelse(largest == -Inf, -Inf, largest + log((exp(a - largest) + exp(b - largest)) / 2))
}

# The normal quantile of probabilities given as logs of both tails, from the smaller one.
normal_of_tails <- function(lower, upper) {
  z <- normal_quantile(pmin(lower, upper))
  above <- which(upper < lower)
  z[above] <- -z[above]
  z
}

# qnorm(log_p, log.p = TRUE). R before 4.3 returns only five digits if log_p < -1e5; one Newton step
# adds the others.
normal_quantile <- function(log_p) {
  z <- stats::qnorm(log_p, log.p = TRUE)
  far <- which(log_p < -300 & is.finite(log_p))
  found <- stats::pnorm(z[far], log.p = TRUE)
  slope <- exp(stats::dnorm(z[far], log = TRUE) - found)
  z[far] <- z[far] - (found - log_p[far]) / slope
  z
}
