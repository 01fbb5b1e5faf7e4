# Fits and squashed data come back from files: made by another version, damaged on the way, or
# tampered with; and users change fields. What comes back is looked at before it is used: each class
# has a table of its fields, with what each must be. Nothing of it is called before.

# The number of the way in which fits and squashed data are laid out; it grows when that changes.
# Layouts of earlier numbers that can still be read are named where they are read.
saved_format <- 1L

parse_fit <- function(fit, name = "fit") {
  if (!inherits(fit, "gmm1d")) {
    abort_gmm1d("type", "`", name, "` must be a `gmm1d` fit, not ", describe(fit),
                if (inherits(fit, "gmm1d_each")) "; `lapply()` takes its fits one after the other",
                ".")
  }
  check_format(fit, name)
  fit <- with_new_fields(fit)
  check_fields(fit, fit_fields, name)
  fit$selection <- as_table(fit$selection)
  fit$points <- parse_squashed(fit$points, paste0(name, "$points"))
  fit
}

# Version 0.1.0 knew of no price of narrow components, and held all sigmas of a penalised fit.
with_new_fields <- function(fit) {
  selection <- unclass(unclass(fit)[["selection"]])
  if (is.list(selection) && is.null(selection$price)) {
    fit["selection"] <- list(c(selection, list(price = numeric(length(selection[[1L]])))))
  }
  fit
}

parse_squashed <- function(points, name = "x") {
  if (!inherits(points, "squashed")) {
    abort_gmm1d("saved", "`", name, "` must be squashed data, not ", describe(points), ".")
  }
  check_format(points, name)
  points <- with_base(points)
  check_fields(points, squashed_fields, name)
  if (!is.null(points$bins)) points$bins <- as_table(points$bins)
  points
}

# A data frame of the columns alone, whatever else came with them.
as_table <- function(columns) {
  size <- length(unclass(columns)[[1L]])
  attributes(columns) <- list(names = names(columns), class = "data.frame",
                              row.names = .set_row_names(size))
  columns
}

# Version 0.1.0 knew of no values about a base.
with_base <- function(points) {
  if (is.null(unclass(points)[["base"]])) points[c("base", "about")] <- list(0, NULL)
  points
}

check_format <- function(object, name) {
  if (!is.list(object)) abort_damaged(name)
  found <- unclass(object)$format
  if (!identical(found, saved_format)) abort_format(found, saved_format, name)
}

abort_format <- function(found, known, name) {
  shown <- if (is_number(found)) format(found, digits = 7L) else "unknown"
  abort_gmm1d("saved", "`", name, "` was made by a version of gmm1d that this one cannot read, ",
              "or is damaged (format ", shown, ", not ", known, "); make it again from the data.")
}

# `fields` are tests of the field and of the object that has it.
check_fields <- function(object, fields, name) {
  if (!is.list(object)) abort_damaged(name)
  object <- unclass(object)
  for (field in names(fields)) {
    if (!isTRUE(fields[[field]](object[[field]], object))) abort_damaged(name, field)
  }
}

abort_damaged <- function(name, field = NULL) {
  abort_gmm1d("saved", "`", name, "` is damaged or was changed",
              if (!is.null(field)) c(": its `", field, "` is not what it must be"),
              "; make it again from the data.")
}

# These tests say what a field can be. None calls a method of the class that a field may have.

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

# Columns that have all one length.
is_table <- function(x, columns) {
  is.list(x) && length(x) > 0L && all(columns %in% names(x)) &&
    !any(vapply(x, is.object, NA)) && all(vapply(x, is.atomic, NA)) &&
    all(lengths(x) == length(x[[1L]]))
}

is_null_or <- function(test) function(x, of) is.null(x) || isTRUE(test(x, of))

# Numbers as gmm1d() takes them.
is_data <- function(x, of) {
  (is.numeric(x) || (is.logical(x) && all(is.na(x)))) && (length(dim(x)) < 2L || ncol(x) == 1L)
}

is_selection <- function(x, fit) {
  columns <- c("loglik", "objective", criteria, "price")
  x <- unclass(x)
  is_table(x, c("k", "variance", "df", "converged", "penalised", columns)) &&
    is.integer(x$k) && isTRUE(all(x$k >= 1L)) && is.integer(x$df) && !anyNA(x$df) &&
    is.character(x$variance) && all(x$variance %in% c("free", "equal")) &&
    all(vapply(x[columns], is_numbers, NA, length(x$k))) &&
    is.logical(x$converged) && is.logical(x$penalised) && !anyNA(c(x$converged, x$penalised)) &&
    sum(x$k == fit$k & x$variance == fit$variance) == 1L
}

is_certificate <- function(x, fit) {
  parts <- c("gap", "score", "smallest_eigenvalue", "cell_width")
  is.list(x) && !is.object(x) && all(lengths(x) == 1L) &&
    all(vapply(x[intersect(parts, names(x))], is_numeric_part, NA, 1L)) &&
    all(parts[1:3] %in% names(x))
}

# Values that are fixed, NA where there is none.
are_fixed_values <- function(x, fit) {
  is.list(x) && !is.object(x) && all(names(x) %in% c("lambda", "mu", "sigma")) &&
    all(vapply(x, function(part) {
      is.null(part) || (is.numeric(part) && length(part) %in% c(1L, fit$k) &&
                          !any(is.infinite(part))) || (is.logical(part) && all(is.na(part)))
    }, NA))
}

is_control <- function(x) {
  is.list(x) && is_at_least_0(x$tol) && is_count(x$max_iter) &&
    (is.null(x$penalty) || is_at_least_0(x$penalty)) &&
    (is.null(x$min_sigma) || (is_at_least_0(x$min_sigma) && x$min_sigma > 0)) &&
    is_one_of(x$starts, c("fast", "thorough")) && is_count(x$threads) && x$threads >= 1L &&
    is_count(x$cells) && x$cells >= 1L && is_flag(x$keep_data)
}

fit_fields <- list(
  k = function(x, fit) is_count(x) && x >= 1L,
  lambda = function(x, fit) is_numbers(x, fit$k) && all(x >= 0) && abs(sum(x) - 1) <= 1e-6,
  mu = function(x, fit) is_numbers(x, fit$k),
  sigma = function(x, fit) is_numbers(x, fit$k) && all(x > 0),
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
  data = is_null_or(is_data),
  weights = is_null_or(function(x, fit) is_data(x) && length(x) == NROW(fit$data)),
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
  control = function(x, fit) inherits(x, "gmm1d_control") && is_control(unclass(x)),
  call = is_null_or(function(x, fit) is.call(x))
)

# How a climb can end; "given" is as another package has estimated it.
statuses <- c("converged", "saddle", "ridge", "max_iter", "stalled", "given")

# The criteria that may choose a model, the default first.
criteria <- c("BIC", "AIC", "ICL")

# Numbers that the core reads where they are: doubles, as many as there are points.
is_of_points <- function(x, points) {
  is.double(x) && is_numeric_part(x, length(points$x)) && !anyNA(x)
}

is_width <- function(x, points) is_of_points(x, points) && all(x >= 0)

is_about <- function(x, points) {
  if (!is.list(x) || is.object(x) || !is_number(x$offset)) return(FALSE)
  is_of_points(x$x, points) && is_numbers(x$x, length(points$x)) && !is.unsorted(x$x) &&
    is.null(x$lower) == is.null(points$lower) && is.null(x$upper) == is.null(points$lower) &&
    (is.null(x$lower) || (is_of_points(x$lower, points) && is_of_points(x$upper, points)))
}

is_cells <- function(x, points) {
  if (!is.list(x) || is.object(x)) return(FALSE)
  count <- length(x$level)
  count > 0L && is.integer(x$level) && is_numbers(x$level, count) &&
    is.double(x$index) && is_numbers(x$index, count) && is.double(x$sums) &&
    identical(dim(x$sums), c(6L, count)) && is_numbers(x$sums, 6L * count) &&
    all(x$sums[1L, ] > 0) && is_near(sum(x$sums[1L, ]), points$n)
}

is_near <- function(a, b) abs(a - b) <= 1e-6 * abs(b)

# If cells were refined, `refined` has columns of numbers.
is_grid <- function(x, points) {
  is.list(x) && !is.object(x) && is_number(x$level) && is_number(x$first) &&
    (is.null(x$refined) || (is.list(x$refined) && all(vapply(unclass(x$refined), function(column) {
      is_numeric_part(column, length(column)) && !anyNA(column)
    }, NA))))
}

is_bins <- function(x, points) {
  columns <- c("lower", "upper", "count")
  x <- unclass(x)
  is_table(x, columns) && all(vapply(x[columns], is.double, NA)) && !anyNA(unlist(x[columns])) &&
    all(x$lower < x$upper) && all(x$count >= 0)
}

squashed_fields <- list(
  x = function(x, points) {
    length(x) > 0L && is.double(x) && is_numbers(x, length(x)) && !is.unsorted(x)
  },
  n = function(x, points) is_number(x) && x > 0,
  w = function(x, points) {
    is_of_points(x, points) && all(x >= 0) && is_near(sum(x), points$n)
  },
  n_missing = function(x, points) is_at_least_0(x),
  scale = function(x, points) is_at_least_0(x),
  step = function(x, points) is_at_least_0(x),
  width = is_null_or(is_width),
  cells = is_null_or(is_cells),
  grid = function(x, points) if (is.null(points$cells)) is.null(x) else is_grid(x, points),
  lower = is_null_or(function(x, points) is_of_points(x, points) && !is.null(points$upper)),
  upper = is_null_or(function(x, points) {
    is_of_points(x, points) && !is.null(points$lower) && all(points$lower < x)
  }),
  rounding = is_null_or(function(x, points) is_number(x) && x > 0),
  bins = is_null_or(is_bins),
  base = function(x, points) is_number(x),
  about = is_null_or(is_about)
)
