# The container for many fits, as returned by gmm1d_each(): making it, taking it apart, and reading
# it from files.

# Builds a list of fits, NULL for failed data sets. Its attributes are the keys, the plan, and the
# error and the data of each failed data set.
new_gmm1d_each <- function(outcomes, keys, plan, data = NULL) {
  has_fit <- !vapply(outcomes, has_failed, NA)
  parts <- function(i) {
    list(x = data$x[[i]], weights = if (length(data$weights[[i]]) > 0L) data$weights[[i]])
  }
  data_names <- names_of_data(plan$data_name, labels_of(keys))
  fits <- failures <- vector("list", length(outcomes))
  fits[has_fit] <- lapply(which(has_fit), function(i) {
    new_gmm1d(outcomes[[i]], plan, parts(i), data_names[i])
  })
  failures[!has_fit] <- lapply(which(!has_fit), function(i) {
    c(list(error = outcomes[[i]]$error), parts(i))
  })
  list_of_fits(fits, keys, plan, failures)
}

names_of_data <- function(name, labels) {
  if (is.null(name)) labels else paste(name, labels, sep = ", ")
}

list_of_fits <- function(fits, keys, plan, failures) {
  structure(fits, names = labels_of(keys), keys = list2DF(keys), plan = plan, failures = failures,
            format = format_of_many, class = "gmm1d_each")
}

with_key_name <- function(fits, name) {
  names(attr(fits, "keys")) <- name
  fits
}

keys_of_fits <- function(fits) attr(parse_many(fits), "keys", exact = TRUE)

plan_of <- function(fits) attr(parse_many(fits), "plan", exact = TRUE)

# A list with an element for each data set: NULL, or for failed ones the error, the data and their
# weights.
failures_of <- function(fits) {
  failures <- attr(parse_many(fits), "failures", exact = TRUE)
  for (one in failures[lengths(failures) > 0L]) {
    if (!is.list(one) || !is_text(one$error)) abort_damaged("x", "failures")
  }
  failures
}

errors_of <- function(fits) {
  vapply(failures_of(fits), function(one) one$error %||% NA_character_, "")
}

has_fit <- function(fits) !vapply(as.list(fits), is.null, NA, USE.NAMES = FALSE)

# Returns many fits in the present format. There may be thousands, so the fields of each are checked
# only where they are used, by fits_with().
parse_many <- function(fits, name = "x") {
  if (!is.list(fits)) abort_damaged(name)
  format <- attr(fits, "format", exact = TRUE)
  if (!identical(format, format_of_many)) {
    fields <- unclass(fits)
    if (!is.null(format) || !identical(fields$format, 1L)) {
      abort_format(format %||% fields$format, format_of_many, name)
    }
    fields$format <- NULL
    check_fields(fields, fields_of_many_1, name)
    fits <- new_gmm1d_each(fields$outcomes, fields$keys, fields$plan, fields$data)
  }
  check_fields(c(list(fits = unclass(fits)), attributes(fits)), fields_of_many, name)
  fits
}

# The fits as a plain list, NULL for failed data sets.
parsed_fits <- function(fits, name = "x") {
  lapply(as.list(fits), function(fit) if (!is.null(fit)) parse_fit(fit, name))
}

# The same, but only these fields of each fit are checked, because only they are used.
fits_with <- function(fits, fields, name = "x") {
  fits <- as.list(fits)
  tests <- fit_fields[c("k", fields)]
  for (fit in fits) if (!is.null(fit)) check_fields(fit, tests, name)
  fits
}

# One element, which must be a fit or NULL.
check_is_fit <- function(fit, name = "x") {
  if (!(is.null(fit) || (is.list(fit) && inherits(fit, "gmm1d")))) abort_damaged(name)
  fit
}

# The version of the layout of many fits; that of a single fit is saved_format. Format 1 was not a
# list of fits, but of outcomes, keys, plan and data.
format_of_many <- 2L

is_keys <- function(x, many) {
  is.data.frame(x) && is.list(x) && length(x) > 0L && all(lengths(unclass(x)) == length(many$fits))
}

is_plan <- function(x, many) {
  is.list(x) && !is.object(x) && is.numeric(x$k) && is.character(x$criterion)
}

fields_of_many <- list(
  fits = function(x, many) is.list(x),
  names = function(x, many) is.character(x) && length(x) == length(many$fits) && !anyNA(x),
  keys = is_keys,
  plan = is_plan,
  failures = function(x, many) is.list(x) && !is.object(x) && length(x) == length(many$fits)
)

fields_of_many_1 <- list(
  outcomes = function(x, many) is.list(x),
  plan = is_plan,
  keys = function(x, many) {
    is.list(x) && length(x) > 0L && all(lengths(unclass(x)) == length(many$outcomes))
  }
)
