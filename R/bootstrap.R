#' Bootstrap a fit
#'
#' Refits the mixture to replicates of the data, to measure the variability of the estimates (Efron
#' and Tibshirani 1993) or, with `search = TRUE`, the stability of the number of components.
#'
#' @details
#' For each replicate, EM starts from the estimates of the fit, so that the component labels do not
#' switch; components that no fixed value distinguishes are sorted by `mu`. With `search = TRUE` the
#' full search is repeated instead, over the numbers of components and the models that were tried
#' for the data (those in the `selection` of the fit), and the criterion of the fit chooses one.
#'
#' Replicates are drawn from the weighted points in the fit, not from the data, so they take the
#' same time for a thousand and for a billion observations:
#'   * `"parametric"`: from the fitted mixture, recorded like the data: rounded to their lattice, or
#'     counted in their bins or in the cells of [squash()];
#'   * `"nonparametric"`: from the data, with replacement;
#'   * `"weighted"`: the data with random weights, Dirichlet times n (the weighted likelihood
#'     bootstrap of Newton and Raftery 1994), so that no component loses all of its observations.
#'
#' With `search = TRUE` the types answer different questions. Nonparametric replicates show how much
#' the choice depends on the sample, whether or not the mixture is correct: a model that is nearly
#' as good is chosen often (Efron 2014). They are biased towards larger k, because a replicate
#' repeats the accidents of the sample and adds its own (Janitza, Binder and Boulesteix 2016): for
#' normal samples of 50, 100 and 300 values for which k = 1 was chosen, 36, 27 and 20 % of the
#' replicates chose more. Weighted replicates have the same bias. Parametric replicates show how
#' often the criterion would choose the k of the fit if the fit were true. They have no such bias,
#' but they do not show competing models for the data.
#'
#' `set.seed()` before the call makes the result reproducible, whatever the number of threads. broom
#' also exports a `bootstrap`: use `gmm1d::bootstrap` if broom is attached.
#'
#' @param fit A `gmm1d` fit; for `search = TRUE`, one for which `k` was chosen from several.
#' @param R Replicates: a whole number >= 2, default 999.
#' @param type `"parametric"` (the default, unless `search = TRUE`), `"nonparametric"` (the default
#'   for `search = TRUE`) or `"weighted"`.
#' @param search Choose the number of components for each replicate? `FALSE` (default) or `TRUE`,
#'   which takes R times as long as the fit: 99 replicates may be enough.
#' @param x,object The result of `bootstrap()`.
#' @param parm,level As for [confint.gmm1d()].
#' @param conf.int,conf.level `tidy()`: whether to add intervals, default `FALSE`, and their
#'   level, default 0.95.
#' @param digits Significant digits of the standard errors; the other columns are rounded to the
#'   same decimals. A whole number >= 1; default `getOption("digits") - 3`.
#' @param parameters Which parameters to plot: `"mu"` (default), `"sigma"` and `"lambda"`, one or
#'   more.
#' @param ... Not used; an unknown argument is an error.
#'
#' @return An object of class `gmm1d_bootstrap`, a list with `estimates` (an R x 3k
#'   matrix with columns named as in `coef(fit)`; `NA` for replicates with fewer distinct values
#'   than components), `fit`, `type`, `R` and `penalised` (a logical vector: `TRUE` for replicates
#'   whose likelihood has no maximum nearby, so that the estimates are penalised). `summary()` is a
#'   data frame with a row for each parameter and the columns `estimate`, `bias`, `std.error`,
#'   `conf.low`, `conf.high`; `tidy()` has the same with the columns `term` and
#'   `component` in front. `confint()` is a matrix of quantiles. `plot()` draws histograms of the
#'   estimates, with the estimate from the data as a solid line and the ends of its 95 % interval as
#'   dashed lines, and returns `x` invisibly.
#'
#'   With `search = TRUE`, an object of class `gmm1d_bootstrap_k`, a list with `k` (an integer
#'   vector of length R: the number chosen for each replicate, `NA` if none can be fitted),
#'   `variance` (`"free"` or `"equal"`, likewise), `fit`, `type` and `R`; `table(boot$k)` counts
#'   them. `summary()` is a data frame with a row for each k that was tried and the columns `k`,
#'   `times`, `share` (of the replicates that could be fitted) and `is_fit` (`TRUE` for the k of the
#'   fit). `print()` shows the k that were chosen, `plot()` draws them as bars and returns `x`
#'   invisibly. `confint()` is an error, because parameters cannot be compared if k differs.
#'
#' @section Errors:
#' `gmm1d_error_type` if `fit` is not a fit or `search` is not `TRUE` or `FALSE`;
#' `gmm1d_error_range` if `R` is below 2; `gmm1d_error_argument` for an unknown `type`, for
#' `search = TRUE` if only one `k` was tried for the fit, and from `confint()` after
#' `search = TRUE`.
#'
#' @references
#' Efron, B. (2014). Estimation and accuracy after model selection. *Journal of the American
#' Statistical Association* 109, 991-1007. \doi{10.1080/01621459.2013.823775}
#'
#' Efron, B. and Tibshirani, R. J. (1993). *An introduction to the bootstrap*.
#' Chapman & Hall. \doi{10.1201/9780429246593}
#'
#' Janitza, S., Binder, H. and Boulesteix, A.-L. (2016). Pitfalls of hypothesis tests and model
#' selection on bootstrap samples: causes and consequences in biometrical applications. *Biometrical
#' Journal* 58, 447-473. \doi{10.1002/bimj.201400246}
#'
#' Newton, M. A. and Raftery, A. E. (1994). Approximate Bayesian inference with the
#' weighted likelihood bootstrap. *Journal of the Royal Statistical Society B* 56,
#' 3-26. \doi{10.1111/j.2517-6161.1994.tb01956.x}
#'
#' @seealso [confint.gmm1d()], [boot_lrt()]
#' @examples
#' fit <- gmm1d(~ waiting, data = faithful, k = 2)
#' set.seed(1)
#' boot <- bootstrap(fit, R = 199)
#' boot
#' plot(boot)
#'
#' # how stable is the number of components?
#' boot <- bootstrap(gmm1d(~ log(rivers), k = 1:4), R = 19, search = TRUE)
#' boot
#' table(boot$k)
#' @export
bootstrap <- function(fit, R = 999, # nolint: object_name_linter.
                      type = c("parametric", "nonparametric", "weighted"), search = FALSE, ...) {
  check_no_dots(...)
  fit <- parse_fit(fit)
  if (!parse_flag(search, "search")) return(bootstrap_of(fit, R, type))
  if (missing(type)) type <- "nonparametric"
  bootstrap_k(fit, parse_count(R, "R", at_least = 2), parse_type(type))
}

bootstrap_of <- function(fit, R = 999, # nolint: object_name_linter.
                         type = c("parametric", "nonparametric", "weighted"), ...) {
  check_no_dots(...)
  force(fit)
  times <- parse_count(R, "R", at_least = 2)
  type <- parse_type(type)
  climbs <- map_replicates(times, replicate_drawer(fit, type),
                           function(samples) climb_each(samples, fit), "Bootstrap")
  structure(
    list(
      estimates = do.call(rbind, lapply(climbs, ordered_estimates, fit)),
      penalised = vapply(climbs, `[[`, NA, "penalised"),
      fit = fit, type = type, R = times
    ),
    class = "gmm1d_bootstrap"
  )
}

parse_type <- function(type) {
  parse_choice(type, c("parametric", "nonparametric", "weighted"), "type")
}

# Sorts components that no fixed value distinguishes by mu.
ordered_estimates <- function(climb, fit) {
  mixture <- climb$mixture
  kinds <- kinds_of(model_of(fit), fit$k)
  in_order <- seq_len(fit$k)
  for (alike in split(in_order, kinds)) {
    in_order[alike] <- alike[order(mixture$mu[alike], mixture$sigma[alike])]
  }
  mixture <- reordered(mixture, in_order)
  values <- c(mixture$lambda, mixture$mu, mixture$sigma, mixture$noise[1L])
  if (climb$too_few || !is.finite(climb$loglik)) values[] <- NA
  stats::setNames(values, names_of_coef(fit))
}

#' @rdname bootstrap
#' @export
print.gmm1d_bootstrap <- function(x, digits = max(3L, getOption("digits") - 3L), ...) {
  check_no_dots(...)
  digits <- parse_count(digits, "digits")
  cat(capitalised(x$type), " bootstrap, ",
      count_of(x$R, "replicate"), ", of the mixture with ", count_of(x$fit$k, "component"),
      " fitted to ", printable(x$fit$data_name), "\n\n", sep = "")
  print(rounded_table(summary(x), digits))
  if (any(x$penalised)) {
    cat("\nPenalised estimates in ", count_of(sum(x$penalised), "replicate"),
        ", where the likelihood has no maximum nearby\n", sep = "")
  }
  invisible(x)
}

# Rounds each row to the decimals that give its standard error this many digits.
rounded_table <- function(table, digits) {
  decimals <- digits - 1 - floor(log10(table$std.error))
  is_fixed <- is.finite(decimals) & abs(decimals) <= 10
  decimals <- pmax(ifelse(is_fixed, decimals, 0), 0)
  table[] <- lapply(table, function(column) {
    ifelse(is_fixed, mapply(formatC, round(column, decimals) + 0, digits = decimals, format = "f"),
           vapply(column, format, "", digits = digits))
  })
  table
}

#' @rdname bootstrap
#' @export
summary.gmm1d_bootstrap <- function(object, level = 0.95, ...) {
  check_no_dots(...)
  object$fit <- parse_fit(object$fit, "object")
  estimate <- parameters_of(object$fit)
  intervals <- percentile_intervals(object, seq_along(estimate), parse_level(level))
  data.frame(
    estimate = estimate, bias = colMeans(object$estimates, na.rm = TRUE) - estimate,
    std.error = apply(object$estimates, 2L, function(column) spread(column[!is.na(column)])),
    conf.low = intervals[, 1L], conf.high = intervals[, 2L]
  )
}

#' @rdname bootstrap
#' @export
confint.gmm1d_bootstrap <- function(object, parm, level = 0.95, ...) {
  check_no_dots(...)
  level <- parse_level(level)
  parm <- parse_parm(if (!missing(parm)) parm, colnames(object$estimates))
  object$fit <- parse_fit(object$fit, "object")
  percentile_intervals(object, parm, level)
}

percentile_intervals <- function(boot, parm, level) {
  interval_matrix(boot$fit, parm, level, function(i) {
    stats::quantile(boot$estimates[, i], c((1 - level) / 2, (1 + level) / 2), na.rm = TRUE)
  })
}

#' @rdname bootstrap
#' @export
plot.gmm1d_bootstrap <- function(x, parameters = "mu", ...) {
  check_no_dots(...)
  parameters <- parse_choices(parameters, c("lambda", "mu", "sigma"), "parameters")
  x$fit <- parse_fit(x$fit, "x")
  k <- x$fit$k
  # A row for each parameter, unless its panels would be too narrow.
  layout <- if (length(parameters) == 1L) rev(grDevices::n2mfrow(k)) else c(length(parameters), k)
  before <- graphics::par(mfrow = layout, mar = c(2.6, 2.6, 0.8, 0.6), mgp = c(1.5, 0.5, 0))
  on.exit(graphics::par(before))
  for (i in parse_parm(parameters, coef_names(k))) plot_estimates(x, i)
  invisible(x)
}

# A histogram of the estimates of one parameter; the estimate as a line, its interval dashed.
plot_estimates <- function(boot, i) {
  values <- boot$estimates[, i]
  graphics::hist(values, breaks = "FD", col = "grey90", border = "grey75", main = "",
                 xlab = coef_names(boot$fit$k)[i], ylab = "Replicates")
  graphics::abline(v = parameters_of(boot$fit)[[i]], lwd = 2)
  interval <- percentile_intervals(boot, i, level = 0.95)
  graphics::abline(v = interval[!is.na(interval)], lty = 2)
  graphics::box(bty = "l")
}

# The standard deviation, computed in a unit in which no square overflows.
spread <- function(x) {
  if (length(x) < 2L) return(NA_real_)
  deviation <- x - x[1L]
  unit <- max(abs(deviation))
  if (unit == 0) 0 else stats::sd(deviation / unit) * unit
}
