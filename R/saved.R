# Fits and squashed data may come from files: written by another version, damaged, or tampered with;
# and users may change fields. They are validated before they are used: each class has a table of
# its fields, with a test for each. Nothing in an object is called before.

# The version of the layout of fits and squashed data, increased when it changes. Functions that
# read earlier layouts are named after them.
saved_format <- 2L

parse_fit <- function(fit, name = "fit") {
  if (!inherits(fit, "gmm1d")) {
    abort_gmm1d("type", "`", name, "` must be a `gmm1d` fit, not ", describe(fit),
                if (inherits(fit, "gmm1d_each")) "; use `lapply()` for each of its fits",
                ".")
  }
  check_format(fit, name)
  fit <- with_new_fields(fit)
  check_fields(fit, fit_fields, name)
  fit$selection <- as_table(fit$selection)
  fit$points <- parse_squashed(fit$points, paste0(name, "$points"))
  fit
}

# Version 0.1.0 had no price of narrow components and no brief searches, and held all sigmas of a
# penalised fit. The format follows that of the points.
with_new_fields <- function(fit) {
  fit$format <- saved_format
  selection <- unclass(unclass(fit)[["selection"]])
  if (is.list(selection) && length(selection) > 0L) {
    size <- length(selection[[1L]])
    new <- list(price = numeric(size), brief = logical(size), bound = rep(NA_real_, size),
                bound_sigma = rep(NA_real_, size))
    fit["selection"] <- list(c(selection, new[setdiff(names(new), names(selection))]))
  }
  fit
}

parse_squashed <- function(points, name = "x") {
  if (!inherits(points, "squashed")) {
    abort_gmm1d("saved", "`", name, "` must be squashed data, not ", describe(points), ".")
  }
  check_format(points, name)
  if (points$format == 1L) points <- from_format_1(points)
  check_fields(points, fields_of(points), name)
  without_extras(points)
}

# Format 1 had one class for all kinds. Version 0.1.0, the first to use it, had no values relative
# to a base.
from_format_1 <- function(points) {
  fields <- unclass(points)
  if (is.null(fields$base)) fields[c("base", "about")] <- list(0, NULL)
  kind <- if (!is.null(fields$bins)) "squashed_bins"
          else if (!is.null(fields$cells)) "squashed_cells"
          else c(if (is_number(fields$step) && fields$step > 0) "squashed_lattice",
                 "squashed_values")
  if (!is.null(fields$rounding)) kind <- c("squashed_rounded", kind)
  fields$format <- saved_format
  structure(fields, class = c(kind, "squashed"))
}

# A data frame of the columns alone, without other attributes.
as_table <- function(columns) {
  size <- length(unclass(columns)[[1L]])
  attributes(columns) <- list(names = names(columns), class = "data.frame",
                              row.names = .set_row_names(size))
  columns
}

check_format <- function(object, name) {
  if (!is.list(object)) abort_damaged(name)
  found <- unclass(object)$format
  is_known <- is_count(found) && found %in% seq_len(saved_format)
  if (!is_known) abort_format(found, saved_format, name)
}

abort_format <- function(found, known, name) {
  shown <- if (is_number(found)) format(found, digits = 7L) else "unknown"
  abort_gmm1d("saved", "`", name, "` is damaged, or was saved by a version of gmm1d that this one ",
              "cannot read (format ", shown, ", not ", known, "); recreate it from the data.")
}

# `fields` are tests, called with a field and its object.
check_fields <- function(object, fields, name) {
  if (!is.list(object)) abort_damaged(name)
  object <- unclass(object)
  for (field in names(fields)) {
    if (!isTRUE(fields[[field]](object[[field]], object))) abort_damaged(name, field)
  }
}

abort_damaged <- function(name, field = NULL) {
  abort_gmm1d("saved", "`", name, "` is damaged or was changed",
              if (!is.null(field)) c(" (its `", field, "` is not valid)"),
              "; recreate it from the data.")
}

# Tests for fields. None calls a method of a class that a field may have.

is_numbers <- function(x, size) is_numeric_part(x, size) && all(is.finite(x))

# NA and infinite values included.
is_numeric_part <- function(x, size) is.numeric(x) && !is.object(x) && length(x) == size

is_number <- function(x) is_numbers(x, 1L)

is_at_least_0 <- function(x) is_number(x) && x >= 0

is_count <- function(x) is.integer(x) && is_number(x) && x >= 0L

is_flag <- function(x) is.logical(x) && !is.object(x) && length(x) == 1L && !is.na(x)

is_text <- function(x) {
  is.character(x) && !is.object(x) && length(x) == 1L && !is.na(x) && validUTF8(x)
}

is_one_of <- function(x, words) is_text(x) && x %in% words

# True for columns of the same length.
is_table <- function(x, columns) {
  is.list(x) && length(x) > 0L && all(columns %in% names(x)) &&
    !any(vapply(x, is.object, NA)) && all(vapply(x, is.atomic, NA)) &&
    all(lengths(x) == length(x[[1L]]))
}

is_null_or <- function(test) function(x, of) is.null(x) || isTRUE(test(x, of))

# True for numbers that gmm1d() accepts as data.
is_data <- function(x, of) {
  (is.numeric(x) || (is.logical(x) && all(is.na(x)))) && (length(dim(x)) < 2L || ncol(x) == 1L)
}

is_selection <- function(x, fit) {
  columns <- c("loglik", "objective", criteria, "price")
  bounds <- c("bound", "bound_sigma")
  flags <- c("converged", "penalised", "brief")
  x <- unclass(x)
  is_table(x, c("k", "variance", "df", flags, columns, bounds)) &&
    is.integer(x$k) && isTRUE(all(x$k >= 1L)) && is.integer(x$df) && !anyNA(x$df) &&
    is.character(x$variance) && all(x$variance %in% c("free", "equal")) &&
    all(vapply(x[columns], is_numbers, NA, length(x$k))) &&
    all(vapply(x[bounds], is_numeric_part, NA, length(x$k))) &&
    all(vapply(x[flags], is.logical, NA)) && !anyNA(unlist(x[flags])) &&
    (is.null(x$noise) || (is.logical(x$noise) && !anyNA(x$noise))) &&
    sum(x$k == fit$k & x$variance == fit$variance &
          (x$noise %||% FALSE) == !is.null(fit$noise)) == 1L
}

is_certificate <- function(x, fit) {
  parts <- c("gap", "score", "smallest_eigenvalue", "cell_width")
  is.list(x) && !is.object(x) && all(lengths(x) == 1L) &&
    all(vapply(x[intersect(parts, names(x))], is_numeric_part, NA, 1L)) &&
    all(parts[1:3] %in% names(x))
}

# Fixed values, NA for free parameters.
are_fixed_values <- function(x, fit) {
  is.list(x) && !is.object(x) && all(names(x) %in% c("lambda", "mu", "sigma")) &&
    all(vapply(x, function(part) {
      is.null(part) || (is.numeric(part) && length(part) %in% c(1L, fit$k) &&
                          !any(is.infinite(part))) || (is.logical(part) && all(is.na(part)))
    }, NA))
}

# A relation as parse_relate() returns it.
is_relate <- function(x, fit) {
  parsed <- tryCatch(parse_relate(x), gmm1d_error = function(e) NULL)
  identical(parsed, x) && all(relation_sizes(parsed) == fit$k)
}

is_control <- function(x) {
  is.list(x) && is_at_least_0(x$tol) && is_count(x$max_iter) &&
    (is.null(x$penalty) || is_at_least_0(x$penalty)) &&
    (is.null(x$min_sigma) || (is_at_least_0(x$min_sigma) && x$min_sigma > 0)) &&
    is_one_of(x$starts, c("fast", "thorough")) && is_count(x$threads) && x$threads >= 1L &&
    is_count(x$cells) && x$cells >= 1L && is_flag(x$keep_data)
}

# How values were observed, as parse_observed() returns it.
is_observed <- function(x, fit) {
  size <- length(fit$data)
  is_limits <- function(limits) is.null(limits) || (is_numeric_part(limits, 2L) && !anyNA(limits))
  is.list(x) && !is.object(x) && (is.null(x$error) || is_numeric_part(x$error, size)) &&
    is_limits(x$censored) && is_limits(x$within) &&
    (is.null(x$labels) || (is.factor(x$labels) && length(x$labels) == size))
}

# True if all values of a sample have errors, so that a sigma may be 0.
has_errors <- function(points) {
  error <- if (is.list(points)) .subset2(points, "error")
  is.numeric(error) && isTRUE(all(error > 0))
}

fit_fields <- list(
  k = function(x, fit) is_count(x) && x >= 1L,
  lambda = function(x, fit) {
    of_noise <- if (is_noise(fit$noise)) fit$noise[1L]
    is_numbers(x, fit$k) && all(x >= 0) && abs(sum(x, of_noise) - 1) <= 1e-6
  },
  mu = function(x, fit) is_numbers(x, fit$k),
  sigma = function(x, fit) is_numbers(x, fit$k) && all(x > 0 | (x == 0 & has_errors(fit$points))),
  noise = is_null_or(function(x, fit) is_noise(x)),
  labels = is_null_or(function(x, fit) is.character(x) && !is.object(x) && length(x) == fit$k),
  loglik = function(x, fit) is_number(x),
  n = function(x, fit) is_number(x) && x > 0,
  n_missing = function(x, fit) is_at_least_0(x),
  df = function(x, fit) is_count(x),
  converged = function(x, fit) is_flag(x),
  status = function(x, fit) is_one_of(x, statuses),
  gap = function(x, fit) is_numeric_part(x, 1L) && !is.na(x),
  certificate = is_certificate,
  penalised = function(x, fit) is_flag(x),
  held = is_null_or(function(x, fit) {
    is.integer(x) && !is.object(x) && all(x %in% seq_len(fit$k))
  }),
  iterations = function(x, fit) is_at_least_0(x),
  trace = function(x, fit) is_numbers(x, length(x)) && length(x) > 0L,
  variance = function(x, fit) is_one_of(x, c("free", "equal")),
  selection = is_selection,
  criterion = function(x, fit) is_one_of(x, criteria),
  k_left_out = function(x, fit) is.integer(x) && !is.object(x) && !anyNA(x),
  fixed = is_null_or(are_fixed_values),
  relate = is_null_or(is_relate),
  data = is_null_or(is_data),
  weights = is_null_or(function(x, fit) is_data(x) && length(x) == NROW(fit$data)),
  observed = is_null_or(is_observed),
  data_name = function(x, fit) is_text(x),
  formula = is_null_or(function(x, fit) is.call(x) && inherits(x, "formula")),
  terms = function(x, fit) {
    if (is.null(fit$formula)) is.null(x)
    else is.call(x) && inherits(x, "terms") && is.call(attr(x, "variables"))
  },
  variables = is_null_or(function(x, fit) {
    is.list(x) && all(vapply(x, function(one) is.name(one) || is.call(one), NA))
  }),
  column = is_null_or(function(x, fit) is.name(x) || is.call(x)),
  error_column = is_null_or(function(x, fit) is.name(x) || is.call(x) || is_at_least_0(x)),
  control = function(x, fit) inherits(x, "gmm1d_control") && is_control(unclass(x)),
  call = is_null_or(function(x, fit) is.call(x))
)

# How a climb can end; "given" is for estimates of another package.
statuses <- c("converged", "saddle", "ridge", "max_iter", "stalled", "given")

# The criteria that may choose a model, the default first.
criteria <- c("BIC", "AIC", "ICL")
