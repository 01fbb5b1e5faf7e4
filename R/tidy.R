#' Tables of one fit or of many
#'
#' `tidy()` and `glance()` of the generics package: data frames with a row for each component, and
#' with a row for each fit. Columns have the names that broom gives them, where it has one.
#'
#' @param x A [gmm1d()] fit, or a [gmm1d_each()] result.
#' @param ... Not used; an unknown argument is an error.
#'
#' @return A data frame. For `gmm1d_each()` the key columns come first.
#'
#'   `tidy()`: `component` (1, 2, ... in order of the means), `proportion` (`lambda`), `mean`
#'   (`mu`), `sd` (`sigma`) and `variance` (its square). A data set that could not be fitted has
#'   one row, of `NA`.
#'
#'   `glance()`: `k`, `variance` (`"free"` or `"equal"`), `nobs` (the sum of the weights),
#'   `n_missing` (values dropped), `logLik`, `df`, `AIC`, `BIC`, `converged`, `penalised`; for
#'   `gmm1d_each()` also `error`: why a data set could not be fitted, `NA` where it was.
#' @examples
#' fit <- gmm1d(faithful$waiting)
#' tidy(fit)
#' glance(fit)
#'
#' fits <- gmm1d_each(iris$Sepal.Length, iris$Species, k = 1:3)
#' tidy(fits)
#' glance(fits)
#' @name tidy.gmm1d
NULL

#' @importFrom generics tidy
#' @export
generics::tidy

#' @importFrom generics glance
#' @export
generics::glance

#' @rdname tidy.gmm1d
#' @export
tidy.gmm1d <- function(x, ...) {
  check_no_dots(...)
  list2DF(tidy_columns(as.data.frame(x)))
}

#' @rdname tidy.gmm1d
#' @export
tidy.gmm1d_each <- function(x, ...) {
  check_no_dots(...)
  columns <- component_columns(x)
  with_keys_first(x, columns$of, tidy_columns(columns))
}

# The words of broom.
tidy_columns <- function(columns) {
  list(component = columns$component, proportion = columns$lambda, mean = columns$mu,
       sd = columns$sigma, variance = columns$sigma^2)
}

#' @rdname tidy.gmm1d
#' @export
glance.gmm1d <- function(x, ...) {
  check_no_dots(...)
  list2DF(glance_columns(x$selection[is_chosen(x), ], x$n, x$n_missing))
}

#' @rdname tidy.gmm1d
#' @export
glance.gmm1d_each <- function(x, ...) {
  check_no_dots(...)
  outcomes <- outcomes_of(x)
  error <- vapply(outcomes, function(one) one$error %||% NA_character_, "")
  done <- is.na(error)
  columns <- glance_columns(chosen_rows(outcomes[done]), size(outcomes[done], "n"),
                            size(outcomes[done], "n_missing"))
  place <- rep(NA_integer_, length(outcomes))
  place[done] <- seq_len(sum(done))
  with_keys_first(x, seq_along(outcomes), c(lapply(columns, `[`, place), list(error = error)))
}

glance_columns <- function(chosen, n, n_missing) {
  list(k = chosen$k, variance = chosen$variance, nobs = n, n_missing = n_missing,
       logLik = chosen$loglik, df = chosen$df, AIC = chosen$AIC, BIC = chosen$BIC,
       converged = chosen$converged, penalised = chosen$penalised)
}

# The rows of the tables of selection that are chosen.
chosen_rows <- function(outcomes) {
  types <- list(k = 1L, variance = "", loglik = 1, df = 1L, AIC = 1, BIC = 1, converged = NA,
                penalised = NA)
  Map(function(name, type) {
    vapply(outcomes, function(one) one$selection[[name]][one$chosen], type)
  }, names(types), types)
}

size <- function(outcomes, name) vapply(outcomes, function(one) as.double(one$points[[name]]), 1)
