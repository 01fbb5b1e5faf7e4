#' Tables of models with easystats and modelsummary
#'
#' Methods for generics of insight, parameters, bayestestR and performance. They let these packages,
#' and `modelsummary::modelsummary()`, which uses them, work with fits. gmm1d needs none of these
#' packages.
#'
#' @details
#' `modelsummary::modelsummary(list(fit2, fit3))` shows estimates and standard errors side by side,
#' and below them the number of values, AIC, BIC, the number of components and the log-likelihood.
#' `coef_map = names(coef(fit3))` sorts the parameters as in the largest fit.
#' `parameters::compare_parameters()` does the same for results of `model_parameters()`. (It does
#' not take fits, and neither does `performance::compare_performance()`, because both accept only
#' the classes of models that insight lists.)
#'
#' There are no test statistics and no p-values; [summary.gmm1d()] says why.
#'
#' These packages pass further arguments to all models in `...`. They are ignored here, so a
#' misspelt argument is not an error.
#'
#' @param model,x A [gmm1d()] fit.
#' @param ci Confidence level: a number between 0 and 1, default 0.95; `NULL` for no intervals.
#' @param ci_method,method The method for intervals: `NULL` (default) or `"wald"`, `"profile"`, or
#'   `"boot"` (see [confint.gmm1d()]).
#' @param vcov `NULL` (default: [vcov.gmm1d()]), another covariance matrix, a function of the fit
#'   that returns one, such as `sandwich::sandwich`, or a name that `insight::get_varcov()` knows,
#'   such as `"CL"` (clustered).
#' @param vcov_args A list of arguments for the function or the name, such as `list(cluster = )`.
#' @param exponentiate Must be `FALSE` (default) or `NULL`.
#' @param keep,drop Regular expressions: the parameters to keep or to drop; `NULL` (default) for
#'   all of them.
#' @param metrics `"all"` (default), `"common"` (`"AIC"`, `"BIC"` and `"k"`), or any of `"AIC"`,
#'   `"BIC"`, `"ICL"`, `"logLik"`, `"npar"` (the number of free parameters) and `"k"` (the number of
#'   components).
#' @param type `"residual"` (default: the degrees of freedom of [df.residual()]), `"model"` (the
#'   number of free parameters), or any other word for `Inf`, because intervals are normal.
#' @param data New data, as for [predict.gmm1d()]; `NULL` (default) for the data of the fit.
#' @param predict `"expectation"` (default: the component means weighted by their posterior
#'   probabilities, as in [fitted()]) or `"classification"` (the number of the most probable
#'   component).
#' @param ... See the details.
#'
#' @return
#' * `model_parameters()`: a data frame of class `parameters_model`, with a row for each parameter
#'   and the columns `Parameter`, `Coefficient`, `SE`, `CI`, `CI_low`, `CI_high`.
#' * `standard_error()`, `ci()`, `p_value()`: data frames with a row for each parameter; `p` is
#'   `NA`.
#' * `model_performance()`: a data frame of class `performance_model` with one row.
#' * `get_loglikelihood()`: as [logLik()]. `get_df()`: a number.
#' * `model_info()`: the list by which insight describes the family of a model, with
#'   `is_mixture = TRUE`.
#' * `get_predicted()`: a numeric vector of class `get_predicted`.
#' * `find_statistic()`, `get_statistic()`: `NULL`.
#' * `glance_custom()`: a data frame with `logLik`, which modelsummary adds to its table.
#'
#' @section Errors:
#' `gmm1d_error_argument` for an unknown method, metric or prediction, and if
#' `exponentiate = TRUE`; errors of [confint.gmm1d()] for `ci` and `vcov`.
#'
#' @references
#' Lüdecke, D., Ben-Shachar, M. S., Patil, I. and Makowski, D. (2020). Extracting, computing and
#' exploring the parameters of statistical models using R. *Journal of Open Source Software* 5,
#' 2445. \doi{10.21105/joss.02445}
#'
#' Arel-Bundock, V. (2022). modelsummary: data and model summaries in R. *Journal of Statistical
#' Software* 103(1). \doi{10.18637/jss.v103.i01}
#'
#' @seealso [tidy.gmm1d()] for the tables of broom
#' @concept easystats
#' @concept modelsummary
#' @concept regression table
#' @concept table for a paper
#' @examples
#' fit <- gmm1d(~ waiting, data = faithful, k = 2)
#' if (requireNamespace("parameters", quietly = TRUE)) {
#'   print(parameters::model_parameters(fit))
#' }
#' if (requireNamespace("performance", quietly = TRUE)) {
#'   print(performance::model_performance(fit))
#' }
#' @name easystats
NULL

# nolint start: object_name_linter. The names of methods and arguments are those of the packages.

#' @rdname easystats
#' @method model_parameters gmm1d
model_parameters.gmm1d <- function(model, ci = 0.95, ci_method = NULL, vcov = NULL,
                                   vcov_args = NULL, exponentiate = FALSE, keep = NULL,
                                   drop = NULL, ...) {
  fit <- parse_fit(model, "model")
  if (!is.null(exponentiate)) check_is_off(exponentiate, "exponentiate")
  if (length(ci) == 1L && is.na(ci)) ci <- NULL
  method <- parse_ci_method(ci_method)
  error <- errors_by(resolved_vcov(vcov, vcov_args, fit), fit)
  rows <- data.frame(Parameter = names_of_coef(fit), Coefficient = unname(parameters_of(fit)),
                     SE = errors_in_tables(fit, error))
  if (!is.null(ci)) rows <- cbind(rows, limit_columns(fit, ci, method, error))
  rows <- rows[kept_by(rows$Parameter, keep, drop), ]
  rownames(rows) <- NULL
  structure(
    rows, class = c("parameters_model", "see_parameters_model", "data.frame"),
    ci = ci, ci_method = capitalised(method), coefficient_name = "Coefficient",
    pretty_names = stats::setNames(rows$Parameter, rows$Parameter),
    pretty_labels = stats::setNames(rows$Parameter, rows$Parameter),
    model_class = "gmm1d", model_call = fit$call, n_obs = fit$n, weighted_nobs = fit$n,
    exponentiate = FALSE, bootstrap = method == "bootstrap", iterations = NULL,
    robust_vcov = !is.null(vcov), linear_model = FALSE, mixed_model = FALSE, ordinal_model = FALSE,
    log_link = FALSE, logit_link = FALSE, verbose = FALSE, no_caption = TRUE, title = "",
    digits = 2, ci_digits = 2, p_digits = 3, footer_digits = 3,
    object_name = deparse1(substitute(model))
  )
}

#' @rdname easystats
#' @method standard_error gmm1d
standard_error.gmm1d <- function(model, vcov = NULL, vcov_args = NULL, ...) {
  fit <- parse_fit(model, "model")
  error <- errors_by(resolved_vcov(vcov, vcov_args, fit), fit)
  data.frame(Parameter = names_of_coef(fit), SE = errors_in_tables(fit, error))
}

#' @rdname easystats
#' @method p_value gmm1d
p_value.gmm1d <- function(model, ...) {
  data.frame(Parameter = names_of_coef(parse_fit(model, "model")), p = NA_real_)
}

#' @rdname easystats
#' @method ci gmm1d
ci.gmm1d <- function(x, ci = 0.95, method = NULL, vcov = NULL, vcov_args = NULL, ...) {
  fit <- parse_fit(x, "x")
  error <- errors_by(resolved_vcov(vcov, vcov_args, fit), fit)
  cbind(data.frame(Parameter = names_of_coef(fit)),
        limit_columns(fit, ci, parse_ci_method(method), error))
}

#' @rdname easystats
#' @method model_performance gmm1d
model_performance.gmm1d <- function(model, metrics = "all", ...) {
  fit <- parse_fit(model, "model")
  chosen <- fit$selection[is_chosen(fit), ]
  values <- data.frame(AIC = chosen$AIC, BIC = chosen$BIC, ICL = chosen$ICL, logLik = fit$loglik,
                       npar = fit$df, k = fit$k)
  if (identical(metrics, "common")) metrics <- c("AIC", "BIC", "k")
  if (!identical(metrics, "all")) {
    values <- values[parse_choices(metrics, names(values), "metrics")]
  }
  structure(values, class = c("performance_model", "data.frame"))
}

#' @rdname easystats
#' @method get_loglikelihood gmm1d
get_loglikelihood.gmm1d <- function(x, ...) logLik.gmm1d(x)

#' @rdname easystats
#' @method get_df gmm1d
get_df.gmm1d <- function(x, type = "residual", ...) {
  fit <- parse_fit(x, "x")
  switch(type, residual = fit$n - fit$df, model = fit$df, Inf)
}

#' @rdname easystats
#' @method model_info gmm1d
model_info.gmm1d <- function(x, ...) {
  fit <- parse_fit(x, "x")
  # The installed version of insight decides which flags there are; all start as FALSE.
  info <- insight::model_info(stats::lm(c(1, 3, 2) ~ 1))
  info[vapply(info, is.logical, NA)] <- FALSE
  utils::modifyList(info, list(is_mixture = TRUE, family = "gaussian", link_function = "identity",
                               n_obs = fit$n, n_grouplevels = NULL))
}

#' @rdname easystats
#' @method get_predicted gmm1d
get_predicted.gmm1d <- function(x, data = NULL, predict = "expectation", ...) {
  fit <- parse_fit(x, "x")
  predict <- parse_choice(predict %||% "expectation", c("expectation", "classification"), "predict")
  values <- if (is.null(data)) observations_of(fit) else new_observations(fit, data, NULL)
  predicted <- switch(predict,
    expectation = fitted_means(values, fit),
    classification = as.double(classified(values, fit)$component)
  )
  structure(unname(predicted), data = data, predict = predict,
            class = c("get_predicted", "numeric"))
}

#' @rdname easystats
#' @method find_statistic gmm1d
find_statistic.gmm1d <- function(x, ...) NULL

#' @rdname easystats
#' @method get_statistic gmm1d
get_statistic.gmm1d <- function(x, ...) NULL

#' @rdname easystats
#' @method glance_custom gmm1d
glance_custom.gmm1d <- function(x, ...) data.frame(logLik = parse_fit(x, "x")$loglik)

# nolint end

# Translates the words of these packages into the methods of confint().
parse_ci_method <- function(method) {
  if (is.null(method)) return("wald")
  words <- c(wald = "wald", normal = "wald", profile = "profile", boot = "bootstrap",
             bootstrap = "bootstrap")
  words[[parse_choice(tolower(method), names(words), "ci_method")]]
}

limit_columns <- function(fit, level, method, error) {
  level <- parse_level(level, "ci")
  limits <- intervals_of(fit, seq_along(error), level, method, error = error)
  data.frame(CI = level, CI_low = unname(limits[, 1L]), CI_high = unname(limits[, 2L]))
}

# The covariance matrix, computed if it is given by a name or by a function with arguments.
resolved_vcov <- function(vcov, arguments, fit) {
  if (is.character(vcov)) {
    return(insight::get_varcov(fit, vcov = vcov, vcov_args = arguments, verbose = FALSE))
  }
  if (is.function(vcov)) return(do.call(vcov, c(list(fit), arguments)))
  vcov
}

# True for parameters that the two patterns keep.
kept_by <- function(names, keep, drop) {
  matched <- function(pattern) grepl(paste(pattern, collapse = "|"), names)
  (if (is.null(keep)) TRUE else matched(keep)) & !(if (is.null(drop)) FALSE else matched(drop))
}
