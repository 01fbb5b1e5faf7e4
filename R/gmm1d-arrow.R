# Fits Arrow data: see arrow.R.

#' @rdname gmm1d_arrow
#' @exportS3Method
gmm1d.ArrowTabular <- function(x, column, ..., weights = NULL, error = NULL, # nolint
                               labels = NULL) {
  frame <- arrow_frame(x, rlang::enquos(column, weights, error, labels))
  fit <- gmm1d.data.frame(frame, {{ column }}, ..., weights = {{ weights }}, error = {{ error }},
                          labels = {{ labels }})
  expression <- fit$call$column
  fit$call <- call_of("gmm1d", match.call(), gmm1d.default)
  fit$call$column <- expression
  fit
}

#' @rdname gmm1d_arrow
#' @exportS3Method
gmm1d.Dataset <- function(x, column, ..., weights = NULL, error = NULL, rounding = NULL, # nolint
                          control = gmm1d_control()) {
  asked <- rlang::enquos(column = column, weights = weights, error = error)
  if (length(arrow_groups(x)) > 0L) {
    return(gmm1d.data.frame(arrow_frame(x, asked), {{ column }}, ..., weights = {{ weights }},
                            error = {{ error }}, rounding = rounding, control = control))
  }
  points <- squash.function(arrow_stream(x, asked), rounding, control)
  fit <- gmm1d.squashed(points, ..., control = control)
  label <- deparse1(column_expression(asked$column, arrow_columns(x)))
  finish_fit(fit, label, call_of("gmm1d", match.call(), gmm1d.squashed))
}

#' @rdname gmm1d_arrow
#' @exportS3Method
gmm1d.arrow_dplyr_query <- gmm1d.Dataset # nolint

#' @rdname gmm1d_arrow
#' @exportS3Method
gmm1d.RecordBatchReader <- gmm1d.Dataset # nolint

#' @rdname gmm1d_arrow
#' @exportS3Method
gmm1d.ArrowDatum <- function(x, ...) { # nolint
  fit <- gmm1d.default(as.vector(x), ...)
  finish_fit(fit, name_of(substitute(x)), call_of("gmm1d", match.call(), gmm1d.default))
}

#' @rdname gmm1d_arrow
#' @exportS3Method
gmm1d_each.ArrowTabular <- function(x, column, ..., by, weights = NULL, error = NULL) { # nolint
  asked <- rlang::enquos(column, weights, error)
  if (missing(by)) {
    return(gmm1d_each.data.frame(arrow_frame(x, asked), {{ column }}, ..., weights = {{ weights }},
                                 error = {{ error }}))
  }
  frame <- arrow_frame(x, c(asked, rlang::enquos(by)))
  gmm1d_each.data.frame(frame, {{ column }}, ..., by = {{ by }}, weights = {{ weights }},
                        error = {{ error }})
}

#' @rdname gmm1d_arrow
#' @exportS3Method
gmm1d_each.Dataset <- gmm1d_each.ArrowTabular # nolint

#' @rdname gmm1d_arrow
#' @exportS3Method
gmm1d_each.arrow_dplyr_query <- gmm1d_each.ArrowTabular # nolint

#' @rdname gmm1d_arrow
#' @exportS3Method
gmm1d_each.RecordBatchReader <- gmm1d_each.ArrowTabular # nolint
