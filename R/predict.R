#' Predictions for single observations
#'
#' For each value the most probable component, the probabilities of all components, or what the
#' mixture says of the value itself.
#'
#' @param object A `gmm1d` fit.
#' @param newdata Where to predict: a numeric vector or an n x 1 matrix; for a
#'   fit by formula also a data frame with its variables; a lazy table of dbplyr. Default:
#'   the data of the fit, rows with `NA` included. A fit by formula takes a vector as values of the
#'   variable, to which the formula is applied: of a fit by `~ log10(titre)`, give titres, not
#'   their logarithms. If the formula has several variables, as in `~ I(a / b)`, `newdata` must
#'   be a data frame. Constants in the formula, such as the offset in `~ log(x + offset)`, are
#'   looked up where the formula was made.
#' @param type What to predict:
#'   * `"class"` (default): the most probable component, an integer (the first of
#'     equals);
#'   * `"posterior"`: the probability of each component, an n x k matrix;
#'   * `"uncertainty"`: 1 minus the largest posterior probability;
#'   * `"density"`, `"logdensity"`, `"cdf"`: of the mixture;
#'   * `"component"`: the density of each component times its `lambda`, an n x k
#'     matrix whose rows sum to the density.
#' @param column For a lazy table: the column with the data, as in [squash.tbl_lazy()]; for a fit by
#'   formula, that of its variable. Default: that of the fit, if it was made from a table, or the
#'   columns named as the variables of the formula.
#' @param ... Not used; an unknown argument is an error.
#'
#' @return A vector of length n, or an n x k matrix with columns `comp.1`,
#'   `comp.2`, ... in order of `mu`. `NA` in, `NA` out: nothing is dropped.
#'
#'   For a lazy table, the table with one or k columns more, which the database computes when it
#'   is asked for them (nothing is read, nothing written): `.class`, `.uncertainty`,
#'   `.density`, `.logdensity`; `comp.1`, `comp.2`, ... for `"posterior"` and `"component"`. There
#'   is no `"cdf"` in SQL.
#'
#'   `fitted()` gives the posterior mean of the component means, a vector of
#'   length n: what the mixture predicts for each observation.
#'
#' @section Errors:
#' `gmm1d_error_argument` if there is no `newdata` and the fit has no data
#' (squashed, grouped, or `keep_data = FALSE`), if `newdata` lacks a variable of the formula, if it
#' is a vector and the formula has several variables, or `type` is unknown; `gmm1d_error_type` and
#' `gmm1d_error_shape` if `newdata` is no numeric vector.
#'
#' @examples
#' fit <- gmm1d(~ waiting, data = faithful, k = 2)
#' predict(fit, c(50, 66, 67, 90))
#' predict(fit, c(50, 66, 67, 90), type = "posterior")
#' table(predict(fit))
#'
#' # of a fit by `~ log(depth)`, depths
#' predict(gmm1d(~ log(depth), data = quakes, k = 2), c(50, 100, 500))
#' @export
predict.gmm1d <- function(object, newdata, type = c(
                            "class", "posterior", "density", "logdensity", "component",
                            "cdf", "uncertainty"
                          ), column, ...) {
  check_no_dots(...)
  object <- parse_fit(object, "object")
  type <- parse_choice(type, eval(formals()$type), "type")
  if (!missing(newdata) && inherits(newdata, "tbl_lazy")) {
    return(predict_table(object, newdata, type, rlang::enquo(column)))
  }
  x <- if (missing(newdata) || is.null(newdata)) data_of(object)
       else new_values(object, newdata)
  switch(type,
    class = classified(x, object)$component,
    posterior = posterior(x, object),
    density = density_of(x, object),
    logdensity = density_of(x, object, log = TRUE),
    component = component_density(x, object),
    cdf = cdf_of(x, object),
    uncertainty = classified(x, object)$uncertainty
  )
}

#' @rdname predict.gmm1d
#' @export
fitted.gmm1d <- function(object, ...) {
  check_no_dots(...)
  object <- parse_fit(object, "object")
  fitted_means(data_of(object), object)
}

# The posterior means of the component means.
fitted_means <- function(x, mixture) drop_column(posterior(x, mixture) %*% mixture$mu)

drop_column <- function(column) stats::setNames(as.vector(column), rownames(column))
