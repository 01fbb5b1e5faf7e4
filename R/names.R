#' Names for the components
#'
#' `names(fit) <- c("negative", "positive")` names the components, in order of their means. The
#' names are then used by `print()`, `summary()`, `plot()`, `autoplot()`, [cutpoints()] (`from` and
#' `to`), [tidy()][tidy.gmm1d] and `as.data.frame()` (a column `label`), [augment()][tidy.gmm1d]
#' (the levels of `.class`), and [predict()][predict.gmm1d] with `type = "label"`.
#'
#' @details
#' The names are stored in the field `labels` of the fit. A fit to values with known components
#' (`labels` of [gmm1d()]) has the names of its data; new names then also rename the labels of the
#' data. Because a fit is a list, `names(fit)` still returns the names of its fields.
#'
#' `predict()` gives the numbers of the components, with or without names, unless
#' `type = "label"`; `augment()` uses the names as soon as all components have one.
#'
#' A name belongs to a position in the order of the means. Fits returned by `update()`, and other
#' new fits, therefore have no names.
#'
#' @param x A `gmm1d` fit.
#' @param value k different names, one for each component in order of the means: a character vector
#'   or a factor without `NA`. `NULL` removes the names.
#'
#' @return The fit, with these names.
#'
#' @section Errors:
#' `gmm1d_error_type` if `value` is not text, `gmm1d_error_shape` if there are not k names,
#' `gmm1d_error_missing` for `NA`, `gmm1d_error_range` for empty or duplicated names, and
#' `gmm1d_error_argument` for `NULL` if the data have labels.
#'
#' @seealso [cutpoints()]
#' @examples
#' fit <- gmm1d(~ waiting, data = faithful, k = 2)
#' names(fit) <- c("short", "long")
#' fit
#' cutpoints(fit, within = TRUE)
#' table(predict(fit, type = "label"))
#' plot(fit)
#' @concept labels of components
#' @concept rename components
#' @concept class names
#' @name names.gmm1d
#' @export
`names<-.gmm1d` <- function(x, value) {
  x <- parse_fit(x, "x")
  value <- parse_component_names(value, x)
  known <- x$points$label_names
  if (!is.null(known)) {
    if (is.null(value)) {
      abort_gmm1d("argument", "`value` must not be NULL: the data of the fit have labels, so its ",
                  "components need names.")
    }
    # Rename the labels of the data as well.
    new <- value[match(known, x$labels)]
    x$points$label_names <- new
    if (!is.null(x$observed$labels)) {
      levels(x$observed$labels) <- new[match(levels(x$observed$labels), known)]
    }
  }
  x["labels"] <- list(value)
  x
}

# True if all components have a name.
are_named <- function(mixture) !is.null(mixture$labels) && !anyNA(mixture$labels)

# Numbers of components as users see them: names, if all have one.
named_components <- function(component, mixture) {
  if (are_named(mixture)) mixture$labels[component] else component
}

# The level for each component: its name, or its number if it has none. Noise comes last, so that
# factor codes equal the numbers of the components.
label_levels <- function(mixture) {
  numbers <- as.character(seq_len(mixture$k))
  labels <- mixture$labels %||% numbers
  make.unique(c(ifelse(is.na(labels), numbers, labels), if (!is.null(mixture$noise)) "noise"))
}

# Numbers of components, 0 for noise, as a factor of their names.
component_labels <- function(component, mixture) {
  levels <- label_levels(mixture)
  at <- ifelse(component == 0L, length(levels), component)
  stats::setNames(factor(levels[at], levels), names(component))
}
