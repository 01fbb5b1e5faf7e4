#' Where to cut between components
#'
#' All values at which the most probable component changes, including any far outside the data, with
#' the posterior probabilities there, a standard error and a confidence interval. Other rules give
#' one cut-point between any two neighbouring means (`monotone = TRUE`), or the cut-point between a
#' negative and a positive group that has a given `specificity` or `sensitivity`, or the largest sum
#' of both (`rule = "youden"`).
#'
#' @details
#' Two components are equally probable where
#' `log(lambda_i N(x; mu_i, sigma_i^2)) = log(lambda_j N(x; mu_j, sigma_j^2))`, a
#' quadratic equation in x. It has at most two roots for each pair, which are found in closed form;
#' a root is kept if the most probable component differs on its two sides. There may be more than
#' k - 1 cut-points, because a wide component can be the most probable on both sides of a narrow
#' one. There may be fewer, because a component that is never the most probable, such as one with
#' `lambda` 0, has no cut-point. If two components have the same `sigma` and `lambda`, their
#' cut-point is the midpoint of the means.
#'
#' If two components have different `sigma`, the wider one is more probable far out on both sides.
#' If the two `sigma` are similar, the second cut-point lies far from all data (`inside` is `FALSE`)
#' and has a huge standard error. `within = TRUE` drops it.
#'
#' With `monotone = TRUE` the classes are in the order of `mu`, and any two neighbours have one
#' cut-point, between their means, where they are equally probable. A wide component is then no
#' longer assigned the values far out on the other side of a narrow one; `predict(monotone = TRUE)`
#' follows the same rule. A component has no class, and no cut-point, if at its own mean it is less
#' probable than the neighbour on either side; the components around it then become neighbours.
#' (More precisely: in decreasing order of `lambda / sigma`, a component is kept if at its mean it
#' is more probable than its neighbours among those kept so far.) If all cut-points are already in
#' order and between the means, both rules give the same result.
#'
#' `specificity`, `sensitivity` and `rule` compare two groups of components. The distribution of a
#' group is the mixture of its components, with `lambda` rescaled to sum to 1. The negative group
#' consists of the components `negative`, by default the one with the smallest mean; the positive
#' group of all others, usually above. Values below a cut-point count as negative, those above it as
#' positive.
#'   * `specificity = p`: the cut-point below which the negative group has probability p, its p
#'     quantile.
#'   * `sensitivity = p`: the one above which the positive group has probability p.
#'   * `rule = "youden"`: the one with the largest specificity + sensitivity - 1 (Youden 1950),
#'     where the densities of the two groups are equal. Unlike the cut-point between two components,
#'     it does not depend on the sizes of the groups.
#'
#' If `negative` names the components with the largest means, the positive group lies below, and
#' "above" and "below" are exchanged. Noise belongs to neither group.
#'
#' If misclassifications have different costs, the expected cost is minimised by assigning an
#' observation to the component with the largest `cost_j` times posterior probability (Berger 1985,
#' section 4.4). The cut-points are then where this component changes. With two components of equal
#' `sigma`, the cut-point lies `sigma^2 log(cost_1 / cost_2) / (mu_2 - mu_1)` above that for equal
#' costs.
#'
#' Standard errors are those of the delta method: with `g(x, theta)` the difference of the two
#' logarithms, `dx / dtheta = -g_theta / g_x`, and the covariance matrix of theta is `vcov(fit)`.
#' The interval is the cut-point -/+ a normal quantile times the standard error; it is symmetric,
#' and too short if the likelihood is skewed. The standard error of a cut-point by `specificity`,
#' `sensitivity` or `rule` is proportional to the spread of the groups, which is estimated as well.
#' Its interval is therefore computed on a scale on which the standard error is constant (Bartlett
#' 1947), so it extends further to the side with the larger spread. In samples of 300 values, such
#' intervals for a specificity of 0.99 covered the true value in 94 to 96 % of cases. If a group has
#' few observations and overlaps with the other, delta-method intervals are too short: those for a
#' sensitivity of 0.95, with 30 to 210 positive values, covered it in 90 to 94 % of cases, those by
#' `boot` in 92 to 96 %.
#'
#' With `boot`, the standard error is the standard deviation of the cut-points between the same two
#' components in the replicates, and the interval is their percentile interval (Efron 1979).
#' Replicates without that cut-point are ignored.
#'
#' If the fit has a formula such as `~ log(titre)`, cut-points are on the scale of the fit, here
#' logarithms. `original = TRUE` transforms them back: the cut-point and the ends of its interval by
#' the inverse function, the standard error by the delta method. Formulas of one variable can be
#' inverted if they consist of `log()`, `log2()`, `log10()`, `log1p()`, `exp()`, `expm1()`,
#' `sqrt()`, `asinh()`, and `+`, `-`, `*` and `/` with constants, as in `~ log(titre + 1)` or
#' `~ log10(titre / 100)`. For decreasing functions, as in `~ I(-log10(p))`, `from` and `to` refer
#' to the variable. [modes()] has no such argument, because the modes of a density change with its
#' scale.
#'
#' @param fit A `gmm1d` fit, or a mixture without data: a list with `lambda`, `mu` and `sigma`, or a
#'   [gmm1d_mixture()]. Its components are sorted by `mu`.
#' @param level Confidence level: a number between 0 and 1, default 0.95.
#' @param cost `NULL` (default: all equal), or k positive numbers in order of
#'   `mu`: the cost of assigning an observation from component j to another component. Only their
#'   ratios matter.
#' @param boot `NULL` (default: the delta method), or an object of class
#'   `gmm1d_bootstrap` made from this fit.
#' @param within Which cut-points to return: `FALSE` (default) for all, `TRUE` for those within the
#'   range of the data, or two numbers for those between them (with `original = TRUE`, on that
#'   scale).
#' @param monotone Keep the classes in order of the means, with one cut-point between neighbours?
#'   `FALSE` (default) or `TRUE`.
#' @param specificity,sensitivity `NULL` (default), or the desired values: numbers between 0 and 1;
#'   each gives a row.
#' @param rule `NULL` (default), or `"youden"`.
#' @param negative For these three: the components of the negative group, by their numbers in order
#'   of `mu` or by their names. They must have the smallest means, or the largest. Default `NULL`:
#'   the component named `"negative"`, if any; else the only one with fixed mean and standard
#'   deviation, such as a noise floor; else the one with the smallest mean.
#' @param original Return cut-points on the scale of the variable in the formula? Default `FALSE`.
#' @param ... Not used; an unknown argument is an error.
#'
#' @param x The result of `cutpoints()`.
#' @param digits As for [print.data.frame()].
#'
#' @return A data frame with one row per cut-point, in increasing order, and
#'   columns
#'   * `cutpoint`, in the unit of the data;
#'   * `from`, `to`: the components assigned just below and just above the cut-point: integers, or
#'     names if all components have names ([names.gmm1d]);
#'   * `posterior_from`, `posterior_to`: their posterior probabilities at the cut-point; without
#'     `cost` they are equal;
#'   * `std.error`, `conf.low`, `conf.high`, in the unit of the data; `NA` if `vcov(fit)` is `NA`,
#'     or if fewer than two replicates have the cut-point;
#'   * `inside`: is it within the range of the data?
#'   * `scale`, only for fits by a formula that transforms the variable: the scale of the numbers,
#'     `"log(titre)"`, or `"titre"` with `original = TRUE`.
#'
#'   There are no rows if one component is the most probable everywhere, as with k = 1.
#'
#'   With `specificity`, `sensitivity` or `rule`, there is a row for each of their values, in this
#'   order. `from` and `to` are `"negative"` and `"positive"`, or the names of single components.
#'   Instead of the posterior probabilities there are
#'   * `rule`: `"specificity"`, `"sensitivity"` or `"youden"`;
#'   * `specificity`, `sensitivity`: those of the cut-point (`sensitivity` is `NA` if there is no
#'     positive group, as with k = 1).
#'
#'   `cutpoint` is `NA` if a group has no weight, if the groups are equal, and with
#'   `original = TRUE` if it corresponds to no value of the variable. For a mixture without data,
#'   `std.error`, `conf.low`, `conf.high` and `inside` are `NA`.
#'
#'   Its class is `gmm1d_cutpoints` and `data.frame`. `print()` formats rows outside the range of
#'   the data separately, so that the other rows stay readable, and notes which they are.
#'
#' @section Errors:
#' `gmm1d_error_type` if `fit` is not a fit, `boot` not a bootstrap, or `level`, `cost` or `within`
#' of another type; `gmm1d_error_shape` if `cost` does not have k values, `level` not one, or
#' `boot` has another number of components; `gmm1d_error_range`, `gmm1d_error_missing` or
#' `gmm1d_error_infinite` for values that are not allowed; `gmm1d_error_argument` if `negative` is
#' not the name of a component or lies between positive ones, if `cost` or `monotone` is combined
#' with a rule, if an argument needs data and the mixture has none, and with `original = TRUE` if
#' there is no formula or it cannot be inverted.
#'
#' @references
#' Bartlett, M. S. (1947). The use of transformations. *Biometrics* 3, 39-52.
#' \doi{10.2307/3001536}
#'
#' Berger, J. O. (1985). *Statistical Decision Theory and Bayesian Analysis*, 2nd
#' edition. Springer. \doi{10.1007/978-1-4757-4286-2}
#'
#' Efron, B. (1979). Bootstrap methods: another look at the jackknife. *Annals of
#' Statistics* 7, 1-26. \doi{10.1214/aos/1176344552}
#'
#' Youden, W. J. (1950). Index for rating diagnostic tests. *Cancer* 3, 32-35.
#' \doi{10.1002/1097-0142(1950)3:1<32::AID-CNCR2820030106>3.0.CO;2-3}
#'
#' @seealso [modes()], [bimodality()], [predict.gmm1d()] for the class of an
#'   observation, [names.gmm1d] for names of components
#' @examples
#' fit <- gmm1d(faithful$waiting, k = 2, variance = "equal")
#' cutpoints(fit)
#' plot(fit, cutpoints = TRUE)
#'
#' # missing a long wait is three times as bad as missing a short one
#' cutpoints(fit, cost = c(1, 3))
#'
#' # with unequal sigmas, the wider component is the more probable far out on both sides
#' cutpoints(gmm1d(faithful$waiting, k = 2))
#' cutpoints(gmm1d(faithful$waiting, k = 2), within = TRUE)
#' cutpoints(gmm1d(faithful$waiting, k = 2), monotone = TRUE)
#'
#' # short waits as the negative group
#' cutpoints(fit, specificity = c(0.95, 0.99), rule = "youden")
#'
#' # fitted to logarithms, cut-points in kilometres
#' deep <- gmm1d(~ log(depth), data = quakes, k = 2)
#' cutpoints(deep, monotone = TRUE, original = TRUE)
#' @concept threshold
#' @concept cut-off
#' @concept cutoff
#' @concept titre
#' @concept seroprevalence
#' @concept seropositivity
#' @concept diagnostic test
#' @concept ROC
#' @concept gating
#' @concept detection limit
#' @concept Youden index
#' @concept back-transformation
#' @export
cutpoints <- function(fit, ...) UseMethod("cutpoints")

#' @rdname cutpoints
#' @export
cutpoints.default <- function(fit, level = 0.95, cost = NULL, boot = NULL, within = FALSE, ...,
                              monotone = FALSE, specificity = NULL, sensitivity = NULL,
                              rule = NULL, negative = NULL, original = FALSE) {
  check_no_dots(...)
  fit <- parse_fit_or_mixture(fit)
  level <- parse_level(level)
  rules <- parse_rules(specificity, sensitivity, rule)
  method <- if (is.null(rules)) component_method(fit, cost, parse_flag(monotone, "monotone"))
            else rule_method(fit, rules, negative, cost, monotone)
  estimates <- parse_boot(boot, fit)
  limits <- parse_within(within, fit)
  way_back <- if (parse_flag(original, "original")) parse_way_back(fit)
  cuts <- method$find(fit)
  range <- if (is.null(fit$points)) c(NA_real_, NA_real_) else range_of(fit$points)
  rows <- method$table(cuts, fit)
  rows[c("std.error", "conf.low", "conf.high")] <- if (is.null(estimates)) {
    delta_interval(cuts$cutpoint, method$gradient(cuts, fit), fit, level, method$spread(cuts, fit))
  } else {
    boot_interval(cuts, fit, estimates, method, level)
  }
  rows$inside <- cuts$cutpoint >= range[1L] & cuts$cutpoint <= range[2L]
  if (!is.null(way_back)) rows <- on_original_scale(rows, way_back)
  rows <- cuts_between(rows, limits)
  scale <- if (is.null(way_back)) scale_of_fit(fit) else way_back$variable
  if (!is.null(scale)) rows$scale <- rep(scale, nrow(rows))
  class(rows) <- c("gmm1d_cutpoints", class(rows))
  rows
}

#' @rdname cutpoints
#' @export
print.gmm1d_cutpoints <- function(x, digits = NULL, ...) {
  outside <- which(x[["inside"]] %in% FALSE)
  if (length(outside) == 0L) return(NextMethod())
  shown <- x
  places <- intersect(c("cutpoint", "std.error", "conf.low", "conf.high"), names(x))
  shown[places] <- lapply(x[places], function(column) {
    text <- character(length(column))
    text[-outside] <- format(column[-outside], digits = digits)
    text[outside] <- vapply(signif(column[outside], 4L), format, "", digits = digits)
    text
  })
  class(shown) <- "data.frame"
  print(shown, digits = digits, ...)
  cat("(Outside the range of the data: row", if (length(outside) > 1L) "s", " ",
      toString(row.names(x)[outside]), "; `within = TRUE` drops such rows)\n", sep = "")
  invisible(x)
}

# A way to find cut-points, as functions. `find` returns the cut-points of a mixture as a table,
# `gradient` and `spread` what delta_interval() needs, `place` the keys that identify a cut-point in
# replicates, and `table` the columns that the user sees. This one is for cut-points between
# components.
component_method <- function(fit, cost, monotone) {
  if (monotone) check_has_density(fit)
  cost <- parse_cost(cost, fit$k)
  list(
    find = function(mixture) {
      if (monotone) ordered_cuts_of(mixture, cost) else cuts_of(mixture, cost)
    },
    gradient = cut_gradient, spread = function(cuts, mixture) NULL, place = place_of,
    table = function(cuts, mixture) {
      sides <- cut_posterior(cuts, mixture, cost)
      cuts[c("from", "to")] <- lapply(cuts[c("from", "to")], named_components, mixture)
      cbind(cuts, sides)
    }
  )
}

# The same for cut-points between two groups, by rules.
rule_method <- function(fit, rules, negative, cost, monotone) {
  check_has_density(fit)
  if (!is.null(cost) || parse_flag(monotone, "monotone")) {
    abort_gmm1d("argument", "`", if (is.null(cost)) "monotone" else "cost", "` is for cut-points ",
                "between components; omit it with `specificity`, `sensitivity` or `rule`.")
  }
  groups <- parse_sides(negative, fit, rules)
  list(
    find = function(mixture) rule_cuts(mixture, rules, groups),
    gradient = function(cuts, mixture) rule_gradient(cuts, mixture, groups),
    spread = function(cuts, mixture) spread_gradient(cuts, mixture, groups),
    place = function(cuts, mixture) seq_along(cuts$cutpoint),
    table = function(cuts, mixture) {
      names <- group_names(mixture, groups)
      sides <- if (groups$above) names else rev(names)
      list2DF(c(list(cutpoint = cuts$cutpoint, from = rep(sides[1L], nrow(cuts)),
                     to = rep(sides[2L], nrow(cuts)), rule = cuts$rule),
                rates_at(cuts$cutpoint, mixture, groups)))
    }
  )
}

# The limits between which cut-points are wanted.
parse_within <- function(within, fit) {
  if (!is.logical(within)) return(sort(parse_limits(within, "within")))
  within <- parse_flag(within, "within")
  if (within && is.null(fit$points)) {
    abort_gmm1d("argument", "`within` must be two numbers or FALSE: a mixture without data has no ",
                "range.")
  }
  within
}

# Keeps the cut-points between two limits; TRUE means inside the data, FALSE all.
cuts_between <- function(rows, limits) {
  kept <- if (isFALSE(limits)) rep(TRUE, nrow(rows))
          else if (isTRUE(limits)) rows$inside
          else rows$cutpoint >= limits[1L] & rows$cutpoint <= limits[2L]
  list2DF(lapply(rows, `[`, which(kept)))
}

parse_cost <- function(cost, k) {
  if (is.null(cost)) return(rep(1, k))
  cost <- parse_numbers(cost, "cost")
  if (length(cost) != k) {
    abort_gmm1d("shape", "`cost` must have one number for each of the ",
                count_of(k, "component"), ", not ", length(cost), ".")
  }
  check_each(!is.na(cost), cost, "cost", "have no missing values", "missing")
  check_each(is.finite(cost), cost, "cost", "be finite", "infinite")
  check_each(cost > 0, cost, "cost", "be positive")
  cost
}

# The estimates of the replicates, one row each, with columns as in coef(fit), without those that
# failed.
parse_boot <- function(boot, fit) {
  if (is.null(boot)) return(NULL)
  if (!inherits(boot, "gmm1d_bootstrap")) {
    abort_gmm1d("type", "`boot` must be a bootstrap of the fit, not ", describe(boot), ".")
  }
  if (is.null(fit$points)) {
    abort_gmm1d("argument", "`boot` must be NULL: a mixture without data has no bootstrap.")
  }
  estimates <- boot$estimates
  if (!identical(colnames(estimates), names_of_coef(fit))) {
    abort_gmm1d("shape", "`boot` must be a bootstrap of a fit with ",
                count_of(fit$k, "component"), ", with `estimates` of ",
                toString(names_of_coef(fit)), ".")
  }
  if (!identical(parameters_of(parse_fit(boot$fit, "object")), parameters_of(fit))) {
    abort_gmm1d("argument", "`boot` must be a bootstrap of this fit, not of another.")
  }
  estimates[stats::complete.cases(estimates), , drop = FALSE]
}

# At a cut-point the two posterior probabilities are in the inverse ratio of the costs. This is
# imposed, because far out no double is close enough to the cut-point to show it.
cut_posterior <- function(cuts, mixture, cost = rep(1, mixture$k)) {
  gamma <- unname(component_posterior(cuts$cutpoint, mixture))
  row <- seq_along(cuts$cutpoint)
  both <- gamma[cbind(row, cuts$from)] + gamma[cbind(row, cuts$to)]
  share <- 1 / (1 + cost[cuts$from] / cost[cuts$to])
  list2DF(list(posterior_from = both * share, posterior_to = both * (1 - share)))
}

# dx / dtheta = -g_theta / g_x, where g = log(lambda_i N(x; mu_i, sigma_i^2)) - the same for j: one
# row per cut-point, columns as in coef(fit).
cut_gradient <- function(cuts, mixture) {
  k <- mixture$k
  row <- seq_along(cuts$cutpoint)
  g_theta <- matrix(0, length(row), 3L * k)
  g_x <- numeric(length(row))
  for (side in c("from", "to")) {
    j <- cuts[[side]]
    sign <- if (side == "from") 1 else -1
    sigma <- mixture$sigma[j]
    z <- (cuts$cutpoint - mixture$mu[j]) / sigma
    g_theta[cbind(row, j)] <- sign / mixture$lambda[j]
    g_theta[cbind(row, j + k)] <- sign * z / sigma
    g_theta[cbind(row, j + 2L * k)] <- sign * (z^2 - 1) / sigma
    g_x <- g_x - sign * z / sigma
  }
  -g_theta / g_x
}

# Standard deviations and percentiles over the replicates that have the cut-point.
boot_interval <- function(cuts, mixture, estimates, method, level) {
  replicates <- lapply(seq_len(nrow(estimates)), function(r) {
    other <- mixture_of(estimates[r, ])
    cuts <- method$find(other)
    list(x = cuts$cutpoint, place = method$place(cuts, other))
  })
  x <- unlist(lapply(replicates, `[[`, "x"))
  place <- unlist(lapply(replicates, `[[`, "place"))
  summary <- vapply(method$place(cuts, mixture), function(here) {
    same <- x[place == here & !is.na(x)]
    if (length(same) < 2L) return(rep(NA_real_, 3L))
    c(spread(same), stats::quantile(same, c(1 - level, 1 + level) / 2, names = FALSE))
  }, numeric(3L), USE.NAMES = FALSE)
  list2DF(list(std.error = summary[1L, ], conf.low = summary[2L, ], conf.high = summary[3L, ]))
}

# Cut-points are the same if they have the same `from` and `to` and lie on the same side of the two
# means: a cut-point outside the means may jump from one side to the other.
place_of <- function(cuts, mixture) {
  paste(cuts$from, cuts$to, cuts$cutpoint > mixture$mu[cuts$from],
        cuts$cutpoint > mixture$mu[cuts$to])[seq_along(cuts$cutpoint)]
}
