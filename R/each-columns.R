# Fits groups that are given by columns: of a formula, a data frame or a table in a database.

#' @rdname gmm1d_each
#' @export
gmm1d_each.formula <- function(x, data = NULL, ..., weights = NULL, subset = NULL, # nolint
                               error = NULL) {
  if ("by" %in% ...names()) {
    abort_gmm1d("argument", "`by` must not be given with a formula; put the groups on its right-",
                "hand side, `values ~ group`.")
  }
  frame <- grouping_frame(x, data, substitute(weights), substitute(subset),
                          list(error = substitute(error)))
  fit_groups_of(frame, frame$by, ..., weights = frame$weights, error = frame$error)
}

#' @rdname gmm1d_each
#' @export
gmm1d_each.tbl_lazy <- function(x, column, ..., by) { # nolint: object_name_linter.
  if (!missing(by)) x <- dplyr::group_by(x, !!!table_groups(x, rlang::enquo(by)))
  if (length(dplyr::group_vars(x)) == 0L) {
    abort_gmm1d("argument", "`by`, the column with the groups, is missing; `gmm1d()` fits all ",
                "rows at once.")
  }
  gmm1d.tbl_lazy(x, {{ column }}, ...)
}

# Fits each group of one column of a data frame.
fit_groups_of <- function(frame, groups, ...) {
  if (inherits(frame$x, "Surv")) {
    abort_gmm1d("type", "`x` must be numeric if there are groups, not a `Surv` object.")
  }
  with_data_name(gmm1d_each.default(frame$x, groups, ...), frame$name)
}

# Gives the fits another name for their data.
with_data_name <- function(fits, name) {
  plan <- plan_of(fits)
  plan$data_name <- name
  data_names <- names_of_data(name, names(fits))
  renamed <- Map(function(fit, name) {
    if (!is.null(fit)) fit$data_name <- name
    fit
  }, unname(as.list(fits)), data_names)
  list_of_fits(renamed, keys_of_fits(fits), plan, failures_of(fits))
}
