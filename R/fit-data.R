# The values of a fit, and new values on its scale.

# The data of the fit, in the order given, missing values included.
data_of <- function(fit) {
  if (is.null(fit$data)) {
    abort_gmm1d("argument", "the fit has kept no data (they were grouped or squashed, or ",
                "`keep_data = FALSE`) and does not know single observations; give them to ",
                "`gmm1d()` one by one, or to `predict()` as `newdata`.")
  }
  named_numbers(fit$data, "x")
}

# New values on the scale of the fit: a fit by formula takes them as its variable.
new_values <- function(fit, newdata) {
  if (is.null(fit$formula)) {
    if (is.data.frame(newdata)) {
      abort_gmm1d("type", "`newdata` must be a numeric vector, not a data frame: ",
                  "the fit was not made with a formula.")
    }
    return(named_numbers(newdata, "newdata"))
  }
  if (is.data.frame(newdata)) return(named_numbers(formula_of_frame(fit, newdata), "newdata"))
  if (!is.atomic(newdata)) {
    abort_gmm1d("type", "`newdata` must be a numeric vector or a data frame, not ",
                describe(newdata), ".")
  }
  values <- named_numbers(formula_of_vector(fit, newdata), "newdata")
  stats::setNames(values, names_of(newdata))
}

named_numbers <- function(x, name) stats::setNames(parse_numbers(x, name), names_of(x))

names_of <- function(x) if (is.matrix(x)) rownames(x) else names(x)
