# The values of a fit, and new values on its scale.

# The data of the fit, in the order given, missing values included.
data_of <- function(fit) {
  if (is.null(fit$data)) {
    abort_gmm1d("argument", "the fit has no single observations (the data were grouped or ",
                "squashed, or `keep_data = FALSE`); fit ungrouped data, or use `predict()` with ",
                "`newdata`.")
  }
  named_numbers(fit$data, "x")
}

# New values on the scale of the fit. For a fit by formula they are values of its variable.
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

# The observations of the fit: its values, or, if they were not observed exactly, a list of their
# bounds, their errors, and the numbers of their components, 0 if not known.
observations_of <- function(fit) {
  x <- data_of(fit)
  if (!needs_rows(fit$observed)) return(x)
  # A value without a label must not match components without one.
  component <- match(as.character(fit$observed$labels), fit$labels, nomatch = 0L,
                     incomparables = NA_character_)
  observed_as(x, fit$observed$error, fit$observed$censored, component)
}

# New values with their errors, which they need if the fit has errors.
new_observations <- function(fit, newdata, error) {
  x <- new_values(fit, newdata)
  error <- parse_error(error, length(x))
  if (is.null(error)) {
    if (any(errors_of_points(fit$points) > 0)) {
      abort_gmm1d("argument", "`error` is missing: the values of the fit have errors, so those of ",
                  "`newdata` are needed (0 for exact values).")
    }
    if (is.null(fit$observed$censored)) return(x)
  }
  observed_as(x, error, fit$observed$censored, integer(length(x)))
}

observed_as <- function(x, error, censored, component) {
  bounds <- censored_bounds(unname(x), censored)
  list(lower = bounds$lower, upper = bounds$upper, error = error, component = component,
       names = names(x))
}

# The number of the component of each point that has a label, else 0.
components_of_labels <- function(points, fit) {
  of_label <- match(points$label_names, fit$labels)
  component <- labels_of_points(points)
  component[component > 0L] <- of_label[component]
  component
}
