#' Test the number of components without replicates
#'
#' The EM-test of `k0` components against more (Chen and Li 2009; Chen, Li and Fu 2012). Unlike the
#' likelihood ratio, its statistic has a chi-squared distribution in large samples, so the p-value
#' needs no bootstrap.
#'
#' @details
#' The null hypothesis is fitted by penalised maximum likelihood: the penalty on each `sigma` has
#' weight 1 / n and pulls it towards the standard deviation of the data. Each of its components is
#' then split in two, with shares `b` and 1 - `b` of its `lambda`. The means of both parts are
#' restricted to lie between the midpoints to the neighbouring means, and a penalty
#' `a_n (s^2 / sigma^2 - 1 - log(s^2 / sigma^2))` pulls each new `sigma` towards `s`, the `sigma` of
#' the component. For every combination of `b` in 0.1, 0.3 and 0.5, the penalised likelihood is
#' maximised, followed by three EM steps in which `b` and the means are free. The statistic is the
#' largest of `2 (loglik + sum_j log(1 - |1 - 2 b_j|) - penalty - loglik of the null)`. Its limiting
#' distribution is chi-squared with `2 k0` degrees of freedom.
#'
#' The maximisation starts from partitions of the data of each component. No random numbers are
#' used, so the same data give the same result, in any order and any unit. Up to `k0 = 5` all
#' `3^k0` combinations are tried. Above that, all shares start at 0.5 and are improved for one
#' component at a time, in at most three rounds.
#'
#' `a_n` is 0.25 for `k0 = 1` and 0.2 for `k0` above 3. Let `w` be the mean of the two
#' misclassification probabilities of two neighbouring components. Then `a_n` is
#' `0.35 logistic(-1.859 - 0.577 logit(w) - 60.453 / n)` for `k0 = 2` and
#' `0.35 logistic(-1.602 - 0.240 (logit(w1) + logit(w2)) - 130.394 / n)` for `k0 = 3`. The authors
#' derived these formulas from samples of 100 to 500 values; with fewer values, [boot_lrt()] is the
#' safer test. As in [gmm1d()], no `sigma` is smaller than tied or squashed values can resolve, and
#' weights count as numbers of observations.
#'
#' A component may be known: is there anything besides N(0, 1)? One of its parts then keeps the
#' `fixed` values, and the other has its own mean and `sigma`. The number of degrees of freedom is
#' the same, because the split of each component has two directions: the first two derivatives of
#' the density if the component is known, the third and fourth if not. In simulations, 4 to 7 % of
#' true null hypotheses are rejected at the 5 % level (`bench/SIMULATIONS.md`). `a_n` is 0.25 if all
#' components are known. For many data sets, all components must be free.
#'
#' The test is for exact values, and for components that are known or free. [boot_lrt()] also covers
#' grouped, rounded or censored values, values with errors, equal variances and other relations. It
#' draws replicates, which takes longer, and its alternative is a given larger number of components.
#'
#' @section Many data sets:
#' `em_test(x, k0 = 1, margin = 1)` chooses the number of components for each row of a matrix (genes
#' in rows, for example), and tests whether there is more than one. The result is one data frame
#' with p-values adjusted for the number of tests. `k` is chosen by BIC; the p-value does not depend
#' on it, and the two may disagree. Most of the time is spent on the search for `k`; `k = 1` omits
#' it and is several times faster. For an existing [gmm1d_each()] result, only the test itself takes
#' time.
#'
#' @param x The data: anything exact that [gmm1d()] takes (name its `column` or `data`, as in
#'   `em_test(faithful, column = waiting, k0 = 1)`), or a `gmm1d` fit, whose data and
#'   control are used. Many data sets: a [gmm1d_each()] result; or a vector with `by`, a list of
#'   data sets, a matrix with several columns, or a data frame with `margin`, as in `gmm1d_each()`.
#' @param k0 The number of components under the null hypothesis: a whole number >= 1. Default for a
#'   fit: its own number; for many fits: that of each. If `k0` was chosen from the same data,
#'   p-values tend to be too large.
#' @param k For many data sets that have not been fitted: the numbers of components to choose from,
#'   whole numbers >= 1, default `k0` and `k0 + 1`.
#' @param p.adjust For many data sets, the adjustment of the p-values: a `method` of
#'   [stats::p.adjust()], default `"BH"` (Benjamini and Hochberg 1995), which controls the false
#'   discovery rate; `"none"` for no adjustment.
#' @param ... Further arguments of [gmm1d()], or of [gmm1d_each()] for many data sets, such as `by`,
#'   `margin`, `weights` or `control`. Not used for fits of many data sets; an unknown argument is
#'   an error.
#'
#' @return A list of class `htest` with `statistic` (`EM`), `parameter` (`k0` and `df`), `a_n`,
#'   `p.value`, `method`, `data.name`, `fits` (a list of the [gmm1d()] fit with `k0` components,
#'   which is not penalised), and `mixtures`: a list of two data frames with `component`, `lambda`,
#'   `mu` and `sigma` in the unit of the data, `null` (the penalised fit, `k0` rows) and
#'   `split` (the best alternative, `2 k0` rows, `component` being that which was split).
#'
#'   For many data sets: a data frame with one row for each: the key columns, then `k` (the number
#'   of components of the fit), `k0`, `statistic`, `df`, `p.value`, `p.adjusted` and `error`. A data
#'   set that cannot be tested does not stop the others: its numbers are `NA`, `error` says why, and
#'   one warning of class `gmm1d_warning_failed` counts all such data sets, except those that
#'   [gmm1d_each()] has already warned of.
#'
#' @section Errors:
#' As for [gmm1d()]. `gmm1d_error_argument` for data that are not exact values (intervals, errors,
#' limits of detection, a window, noise, labels), equal variances, related parameters, or components
#' with some but not all parameters fixed;
#' `gmm1d_error_constant` or `gmm1d_error_k` for fewer distinct values than `k0`, or only one;
#' `gmm1d_error_argument` for an unknown `p.adjust`, or for `k` or `p.adjust` with one data set.
#'
#' @references
#' Benjamini, Y. and Hochberg, Y. (1995). Controlling the false discovery rate: a practical and
#' powerful approach to multiple testing. *Journal of the Royal Statistical Society B* 57, 289-300.
#' \doi{10.1111/j.2517-6161.1995.tb02031.x}
#'
#' Chen, J. and Li, P. (2009). Hypothesis test for normal mixture models: the EM approach. *Annals
#' of Statistics* 37, 2523-2542. \doi{10.1214/08-AOS651}
#'
#' Chen, J., Li, P. and Fu, Y. (2012). Inference on the order of a normal mixture. *Journal of the
#' American Statistical Association* 107, 1096-1105. \doi{10.1080/01621459.2012.695668}
#'
#' @seealso [boot_lrt()], [anova.gmm1d()]; for many data sets [gmm1d_each_decide]
#' @concept bimodal genes
#' @concept bimodal
#' @concept multiple testing
#' @concept false discovery rate
#' @concept switch-like genes
#' @concept batch of data sets
#' @examples
#' em_test(faithful$waiting, k0 = 1)
#' em_test(faithful$waiting, k0 = 2)
#'
#' # is there anything besides noise with mean 0 and standard deviation 1?
#' set.seed(1)
#' em_test(c(rnorm(200), rnorm(20, 3)), k0 = 1, fixed = list(mu = 0, sigma = 1))
#'
#' # a hundred genes in rows; ten of them have two groups of samples
#' set.seed(1)
#' genes <- matrix(rnorm(100 * 40), 100)
#' genes[1:10, 1:15] <- genes[1:10, 1:15] + 5
#' tests <- em_test(genes, k0 = 1, margin = 1)
#' subset(tests, p.adjusted < 0.05)
#'
#' # existing fits
#' em_test(gmm1d_each(iris$Petal.Length, iris$Species, k = 1:2), k0 = 1)
#' @export
em_test <- function(x, k0, ...) {
  if (missing(x)) abort_gmm1d("argument", "`x`, the data or a fit, is missing.")
  UseMethod("em_test")
}

#' @rdname em_test
#' @export
em_test.default <- function(x, k0, ..., k = NULL, p.adjust = "BH") {
  name <- name_of(substitute(x))
  if (are_many(x, ...names())) {
    adjust <- parse_adjust(p.adjust)
    return(em_test_each(x, if (!missing(k0)) k0, k, adjust, ...))
  }
  if (!missing(k)) abort_for_many("k")
  if (!missing(p.adjust)) abort_for_many("p.adjust")
  if (inherits(x, "gmm1d")) {
    x <- parse_fit(x, "x")
    name <- x$data_name
    check_testable(x)
  }
  k0 <- parse_k0(if (!missing(k0)) k0, x)
  fit <- quietly_fit(x, k0, ...)
  check_testable(fit)
  if (has_low_weights(fit$points)) warn_of_weights(fit$points)
  test <- em_tests(list(fit$points), list(as_mixture(fit)), fit$control,
                   constraints_in_place(model_of(fit), fit$k))[[1L]]
  structure(
    list(
      statistic = c(EM = test$statistic),
      parameter = c(k0 = k0, df = 2 * k0), a_n = test$weight,
      p.value = em_p_value(test$statistic, k0),
      method = "EM-test of the number of components", data.name = printable(name),
      fits = list(k0 = fit),
      mixtures = list(null = part_rows(test$null, 1L), split = part_rows(test$alternative, 2L))
    ),
    class = "htest"
  )
}

abort_for_many <- function(name) {
  abort_gmm1d("argument", "`", name, "` applies to many data sets only; `x` is a single one.")
}

# The number of components under the null hypothesis; a fit provides a default.
parse_k0 <- function(k0, x) {
  if (is.null(k0) && inherits(x, "gmm1d")) k0 <- x$k
  if (is.null(k0)) abort_no_k0()
  parse_count(k0, "k0")
}

# Errors unless the test applies. It is derived for exact values about which nothing else is known,
# and for components that are free or known.
check_testable <- function(fit, some_known = TRUE) {
  unfit <- why_untestable(fit, some_known)
  if (is.null(unfit)) return(invisible())
  abort_gmm1d("argument", "the EM-test is valid only for exact values and free parameters, not ",
              "for ", unfit, "; use `boot_lrt()`.")
}

# Says what the EM-test is not for; NULL if it applies.
why_untestable <- function(fit, some_known = TRUE) {
  if (!is.null(fit$relate)) {
    "a model with related parameters"
  } else if (fit$variance == "equal" || any(fit$selection$variance == "equal")) {
    "a model with equal variances"
  } else if (!is.null(fit$fixed) && !some_known) {
    "many data sets with fixed parameters"
  } else if (!are_known_or_free(fit)) {
    "a model with partly fixed components"
  } else {
    inexact_words(fit)
  }
}

# True if each component has both its mean and its standard deviation fixed, or neither.
are_known_or_free <- function(fit) {
  all(is.na(fit$fixed$lambda)) && !any(fixed_of_each(fit) == 1L)
}

# Says how the data are not exact; NULL if they are.
inexact_words <- function(fit) {
  points <- fit$points
  if (!are_exact(points)) "values in intervals (bins, rounded or censored values)"
  else if (any(errors_of_points(points) > 0)) "values with errors"
  else if (any(labels_of_points(points) > 0)) "values of known components (`labels`)"
  else if (!is.null(points$within)) "values observed through a window (`within`)"
  else if (!is.null(fit$noise)) "values with noise"
}

# Tests data sets, starting from the mixtures fitted to them.
em_tests <- function(points, found, control, constraints = constraints_of(free_model)) {
  with_memory(em_test_each_cpp(points, found, em_options(control, constraints), control$threads))
}

em_p_value <- function(statistic, k0) stats::pchisq(statistic, 2 * k0, lower.tail = FALSE)

# The rows of a mixture in which each component has this many parts.
part_rows <- function(mixture, parts) {
  k0 <- length(mixture$mu) / parts
  data.frame(component = rep(seq_len(k0), each = parts), mixture[c("lambda", "mu", "sigma")])
}
