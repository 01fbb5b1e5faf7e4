# The parameters in the tables of tidy(): one in each row, or in the columns of their component.

# The columns of the table with a row for each parameter, in the order of coef().
parameter_columns <- function(fit, errors, intervals) {
  component <- c(rep(seq_len(fit$k), 3L), if (!is.null(fit$noise)) 0L)
  c(
    list(term = names_of_coef(fit), component = component),
    if (!is.null(fit$labels)) list(label = c(NA, fit$labels)[component + 1L]),
    list(estimate = unname(parameters_of(fit)), std.error = errors),
    intervals(fit, errors)
  )
}

# The same for many fits, with the number of the fit that each row is `of`. A data set without a fit
# has one row of NA.
parameters_of_each <- function(fits, errors, intervals) {
  parts <- Map(function(fit, of_fit) {
    if (is.null(fit)) list(term = NA) else parameter_columns(fit, of_fit, intervals)
  }, fits, errors)
  size <- lengths(lapply(parts, `[[`, "term"))
  column <- function(name, as_type) {
    as_type(unlist(Map(function(part, n) part[[name]] %||% rep(NA, n), parts, size)))
  }
  limits <- names(intervals(NULL))
  types <- c(term = as.character, component = as.integer, estimate = as.double,
             std.error = as.double, stats::setNames(list(as.double, as.double)[seq_along(limits)],
                                                    limits))
  list(of = rep(seq_along(parts), size), columns = Map(column, names(types), types))
}

# Standard errors, and limits if requested, in columns for lambda, mu and sigma. The two limits of a
# parameter are neighbours.
wide_columns <- function(fit, errors, intervals, has_noise = !is.null(fit$noise)) {
  columns <- c(list(std.error = errors), intervals(fit, errors))
  parts <- lapply(columns, parts_of_coef, fit, has_noise)
  wide <- function(part, what) parts[[what]][[match(part, wide_words)]]
  order <- order_of_wide(names(columns))
  stats::setNames(Map(wide, order$part, order$what), paste(order$part, order$what, sep = "."))
}

# Broom's names for lambda, mu and sigma.
wide_words <- c("proportion", "mean", "sd")

order_of_wide <- function(what) {
  limits <- setdiff(what, "std.error")
  list(part = c(wide_words, rep(wide_words, each = length(limits))),
       what = c(rep("std.error", 3L), rep(limits, 3L)))
}

# Splits a vector like coef() into the entries of lambda, mu and sigma. Noise, which has only a
# proportion, comes first.
parts_of_coef <- function(values, fit, has_noise) {
  if (is.null(fit)) return(list(NA_real_, NA_real_, NA_real_))
  values <- unname(values)
  parts <- unname(split(values[seq_len(3L * fit$k)], rep(1:3, each = fit$k)))
  if (has_noise) Map(c, list(values[3L * fit$k + 1L], NA_real_, NA_real_), parts) else parts
}

# The columns of many fits, stacked.
wide_columns_of_each <- function(fits, errors, intervals) {
  none <- wide_columns(NULL, NA_real_, intervals, has_noise = FALSE)
  parts <- Map(wide_columns, fits, errors, MoreArgs = list(intervals, has_noise = FALSE))
  columns <- lapply(names(none), function(name) as.double(unlist(lapply(parts, `[[`, name))))
  stats::setNames(columns, names(none))
}

# A function that computes the confidence limits of a fit, NULL if they are not requested.
parse_intervals <- function(asked, level, method) {
  asked <- parse_flag(asked, "conf.int")
  level <- parse_level(level, "conf.level")
  method <- parse_choice(method, c("wald", "profile", "bootstrap"), "conf.method")
  function(fit, errors) {
    if (!asked) return(NULL)
    if (is.null(fit)) return(list(conf.low = NA_real_, conf.high = NA_real_))
    limits <- intervals_of(fit, seq_along(errors), level, method, error = errors)
    list(conf.low = unname(limits[, 1L]), conf.high = unname(limits[, 2L]))
  }
}

# The standard errors of each fit, NULL for a data set without one. There is one warning for all.
errors_of_each <- function(fits) {
  errors <- lapply(fits, function(fit) if (!is.null(fit)) standard_errors(fit, warn = FALSE))
  lost <- which(vapply(errors, function(one) !is.null(one) && all(is.na(one)), NA))
  if (length(lost) > 0L) {
    warn_gmm1d("singular", count_of(length(lost), "fit"), " of ", format_count(length(fits)),
               if (length(lost) == 1L) " has no standard errors: "
               else " have no standard errors. In the first of these, ",
               why_singular(fits[[lost[1L]]]), "there are none.")
  }
  Map(function(fit, of_fit) if (!is.null(fit)) errors_in_tables(fit, of_fit), fits, errors)
}

#' @rdname bootstrap
#' @export
tidy.gmm1d_bootstrap <- function(x, conf.int = FALSE, # nolint: object_name_linter.
                                 conf.level = 0.95, ...) { # nolint: object_name_linter.
  check_no_dots(..., .ignored = asked_by_others, .off = off_for_mixtures)
  asked <- parse_flag(conf.int, "conf.int")
  rows <- summary.gmm1d_bootstrap(x, level = parse_level(conf.level, "conf.level"))
  none <- function(fit, errors) NULL
  columns <- parameter_columns(x$fit, rows$std.error, none)
  columns <- append(columns, list(bias = rows$bias), which(names(columns) == "estimate"))
  list2DF(c(columns, if (asked) rows[c("conf.low", "conf.high")]))
}

#' @rdname bootstrap
#' @export
tidy.gmm1d_bootstrap_k <- function(x, ...) {
  check_no_dots(..., .ignored = asked_by_others, .off = c("conf.int", off_for_mixtures))
  summary.gmm1d_bootstrap_k(x)
}

# Arguments that other packages pass to tidy(), whatever the model is.
asked_by_others <- c("effects", "component", "parametric", "conf.level")
off_for_mixtures <- c("exponentiate", "vcov")
