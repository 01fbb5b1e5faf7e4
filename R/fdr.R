#' False discovery rates
#'
#' In a mixture one component, or several, may be the null: tests without an effect, genes that do
#' not differ, matches by chance. For each value, `fdr()` computes the probability that it comes
#' from the null (the local false discovery rate), and the expected proportion of nulls among all
#' values at least as extreme (the q-value and the tail rates). It also estimates the proportion of
#' the null, `pi0`.
#'
#' @details
#' With the density `f` of the mixture and the density `f0` of the null:
#' * the **local false discovery rate** is `fdr(x) = pi0 f0(x) / f(x)`, the posterior probability
#'   of the null (Efron, Tibshirani, Storey and Tusher 2001);
#' * the **q-value** is the mean of `fdr` over all values of the data whose `fdr` is as small or
#'   smaller (Sun and Cai 2007). If you call all values with `q.value <= 0.1`, 10 % of them are
#'   expected to be null. Because values are called by their `fdr`, this is valid whether the
#'   alternatives lie on both sides of the null, on one side, or in between;
#' * the **tail rates** are `Fdr.lower = pi0 F0(x) / F(x)`, the probability of the null for values
#'   at `x` or below, and `Fdr.upper`, for values at `x` or above (Efron 2010, chapter 2).
#'
#' @section The null:
#' The null is *theoretical* if its `mu` and `sigma` are fixed in the fit, and *empirical* if they
#' are estimated. For z-scores, under the theoretical null N(0, 1) with two other components:
#' `gmm1d(z, fixed = list(mu = c(0, NA, NA), sigma = c(1, NA, NA)))`. With `error = 1` and
#' `sigma = c(0, NA, NA)` the mixture is that of the true effects: the null is an effect of 0, and
#' no component of the z-scores is narrower than the null.
#'
#' By default the null is the component whose `mu` and `sigma` are fixed. If there is none, it is
#' the component with the largest proportion, because most tests are assumed to have no effect.
#' Otherwise name it: components are numbered in order of `mu`, so use `null = 1` for scores that
#' are larger under the alternative. Noise (`noise` of [gmm1d()]) is never the null.
#'
#' @section The proportion of the null:
#' A wide component may overlap the null and absorb values that the null would explain as well. The
#' data cannot distinguish the two; the fitted proportion of the null is then too small, and too
#' many values would be called. This is common if a single component represents alternatives on both
#' sides. By default, `pi0` is therefore the largest proportion for which the density of the null
#' stays below that of the mixture, over the middle 95 % of the null (Genovese and Wasserman 2004):
#' everything that could be null counts as null. If the components are well separated, this is the
#' fitted proportion. `fdr` is then the posterior probability of [predict.gmm1d()] times `pi0`
#' divided by the fitted proportion, at most 1. With `pi0 = "fitted"` it is the posterior
#' probability itself.
#'
#' This does not help if the null is empirical, because its `mu` and `sigma` are then as uncertain
#' as its proportion. If the fitted proportion is below `pi0` by more than 0.05, a warning of class
#' `gmm1d_warning_null` says that another component overlaps the null. Fix the null, or use separate
#' components for the alternatives on each side (`k = 3` or more).
#'
#' The standard error of `pi0` is that of the delta method, from `vcov(fit)`, and the interval is
#' symmetric for `log(pi0 / (1 - pi0))`, as in [confint.gmm1d()]. Neither accounts for choosing the
#' number of components from the same data.
#'
#' @param fit A `gmm1d` fit. For [gmm1d_each()] results, `lapply(fits, fdr)`.
#' @param null The null: one or several numbers of components, in order of `mu`, or their labels
#'   (a character vector, if the fit was made with `labels`). Default `NULL`: see "The null".
#' @param newdata `NULL` (default: the data of the fit), or other values, as for [predict.gmm1d()].
#'   Their q-values are those of the data of the fit.
#' @param pi0 How the proportion of the null is estimated: `"largest"` (default) or `"fitted"`, see
#'   "The proportion of the null".
#' @param level Confidence level of the interval for `pi0`: a number between 0 and 1, default 0.95.
#' @param error For a fit with errors: those of `newdata`, as for [predict.gmm1d()].
#' @param x,object The result of `fdr()`.
#' @param q The q-values below which values are called: for `summary()`, numbers above 0 and at most
#'   1, default `c(0.01, 0.05, 0.1, 0.2)`; for `plot()`, one such number, default 0.1.
#' @param row.names,optional As for [as.data.frame()].
#' @param breaks,xlim,legend,main,xlab,ylab As for [plot.gmm1d()].
#' @param col Two colours, of the null and of the rates; default as in [plot.gmm1d()].
#' @param ... For `plot()`: graphics parameters for titles and axes, as for [plot.gmm1d()].
#'   Otherwise not used; an unknown argument is an error.
#'
#' @return A list of class `gmm1d_fdr`:
#'   * `values`: a data frame with a row for each value, in the order given, `NA` where the value is
#'     `NA`: `x` (on the scale of the fit), `fdr`, `q.value`, `Fdr.lower`, `Fdr.upper`; and
#'     `weight`, if the data have weights. For a fit without data (grouped, squashed, or
#'     `keep_data = FALSE`) there is a row for each of its points;
#'   * `pi0`: a data frame with a row: `estimate`, `std.error`, `conf.low`, `conf.high`, and
#'     `fitted`, the proportion in the fit;
#'   * `null`: the numbers of its components; `type`: `"theoretical"`, `"empirical"` or, if only
#'     some of its parameters are fixed, `"partly fixed"`;
#'   * `fit`, `level`, and `is_new`: were there `newdata`?
#'
#'   `as.data.frame()` returns `values`, `tidy()` the row of `pi0`. `summary()` returns a data frame
#'   with a row for each `q`: `q.value`, `called` (the number of values with a q-value of at most
#'   `q`), `expected.null` (how many of them are expected to be null) and `largest.fdr`. `print()`
#'   and `plot()` return `x` invisibly.
#'
#'   The plot shows the data, the mixture, and the null with its proportion. The panel below shows
#'   `fdr` and, as thin lines, the tail rates: `Fdr.lower` below the middle of the null, `Fdr.upper`
#'   above it. Dashed lines show where values are called. If values have different errors, the
#'   curves are for the median error.
#'
#' @section Errors:
#' `gmm1d_error_type` if `fit` is not a fit or `null` neither numbers nor labels;
#' `gmm1d_error_range` if there is no component of that number, and for `q` and `level`;
#' `gmm1d_error_argument` for an unknown label, argument or word; `gmm1d_error_shape`
#' if `null` is empty; for `newdata` as [predict.gmm1d()].
#'
#' @references
#' Efron, B. (2010). *Large-Scale Inference: Empirical Bayes Methods for Estimation, Testing, and
#' Prediction*. Cambridge University Press. \doi{10.1017/CBO9780511761362}
#'
#' Efron, B., Tibshirani, R., Storey, J. D. and Tusher, V. (2001). Empirical Bayes analysis of a
#' microarray experiment. *Journal of the American Statistical Association* 96, 1151-1160.
#' \doi{10.1198/016214501753382129}
#'
#' Genovese, C. and Wasserman, L. (2004). A stochastic process approach to false discovery control.
#' *Annals of Statistics* 32, 1035-1061. \doi{10.1214/009053604000000283}
#'
#' Sun, W. and Cai, T. T. (2007). Oracle and adaptive compound decision rules for false discovery
#' rate control. *Journal of the American Statistical Association* 102, 901-912.
#' \doi{10.1198/016214507000000545}
#'
#' @seealso [predict.gmm1d()], [cutpoints()]; [augment()] with `null` adds `fdr` and q-values to a
#'   data frame
#' @concept false discovery rate
#' @concept local fdr
#' @concept q-value
#' @concept multiple testing
#' @concept empirical null
#' @concept z-score
#' @examples
#' # 900 z-scores without an effect, and 50 with an effect on each side
#' set.seed(1)
#' z <- c(rnorm(900), rnorm(50, 3.5), rnorm(50, -3.5))
#' fit <- gmm1d(z, fixed = list(mu = c(0, NA, NA), sigma = c(1, NA, NA)))
#' rates <- fdr(fit)
#' rates
#' summary(rates)
#' head(as.data.frame(rates))
#' plot(rates)
#'
#' # an empirical null, and alternatives on one side
#' scores <- c(rnorm(900, 0.1, 1.2), rnorm(100, 4.5))
#' fdr(gmm1d(scores, k = 2))
#' @export
fdr <- function(fit, null = NULL, newdata = NULL, pi0 = c("largest", "fitted"), level = 0.95, ...,
                error = NULL) {
  check_no_dots(...)
  fit <- parse_fit(fit)
  null <- parse_null(null, fit)
  method <- parse_choice(pi0, c("largest", "fitted"), "pi0")
  level <- parse_level(level)
  share <- share_of_null(fit, null, method)
  warn_if_covered(share, fit, null)
  rows <- rows_of_rates(fit, newdata, error)
  rates <- rates_of(rows$observations, fit, null, share$estimate)
  structure(
    list(
      values = rate_table(rows, c(rates, tail_rates(rows$observations, fit, null, share$estimate,
                                                    rates$fdr))),
      pi0 = share_interval(share, fit, null, level), null = null, type = type_of_null(fit, null),
      fit = fit, level = level, is_new = !is.null(newdata)
    ),
    class = "gmm1d_fdr"
  )
}

# The numbers of the components that are the null, in order.
parse_null <- function(null, fit) {
  if (is.null(null)) return(default_null(fit))
  if (!is.numeric(null) && !is.character(null) && !is.factor(null)) {
    abort_gmm1d("type", "`null` must be numbers of components, or their labels, not ",
                describe(null), ".")
  }
  if (length(null) == 0L) abort_gmm1d("shape", "`null` must name at least one component.")
  if (!is.numeric(null)) return(null_of_labels(as.character(null), fit))
  null <- parse_known_numbers(null, "null")
  check_each(null %in% seq_len(fit$k), null, "null",
             if (fit$k == 1L) "be 1, the only component"
             else paste("be the number of a component, from 1 to", fit$k))
  sort(unique(as.integer(null)))
}

null_of_labels <- function(labels, fit) {
  unknown <- setdiff(labels, fit$labels[!is.na(fit$labels)])
  if (length(unknown) > 0L) {
    abort_gmm1d("argument", "`null` must be a label of the fit",
                if (is.null(fit$labels)) ", which has none; give the number of the component"
                else c(" (", toString(fit$labels), "), not ", dQuote(unknown[1L], FALSE)), ".")
  }
  which(fit$labels %in% labels)
}

# By default the null is what is known, or else the largest component.
default_null <- function(fit) {
  known <- which(fixed_of_each(fit) == 2L)
  if (length(known) > 0L && length(known) < fit$k) known else which.max(fit$lambda)
}

type_of_null <- function(fit, null) {
  fixed <- fixed_of_each(fit)[null]
  if (all(fixed == 2L)) "theoretical" else if (all(fixed == 0L)) "empirical" else "partly fixed"
}

# The proportion of the null: as fitted, or the largest for which its density is nowhere above that
# of the mixture. With that proportion the posterior probability of the null reaches 1 at `at`,
# where that of the fit is largest.
share_of_null <- function(fit, null, method) {
  # The sum of all proportions may differ from 1 in the last digit.
  fitted <- if (is_whole(fit, null)) 1 else sum(fit$lambda[null])
  share <- list(estimate = fitted, fitted = fitted, at = NULL)
  seen <- seen_most_exactly(fit)
  if (method == "fitted" || fitted == 0 || length(null) == fit$k || any(seen$sigma[null] == 0)) {
    return(share)
  }
  of_null <- function(x) rowSums(component_posterior(x, seen)[, null, drop = FALSE])
  ends <- quantile_of(c(0.025, 0.975), part_of(seen, null))
  x <- seq(ends[1L], ends[2L], length.out = 401L)
  best <- which.max(of_null(x))
  near <- x[pmin(pmax(best + c(-1L, 1L), 1L), length(x))]
  found <- stats::optimize(of_null, near, maximum = TRUE, tol = 1e-6 * diff(near))
  share$at <- if (found$objective > of_null(x[best])) found$maximum else x[best]
  share$estimate <- min(fitted / of_null(share$at), 1)
  share
}

# True if the components are all that the fit has.
is_whole <- function(fit, components) length(components) == fit$k && is.null(fit$noise)

# The mixture as observed with the smallest error: these values distinguish the null best.
seen_most_exactly <- function(fit) {
  fit$sigma <- spread_of(fit$sigma, min(errors_of_points(fit$points)))
  fit
}

# The mixture of some components alone. If all their proportions are 0, they count as equal.
part_of <- function(mixture, components) {
  lambda <- mixture$lambda[components]
  if (all(lambda == 0)) lambda[] <- 1
  new_mixture(lambda / sum(lambda), mixture$mu[components], mixture$sigma[components])
}

# The estimate with a standard error, and an interval that stays between 0 and 1.
share_interval <- function(share, fit, null, level) {
  estimate <- share$estimate
  is_known <- is_whole(fit, null)
  slope <- if (estimate > 0 && estimate < 1) 1 / (estimate * (1 - estimate)) else 1
  gradient <- share_gradient(share, fit, null)
  interval <- if (is_known) list2DF(list(std.error = 0, conf.low = estimate, conf.high = estimate))
              else if (slope == 1) delta_interval(estimate, gradient, fit, level)
              else delta_interval(stats::qlogis(estimate), gradient * slope, fit, level)
  if (slope != 1) {
    interval$std.error <- interval$std.error / slope
    interval[-1L] <- lapply(interval[-1L], stats::plogis)
  }
  interval[-1L] <- lapply(interval[-1L], function(end) pmin(pmax(end, 0), 1))
  data.frame(estimate = estimate, interval, fitted = share$fitted)
}

# The derivatives of the proportion, one row with columns as in coef(fit). The proportion is the
# ratio of the densities of the mixture and the null at `at`, where it is stationary in `at`.
share_gradient <- function(share, fit, null) {
  is_null <- seq_len(fit$k) %in% null
  of_lambda <- as.double(is_null)
  if (is.null(share$at)) {
    return(matrix(c(of_lambda, numeric(2L * fit$k)), 1L))
  }
  seen <- seen_most_exactly(fit)
  z <- (share$at - seen$mu) / seen$sigma
  density <- stats::dnorm(z) / seen$sigma
  noise <- fit$noise
  of_noise <- if (!is.null(noise)) {
    (share$at >= noise[2L] && share$at <= noise[3L]) / (noise[3L] - noise[2L])
  }
  total <- sum(seen$lambda * density, noise[1L] * of_noise)
  of_null <- sum((seen$lambda * density)[is_null])
  # The derivatives of the logarithm, log(fitted) + log(total) - log(of_null).
  of_density <- 1 / total - is_null / of_null
  slope <- seen$lambda * of_density * density / seen$sigma
  share$estimate * matrix(c(
    is_null / share$fitted + of_density * density, slope * z,
    slope * (z^2 - 1) * (fit$sigma / seen$sigma), of_noise / total
  ), 1L)
}

# A warning is given if the fitted proportion of the null is below the largest by more than this.
most_covered <- 0.05

is_covered <- function(share) share$estimate - share$fitted > most_covered

warn_if_covered <- function(share, fit, null) {
  if (!is_covered(share) || type_of_null(fit, null) == "theoretical") return(invisible())
  warn_gmm1d("null", "another component overlaps the null (", component_words(null), "), so its ",
             "mean and sigma may be wrong and too many values may be called. Fix them, or use ",
             "separate components for the alternatives on each side (a larger `k`).")
}

component_words <- function(numbers) {
  paste0("component", if (length(numbers) > 1L) "s", " ", toString(numbers))
}

# The values to compute rates for: new ones, those of the fit, or the points that represent them.
rows_of_rates <- function(fit, newdata, error) {
  if (!is.null(newdata)) {
    return(list(x = new_values(fit, newdata), observations = new_observations(fit, newdata, error)))
  }
  if (is.null(fit$data)) return(rows_of_points(fit))
  list(x = data_of(fit), observations = observations_of(fit),
       weight = if (!is.null(fit$weights)) weights_of(fit))
}

rows_of_points <- function(fit) {
  points <- fit$points
  error <- errors_of_points(points)
  component <- components_of_labels(points, fit)
  is_value <- are_exact(points) && all(error == 0) && all(component == 0L)
  observed <- c(bounds_of(points), list(error = error, component = component))
  list(x = points$x, observations = if (is_value) points$x else observed, weight = points$w)
}

# Row names are kept if they are unique.
rate_table <- function(rows, rates) {
  labels <- names(rows$x)
  columns <- lapply(c(list(x = rows$x), rates, list(weight = rows$weight)), unname)
  table <- list2DF(columns[!vapply(columns, is.null, NA)])
  is_each_its_own <- !is.null(labels) && !anyNA(labels) && anyDuplicated(labels) == 0L
  if (is_each_its_own) attr(table, "row.names") <- as.character(labels)
  table
}

# The local rate of each observation, and the mean of all rates in the data that are not larger.
rates_of <- function(observations, fit, null, share) {
  fdr <- local_rates(observations, fit, null, share)
  known <- if (is.null(fit$data)) rows_of_points(fit) else rows_of_rates(fit, NULL, NULL)
  of_data <- if (identical(observations, known$observations)) fdr
             else local_rates(known$observations, fit, null, share)
  list(fdr = fdr, q.value = q_values(fdr, of_data, known$weight %||% rep(1, length(of_data))))
}

local_rates <- function(observations, fit, null, share) {
  fitted <- sum(fit$lambda[null])
  if (fitted == 0) share <- fitted <- 1
  rows <- posterior(observations, fit)
  of_null <- rowSums(rows[, match(null, components_of(fit)), drop = FALSE])
  pmin(unname(of_null) * (share / fitted), 1)
}

# For each rate, the mean of the rates in the data up to it. A rate below all of them is its own
# mean.
q_values <- function(fdr, of_data, weight) {
  in_order <- order(of_data, na.last = NA)
  in_order <- in_order[weight[in_order] > 0]
  rate <- of_data[in_order]
  mean <- cummax(cumsum(weight[in_order] * rate) / cumsum(weight[in_order]))
  # Rates of equal values may differ by rounding, because the core computes them in blocks.
  at <- findInterval(fdr * (1 + 1e-12), rate)
  below <- which(at == 0L)
  q <- c(NA_real_, mean)[at + 1L]
  q[below] <- fdr[below]
  q
}

# P(null | X <= x) and P(null | X >= x), within the window if there is one, where X has the error of
# x.
tail_rates <- function(observations, fit, null, share, fdr) {
  if (!is.list(observations)) observations <- exactly(observations)
  window <- window_of(fit$points)
  part <- part_of(fit, null)
  rate <- function(lower, upper) {
    if (share == 0) return(0 * fdr)
    of_null <- log_probability_between(lower, upper, observations, part)
    of_all <- log_probability_between(lower, upper, observations, fit)
    found <- pmin(unname(share * exp(of_null - of_all)), 1)
    # At the end of a window, and far out, only the value itself is left.
    ifelse(is.nan(found), fdr, found)
  }
  list(Fdr.lower = rate(window[1L], observations$upper),
       Fdr.upper = rate(observations$lower, window[2L]))
}

exactly <- function(x) observed_as(x, NULL, NULL, integer(length(x)))
