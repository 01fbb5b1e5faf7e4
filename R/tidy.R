#' Tables of one fit or many
#'
#' `tidy()`, `glance()` and `augment()` (from the package generics) return data frames with a row
#' for each component (or parameter), each fit and each observation. The columns that broom
#' returns for fits of mclust come first, with the same names (except `hypvol`, for mclust's noise
#' component); others follow.
#'
#' @param x A [gmm1d()] fit, or a [gmm1d_each()] result.
#' @param conf.int Add confidence intervals? Default `FALSE`.
#' @param conf.level Their level: a number between 0 and 1, default 0.95.
#' @param conf.method As `method` of [confint.gmm1d()]: `"wald"` (default), `"profile"` or
#'   `"bootstrap"` (999 replicates, governed by `set.seed()`).
#' @param type `"components"` (default: a row for each component) or `"parameters"` (a row for each
#'   parameter).
#' @param headroom Add the result of [headroom()]? Default `FALSE`.
#' @param data `NULL` (default: the data of the fit), or the data that were fitted, to which the
#'   columns are added: a data frame with the variables of the formula, or with a row for each
#'   value. For `gmm1d_each()`: the data frame whose groups were fitted, with the columns of groups.
#' @param error As for [predict.gmm1d()].
#' @param null `NULL` (default), or the null component, as for [fdr()], to add false discovery
#'   rates.
#' @param newdata `NULL` (default), or other data: a data frame with the variables of the formula,
#'   or a numeric vector (values of the variable, to which the formula is applied, as in
#'   [predict.gmm1d()]).
#' @param ... Not used; an unknown argument is an error. Arguments that other packages pass to all
#'   models are accepted and ignored: `effects`, `component`, `parametric`, `vcov_type`, and, if
#'   they are `FALSE` or `NULL`, `exponentiate`, `vcov` and `se_fit`.
#'
#' @return A data frame. For `gmm1d_each()` the key columns come first; one with the name of another
#'   column, such as `k`, is called `group.k`.
#'
#'   `tidy()`: `component` (1, 2, ... in order of the means), `size` (the weight of the values for
#'   which it is the most probable component; for squashed data, of the points that represent them),
#'   `proportion` (`lambda`), `variance` (`sigma` squared), `mean` (`mu`); and `sd` (`sigma`), and,
#'   if the components have names ([names.gmm1d]), `label`; then `proportion.std.error`,
#'   `mean.std.error` and `sd.std.error`. With `conf.int` also
#'   `proportion.conf.low`, `proportion.conf.high`, `mean.conf.low`, `mean.conf.high`, `sd.conf.low`
#'   and `sd.conf.high`. A data set that could not be fitted has one row, of `NA`.
#'
#'   `tidy(type = "parameters")`: `term` (as `coef()` names them: `lambda1`, ..., `mu1`, ...,
#'   `sigma1`, ...), `component`, `label` for a fit with names, `estimate` and `std.error`; with
#'   `conf.int` also `conf.low` and `conf.high`. There are no test statistics and no p-values;
#'   [summary.gmm1d()] says why.
#'
#'   Fixed parameters have no standard error (`NA`). If the information is singular, all standard
#'   errors and Wald intervals are `NA`, with a warning of class `gmm1d_warning_singular` (for many
#'   fits, one warning for all).
#'
#'   `glance()`: `model` (as in mclust: `"V"` for free and `"E"` for equal variances, `"X"` for
#'   one component), `G` (the number of components), `BIC` (as [stats::BIC()], smaller is better;
#'   mclust's has the opposite sign), `logLik`, `df`, `nobs` (the sum of the weights); and `k` (as
#'   `G`), `variance` (`"free"` or `"equal"`), `AIC`, `ICL`, `n_missing` (values dropped),
#'   `converged`, `penalised`; with `headroom` also `headroom`, `price`, `settled` and `sigma_star`,
#'   `NA` if there is no bound; for `gmm1d_each()` also `error`: why a data set could not be
#'   fitted, otherwise `NA`.
#'
#'   `augment()`: the data, `.class` (the most probable component, a factor with the levels 1, ...,
#'   k, or the names of the components if all have one), `.uncertainty` (1 minus its posterior
#'   probability); and `.posterior1`, ..., `.posteriork`: the posterior probability of each
#'   component. All are `NA` if the value is. With `null` also `.fdr` and `.q.value`, as in [fdr()].
#'   Without a data frame, the values are in a column named after their variable, or `x`. For
#'   `gmm1d_each()`: a row for each value, data set by data set, or the rows of `data` in their
#'   order; components that a data set does not have get probability 0.
#'
#' @section Errors:
#' `gmm1d_error_argument` from `augment()` without data if the fit has none, and if both `data` and
#' `newdata` are given;
#' `gmm1d_error_shape` if `data` has another number of rows than the fit, or a group,
#' has values;
#' `gmm1d_error_type` and `gmm1d_error_range` for invalid flags and levels.
#' @references
#' Robinson, D., Hayes, A. and Couch, S. (2022). *broom: Convert Statistical Objects into Tidy
#' Tibbles*, the methods for `Mclust`. \doi{10.32614/CRAN.package.broom}
#' @concept broom
#' @concept data frame of results
#' @concept table for a paper
#' @concept confidence interval
#' @concept standard errors
#' @concept table of parameters
#' @examples
#' fit <- gmm1d(~ waiting, data = faithful)
#' tidy(fit, conf.int = TRUE)
#' tidy(fit, type = "parameters")
#' glance(fit)
#' head(augment(fit, data = faithful))
#'
#' fits <- gmm1d_each(iris$Sepal.Length, iris$Species, k = 1:3)
#' tidy(fits)
#' glance(fits)
#' head(augment(fits))
#' head(augment(gmm1d_each(Sepal.Length ~ Species, iris, k = 2), iris))
#' @name tidy.gmm1d
NULL

#' @importFrom generics tidy
#' @export
generics::tidy

#' @importFrom generics glance
#' @export
generics::glance

#' @importFrom generics augment
#' @export
generics::augment

# nolint start: object_name_linter. Broom's names of arguments.
#' @rdname tidy.gmm1d
#' @export
tidy.gmm1d <- function(x, conf.int = FALSE, conf.level = 0.95,
                       conf.method = c("wald", "profile", "bootstrap"),
                       type = c("components", "parameters"), ...) {
  check_no_dots(..., .ignored = asked_by_others, .off = off_for_mixtures)
  x <- parse_fit(x, "x")
  intervals <- parse_intervals(conf.int, conf.level, conf.method)
  type <- parse_choice(type, c("components", "parameters"), "type")
  errors <- errors_in_tables(x)
  if (type == "parameters") return(list2DF(parameter_columns(x, errors, intervals)))
  list2DF(c(tidy_columns(component_rows(x), sizes_of(x$points, x)),
            wide_columns(x, errors, intervals)))
}

#' @rdname tidy.gmm1d
#' @export
tidy.gmm1d_each <- function(x, conf.int = FALSE, conf.level = 0.95,
                            conf.method = c("wald", "profile", "bootstrap"),
                            type = c("components", "parameters"), ...) {
  check_no_dots(..., .ignored = asked_by_others, .off = off_for_mixtures)
  intervals <- parse_intervals(conf.int, conf.level, conf.method)
  type <- parse_choice(type, c("components", "parameters"), "type")
  x <- parse_many(x)
  fits <- unname(parsed_fits(x))
  errors <- errors_of_each(fits)
  if (type == "parameters") {
    rows <- parameters_of_each(fits, errors, intervals)
    return(with_keys_first(x, rows$of, rows$columns))
  }
  columns <- component_columns(x)
  sizes <- lapply(fits, function(fit) {
    if (is.null(fit)) NA_real_ else sizes_of(fit$points, fit)
  })
  sizes <- as.double(unlist(sizes))
  with_keys_first(x, columns$of, c(tidy_columns(columns, sizes),
                                   wide_columns_of_each(fits, errors, intervals)))
}

# nolint end

# The column names of broom.
tidy_columns <- function(components, size) {
  columns <- list(component = components$component, size = size, proportion = components$lambda,
                  variance = components$sigma^2, mean = components$mu, sd = components$sigma)
  if (!is.null(components$label)) columns$label <- components$label
  columns
}

# The weight of the data for which each component is the most probable.
sizes_of <- function(points, mixture) {
  error <- errors_of_points(points)
  component <- components_of_labels(points, mixture)
  x <- if (all(error == 0) && all(component == 0L)) points$x
       else c(bounds_of(points), list(error = error, component = component))
  class <- factor(classified(x, mixture)$component, components_of(mixture))
  as.vector(tapply(points$w, class, sum, default = 0))
}

#' @rdname tidy.gmm1d
#' @export
glance.gmm1d <- function(x, ..., headroom = FALSE) {
  check_no_dots(..., .ignored = c("vcov_type", "effects"), .off = "vcov")
  x <- parse_fit(x, "x")
  list2DF(c(glance_columns(x$selection[is_chosen(x), ], x$n, x$n_missing),
            if (parse_flag(headroom, "headroom")) headroom_columns(list(x))))
}

#' @rdname tidy.gmm1d
#' @export
glance.gmm1d_each <- function(x, ..., headroom = FALSE) {
  check_no_dots(..., .ignored = c("vcov_type", "effects"), .off = "vcov")
  x <- parse_many(x)
  columns <- glance_of_many(x)
  if (parse_flag(headroom, "headroom")) {
    columns <- append(columns, headroom_columns(unname(parsed_fits(x))), length(columns) - 1L)
  }
  with_keys_first(x, seq_along(x), columns)
}

glance_of_many <- function(fits) {
  done <- has_fit(fits)
  fitted <- unname(fits_with(fits, c("variance", "selection", "n", "n_missing"))[done])
  columns <- glance_columns(chosen_rows(fitted), field_of_each(fitted, "n"),
                            field_of_each(fitted, "n_missing"))
  place <- rep(NA_integer_, length(done))
  place[done] <- seq_len(sum(done))
  c(lapply(columns, `[`, place), list(error = errors_of(fits)))
}

# The column names of broom, if it has one.
glance_columns <- function(chosen, n, n_missing) {
  model <- ifelse(chosen$k == 1L, "X", c(free = "V", equal = "E")[chosen$variance])
  list(model = unname(model), G = chosen$k, BIC = chosen$BIC, logLik = chosen$loglik,
       df = chosen$df, nobs = n, k = chosen$k, variance = chosen$variance, AIC = chosen$AIC,
       ICL = chosen$ICL, n_missing = n_missing, converged = chosen$converged,
       penalised = chosen$penalised)
}

# The headroom of each fit; NA if there is no bound.
headroom_columns <- function(fits) {
  rows <- lapply(fits, function(fit) {
    if (is.null(fit) || !is.null(why_no_ceiling(fit))) return(no_headroom)
    room <- headroom_of(fit, min(fit$sigma))
    if (is.finite(room$bound)) room[names(no_headroom)] else no_headroom
  })
  Map(function(name, type) vapply(rows, `[[`, type, name), names(no_headroom), no_headroom)
}

no_headroom <- list(headroom = NA_real_, price = NA_real_, settled = NA, sigma_star = NA_real_)

# The chosen row of each table of models.
chosen_rows <- function(fits) {
  types <- list(k = 1L, variance = "", loglik = 1, df = 1L, AIC = 1, BIC = 1, ICL = 1,
                converged = NA, penalised = NA)
  chosen <- lapply(fits, function(fit) which(is_chosen(fit)))
  # Columns of unclassed tables are found faster, and there may be thousands of fits.
  tables <- lapply(fits, function(fit) unclass(fit$selection))
  Map(function(name, type) {
    vapply(seq_along(tables), function(i) tables[[i]][[name]][chosen[[i]]], type)
  }, names(types), types)
}

field_of_each <- function(fits, name) vapply(fits, function(fit) as.double(fit[[name]]), 1)

#' @rdname tidy.gmm1d
#' @export
augment.gmm1d <- function(x, data = NULL, newdata = NULL, ..., error = NULL, null = NULL) {
  check_no_dots(..., .off = c("se_fit", "conf.int"))
  x <- parse_fit(x, "x")
  if (!is.null(null)) null <- parse_null(null, x)
  if (!is.null(data) && !is.null(newdata)) {
    abort_gmm1d("argument", "only one of `data` and `newdata` may be given.")
  }
  if (inherits(data %||% newdata, "tbl_lazy")) {
    abort_gmm1d("type", "`", if (is.null(data)) "newdata" else "data", "` must not be a table ",
                "in a database; `predict()` adds a column to such a table.")
  }
  values <- if (!is.null(newdata)) new_observations(x, newdata, error)
            else if (is.null(data)) observations_of(x)
            else values_again(x, data)
  frame <- data %||% newdata
  if (is.null(frame)) frame <- frame_of(data_of(x), x$data_name)
  else if (!is.data.frame(frame)) frame <- frame_of(frame, vector_name(x))
  columns <- c(augment_columns(posterior(values, x), components_of(x)),
               if (!is.null(null)) fdr_columns(values, x, null))
  if (are_named(x)) levels(columns$.class) <- c(if (!is.null(x$noise)) "noise", x$labels)
  frame[names(columns)] <- columns
  frame
}

#' @rdname tidy.gmm1d
#' @export
augment.gmm1d_each <- function(x, data = NULL, ...) {
  check_no_dots(...)
  x <- parse_many(x)
  fits <- unname(parsed_fits(x))
  frame <- data
  data <- lapply(data_of_each(fits, failures_of(x)), parse_numbers, "x")
  most <- max(1L, unlist(lapply(fits, `[[`, "k")))
  rows <- Map(function(values, fit) {
    if (is.null(fit)) return(matrix(NA_real_, length(values), most))
    cbind(posterior(values, fit), matrix(0, length(values), most - fit$k))
  }, data, fits)
  columns <- augment_columns(do.call(rbind, unname(rows)) %||% matrix(0, 0L, 1L))
  if (!is.null(frame)) return(augment_frame(frame, columns, keys_of_fits(x), lengths(data)))
  with_keys_first(x, rep(seq_along(data), lengths(data)),
                  c(list(x = as.double(unlist(data))), columns))
}

# The data frame of the groups with more columns, which are in the order of the groups.
augment_frame <- function(frame, columns, keys, size) {
  if (!is.data.frame(frame)) {
    abort_gmm1d("type", "`data` must be a data frame, not ", describe(frame), ".")
  }
  lacking <- setdiff(names(keys), names(frame))
  if (length(lacking) > 0L) {
    abort_gmm1d("argument", "`data` must have the columns of the groups; it has no `", lacking[1L],
                "`.")
  }
  of <- rows_of_keys(as.list(frame)[names(keys)], keys)
  rows <- split(seq_along(of), factor(of, seq_len(nrow(keys))))
  off <- which(lengths(rows) != size)
  if (anyNA(of) || length(off) > 0L) {
    abort_gmm1d("shape", "`data` must have the rows that were fitted",
                if (length(off) > 0L) {
                  c(": group ", labels_of(keys)[off[1L]], " has ", count_of(size[off[1L]], "value"),
                    ", not ", length(rows[[off[1L]]]))
                } else {
                  ", and no other groups"
                }, ".")
  }
  back <- order(unlist(rows))
  frame[names(columns)] <- lapply(columns, `[`, back)
  frame
}

# For each row the number of the keys that it has, NA if there are none.
rows_of_keys <- function(columns, keys) {
  numbers <- function(columns) {
    do.call(paste, Map(function(x, key) match(x, unique(key)), unname(columns), unname(keys)))
  }
  match(numbers(columns), numbers(as.list(keys)))
}

# The data of each data set, those without a fit included.
data_of_each <- function(fits, failures) {
  data <- Map(function(fit, failure) if (is.null(fit)) failure$x else fit$data, fits, failures)
  if (any(vapply(data, function(x) is.null(x) || is_squashable(x), NA))) {
    abort_gmm1d("argument", "the fits have no single observations (the data were grouped or ",
                "squashed, or `keep_data = FALSE`).")
  }
  data
}

# The columns of broom, then the posterior probabilities.
augment_columns <- function(rows, components = seq_len(ncol(rows))) {
  rows <- unname(rows)
  posterior <- lapply(seq_len(ncol(rows)), function(j) rows[, j])
  c(list(.class = factor(components[best_of(rows)], components),
         .uncertainty = 1 - largest_of(rows)),
    stats::setNames(posterior, paste0(".posterior", components)))
}

fdr_columns <- function(values, fit, null) {
  rates <- rates_of(values, fit, null, share_of_null(fit, null, "largest")$estimate)
  stats::setNames(rates, paste0(".", names(rates)))
}

# Can the formula of the fit be evaluated for a data frame?
has_variables <- function(fit, frame) {
  !is.null(fit$formula) && all(vapply(formula_variables(fit), deparse1, "") %in% names(frame))
}

# A data frame of one column, named after the values if that is a valid name.
frame_of <- function(values, name) {
  values <- as.vector(unname(values))
  stats::setNames(data.frame(values), if (make.names(name) == name) name else "x")
}

# The name for a vector of new values: the variable of the formula, if there is one.
vector_name <- function(fit) {
  variables <- if (is.null(fit$formula)) list() else formula_variables(fit)
  if (length(variables) == 1L) deparse1(variables[[1L]]) else fit$data_name
}

# The values of the fit, from the data that were fitted, given again.
values_again <- function(fit, data) {
  is_known <- is.data.frame(data) && !has_variables(fit, data)
  values <- if (is_known) observations_of(fit) else new_observations(fit, data, NULL)
  expected <- if (!is.null(fit$data)) length(fit$data)
              else length(if (is.list(values)) values$lower else values)
  if (NROW(data) != expected) {
    abort_gmm1d("shape", "`data` must have a row for each of the ", count_of(expected, "value"),
                " of the fit, not ", count_of(NROW(data), "row"), "; give other data as `newdata`.")
  }
  values
}
