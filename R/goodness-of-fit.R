#' Test how well a mixture fits
#'
#' The test of Anderson and Darling or of Kolmogorov and Smirnov of the hypothesis
#' that the data come from a mixture with the same number of components, by parametric
#' bootstrap: the parameters are estimated anew for each replicate, as they were for the data
#' (Stute, Gonzalez Manteiga and Presedo Quindimil 1993).
#'
#' @details
#' With F the fitted and G the empirical distribution function the statistics are
#' \deqn{A^2 = n \int \frac{(G - F)^2}{F (1 - F)} \, dF, \quad
#'   D = \sup_x |G(x) - F(x)|.}{A^2 = n integral (G - F)^2 / (F (1 - F)) dF,
#'   D = sup |G(x) - F(x)|.}
#' They are computed from the weighted points of the fit; for counts in bins, values on
#' a lattice and squashed cells, G and F are compared at the edges of these only, and over what lies
#' empty between them. Replicates are recorded as the data are, and climb from the estimates of the
#' fit. The p-value is
#' `(1 + number of replicates with a statistic as large) / (R + 1)`.
#'
#' @section Many data sets:
#' Each data set has the same random numbers, so its p-value depends neither on the other data sets
#' nor on their order. The statistic of values known exactly and a fit with one component has a
#' distribution that depends on n alone, so its replicates are drawn once for all such data sets of
#' one size; all others have replicates of their own, as in the test of one. No p-value is below
#' `1 / (R + 1)`: for many data sets, take an `R` of their number or more.
#'
#' @param fit A `gmm1d` fit, or a [gmm1d_each()] result.
#' @param statistic `"AD"` (default: Anderson and Darling, which sees the tails) or
#'   `"KS"` (Kolmogorov and Smirnov).
#' @param R Replicates: a whole number >= 1, default 999.
#' @param p.adjust How the p-values of many data sets are adjusted: a `method` of
#'   [stats::p.adjust()], default `"BH"`; `"none"` for no adjustment.
#' @param ... Not used; an unknown argument is an error.
#'
#' @return A list of class `htest` with `statistic`, `parameter` (`k` and `R`),
#'   `p.value`, `method`, `data.name` and `replicates`.
#'
#'   For many data sets, a data frame with a row for each: the key columns, then `k`, `statistic`,
#'   `R`, `p.value`, `p.adjusted` and `error`: why a data set could not be tested, `NA` where it
#'   was.
#'
#' @section Errors:
#' `gmm1d_error_type` if `fit` is no fit; `gmm1d_error_argument` for an unknown
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
  unlist(map_replicates(times, function() draw_replicate(fit, "parametric"), of_replicates,
                        "Goodness of fit"))
}

# The largest distance is at an edge of an interval or of a gap: values have gaps between them, in
# which the empirical distribution function is constant.
kolmogorov_smirnov <- function(points, mixture) {
  intervals <- edges_of(points)
  up_to <- cumsum(intervals$w) / points$n
  max(abs(up_to - cdf_of(intervals$upper, mixture)), cdf_of(intervals$lower[1L], mixture))
}

# The integral over a gap, where G is constant, h, of (h - u)^2 / (u (1 - u)) is that of
# h^2 / u + (1 - h)^2 / (1 - u) - 1. Of intervals that are not empty the sum over their upper edges,
# each with the probability of the interval. Values have gaps alone, also on both sides of all.
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
