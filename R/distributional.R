#' Convert a fit for the package distributional
#'
#' Converts the mixture to a `distributional::dist_mixture()` of normal distributions, a vector with
#' one element. Use it with ggdist (`stat_slabinterval(aes(xdist = as_distribution(fit)))`), in data
#' frames with a column of distributions, or with `mean()`, `quantile()`, `distributional::hilo()`
#' and the like.
#'
#' @details
#' Noise becomes a `dist_uniform()`, and a component with `sigma` 0 a `dist_degenerate()`. As in
#' [dgmm1d()], the distribution is that of the true values if the values have errors, and that of
#' all values if they were seen through a window. The density and the distribution function agree
#' with [dgmm1d()] and [pgmm1d()]. distributional finds the quantiles of a mixture to three or four
#' digits only; use [qgmm1d()] for accurate ones.
#'
#' @param x A [gmm1d()] fit, a [gmm1d_mixture()], a list of `lambda`, `mu` and `sigma`, or a
#'   [gmm1d_each()] result.
#' @param ... Not used; an unknown argument is an error.
#'
#' @return A `distribution` vector of length 1; for many fits, one with an element for each data
#'   set, `NA` if it has no fit. The package distributional must be installed.
#'
#' @section Errors:
#' `gmm1d_error_type` and others if `x` is neither a fit nor a mixture, as for [cutpoints()].
#'
#' @references
#' O'Hara-Wild, M., Kay, M. and Hayes, A. *distributional: Vectorised Probability Distributions*.
#' \doi{10.32614/CRAN.package.distributional}
#'
#' @seealso [distribution] for densities, probabilities, quantiles and random numbers without that
#'   package
#' @concept ggdist
#' @concept distributional
#' @concept half-eye plot
#' @examplesIf requireNamespace("distributional", quietly = TRUE)
#' fit <- gmm1d(~ waiting, data = faithful, k = 2)
#' waits <- as_distribution(fit)
#' waits
#' c(mean(waits), distributional::cdf(waits, 70), pgmm1d(70, fit))
#' @export
as_distribution <- function(x, ...) UseMethod("as_distribution")

#' @rdname as_distribution
#' @export
as_distribution.default <- function(x, ...) {
  check_no_dots(...)
  mixture <- parse_fit_or_mixture(x, "x")
  check_distributional()
  distribution_of(mixture)
}

#' @rdname as_distribution
#' @export
as_distribution.gmm1d_each <- function(x, ...) {
  check_no_dots(...)
  x <- parse_many(x)
  check_distributional()
  parts <- lapply(unname(parsed_fits(x)), function(fit) {
    if (is.null(fit)) distributional::dist_missing(1L) else distribution_of(fit)
  })
  do.call(c, parts)
}

check_distributional <- function() {
  rlang::check_installed("distributional", "for distributions as vectors.")
}

distribution_of <- function(mixture) {
  component <- function(j) {
    if (mixture$sigma[j] == 0) distributional::dist_degenerate(mixture$mu[j])
    else distributional::dist_normal(mixture$mu[j], mixture$sigma[j])
  }
  noise <- mixture$noise
  parts <- c(if (!is.null(noise)) list(distributional::dist_uniform(noise[2L], noise[3L])),
             lapply(seq_len(mixture$k), component))
  if (length(parts) == 1L) return(parts[[1L]])
  weights <- c(noise[1L], mixture$lambda)
  do.call(distributional::dist_mixture, c(parts, list(weights = weights / sum(weights))))
}
