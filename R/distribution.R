#' The distribution of a Gaussian mixture
#'
#' Density, distribution function, quantile function and random generation, like [stats::dnorm()]
#' and related functions.
#'
#' Probabilities are accurate in both tails and on the log scale. Quantiles are found by Newton's
#' method inside a bracket, in the smaller tail, to machine precision: `pgmm1d(qgmm1d(p))` equals
#' `p` within 1e-12.
#'
#' @param x,q Quantiles: a numeric vector, in the unit of the mixture.
#' @param p Probabilities: a numeric vector.
#' @param n Number of values: a whole number >= 0; if `length(n) > 1`, the length
#'   is taken.
#' @param lambda Mixing proportions: k numbers, not negative, with sum 1. Or a
#'   `gmm1d` fit, a [gmm1d_mixture()] or a list of the three, without `mu` and `sigma`.
#' @param mu Means: k numbers.
#' @param sigma Standard deviations: k positive numbers.
#' @param log,log.p Are densities or probabilities given as logarithms? Default `FALSE`.
#' @param lower.tail Are probabilities `P(X <= x)` (`TRUE`, default) or
#'   `P(X > x)`?
#'
#' @return A numeric vector, as long as the first argument and with its names and dimensions; `NA`
#'   where that is `NA`. `qgmm1d()` gives `NaN`, with a warning of class `gmm1d_warning_nan`, if `p`
#'   is not a probability. `rgmm1d()`: `n` values, drawn with R's random numbers and so controlled
#'   by [set.seed()].
#'
#' @section Errors:
#' Invalid parameters are a `gmm1d_error_range`, `gmm1d_error_shape`, `gmm1d_error_type`,
#' `gmm1d_error_missing` or `gmm1d_error_argument`.
#'
#' @examples
#' fit <- gmm1d(faithful$waiting, k = 2)
#' pgmm1d(70, fit)                            # the probability of a wait up to 70 minutes
#' qgmm1d(c(0.05, 0.5, 0.95), fit)
#' curve(dgmm1d(x, c(0.3, 0.7), c(0, 3), c(1, 0.5)), -3, 6, n = 501, ylab = "density")
#' @name distribution
#' @aliases dgmm1d
#' @export
dgmm1d <- function(x, lambda, mu, sigma, log = FALSE) {
  mixture <- parse_mixture(lambda, mu, sigma)
  density_of(x, mixture, parse_flag(log, "log"))
}

#' @rdname distribution
#' @export
pgmm1d <- function(q, lambda, mu, sigma, lower.tail = TRUE, log.p = FALSE) {
  mixture <- parse_mixture(lambda, mu, sigma)
  lower.tail <- parse_flag(lower.tail, "lower.tail")
  cdf_of(q, mixture, lower.tail, parse_flag(log.p, "log.p"))
}

#' @rdname distribution
#' @export
qgmm1d <- function(p, lambda, mu, sigma, lower.tail = TRUE, log.p = FALSE) {
  mixture <- parse_mixture(lambda, mu, sigma)
  lower.tail <- parse_flag(lower.tail, "lower.tail")
  log.p <- parse_flag(log.p, "log.p")
  quantile_of(p, mixture, lower.tail, log.p)
}

#' @rdname distribution
#' @export
rgmm1d <- function(n, lambda, mu, sigma) {
  mixture <- parse_mixture(lambda, mu, sigma)
  draws_of(if (length(n) > 1L) length(n) else n, mixture)
}

# The same functions for a mixture, or a fit, that has been parsed.

density_of <- function(x, mixture, log = FALSE) {
  log_density <- map_numbers(x, "x", function(x) {
    found <- log_density_cpp(x, as_mixture(mixture))
    if (is.null(mixture$within)) return(found)
    inside <- x >= mixture$within[1L] & x <= mixture$within[2L]
    ifelse(inside, found - log_share_within(mixture), -Inf)
  })
  if (log) log_density else exp(log_density)
}

cdf_of <- function(q, mixture, lower_tail = TRUE, log_p = FALSE) {
  log_cdf <- map_numbers(q, "q", function(q) {
    if (!is.null(mixture$within)) return(log_cdf_within(q, mixture, lower_tail))
    log_cdf_cpp(q, as_mixture(mixture), lower_tail)
  })
  if (log_p) log_cdf else exp(log_cdf)
}

# The log of the probability between two values, of all components; that of a window is the log of
# the share of values that are observed.
log_share_between <- function(lower, upper, mixture) {
  Reduce(log_add, log_shares_between(lower, upper, mixture))
}

log_share_within <- function(mixture) {
  log_share_between(mixture$within[1L], mixture$within[2L], mixture)
}

log_cdf_within <- function(q, mixture, lower_tail) {
  window <- mixture$within
  q <- pmin(pmax(q, window[1L]), window[2L])
  part <- if (lower_tail) log_share_between(window[1L], q, mixture)
          else log_share_between(q, window[2L], mixture)
  pmin(part - log_share_within(mixture), 0)
}

quantile_of <- function(p, mixture, lower_tail = TRUE, log_p = FALSE) {
  if (!is.null(mixture$within)) return(quantile_within(p, mixture, lower_tail, log_p))
  map_numbers(p, "p", function(p) {
    legal <- if (log_p) p <= 0 else p >= 0 & p <= 1
    if (!all(legal)) {
      warn_gmm1d("nan", "NaNs produced: `p` must have ",
                 if (log_p) "no positive values." else "values from 0 to 1.")
    }
    # 1 - p is exact for p >= 1/2, where log(p) would lose digits.
    upper <- !log_p & p > 0.5
    q <- rep(NaN, length(p))
    for (flip in c(FALSE, TRUE)) {
      use <- legal & upper == flip
      log_of_p <- if (log_p) p[use] else log(if (flip) 1 - p[use] else p[use])
      q[use] <- quantile_cpp(log_of_p, as_mixture(mixture), xor(lower_tail, flip))
    }
    q
  })
}

# The quantile of a mixture restricted to its window, from the tail in which the window has fewer
# values beyond it.
quantile_within <- function(p, mixture, lower_tail, log_p) {
  if (log_p) p <- exp(p)
  window <- mixture$within
  log_share <- log_share_within(mixture)
  mixture$within <- NULL
  is_low <- cdf_of(window[1L], mixture) <= 0.5
  beyond <- cdf_of(window[if (is_low) 1L else 2L], mixture, is_low, log_p = TRUE)
  part <- if (lower_tail == is_low) p else 1 - p
  found <- quantile_of(pmin(log_add(beyond, log(part) + log_share), 0), mixture, is_low, TRUE)
  pmin(pmax(found, window[1L]), window[2L])
}

# Draws values with errors from a mixture; those with a `label` above 0 come from that component.
# With a window, all values are inside it.
draws_of <- function(n, mixture, error = 0, label = NULL) {
  n <- parse_count(n, "n", at_least = 0)
  error <- rep_len(error, n)
  if (!is.null(mixture$within)) return(draws_within(n, mixture, error, label))
  component <- draw_components(n, mixture)
  component[label > 0L] <- label[label > 0L]
  is_noise <- component == 0L
  x <- numeric(n)
  x[!is_noise] <- stats::rnorm(sum(!is_noise), mixture$mu[component[!is_noise]],
                               mixture$sigma[component[!is_noise]])
  if (any(is_noise)) {
    x[is_noise] <- stats::runif(sum(is_noise), mixture$noise[2L], mixture$noise[3L])
  }
  if (any(error > 0)) x + stats::rnorm(n, 0, error) else x
}

# Numbers of components, 0 for noise.
draw_components <- function(n, mixture) {
  if (is.null(mixture$noise)) {
    return(sample.int(mixture$k, n, replace = TRUE, prob = mixture$lambda))
  }
  sample.int(mixture$k + 1L, n, replace = TRUE, prob = c(mixture$noise[1L], mixture$lambda)) - 1L
}

# Applies f to the numbers that are not missing, and keeps the shape of x.
map_numbers <- function(x, name, f) {
  values <- parse_numbers(if (is.array(x)) as.vector(x) else x, name)
  known <- !is.na(values)
  values[known] <- f(values[known])
  if (is.array(x)) array(values, dim(x), dimnames(x)) else stats::setNames(values, names(x))
}
