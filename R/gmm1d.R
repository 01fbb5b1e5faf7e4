#' Fit a one-dimensional Gaussian mixture
#'
#' Estimates proportions `lambda`, means `mu` and standard deviations `sigma`
#' of a mixture of Gaussian distributions by maximum likelihood, with the EM
#' algorithm (Dempster, Laird and Rubin 1977). No random numbers are used: the same data give the
#' same fit, and `.Random.seed` is not touched.
#'
#' @details
#' The data are read once and squashed to a few weighted points ([squash()]); the
#' fit needs nothing else, so its time and memory hardly grow with their number.
#'
#' The likelihood of a Gaussian mixture has many maxima and is unbounded where
#' a `sigma` goes to 0, so "the maximum" needs a rule. The rule is the penalised
#' likelihood of Chen, Tan and Zhang (2008),
#' `loglik - a sum_j (s^2 / sigma_j^2 - 1 - log(s^2 / sigma_j^2))`, a = 1 / n, s a
#' robust scale of the data. A deterministic search looks for its highest
#' maximum along a path of 1, 2, ... components: from groups of the data, and by
#' splitting, inserting, removing, swapping and merging components. The fit for one `k` does not
#' depend on the other numbers that are tried. From there the plain
#' likelihood is climbed, so that the estimates are maximum likelihood estimates.
#' If a component degenerates on the way (its `sigma` reaches the smallest
#' allowed; or it contracts onto less than three quarters of its
#' observations, or on fewer than ten, while the objective falls by more than 1), its `sigma`
#' alone is held at the penalised value, and all other parameters are maximum likelihood
#' estimates given that. `penalised` is then `TRUE`, `held` says which components these are, and a
#' warning of class `gmm1d_warning_penalised` says so. With `start`, the plain likelihood is climbed
#' from there.
#'
#' Tied values have no density: a narrow component on one of them gains likelihood for nothing. If
#' all values lie on a lattice of step d, no `sigma` is below
#' `d sqrt(log(4 n)) / (pi sqrt(2))`, at which this gain is half a unit (by Poisson's summation
#' formula). If most values are tied otherwise, such as logarithms of counts, d is the gap between
#' neighbouring tied values. `rounding` takes such values for the intervals that they are.
#'
#' A climb begins with EM steps, accelerated (Varadhan and Roland 2008) where
#' that leads higher, and ends with Newton steps; no step lowers the objective. A
#' fit is called converged when there is a certificate that it is a maximum: the
#' information, minus the second derivatives, is positive definite (Louis 1982), and the gain
#' in log-likelihood that a Newton step predicts (`gap`) is at most `tol`.
#' Otherwise a warning of class `gmm1d_warning_not_converged` says why. A ridge is a likelihood that
#' is flat: more components than the data can tell apart, a component that is narrower than its bin
#' or runs away in an open one, or 20 Newton steps that together gain no more than 0.01.
#'
#' @section Grouped and rounded data:
#' The likelihood of counts in bins is that of the intervals,
#' `sum count log(sum_j lambda_j (Phi((upper - mu_j) / sigma_j) - Phi((lower - mu_j) / sigma_j)))`,
#' not of their midpoints; the M-step takes the moments of the normal distributions truncated to
#' the bins (McLachlan and Jones 1988). `rounding` does the same for values that are
#' known to the nearest multiple of a step. The log-likelihoods, and so AIC and BIC, of grouped,
#' rounded and exact values cannot be compared with each other. Values on a lattice should be
#' counted in bins whose edges lie between its places.
#'
#' @section Relations between parameters:
#' `relate` is a list with any of
#'   * `mu`: `"equal"` (one unknown mean), `"equal spacing"`, `"symmetric"` (about an unknown
#'     centre), `"growth"` (each step between neighbours is r times the last, as on the growth curve
#'     of von Bertalanffy, r > 0 unknown), a numeric vector of ratios (`c(1, 2)`: the second mean is
#'     twice the first), or a numeric matrix A with a row for each component: `mu = A b`, b unknown;
#'   * `offset`: beside `"equal"`, ratios or a matrix, what is added to each mean, a number for each
#'     component: `mu = "equal", offset = c(0, 10)` for means that are 10 apart;
#'   * `sigma`: `"equal"` (as `variance = "equal"`), `"proportional"` (`sigma = cv abs(mu)`, a
#'     constant coefficient of variation), or a numeric vector of ratios;
#'   * `cv`: the coefficient of variation, where it is known;
#'   * `lambda`: `"equal"`.
#'
#' Words go with any number of components, and the criterion may choose `k`; vectors and matrices
#' say how many there are. A relation holds among the components of which that parameter is not
#' `fixed`. `"equal spacing"`, `"symmetric"` and `"growth"` are in order of `mu`; ratios, offsets
#' and rows belong to components in the order in which they are given, whichever means these are
#' found to have. The number of free parameters (`df`) counts what is unknown; standard errors,
#' intervals, bootstraps and tests are those of the model with the relation, which the estimates
#' fulfil exactly. The search begins at the maxima without the relation, and goes on among the
#' mixtures for which it holds. Relations between lengths at age are those of Macdonald and
#' Pitcher (1979).
#'
#' @section What it does not do:
#' Data of one dimension only, each observation for itself: for several variables see mclust, for
#' mixtures of regressions or of other distributions flexmix and mixtools, for time series depmixS4.
#' Components are normal: a skewed one takes two or more of them ([gof_test()] shows a poor fit; a
#' logarithm may be the remedy), and counts below some 10 need other distributions. There are no
#' prior distributions. A component is not a group of its own accord: whether it means anything is
#' not in the data alone. Random effects between data sets and common parameters of several data
#' sets are not fitted: [gmm1d_each()] fits each by itself.
#'
#' @section What was observed:
#' A value x with a normal error of known standard deviation s has the density
#' `sum_j lambda_j N(x; mu_j, sigma_j^2 + s^2)` (Bovy, Hogg and Roweis 2011), in which a `sigma` may
#' be 0, and is where the errors explain all spread: then there is no standard error, and the
#' profile interval has 0 as its end. `fixed = list(sigma = 0)` is the finite mixture of Galbraith
#' and Green (1990), `k = 1` the random-effects model of meta-analysis, which dating calls the
#' central age. Where every value has an error the likelihood is bounded, and nothing is penalised.
#' A value that is censored, or in an interval, contributes the probability of the interval; through
#' a window of probability P, x contributes its density divided by P. `error`, `censored`, `within`,
#' `noise` and `labels` go together with each other, with weights, and with all that is done with a
#' fit. `print()` says what was observed, plots show the data beside what the mixture would show of
#' itself, and bootstraps and tests draw and record their data likewise. Up to 4096 distinct pairs
#' of values and errors are kept as they are; more are squashed, which changes estimates from 1e6
#' values by some 1e-5 standard errors.
#'
#' @param x The data: a numeric vector or an n x 1 matrix of any length,
#'   integer and `integer64` included; a data frame and a `column` of it; squashed data
#'   ([squash()]); a one-sided formula, `~ variable`; grouped data, a [graphics::hist()]ogram or a
#'   data frame with columns `lower`, `upper` (bins, which may be open: -Inf, Inf) and `count`;
#'   intervals, a data frame with columns `lower` and `upper`, equal where a value is known, and
#'   perhaps `count`, or a [survival::Surv()] object that is censored to the left, to the right or
#'   in intervals; a function that gives chunks (see [squash.function()]); a table or dataset of
#'   arrow (see [gmm1d_arrow]); or a lazy table of dbplyr (see [squash.tbl_lazy]). A data frame or
#'   table with groups ([dplyr::group_by()]) gives a fit of each, a [gmm1d_each()] object.
#'   `NA` and `NaN` are dropped, and `print()` says how many.
#' @param k Numbers of components to try: whole numbers, at least 1. Where it is
#'   more than one number, `criterion` chooses, and those above the number of
#'   distinct values, or with as many free parameters as there are bins, are left out
#'   (`summary()` says which). Default: `1:9`, or
#'   what `start` or `fixed` has.
#' @param weights Observation weights: `NULL` (default: all 1) or a numeric
#'   vector as long as `x`, not negative, no `NA`. A weight w counts as w equal
#'   observations, so the weights should sum to their number: with a sum below
#'   half the number of distinct values, a warning of class `gmm1d_warning_weights` says
#'   that the criteria mean little. The same holds for the counts of grouped data, of which
#'   proportions or densities are none. With a data frame, `data` or a table an expression,
#'   looked up among its columns first.
#' @param variance `"free"` (default: each component has its own `sigma`),
#'   `"equal"` (one for all), or `c("free", "equal")`: the criterion chooses.
#' @param criterion `"BIC"` (default), `"AIC"` or `"ICL"` (Schwarz 1978, Akaike 1974,
#'   Biernacki, Celeux and Govaert 2000): the criterion whose smallest value chooses `k` and
#'   `variance`. To it is added `2 sum_j log+(s / (k sigma_j))`, where `log+ = max(0, log)` and `s`
#'   is the standard deviation of the mixture without its components of fewer than 4.5 values: a
#'   component of width sigma could have lain in `s / sigma` places, which BIC leaves out of its
#'   approximation. So a spike on a few values is rarely taken for a component. The values in
#'   `selection` are without this; if the smallest of them is another model's, `print()` says so.
#' @param fixed `NULL` (default: all parameters are estimated), or a list with any of
#'   `lambda`, `mu` and `sigma`: numeric vectors with one value for each component, or
#'   (not for `lambda`) one for all; `NA` where a parameter is free. The order of the components is
#'   that of the vectors here, and that of `mu` in the fit. With
#'   `variance = "equal"` the sigmas that are not fixed are one. With a larger `k`, or several, the
#'   other components are free, but for what is fixed for all:
#'   `k = 1:5, fixed = list(mu = c(0, NA), sigma = c(1, NA))` asks what there is beside N(0, 1).
#' @param relate `NULL` (default), or a list that says how parameters are tied to each other: see
#'   *Relations between parameters* below.
#' @param start `NULL` (default: the search), or a list of numeric vectors
#'   `lambda`, `mu` and `sigma`, each of length k, or a `gmm1d` fit, of which these three are
#'   taken, not its `variance`. Where parameters are fixed, these hold.
#' @param rounding `NULL` (default: the values are exact), or the step to which they were
#'   rounded, a number > 0 in the unit of `x`: a value then stands for the interval of
#'   this width around it.
#' @param error `NULL` (default: values are exact), or the standard deviations of the normal errors
#'   of the values: a number >= 0 for all, or one for each (0: exact), in the unit of `x`; an
#'   expression, as for `weights`. The mixture is then that of the true values.
#' @param censored `NULL` (default), or the two limits of detection, `c(low, high)`, `NA` or
#'   infinite where there is none: a value at a limit or beyond is known to lie there, no more.
#' @param within `NULL` (default), or the two ends of a window, of which one may be infinite: values
#'   outside could not have been seen. The mixture is that of all values.
#' @param noise `FALSE` (default); `TRUE`, a uniform component from the smallest to the largest
#'   value (over `within`, if given); two numbers, the ends of its range, which must hold the data;
#'   or `c(FALSE, TRUE)`: the criterion chooses.
#' @param labels `NULL` (default), or for each value the component that it is known to be of: a
#'   factor or a vector of names or numbers, `NA` where it is not known. There are at least as many
#'   components as names.
#' @param labels_by `"random"` (default: which values have a label does not depend on their
#'   component), or `"design"`: they are samples of their components, such as control groups, and
#'   tell nothing of the proportions, which are those of the values without a label.
#' @param control The result of [gmm1d_control()], or a list of its arguments.
#' @param column The column of a data frame or table with the data: its name, bare or as a string,
#'   `.data$name`, `{{ }}` of an argument, or an expression of columns, such as `log(titre)`. For a
#'   data frame, `gmm1d(data, column)` is `gmm1d(~ column, data)`. `weights`, `error` and `labels`
#'   may be columns, too. Without it, a data frame is one of bins or intervals.
#' @param shard For a lazy table, its column with the shard: see [squash.tbl_lazy()].
#' @param data A data frame or list in which the variables of the formula,
#'   `weights` and `subset` are looked up first; default `NULL`.
#' @param subset An expression: the rows of `data` to use; default all.
#' @param ... For a histogram, a data frame, a formula or a `Surv` object: the arguments above,
#'   except `weights` and `rounding`, which counts do not take. Otherwise not used; an unknown
#'   argument is an error.
#'
#' @return An object of class `gmm1d`, a list with
#'   * `lambda`, `mu`, `sigma`: numeric vectors of length k, in order of `mu`;
#'   * `k`, `n` (the sum of the weights), `n_missing` (values dropped), `df`
#'     (free parameters: `3 k - 1` where nothing is fixed or equal), `loglik`;
#'   * `converged`; `status`: `"converged"`, `"ridge"`, `"max_iter"` (the
#'     iterations ran out), `"saddle"` (from a `start` of equal components),
#'     `"stalled"` (no rise in double precision), or `"given"` (see [as_gmm1d()]);
#'     `penalised`; `held`: the numbers of the components whose `sigma` is held at a penalised
#'     value;
#'     `iterations` and `trace`: the log-likelihood at the start of the last climb and after each of
#'     its iterations, which never falls;
#'   * `gap` (log-likelihood units), and `certificate`: a list of `gap`, `score`
#'     (the length of the score, its entries divided by the roots of the
#'     information that data with known components would give), `smallest_eigenvalue` (of the
#'     information as a part of that one, which is 1 minus the rate of EM: near 0 the data hardly
#'     tell some parameters) and `cell_width` (of the
#'     widest cell within reach of a component, in its sigmas; 0 if the points
#'     are the values);
#'   * `selection`: a data frame, one row per model, with `k`, `variance`,
#'     `loglik`, `objective` (the penalised log-likelihood at its maximum; with `start`, at
#'     the estimates), `df`, `AIC`, `BIC`,
#'     `ICL` (of `loglik`, as [stats::BIC()], smaller is better; `ICL` is `BIC` plus twice
#'     the entropy of the posterior probabilities, as in McLachlan and Peel 2000, section 6.10;
#'     others, such as mclust, take the classification in place of the probabilities), `price`
#'     (what is added for the choice), `converged`, `penalised`; `criterion`; `k_left_out`;
#'   * `noise` (`NULL`, or its proportion and the ends of its range: `sum(lambda)` is 1 less the
#'     proportion); `labels` (`NULL`, or the names of the components, `NA` where one has none; see
#'     [names.gmm1d]);
#'   * `variance` (`"free"` or `"equal"`); `fixed` and `relate` (`NULL`, or a list as given, in
#'     order of `mu`);
#'     `points` (the squashed data),
#'     `data`, `weights` and `observed` (the values, their weights and how they were observed, as
#'     given, if `keep_data`), `data_name`,
#'     `formula` with its `terms` and `variables`, `control`, `call`; `format`, by which later
#'     versions know how to read a saved fit.
#'
#' @section Errors:
#' All errors about data and arguments inherit from `gmm1d_error`. Their classes:
#' `gmm1d_error_type` (not numeric), `gmm1d_error_shape` (wrong length or
#' dimensions), `gmm1d_error_infinite`, `gmm1d_error_missing` (an `NA` where
#' none may be), `gmm1d_error_range` (a value that is not allowed),
#' `gmm1d_error_empty` (no data left), `gmm1d_error_constant` (one distinct
#' value, where `min_sigma` does not allow it for k = 1), `gmm1d_error_k` (more components than
#' distinct values), `gmm1d_error_argument` (unknown or missing argument, variable or word).
#'
#' @references
#' Akaike, H. (1974). A new look at the statistical model identification. *IEEE Transactions on
#' Automatic Control* 19, 716-723. \doi{10.1109/TAC.1974.1100705}
#'
#' Dempster, A. P., Laird, N. M. and Rubin, D. B. (1977). Maximum likelihood
#' from incomplete data via the EM algorithm. *Journal of the Royal Statistical
#' Society B* 39, 1-38. \doi{10.1111/j.2517-6161.1977.tb01600.x}
#'
#' Bovy, J., Hogg, D. W. and Roweis, S. T. (2011). Extreme deconvolution: inferring complete
#' distribution functions from noisy, heterogeneous and incomplete observations. *Annals of Applied
#' Statistics* 5, 1657-1677. \doi{10.1214/10-AOAS439}
#'
#' Chen, J., Tan, X. and Zhang, R. (2008). Inference for normal mixtures in mean
#' and variance. *Statistica Sinica* 18, 443-465.
#'
#' Galbraith, R. F. and Green, P. F. (1990). Estimating the component ages in a finite mixture.
#' *Nuclear Tracks and Radiation Measurements* 17, 197-206. \doi{10.1016/1359-0189(90)90035-V}
#'
#' Macdonald, P. D. M. and Pitcher, T. J. (1979). Age-groups from size-frequency data: a versatile
#' and efficient method of analyzing distribution mixtures. *Journal of the Fisheries Research Board
#' of Canada* 36, 987-1001. \doi{10.1139/f79-137}
#'
#' McLachlan, G. J. and Jones, P. N. (1988). Fitting mixture models to grouped and
#' truncated data via the EM algorithm. *Biometrics* 44, 571-578. \doi{10.2307/2531869}
#'
#' Varadhan, R. and Roland, C. (2008). Simple and globally convergent methods for
#' accelerating the convergence of any EM algorithm. *Scandinavian Journal of
#' Statistics* 35, 335-353. \doi{10.1111/j.1467-9469.2007.00585.x}
#'
#' Louis, T. A. (1982). Finding the observed information matrix when using the
#' EM algorithm. *Journal of the Royal Statistical Society B* 44, 226-233.
#' \doi{10.1111/j.2517-6161.1982.tb01203.x}
#'
#' McLachlan, G. J. and Peel, D. (2000). *Finite Mixture Models*. Wiley.
#' \doi{10.1002/0471721182}
#'
#' Schwarz, G. (1978). Estimating the dimension of a model. *Annals of Statistics* 6, 461-464.
#' \doi{10.1214/aos/1176344136}
#'
#' Biernacki, C., Celeux, G. and Govaert, G. (2000). Assessing a mixture model
#' for clustering with the integrated completed likelihood. *IEEE Transactions
#' on Pattern Analysis and Machine Intelligence* 22, 719-725.
#' \doi{10.1109/34.865189}
#'
#' @concept Gaussian mixture model
#' @concept finite mixture
#' @concept equality constraints
#' @concept lengths at age
#' @concept constant coefficient of variation
#' @concept length-frequency
#' @concept cohort
#' @concept growth curve
#' @concept DNA content
#' @concept cell cycle
#' @concept ploidy
#' @concept copy number
#' @concept noise floor
#' @concept background noise
#' @concept detection limit
#' @concept censored data
#' @concept titre
#' @concept truncated data
#' @concept measurement error
#' @seealso [squash()], [predict.gmm1d()], [plot.gmm1d()], [dgmm1d()], [estep()]
#' @examples
#' fit <- gmm1d(faithful, waiting)
#' fit
#' plot(fit)
#'
#' # the same by a formula, or of a vector
#' identical(gmm1d(~ waiting, data = faithful)$mu, gmm1d(faithful$waiting)$mu)
#'
#' # a given number of components, counts as weights
#' gmm1d(c(1, 2, 3, 7, 8, 9), k = 2, weights = c(5, 9, 4, 3, 8, 4))
#'
#' # a known component, and what is beside it
#' gmm1d(faithful$waiting, fixed = list(mu = c(80, NA), sigma = c(6, NA)))
#'
#' # is there anything beside noise of mean 0 and standard deviation 1?
#' set.seed(1)
#' gmm1d(c(rnorm(200), rnorm(30, 4)), k = 1:4, fixed = list(mu = c(0, NA), sigma = c(1, NA)))
#'
#' # peaks at one and at two units, as of DNA content; a constant coefficient of variation
#' content <- c(rnorm(700, 50, 2.5), rnorm(200, 100, 5))
#' gmm1d(content, relate = list(mu = c(1, 2), sigma = "proportional"))
#'
#' # from a histogram of whole minutes, its edges between them; from rounded values
#' gmm1d(hist(faithful$waiting, breaks = seq(39.5, 99.5, 5), plot = FALSE), k = 2)
#' gmm1d(~ mag, data = quakes, rounding = 0.1)
#'
#' # values with errors; below a limit of detection; seen through a window; with a background
#' set.seed(1)
#' error <- runif(200, 0.2, 1)
#' gmm1d(c(rnorm(120, 10), rnorm(80, 15)) + rnorm(200, 0, error), error = error, k = 1:3)
#' gmm1d(pmax(faithful$waiting, 50), censored = c(50, NA), k = 2)
#' gmm1d(with(faithful, waiting[waiting > 50 & waiting < 90]), within = c(50.5, 89.5), k = 2)
#' gmm1d(c(faithful$waiting, seq(0, 200, 5)), noise = c(FALSE, TRUE), k = 1:3)
#' @export
gmm1d <- function(x, ...) {
  if (missing(x)) {
    abort_gmm1d("argument", "`x`, the first argument, is missing: give data or a formula.")
  }
  UseMethod("gmm1d")
}

#' @rdname gmm1d
#' @export
gmm1d.default <- function(x, k = 1:9, weights = NULL, variance = "free",
                          criterion = c("BIC", "AIC", "ICL"), fixed = NULL, start = NULL,
                          rounding = NULL, control = gmm1d_control(), ..., error = NULL,
                          censored = NULL, within = NULL, noise = FALSE, labels = NULL,
                          labels_by = "random", relate = NULL) {
  if ("data" %in% ...names()) {
    abort_gmm1d("argument", "`data` goes with a formula: `gmm1d(~ variable, data)`.")
  }
  check_no_dots(...)
  parse_data(x)
  check_fixed_is_of_components(fixed, length(x), if (!missing(k)) k)
  observed <- parse_observed(length(x), error, censored, within, labels, labels_by)
  plan <- parse_plan(if (!missing(k)) k, variance, criterion, fixed, start, control, noise,
                     nlevels(observed$labels), relate)
  points <- squash_any(x, weights, parse_rounding(rounding), observed, plan$control)
  if (has_low_weights(points)) warn_of_weights(points)
  source <- if (needs_rows(observed)) squashed_source(points)
            else vector_source(points, x, weights, plan$control)
  fit <- fit_set(new_set(source, plan), plan)
  if (plan$control$keep_data) {
    fit[c("data", "weights", "observed")] <- list(x, weights, observed)
  }
  finish_fit(fit, name_of(substitute(x)), call_of("gmm1d", match.call()))
}

#' @rdname gmm1d
#' @export
gmm1d.squashed <- function(x, k = 1:9, variance = "free", criterion = c("BIC", "AIC", "ICL"),
                           fixed = NULL, start = NULL, control = gmm1d_control(), ...,
                           noise = FALSE, relate = NULL) {
  check_no_dots(...)
  source <- squashed_source(parse_squashed(x))
  labels <- length(points_of(source)$label_names)
  plan <- parse_plan(if (!missing(k)) k, variance, criterion, fixed, start, control, noise, labels,
                     relate)
  fit <- fit_set(new_set(source, plan), plan)
  warn_if_coarse(fit)
  finish_fit(fit, name_of(substitute(x)), call_of("gmm1d", match.call()))
}

#' @rdname gmm1d
#' @export
gmm1d.histogram <- function(x, ...) {
  fit <- gmm1d.squashed(squash(x), ...)
  finish_fit(fit, x$xname, call_of("gmm1d", match.call(), gmm1d.squashed))
}

#' @rdname gmm1d
#' @export
gmm1d.data.frame <- function(x, column, ..., weights = NULL, error = NULL, labels = NULL,
                             within = NULL, labels_by = "random", control = gmm1d_control()) {
  said <- said_of_rows(x, rlang::enquos(weights = weights, error = error, labels = labels))
  groups <- groups_of_rows(x)
  has_k <- are_intervals(x) && are_numbers(rlang::enquo(column), names(x))
  if (missing(column) || has_k) {
    if (!is.null(groups)) abort_no_column(x)
    check_no_weights(said$weights)
    points <- squash_intervals(x, control, said$error, within, said$labels, labels_by)
    fit <- if (has_k) gmm1d.squashed(points, column, ..., control = control)
           else gmm1d.squashed(points, ..., control = control)
    call <- match.call()
    names(call)[names(call) == "column"] <- "k"
    return(finish_fit(fit, name_of(substitute(x)), call_of("gmm1d", call, gmm1d.squashed)))
  }
  frame <- column_frame(x, rlang::enquo(column))
  if (!is.null(groups)) {
    if (!is.null(said$labels)) {
      abort_gmm1d("argument", "`labels` must not be given for data with groups.")
    }
    return(fit_groups_of(frame, groups, ..., weights = said$weights, error = said$error,
                         within = within, control = control))
  }
  fit <- gmm1d(frame$x, ..., weights = said$weights, error = said$error, labels = said$labels,
               within = within, labels_by = labels_by, control = control)
  call <- call_of("gmm1d", match.call(), gmm1d.default)
  call$column <- frame$expression
  finish_fit(fit, frame$name, call, formula = frame$formula, terms = frame$terms,
             variables = frame$variables)
}

#' @rdname gmm1d
#' @exportS3Method
gmm1d.Surv <- function(x, ..., weights = NULL, error = NULL, within = NULL, # nolint
                       labels = NULL, labels_by = "random", control = gmm1d_control()) {
  points <- squash.Surv(x, weights, control, error = error, within = within, labels = labels,
                        labels_by = labels_by)
  fit <- gmm1d.squashed(points, ..., control = control)
  finish_fit(fit, name_of(substitute(x)), call_of("gmm1d", match.call(), gmm1d.squashed))
}

#' @rdname gmm1d
#' @export
gmm1d.formula <- function(x, data = NULL, ..., weights = NULL, subset = NULL, error = NULL,
                          labels = NULL) {
  frame <- formula_frame(x, data, substitute(weights), substitute(subset),
                         list(error = substitute(error), labels = substitute(labels)))
  fit <- gmm1d(frame$x, ..., weights = frame$weights, error = frame$error, labels = frame$labels)
  finish_fit(fit, frame$name, call_of("gmm1d", match.call(), gmm1d.default),
             formula = x, terms = frame$terms, variables = frame$variables)
}

#' @rdname gmm1d
#' @export
gmm1d.function <- function(x, ..., rounding = NULL, control = gmm1d_control()) {
  fit <- gmm1d.squashed(squash(x, rounding, control), ..., control = control)
  finish_fit(fit, name_of(substitute(x)), call_of("gmm1d", match.call(), gmm1d.squashed))
}

#' @rdname gmm1d
#' @export
gmm1d.tbl_lazy <- function(x, column, k = 1:9, weights = NULL, shard = NULL, variance = "free",
                           criterion = c("BIC", "AIC", "ICL"), fixed = NULL, start = NULL,
                           control = gmm1d_control(), ..., error = NULL, within = NULL,
                           noise = FALSE, relate = NULL, rounding = NULL) {
  check_no_dots(...)
  plan <- parse_plan(if (!missing(k)) k, variance, criterion, fixed, start, control, noise,
                     relate = relate)
  has_groups <- length(dplyr::group_vars(x)) > 0L
  if (has_groups && any(vapply(plan$models, has_noise, NA))) {
    abort_gmm1d("argument", "`noise` is for a table without groups.")
  }
  query <- range_query(x, rlang::enquo(column), rlang::enquo(weights), rlang::enquo(shard),
                       rlang::enquo(error), parse_bounds(within, "within"),
                       plan$control, if (has_groups) map_attempts else Map,
                       parse_rounding(rounding))
  source <- ask_database(query)
  if (has_groups) return(fit_groups(source, plan))
  fit <- fit_set(new_set(source, plan), plan)
  warn_if_coarse(fit)
  finish_fit(fit, query$x, call_of("gmm1d", match.call()), column = query$column,
             error_column = query$error_column)
}

# The fit of one data set.
fit_set <- function(set, plan) {
  plan$models <- lapply(plan$models, with_noise_range, set$points)
  if (is.null(plan$start)) inform_of_time(max(set$k))
  outcome <- fit_sets(list(set), plan)[[1L]]
  warn_if_doubtful(outcome$result, outcome$points, !is.null(plan$start))
  new_gmm1d(outcome, plan)
}

# From weighted points to what the criterion chooses, for many data sets at once. `map` says what
# becomes of an error that concerns one of them.
fit_sets <- function(sets, plan, map = Map) {
  tried <- map(function(set, path) refine_path(set, path, plan), sets, fit_paths(sets, plan))
  choose_fits(tried, plan)
}

# A data set: where it can be read again, its points, and the numbers of components to try.
new_set <- function(source, plan) {
  points <- points_of(source)
  list(source = source, points = points, k = k_for(points, plan))
}

# The fits of each data set: a path for each model, with a fit for each number of components.
fit_paths <- function(sets, plan) {
  paths <- lapply(plan$models, function(model) {
    if (!is.null(plan$start)) {
      model <- sized_model(model, plan$start$k)
      return(lapply(sets, function(set) list(climb(set$points, plan$start, model, plan$control))))
    }
    k <- lapply(sets, `[[`, "k")
    # With one component, free and equal variances are the same.
    if (model$variance == "equal" && length(plan$models) > 1L) k <- lapply(k, setdiff, 1L)
    search_each(lapply(sets, `[[`, "points"), k, model, plan$control)
  })
  do.call(Map, c(f = c, paths))
}

# Replaces fits whose components are narrow for their cells by fits on finer points. If the data
# take long to read, only fits that may still be chosen are replaced.
refine_path <- function(set, path, plan) {
  check_possible(path)
  source <- set$source
  points <- set$points
  narrow_ones <- function() {
    narrow <- vapply(path, is_too_narrow, NA)
    if (points$n <= quickly_read || !any(narrow)) narrow
    else narrow & may_be_chosen(path, points, plan)
  }
  while (any(narrow <- narrow_ones())) {
    source <- finer(source, lapply(path[narrow], mixture_at_cells))
    if (identical(points_of(source)$grid, points$grid)) break
    points <- points_of(source)
    path[narrow] <- fit_again(path[narrow], points, plan)
  }
  list(points = points, path = path)
}

# So many values are read again in a few milliseconds.
quickly_read <- 1e6

# Fits go on from their estimates, on other points.
fit_again <- function(results, points, plan) {
  if (is.null(plan$start)) return(conclude(points, results, plan$control))
  lapply(results, function(result) climb(points, result$mixture, result$model, plan$control))
}

# Builds the fit from the chosen model. `data` is a list of the values, unless they were squashed or
# grouped, and of their weights.
new_gmm1d <- function(outcome, plan, data = NULL, data_name = "x") {
  result <- outcome$result
  points <- outcome$points
  selection <- outcome$selection
  if (!any(selection$noise)) selection$noise <- NULL
  is_kept <- !is.null(data$x) && !is_squashable(data$x)
  structure(
    c(
      result$mixture[c("lambda", "mu", "sigma", "k")],
      list(
        noise = result$mixture$noise,
        labels = points$label_names[expand_labels(result$model$labels, result$mixture$k)],
        loglik = result$loglik, n = points$n, n_missing = points$n_missing,
        df = selection$df[outcome$chosen],
        converged = result$status == "converged", status = result$status,
        gap = result$certificate$gap, certificate = result$certificate,
        penalised = result$penalised, held = which(as.logical(result$held)),
        iterations = result$iterations, trace = result$trace,
        selection = list2DF(selection), criterion = plan$criterion,
        k_left_out = plan$k[!plan$k %in% selection$k],
        variance = result$model$variance,
        fixed = if (!all(is.na(unlist(result$model$fixed)))) result$model$fixed,
        relate = result$model$relate,
        points = points, data = if (is_kept) data$x, weights = if (is_kept) data$weights,
        observed = NULL,
        data_name = data_name, formula = NULL, terms = NULL, variables = NULL,
        control = plan$control, call = NULL, format = saved_format
      )
    ),
    class = "gmm1d"
  )
}

# A fit with the name of its data, its call, and what else the method knows of it.
finish_fit <- function(fit, data_name, call, ...) {
  known <- list(data_name = data_name, call = call, ...)
  fit[names(known)] <- known
  fit
}
