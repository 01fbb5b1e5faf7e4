#' Where to cut between components
#'
#' Every x at which the most probable component changes, also far from the data, with the posterior
#' probabilities there, a standard error and a confidence interval. Or, by other rules, one cut
#' between each two neighbouring means (`monotone = TRUE`), or the cut between a negative and a
#' positive group that has a given `specificity` or `sensitivity`, or the largest sum of both
#' (`rule = "youden"`).
#'
#' @details
#' Two components are equally probable where
#' `log(lambda_i N(x; mu_i, sigma_i^2)) = log(lambda_j N(x; mu_j, sigma_j^2))`, a
#' quadratic equation in x. Its roots, at most two for each pair, are solved for
#' in closed form, and those are kept on whose two sides the most probable
#' component differs. So there may be more cut-points than components less one:
#' a wide component can win on both sides of a narrow one. There may be fewer:
#' a component that is nowhere the most probable has no cut-point, and one with
#' `lambda` 0 never wins. For equal `sigma` and `lambda` the cut-point is the
#' midpoint of the two means.
#'
#' Of two components with unequal `sigma` the wider wins far out on both sides. If
#' the two `sigma` differ little, the second cut-point therefore lies far from all
#' data (`inside` is `FALSE`), and its standard error says that nothing is known about
#' it. `within = TRUE` drops it.
#'
#' With `monotone = TRUE` the classes are in the order of `mu`, and each two neighbours have one
#' cut-point, between their means, where the two are equally probable. A wide component that wins
#' again far out on the other side of a narrow one does not win there; `predict(monotone = TRUE)`
#' follows the same rule. A component has no class, and no cut-point, if at its own mean it is less
#' probable than the neighbour on either side; the components around it are then neighbours. (More
#' precisely: in decreasing order of `lambda / sigma`, a component is kept if at its mean it is the
#' most probable beside its neighbours among those kept before.) Where all cut-points are in order
#' and between the means anyway, both rules give the same.
#'
#' `specificity`, `sensitivity` and `rule` compare two groups, each with the distribution of its
#' components, their `lambda` in proportion. The negative group are the components `negative`, by
#' default the one with the smallest mean; the positive group are the others, usually above. Below a
#' cut-point a value counts as negative, above it as positive.
#'   * `specificity = p`: the cut-point below which the negative group has probability p, its p
#'     quantile.
#'   * `sensitivity = p`: the one above which the positive group has probability p.
#'   * `rule = "youden"`: the one with the largest specificity + sensitivity - 1 (Youden 1950),
#'     where the densities of the two groups are equal. Unlike the cut-point between two components,
#'     it does not depend on how large the groups are.
#'
#' If `negative` are the components with the largest means, the positive group lies below, and
#' above and below change places. Noise belongs to neither group.
#'
#' If errors cost differently, an observation is best assigned to the component
#' with the largest `cost_j` times posterior probability: this makes the expected
#' cost smallest (Berger 1985, section 4.4). The cut-points are then where this
#' component changes. With two components of equal `sigma`, the cut-point lies
#' `sigma^2 log(cost_1 / cost_2) / (mu_2 - mu_1)` above that of equal costs.
#'
#' The standard error is that of the delta method: with `g(x, theta)` the difference of the two
#' logarithms, `dx / dtheta = -g_theta / g_x`, and the covariance matrix of theta is `vcov(fit)`.
#' The interval is then the cut-point -/+ a normal quantile times the standard error; it is
#' symmetric, and too short where the likelihood is skewed. The standard error of a cut-point by
#' `specificity`, `sensitivity` or `rule` is proportional to the spread of the groups, which is
#' estimated as well. Its interval is therefore one on a scale where the standard error is constant
#' (Bartlett 1947): it reaches further to the side on which the spread would be larger. In samples
#' of 300 values, such intervals for a specificity of 0.99 held the truth in 94 to 96 % of cases.
#' If a group has few observations and overlaps with the other, intervals by the delta method are
#' too short: those for a sensitivity of 0.95, with 30 to 210 positive values, held it in
#' 90 to 94 %, those by `boot` in 92 to 96 %.
#'
#' With `boot`, the standard error is the standard deviation of the cut-points between the same two
#' components in the replicates, and the interval has their percentiles (Efron 1979); replicates
#' without that cut-point are left out.
#'
#' If the fit has a formula such as `~ log(titre)`, cut-points are on the scale of the fit, here
#' logarithms. `original = TRUE` takes them back to the variable: the cut-point and the ends of its
#' interval by the inverse function, the standard error by the delta method. Formulas of one
#' variable can be inverted if they are made of `log()`, `log2()`, `log10()`, `log1p()`, `exp()`,
#' `expm1()`, `sqrt()`, `asinh()`, and `+`, `-`, `*` and `/` with constants, as in
#' `~ log(titre + 1)` or `~ log10(titre / 100)`. For falling functions, as in `~ I(-log10(p))`,
#' `from` and `to` are those of the variable. [modes()] has no such argument, as the modes of a
#' density change with its scale.
#'
#' @param fit A `gmm1d` fit. Or a mixture without data: a list with `lambda`, `mu` and `sigma`, or a
#'   [gmm1d_mixture()]; its components are put in order of `mu`.
#' @param level Confidence level: a number between 0 and 1, default 0.95.
#' @param cost `NULL` (default: all equal), or k positive numbers in order of
#'   `mu`: the cost of assigning to another component an observation that belongs
#'   to component j. Only their ratios count.
#' @param boot `NULL` (default: the delta method), or an object of class
#'   `gmm1d_bootstrap` made from this fit.
#' @param within Which cut-points: `FALSE` (default) for all, `TRUE` for those within the
#'   range of the data, or two numbers for those between them (with `original = TRUE`, on that
#'   scale).
#' @param monotone Classes in order of the means, with one cut-point between each two? `FALSE`
#'   (default) or `TRUE`.
#' @param specificity,sensitivity `NULL` (default), or the values that are asked for: numbers
#'   between 0 and 1, with a row for each.
#' @param rule `NULL` (default), or `"youden"`.
#' @param negative With these three: the components of the negative group, by their numbers in order
#'   of `mu` or their names; those with the smallest means, or those with the largest. Default
#'   `NULL`: the component with the name `"negative"` if one has it; else the one of which mean and
#'   standard deviation are fixed, such as a noise floor, if there is one; else that with the
#'   smallest mean.
#' @param original Give cut-points on the scale of the variable in the formula? Default `FALSE`.
#' @param ... Not used; an unknown argument is an error.
#'
#' @param x The result of `cutpoints()`.
#' @param digits As for [print.data.frame()].
#'
#' @return A data frame with one row per cut-point, in increasing order, and
#'   columns
#'   * `cutpoint`, in the unit of the data;
#'   * `from`, `to`: the component to which x is assigned just below
#'     and just above: integers, or its name if all components have names ([names.gmm1d]);
#'   * `posterior_from`, `posterior_to`: the posterior probabilities of these two
#'     at the cut-point; without `cost` they are equal;
#'   * `std.error`, `conf.low`, `conf.high`, in the unit of the data; `NA` where
#'     `vcov(fit)` is, or where fewer than two replicates have the cut-point;
#'   * `inside`: is it within the range of the data?
#'   * `scale`, only for fits by a formula that computes something: what the numbers are of,
#'     `"log(titre)"`, or `"titre"` with `original = TRUE`.
#'
#'   No rows if one component wins everywhere, as with k = 1.
#'
#'   With `specificity`, `sensitivity` or `rule`, a row for each of their values, in this order.
#'   `from` and `to` are `"negative"` and `"positive"`, or the names of single components; in place
#'   of the posterior probabilities there are
#'   * `rule`: `"specificity"`, `"sensitivity"` or `"youden"`;
#'   * `specificity`, `sensitivity`: of the cut-point (`sensitivity` is `NA` if there is no positive
#'     group, as with k = 1).
#'
#'   `cutpoint` is `NA` where a group has no weight, where the groups are equal, and with
#'   `original = TRUE` where no value of the variable belongs to it. For a mixture without data,
#'   `std.error`, `conf.low`, `conf.high` and `inside` are `NA`.
#'
#'   Its class is `gmm1d_cutpoints` and `data.frame`. `print()` formats rows outside the range of
#'   the data separately, so that the other rows stay readable, and notes which they are.
#'
#' @section Errors:
#' `gmm1d_error_type` if `fit` is no fit, `boot` no bootstrap, or `level`, `cost` or
#' `within` of another type; `gmm1d_error_shape` if `cost` has not k values, `level` not
#' one, or `boot` is of another number of components; `gmm1d_error_range`,
#' `gmm1d_error_missing` or `gmm1d_error_infinite` if their values are not allowed.
#' `gmm1d_error_argument` if `negative` has no name of a component or lies between positive ones, if
#' `cost` or `monotone` is given beside a rule, if a mixture without data is asked for what needs
#' data, and for `original = TRUE` if there is no formula or it cannot be inverted.
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
#' # to miss a long wait is three times as bad as to miss a short one
#' cutpoints(fit, cost = c(1, 3))
#'
#' # with a sigma of its own the wider component wins on both sides, far out
#' cutpoints(gmm1d(faithful$waiting, k = 2))
#' cutpoints(gmm1d(faithful$waiting, k = 2), within = TRUE)
#' cutpoints(gmm1d(faithful$waiting, k = 2), monotone = TRUE)
#'
#' # short waits as the negative group
#' cutpoints(fit, specificity = c(0.95, 0.99), rule = "youden")
#'
#' # fitted to logarithms, cut in kilometres
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
      toString(row.names(x)[outside]), "; `within = TRUE` leaves out such rows)\n", sep = "")
  invisible(x)
}

# How cut-points are found: of a mixture `find` gives those of interest, as a table; `gradient` and
# `spread` what delta_interval() needs, `place` by what they are known in replicates, and `table`
# what the user sees of them. Here between components.
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

# The same between two groups, by rules.
rule_method <- function(fit, rules, negative, cost, monotone) {
  check_has_density(fit)
  if (!is.null(cost) || parse_flag(monotone, "monotone")) {
    abort_gmm1d("argument", "`", if (is.null(cost)) "monotone" else "cost", "` is for cut-points ",
                "between components; leave it out where `specificity`, `sensitivity` or `rule` is ",
                "given.")
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

# The limits between which cut-points are asked for.
parse_within <- function(within, fit) {
  if (!is.logical(within)) return(sort(parse_limits(within, "within")))
  within <- parse_flag(within, "within")
  if (within && is.null(fit$points)) {
    abort_gmm1d("argument", "`within` must be two numbers or FALSE: a mixture without data has no ",
                "range.")
  }
  within
}

# TRUE are those inside the data, FALSE all.
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

# The estimates of the replicates, a row each with columns as coef(fit); those that failed are out.
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

# At a cut-point the two are in the inverse ratio of their costs. Far out no double is near enough
# to it to show that.
cut_posterior <- function(cuts, mixture, cost = rep(1, mixture$k)) {
  gamma <- unname(component_posterior(cuts$cutpoint, mixture))
  row <- seq_along(cuts$cutpoint)
  both <- gamma[cbind(row, cuts$from)] + gamma[cbind(row, cuts$to)]
  share <- 1 / (1 + cost[cuts$from] / cost[cuts$to])
  list2DF(list(posterior_from = both * share, posterior_to = both * (1 - share)))
}

# dx / dtheta = -g_theta / g_x, where g = log(lambda_i N(x; mu_i, sigma_i^2)) - the same of j: a row
# per cut-point, columns as coef(fit).
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

# Cut-points are the same if they have the same `from` and `to` on the same side of the two means:
# outside of them a cut may jump to the other side.
place_of <- function(cuts, mixture) {
  paste(cuts$from, cuts$to, cuts$cutpoint > mixture$mu[cuts$from],
        cuts$cutpoint > mixture$mu[cuts$to])[seq_along(cuts$cutpoint)]
}
