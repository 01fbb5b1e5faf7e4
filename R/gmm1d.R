#' Fit a one-dimensional Gaussian mixture
#'
#' @description
#' Estimates the proportions `lambda`, means `mu` and standard deviations `sigma` of a mixture of
#' Gaussian distributions by maximum likelihood, and chooses the number of components:
#' ```r
#' fit <- gmm1d(faithful$waiting)  # tries k = 1 to 9; BIC chooses
#' plot(fit)
#' ```
#' The search for the maximum is deterministic: the same data always give the same fit, and
#' `.Random.seed` is not touched. The maximum is reached by the EM algorithm (Dempster, Laird and
#' Rubin 1977) and Newton's method.
#'
#' @param x The data, as one of
#'   * a numeric vector or an n x 1 matrix, integer and `integer64` included;
#'   * a one-sided formula, `~ variable`;
#'   * a data frame and a `column` of it; with groups by `dplyr::group_by()`, the result is a
#'     [gmm1d_each()] object with a fit of each;
#'   * grouped data: a histogram ([graphics::hist()]), or a data frame with columns `lower`, `upper`
#'     (the bins, which may be open: -Inf, Inf) and `count`;
#'   * intervals: a data frame with columns `lower` and `upper` (equal if the value is known) and
#'     optionally `count`, or a [survival::Surv()] object with left, right or interval censoring;
#'   * squashed data ([squash()]), a function that returns chunks ([squash.function()]), or a lazy
#'     table of dbplyr ([squash.tbl_lazy()]; a grouped one gives a [gmm1d_each()] object).
#'
#'   `NA` and `NaN` are dropped, and `print()` says how many.
#' @param k Numbers of components to try: whole numbers, at least 1. If several are given,
#'   `criterion` chooses. Values of k larger than the number of distinct values, or with at least as
#'   many free parameters as bins, are skipped (`summary()` says which). Default: `1:9`, or the
#'   number of components in `start` or `fixed`.
#' @param weights Observation weights: `NULL` (default: all 1) or a numeric vector as long as `x`,
#'   not negative, without `NA`. A weight w counts as w equal observations, so the weights should
#'   sum to the number of observations. If they sum to less than half the number of distinct values,
#'   a warning of class `gmm1d_warning_weights` says that the criteria are unreliable. The same
#'   applies to the counts of grouped data: do not give proportions or densities. With a data
#'   frame, `data` or a table, `weights` is an expression, looked up among its columns first.
#' @param variance `"free"` (default: each component has its own `sigma`), `"equal"` (one `sigma`
#'   for all), or `c("free", "equal")`: the criterion chooses.
#' @param criterion `"BIC"` (default), `"AIC"` or `"ICL"` (Schwarz 1978, Akaike 1974, Biernacki,
#'   Celeux and Govaert 2000). The model with the smallest value is chosen, after a price for narrow
#'   components has been added: see *How k is chosen* below.
#' @param fixed `NULL` (default: all parameters are estimated), or a list with any of `lambda`, `mu`
#'   and `sigma` to hold known parameters fixed: numeric vectors with one value for each component,
#'   or (except for `lambda`) one for all; `NA` for free parameters. The vectors define the order of
#'   the components here; in the fit they are in order of `mu`. With `variance = "equal"` the sigmas
#'   that are not fixed are equal. If `k` is larger than the vectors are long, the additional
#'   components are free, except for values fixed for all:
#'   `k = 1:5, fixed = list(mu = c(0, NA), sigma = c(1, NA))` asks what there is besides N(0, 1).
#' @param relate `NULL` (default), or a list of relations between parameters, such as
#'   `list(mu = "equal spacing", sigma = "proportional")`: see [gmm1d_relations].
#' @param start `NULL` (default: the search), or starting values: a list of numeric vectors
#'   `lambda`, `mu` and `sigma`, each of length k, or a `gmm1d` fit, of which only these three are
#'   used, not its `variance`. Fixed parameters take precedence.
#' @param rounding `NULL` (default: exact), or the rounding unit (0.1 for one decimal), a number > 0
#'   in the unit of `x`. Each value is then treated as an interval of this width around it.
#' @param error `NULL` (default: exact), or the standard deviations of the normal measurement
#'   errors of the values: a number >= 0 for all, or one for each value (0: exact), in the unit of
#'   `x`; with a data frame, `data` or a table an expression, as for `weights`. The mixture is then
#'   that of the true values. For this and the next four arguments see [gmm1d_observed].
#' @param censored `NULL` (default), or the two limits of detection, `c(low, high)`, `NA` or
#'   infinite if there is none. A value at or beyond a limit is treated as censored there.
#'   Limits are on the scale of the fit: `~ log(od)` goes with `log(c(0.15, NA))`. `print()` says
#'   how many values are censored. A warning of class `gmm1d_warning_censored` says so if more than
#'   half of the values, and of the distinct values, lie beyond the limits: either these are on
#'   another scale, or the values should be recorded at the limit, `pmax(x, limit)`. (However many
#'   values are recorded at the limit, or all at one number below it, there is no warning.)
#' @param within `NULL` (default), or the two ends of a window, one of which may be infinite: values
#'   outside it could not have been observed. The mixture is that of all values.
#' @param noise `FALSE` (default); `TRUE`, a uniform component from the smallest to the largest
#'   value (over `within`, if given); two numbers, the ends of its range, which must contain the
#'   data; or `c(FALSE, TRUE)`: the criterion chooses.
#' @param labels `NULL` (default), or the known component of each value: a factor or a vector of
#'   names or numbers, `NA` if it is not known (an empty string is
#'   an error). There are at least as many components as names.
#' @param labels_by `"random"` (default: whether a value has a label does not depend on its
#'   component), or `"design"`: the labelled values are samples of their components, such as control
#'   groups. They then carry no information on the proportions, which are those of the values
#'   without a label.
#' @param control The result of [gmm1d_control()], or a list of its arguments.
#' @param column The column of a data frame or table with the data: its name, bare or as a string,
#'   `.data$name`, `{{ }}` of an argument, or an expression of columns, such as `log(titre)`. For a
#'   data frame, `gmm1d(data, column)` is the same as `gmm1d(~ column, data)`; `weights`, `error`
#'   and `labels` may be columns as well. Without `column`, a data frame contains bins or
#'   intervals.
#' @param shard For a lazy table, its column with the shard: see [squash.tbl_lazy()].
#' @param ask For a lazy table, `NULL` (default), or a function that runs its queries where R has no
#'   connection: see [squash.tbl_lazy()].
#' @param data A data frame or list in which the variables of the formula, `weights` and `subset`
#'   are looked up first; default `NULL`.
#' @param subset An expression: the rows of `data` to use; default all.
#' @param ... For a histogram, a data frame, a formula or a `Surv` object: the arguments above,
#'   except `weights` and `rounding`, which do not apply to counts. Otherwise not used; an unknown
#'   argument is an error.
#'
#' @return An object of class `gmm1d`, a list. The fields that are used most:
#'   * `lambda`, `mu`, `sigma`: numeric vectors of length k, in order of `mu`;
#'   * `k`, `n` (the sum of the weights), `n_missing` (values dropped), `df` (the number of free
#'     parameters: `3 k - 1` if nothing is fixed or equal), `loglik`;
#'   * `selection`: a data frame with one row per model: `k`, `variance`, `loglik`, `objective` (the
#'     penalised log-likelihood at its maximum; with `start`, at the estimates), `df`, `AIC`, `BIC`,
#'     `ICL` (smaller is better), `price`, `converged`, `penalised`, `brief` (`TRUE` if the search
#'     was brief, see "How k is chosen"), `bound` and `bound_sigma` (no mixture in which all sigmas
#'     are at least `bound_sigma` has a log-likelihood above `bound`; `NA` if none was needed);
#'     `criterion`; `k_left_out` (the numbers of components that were skipped).
#'
#'   How the maximum was found:
#'   * `converged`, and `status`: `"converged"`; `"ridge"` (the likelihood is flat); `"max_iter"`
#'     (the iterations ran out); `"saddle"` (from a `start` with equal components); `"stalled"` (no
#'     further increase in double precision; this and `"saddle"` also where a step would make a
#'     `sigma` smaller than ties allow); or `"given"` (see [as_gmm1d()]);
#'   * `penalised`, and `held`: the numbers of the components whose `sigma` is held at a penalised
#'     value;
#'   * `iterations`, and `trace`: the log-likelihood at the start of the last climb and after each
#'     of its iterations, which never decreases;
#'   * `gap`: the gain in log-likelihood that one more Newton step predicts;
#'   * `certificate`: a list of `gap`, `score` (the length of the score, each entry divided by the
#'     square root of its complete-data information), `smallest_eigenvalue` (of the information
#'     relative to the complete-data information, i.e. 1 minus the rate of EM; near 0 some
#'     parameters are barely identified) and `cell_width` (of the widest cell within reach of a
#'     component, in units of its sigma; 0 if the points are the values themselves).
#'
#'   What the model and the data were:
#'   * `variance` (`"free"` or `"equal"`); `fixed` and `relate` (`NULL`, or a list as given, in
#'     order of `mu`); `noise` (`NULL`, or the proportion and the ends of the range of the noise;
#'     `sum(lambda)` is 1 minus that proportion); `labels` (`NULL`, or the names of the components,
#'     `NA` for those without; see [names.gmm1d]);
#'   * `points` (the squashed data); `data`, `weights` and `observed` (the values, their weights and
#'     how they were observed, as given, if `keep_data`); `data_name`, `formula` with its `terms`
#'     and `variables`, `control`, `call`; `format`, the version of the layout of saved fits.
#'
#' @section What it does not do:
#' Data must be one-dimensional and observations independent. For several variables see mclust; for
#' mixtures of regressions or of other distributions, flexmix and mixtools; for time series,
#' depmixS4. Components are normal, so a skewed group takes two or more of them ([gof_test()]
#' detects a poor fit; a log transformation may help), and counts below about 10 need other
#' distributions. There are no prior distributions, no random effects between data sets and no
#' parameters shared between data sets: [gmm1d_each()] fits each data set separately. A component is
#' not necessarily a real group; the data alone cannot decide that.
#'
#' @section Warnings:
#'   * `gmm1d_warning_penalised`: some `sigma` is held at a penalised value, because the likelihood
#'     has no maximum nearby.
#'   * `gmm1d_warning_not_converged`: there is no certificate of a maximum; the text says why.
#'   * `gmm1d_warning_weights`: the weights sum to much less than the number of values.
#'   * `gmm1d_warning_cells`: a component is too narrow for the cells of squashed data.
#'
#' @section Errors:
#' All errors about data and arguments inherit from `gmm1d_error`. Their classes:
#' `gmm1d_error_type` (not numeric), `gmm1d_error_shape` (wrong length or dimensions),
#' `gmm1d_error_infinite`, `gmm1d_error_missing` (an `NA` where none is allowed),
#' `gmm1d_error_range` (a value that is not allowed), `gmm1d_error_empty` (no data left),
#' `gmm1d_error_constant` (one distinct value, and `min_sigma` does not allow it for k = 1),
#' `gmm1d_error_k` (more components than distinct values), `gmm1d_error_argument` (unknown or
#' missing argument, variable or word).
#'
#' @section How the maximum is found:
#' The data are read once and squashed to weighted points ([squash()]). The fit needs nothing else,
#' so its time and memory hardly grow with the number of observations.
#'
#' The likelihood of a Gaussian mixture has many maxima and is unbounded as a `sigma` goes to 0, so
#' "the maximum" needs a definition. gmm1d ranks the maxima by the penalised likelihood of Chen, Tan
#' and Zhang (2008), `loglik - a sum_j (s^2 / sigma_j^2 - 1 - log(s^2 / sigma_j^2))`, with a = 1 / n
#' and s a robust scale of the data. A deterministic search looks for its highest maximum with
#' 1, 2, ... components: from partitions of the data, and by splitting, inserting, removing,
#' swapping and merging components. The fit that is chosen does not depend on the other `k` tried.
#' From there EM maximises the unpenalised likelihood, so the estimates are maximum likelihood
#' estimates. With `start`, the search is omitted and the unpenalised likelihood is maximised from
#' there.
#'
#' A component may degenerate on the way: its `sigma` reaches the smallest allowed, or it contracts
#' onto less than three quarters of its observations, or onto fewer than ten, while the objective
#' falls by more than 1. Its `sigma` alone is then held at the penalised value, and all other
#' parameters are maximum likelihood estimates given that value (`penalised` is `TRUE`, `held` names
#' the components).
#'
#' EM steps come first, accelerated (Varadhan and Roland 2008) if that leads higher, then Newton
#' steps. No step lowers the objective. A fit has converged if there is a certificate that it is a
#' maximum: the observed information is positive definite (Louis 1982), and one more Newton step
#' predicts a gain in log-likelihood (`gap`) of at most `tol`. The likelihood is called a ridge if
#' it is flat: more components than the data can distinguish, a component narrower than its bin or
#' diverging in an open one, or 20 Newton steps that together gain no more than 0.01.
#'
#' @section How k is chosen:
#' The `AIC`, `BIC` and `ICL` in `selection` are computed from `loglik`, as in [stats::BIC()]. `ICL`
#' is `BIC` plus twice the entropy of the posterior probabilities (McLachlan and Peel 2000, section
#' 6.10); other packages, such as mclust, use the classification instead of the probabilities.
#'
#' For the choice, `price` is added to the criterion: `2 sum_j log+(s / (k sigma_j))`, with
#' `log+ = max(0, log)` and s the standard deviation of the mixture without its components of fewer
#' than 4.5 values. A component of width sigma could have lain in `s / sigma` places, which the
#' approximation behind BIC ignores; the price guards against components that fit a few values. If
#' the smallest value in `selection` belongs to another model, `print()` says so.
#'
#' Most of the time would be spent on large numbers of components that cannot be chosen. So all
#' `k` are first searched briefly, and then at length up to the largest that may have the lowest
#' criterion. The others remain as they are (`brief` is `TRUE`): their criterion is above the lowest
#' by more than 30, or by more than 8 and [headroom()] rules them out, because no mixture in which
#' all sigmas are at least `bound_sigma` (half the narrowest of the fit) has a log-likelihood above
#' `bound`. The largest `k` that is searched at length is `brief`, too, if its criterion is above
#' the lowest by more than 4 (with n > 1000 values, by more than `4 sqrt(n / 1000)`, at most 30):
#' its fit is then not improved by merging components of fits with more. Other searches may raise
#' these log-likelihoods by a few units; they take place if such a `k` is asked for alone, and for
#' all `k` with `starts = "thorough"` in the control.
#'
#' @section Grouped, rounded and tied data:
#' The likelihood of counts in bins is that of the intervals,
#' `sum count log(sum_j lambda_j (Phi((upper - mu_j) / sigma_j) - Phi((lower - mu_j) / sigma_j)))`,
#' not of their midpoints; the M-step uses the moments of normal distributions truncated to the bins
#' (McLachlan and Jones 1988). `rounding` does the same for values rounded to a known unit. The
#' log-likelihoods, and so AIC and BIC, of grouped, rounded and exact values cannot be compared with
#' each other. To count values on a lattice, put the edges of the bins between its points.
#'
#' Tied values have no density: a narrow component on one of them gains likelihood spuriously. If
#' all values lie on a lattice of step d, no `sigma` is below `d sqrt(log(4 n)) / (pi sqrt(2))`, at
#' which this gain is half a unit (by Poisson's summation formula). If most values are tied
#' otherwise, such as logarithms of counts, d is the gap between neighbouring tied values,
#' interpolated at `mu`. Use `rounding` to treat such values as the intervals that they are.
#'
#' @references
#' Akaike, H. (1974). A new look at the statistical model identification. *IEEE Transactions on
#' Automatic Control* 19, 716-723. \doi{10.1109/TAC.1974.1100705}
#'
#' Dempster, A. P., Laird, N. M. and Rubin, D. B. (1977). Maximum likelihood
#' from incomplete data via the EM algorithm. *Journal of the Royal Statistical
#' Society B* 39, 1-38. \doi{10.1111/j.2517-6161.1977.tb01600.x}
#'
#' Chen, J., Tan, X. and Zhang, R. (2008). Inference for normal mixtures in mean
#' and variance. *Statistica Sinica* 18, 443-465.
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
#' @concept lengths at age
#' @concept length-frequency
#' @concept detection limit
#' @concept censored data
#' @concept truncated data
#' @concept measurement error
#' @seealso [summary.gmm1d()], [plot.gmm1d()], [predict.gmm1d()] and [confint.gmm1d()] for what
#'   to do with a fit; [gmm1d_each()] for a fit of each group; [gmm1d_relations] and
#'   [gmm1d_observed] for two groups of arguments; [squash()], [dgmm1d()], [estep()]
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
#' # one component is known: what is the other?
#' gmm1d(faithful$waiting, fixed = list(mu = c(80, NA), sigma = c(6, NA)))
#'
#' # is there anything besides noise with mean 0 and standard deviation 1?
#' set.seed(1)
#' gmm1d(c(rnorm(200), rnorm(30, 4)), k = 1:4, fixed = list(mu = c(0, NA), sigma = c(1, NA)))
#'
#' # peaks at one and two units, as in DNA content; a constant coefficient of variation
#' content <- c(rnorm(700, 50, 2.5), rnorm(200, 100, 5))
#' gmm1d(content, relate = list(mu = c(1, 2), sigma = "proportional"))
#'
#' # a histogram of whole minutes, with edges between them; rounded values
#' gmm1d(hist(faithful$waiting, breaks = seq(39.5, 99.5, 5), plot = FALSE), k = 2)
#' gmm1d(~ mag, data = quakes, rounding = 0.1)
#'
#' # values with measurement errors
#' error <- runif(200, 0.2, 1)
#' gmm1d(c(rnorm(120, 10), rnorm(80, 15)) + rnorm(200, 0, error), error = error, k = 1:3)
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
    abort_gmm1d("argument", "`data` needs a formula: `gmm1d(~ variable, data)`.")
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
  check_no_third_column(rlang::enquos(..., .ignore_empty = "all"), names(x))
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
                           noise = FALSE, relate = NULL, rounding = NULL, ask = NULL) {
  check_no_dots(...)
  plan <- parse_plan(if (!missing(k)) k, variance, criterion, fixed, start, control, noise,
                     relate = relate)
  has_groups <- length(dplyr::group_vars(x)) > 0L
  if (has_groups && any(vapply(plan$models, has_noise, NA))) {
    abort_gmm1d("argument", "`noise` is not available for grouped tables.")
  }
  query <- range_query(x, rlang::enquo(column), rlang::enquo(weights), rlang::enquo(shard),
                       rlang::enquo(error), parse_bounds(within, "within"),
                       plan$control, if (has_groups) map_attempts else Map,
                       parse_rounding(rounding), parse_ask(ask))
  source <- ask_database(query)
  if (has_groups) return(fit_groups(source, plan))
  fit <- fit_set(new_set(source, plan), plan)
  warn_if_coarse(fit)
  finish_fit(fit, query$x, call_of("gmm1d", match.call()), column = query$column,
             error_column = query$error_column)
}

# Fits one data set.
fit_set <- function(set, plan) {
  plan$models <- lapply(plan$models, with_noise_range, set$points)
  if (is.null(plan$start)) inform_of_time(max(set$k))
  outcome <- fit_sets(list(set), plan)[[1L]]
  warn_if_doubtful(outcome$result, outcome$points, !is.null(plan$start))
  new_gmm1d(outcome, plan)
}

# From weighted points to the model that the criterion chooses, for many data sets at once. `map`
# decides what happens if one of them fails.
fit_sets <- function(sets, plan, map = Map) {
  tried <- map(function(set, path) refine_path(set, path, plan), sets, fit_paths(sets, plan))
  choose_fits(tried, plan)
}

# A data set: its source, where it can be read again, its points, and the numbers of components to
# try.
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
    search_each(lapply(sets, `[[`, "points"), k, model, plan$control, plan$criterion)
  })
  do.call(Map, c(f = c, paths))
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

# Adds the name of the data, the call, and other fields that only the method knows.
finish_fit <- function(fit, data_name, call, ...) {
  known <- list(data_name = data_name, call = call, ...)
  fit[names(known)] <- known
  fit
}
