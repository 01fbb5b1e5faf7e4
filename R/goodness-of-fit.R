#' Test how well a mixture fits
#'
#' The Anderson-Darling or Kolmogorov-Smirnov test of the hypothesis that the data come from a
#' mixture with this number of components, by parametric bootstrap: the parameters are re-estimated
#' for each replicate, exactly as for the data (Stute, Gonzalez Manteiga and Presedo Quindimil
#' 1993).
#'
#' @details
#' With F the fitted and G the empirical distribution function, the statistics are
#' \deqn{A^2 = n \int \frac{(G - F)^2}{F (1 - F)} \, dF, \quad
#'   D = \sup_x |G(x) - F(x)|.}{A^2 = n integral (G - F)^2 / (F (1 - F)) dF,
#'   D = sup |G(x) - F(x)|.}
#' They are computed from the weighted points of the fit. For counts in bins, values on a lattice
#' and squashed cells, G and F are compared only at the edges of the intervals and over the gaps
#' between them. Replicates are recorded like the data, and EM starts from the estimates of the fit.
#' The p-value is `(1 + number of replicates with a statistic as large) / (R + 1)`.
#'
#' @section Many data sets:
#' All data sets use the same random numbers, so a p-value depends neither on the other data sets
#' nor on their order. For exact values and one component, the distribution of the statistic depends
#' on n alone, so replicates are drawn once for all such data sets of one size. All others have
#' their own replicates, as in the test of a single data set. No p-value is below `1 / (R + 1)`: for
#' many data sets, use an `R` of at least their number.
#'
#' @param fit A `gmm1d` fit, or a [gmm1d_each()] result.
#' @param statistic `"AD"` (default: Anderson-Darling, which is sensitive to the tails) or `"KS"`
#'   (Kolmogorov-Smirnov).
#' @param R Replicates: a whole number >= 1, default 999.
#' @param p.adjust For many data sets, the adjustment of the p-values: a `method` of
#'   [stats::p.adjust()], default `"BH"`; `"none"` for no adjustment.
#' @param ... Not used; an unknown argument is an error.
#'
#' @return A list of class `htest` with `statistic`, `parameter` (`k` and `R`),
#'   `p.value`, `method`, `data.name` and `replicates`.
#'
#'   For many data sets, a data frame with a row for each: the key columns, then `k`, `statistic`,
#'   `R`, `p.value`, `p.adjusted` and `error` (why a data set could not be tested; otherwise `NA`).
#'
#' @section Errors:
#' `gmm1d_error_type` if `fit` is not a fit; `gmm1d_error_argument` for an unknown
#' statistic or `p.adjust`; `gmm1d_error_range` if `R` is below 1.
#'
#' @references
#' Anderson, T. W. and Darling, D. A. (1954). A test of goodness of fit. *Journal of
#' the American Statistical Association* 49, 765-769.
#' \doi{10.1080/01621459.1954.10501232}
#'
#' Stute, W., Gonzalez Manteiga, W. and Presedo Quindimil, M. (1993). Bootstrap
#' based goodness-of-fit-tests. *Metrika* 40, 243-256. \doi{10.1007/BF02613687}
#'
#' @seealso [plot.gmm1d()] with `type = "qq"`, [residuals.gmm1d()]; for many data sets
#'   [gmm1d_each_decide]
#' @concept goodness of fit
#' @concept Anderson-Darling test
#' @concept Kolmogorov-Smirnov test
#' @concept lack of fit
#' @concept multiple testing
#' @concept batch of data sets
#' @examples
#' set.seed(1)
#' gof_test(gmm1d(faithful$waiting, k = 1), R = 99)
#' gof_test(gmm1d(faithful$waiting, k = 2), R = 99)
#' @export
gof_test <- function(fit, ...) UseMethod("gof_test")

# nolint start: object_name_linter.
#' @rdname gof_test
#' @export
gof_test.default <- function(fit, statistic = c("AD", "KS"), R = 999, ...) {
  # nolint end
  check_no_dots(...)
  fit <- parse_fit(fit)
  statistic <- parse_choice(statistic, c("AD", "KS"), "statistic")
  times <- parse_count(R, "R")
  observed <- gof_distance(statistic)(fit$points, as_seen(fit, fit$points))
  replicates <- gof_replicates(fit, statistic, times)
  structure(
    list(
      statistic = stats::setNames(observed, c(AD = "A^2", KS = "D")[[statistic]]),
      parameter = c(k = fit$k, R = times),
      p.value = p_value(replicates, observed),
      method = paste(c(AD = "Anderson-Darling", KS = "Kolmogorov-Smirnov")[[statistic]],
                     "test of a Gaussian mixture by parametric bootstrap"),
      data.name = printable(fit$data_name), replicates = replicates
    ),
    class = "htest"
  )
}

gof_distance <- function(statistic) {
  switch(statistic, AD = anderson_darling, KS = kolmogorov_smirnov)
}

# The statistics of replicates of a fit.
gof_replicates <- function(fit, statistic, times) {
  distance <- gof_distance(statistic)
  of_replicates <- function(samples) {
    climbs <- climb_each(samples, fit)
    Map(function(sample, climb) distance(sample, as_seen(climb$mixture, sample)), samples, climbs)
  }
  unlist(map_replicates(times, replicate_drawer(fit, "parametric"), of_replicates,
                        "Goodness of fit"))
}

# The largest distance is at an edge of an interval or of a gap. In the gaps between values the
# empirical distribution function is constant.
kolmogorov_smirnov <- function(points, mixture) {
  intervals <- edges_of(points)
  up_to <- cumsum(intervals$w) / points$n
  max(abs(up_to - cdf_of(intervals$upper, mixture)), cdf_of(intervals$lower[1L], mixture))
}

# In a gap G is a constant h, and the integral of (h - u)^2 / (u (1 - u)) is that of
# h^2 / u + (1 - h)^2 / (1 - u) - 1. Intervals that are not empty contribute at their upper edges,
# each weighted by the probability of the interval. Exact values have gaps only, including one on
# either side of all data.
anderson_darling <- function(points, mixture) {
  intervals <- edges_of(points)
  up_to <- cumsum(intervals$w) / points$n
  log_tail <- function(lower_tail) {
    log_p <- cdf_of(intervals$upper, mixture, lower_tail, log_p = TRUE)
    pmax(log_p, log(.Machine$double.xmin))
  }
  log_p <- log_tail(TRUE)
  log_q <- log_tail(FALSE)
  p <- exp(log_p)
  last <- length(p)
  height <- up_to[-last]
  between <- height^2 * diff(log_p) - (1 - height)^2 * diff(log_q) - diff(p)
  is_filled <- intervals$w > 0
  if (all(intervals$upper[is_filled] == intervals$lower[is_filled])) {
    return(points$n * (sum(between) - log_q[1L] - p[1L] - log_p[last] - exp(log_q[last])))
  }
  squares <- (up_to - p)^2 / (p * exp(log_q)) * diff(c(0, p))
  empty <- c(-log_q[1L] - p[1L], between)
  points$n * sum(ifelse(is_filled, squares, empty)[-last])
}
