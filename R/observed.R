#' Measurement errors, limits of detection, windows, noise and labels
#'
#' The arguments `error`, `censored`, `within`, `noise` and `labels` of [gmm1d()] describe how the
#' values were observed. They can be combined with each other and with weights, and every method for
#' a fit takes them into account.
#'
#' @details
#' * **`error`**: a value x with a normal error of known standard deviation s has the density
#'   `sum_j lambda_j N(x; mu_j, sigma_j^2 + s^2)` (Bovy, Hogg and Roweis 2011). A `sigma` may be 0
#'   here, and its estimate is 0 if the errors explain all of the spread; it then has no standard
#'   error, and its profile interval starts at 0. `fixed = list(sigma = 0)` is the finite mixture of
#'   Galbraith and Green (1990), and `k = 1` the random-effects model of meta-analysis, known in
#'   dating as the central age. If every value has an error, the likelihood is bounded and nothing
#'   is penalised. Up to 4096 distinct pairs of values and errors are kept; more are squashed, which
#'   changes estimates from 1e6 values by about 1e-5 standard errors.
#' * **`censored`**, and intervals: the value contributes the probability of its interval.
#' * **`within`**: a value x seen through a window of probability P contributes its density divided
#'   by P.
#' * **`noise`**: a uniform component, for values that belong to no other.
#' * **`labels`**: the component of some values is known.
#'
#' `print()` says how the values were observed. Plots compare the data with what the mixture would
#' produce under the same conditions, and bootstraps and tests simulate their data in the same way.
#'
#' @references
#' Bovy, J., Hogg, D. W. and Roweis, S. T. (2011). Extreme deconvolution: inferring complete
#' distribution functions from noisy, heterogeneous and incomplete observations. *Annals of Applied
#' Statistics* 5, 1657-1677. \doi{10.1214/10-AOAS439}
#'
#' Galbraith, R. F. and Green, P. F. (1990). Estimating the component ages in a finite mixture.
#' *Nuclear Tracks and Radiation Measurements* 17, 197-206. \doi{10.1016/1359-0189(90)90035-V}
#'
#' @seealso [gmm1d()]; `vignette("observed", "gmm1d")`, `vignette("ages", "gmm1d")`
#' @concept noise floor
#' @concept background noise
#' @concept detection limit
#' @concept censored data
#' @concept titre
#' @concept truncated data
#' @concept measurement error
#' @examples
#' set.seed(1)
#' error <- runif(200, 0.2, 1)
#' gmm1d(c(rnorm(120, 10), rnorm(80, 15)) + rnorm(200, 0, error), error = error, k = 1:3)
#'
#' # below a limit of detection; seen through a window; with background noise
#' gmm1d(pmax(faithful$waiting, 50), censored = c(50, NA), k = 2)
#' gmm1d(with(faithful, waiting[waiting > 50 & waiting < 90]), within = c(50.5, 89.5), k = 2)
#' gmm1d(c(faithful$waiting, seq(0, 200, 5)), noise = c(FALSE, TRUE), k = 1:3)
#' @name gmm1d_observed
NULL

# How values were observed (with errors, beyond a limit of detection, through a window, with known
# components), and what is then observed of a mixture.

# How n values were observed: a list of `error`, `censored`, `within`, `labels` and `labels_by`,
# each NULL if not given; NULL if none is given.
parse_observed <- function(n, error = NULL, censored = NULL, within = NULL, labels = NULL,
                           labels_by = "random") {
  labels_by <- parse_choice(labels_by, c("random", "design"), "labels_by")
  observed <- list(error = parse_error(error, n), censored = parse_bounds(censored, "censored"),
                   within = parse_bounds(within, "within"), labels = parse_labels(labels, n))
  if (all(vapply(observed, is.null, NA))) return(NULL)
  c(observed, labels_by = if (!is.null(labels)) labels_by)
}

# Standard deviations of known errors, one for each value or one for all.
parse_error <- function(error, n, name = "error") {
  if (is.null(error)) return(NULL)
  error <- parse_numbers(error, name)
  if (!length(error) %in% c(1L, n)) {
    abort_gmm1d("shape", "`", name, "` must have length 1 or one number for each value (", n,
                "), not length ", length(error), ".")
  }
  check_each(is.na(error) | error >= 0, error, name, "not be negative")
  check_each(!is.infinite(error), error, name, "be finite", "infinite")
  rep_len(error, n)
}

# Two limits; one of them may be infinite, or NA, which means the same.
parse_bounds <- function(limits, name) {
  if (is.null(limits)) return(NULL)
  limits <- parse_numbers(limits, name)
  if (length(limits) != 2L) {
    abort_gmm1d("shape", "`", name, "` must be two limits, lower and upper (-Inf or Inf if there ",
                "is none), not ", count_of(length(limits), "number"), ".")
  }
  limits <- ifelse(is.na(limits), c(-Inf, Inf), limits)
  if (limits[1L] >= limits[2L] || limits[1L] == Inf || limits[2L] == -Inf) {
    abort_gmm1d("range", "the lower limit of `", name, "` must be below the upper one, not ",
                format(limits[1L]), " and ", format(limits[2L]), ".")
  }
  if (any(is.finite(limits))) limits
}

# Known components: the levels of a factor, or the sorted values.
parse_labels <- function(labels, n) {
  if (is.null(labels)) return(NULL)
  if (!is.atomic(labels) || length(labels) != n) {
    abort_gmm1d(if (is.atomic(labels)) "shape" else "type", "`labels` must be as long as `x` (", n,
                "), not ", if (is.atomic(labels)) length(labels) else describe(labels),
                "; use NA if the component is not known.")
  }
  labels <- droplevels(as.factor(labels))
  if (any(is_blank <- !nzchar(trimws(levels(labels))))) {
    at <- match(levels(labels)[is_blank][1L], labels)
    abort_gmm1d("range", "`labels` must be NA where the component is not known, not an empty ",
                "string, as at position ", at, "; write `labels[labels == \"\"] <- NA`, or read ",
                "the file with `na.strings = c(\"\", \"NA\")`.")
  }
  if (nlevels(labels) == 0L) {
    abort_gmm1d("empty", "`labels` must name the component of at least one value.")
  }
  if (!anyNA(labels)) {
    abort_gmm1d("range", "`labels` must be NA for at least one value: if all components are ",
                "known, there is nothing to fit; `tapply()` gives their means.")
  }
  labels
}

# Squashes values, with how they were observed.
squash_observed <- function(x, weights, rounding, observed, control) {
  x <- parse_numbers(x, "x")
  check_each(!is.infinite(x), x, "x", "be finite", "infinite")
  bounds <- censored_bounds(x, observed$censored)
  if (!is.null(rounding)) {
    exact <- which(bounds$lower == bounds$upper)
    bounds$lower[exact] <- x[exact] - rounding / 2
    bounds$upper[exact] <- x[exact] + rounding / 2
  }
  points <- squash_rows(bounds$lower, bounds$upper, weights, observed, control)
  if (!is.null(observed$censored)) warn_of_limits(x, weights, observed$censored)
  points
}

# Limits on another scale than the values, such as that of titres for logarithms, lie amid the
# values or above them. Values that are not detected are mostly recorded alike, at the limit or at
# a number below it, however many they are; so the limits are doubtful only if most of the values,
# and most of the distinct ones, lie beyond.
warn_of_limits <- function(x, weights, limits) {
  known <- !is.na(x)
  weights <- as.vector(weights %||% rep(1, length(x)), "double")[known]
  x <- x[known]
  is_beyond <- x < limits[1L] | x > limits[2L]
  beyond <- sum(weights[is_beyond]) / sum(weights)
  distinct <- unique(x[weights > 0])
  distinct_beyond <- sum(distinct < limits[1L] | distinct > limits[2L])
  if (beyond <= 0.5 || distinct_beyond <= length(distinct) / 2) return(invisible())
  limits <- paste(limits[is.finite(limits)], collapse = " and ")
  warn_gmm1d("censored", format(100 * beyond, digits = 2L), " % of the values (",
             format_count(distinct_beyond), " distinct ones) lie beyond the limits of `censored` (",
             limits, ") and are treated as censored. Limits are on the scale of the fit: for ",
             "`~ log10(titre)`, give `log10(c(10, NA))`. If the limits are right, record such ",
             "values at the limit, as by `pmax(x, limit)`.")
}

# True if observations differ in how they are known. A window alone does not count.
needs_rows <- function(observed) {
  !all(vapply(observed[c("error", "censored", "labels")], is.null, NA))
}

# The intervals of censored values: a value at or beyond a limit lies somewhere beyond it.
censored_bounds <- function(x, limits) {
  limits <- limits %||% c(-Inf, Inf)
  low <- which(x <= limits[1L])
  high <- which(x >= limits[2L])
  lower <- upper <- x
  lower[low] <- -Inf
  upper[low] <- limits[1L]
  lower[high] <- limits[2L]
  upper[high] <- Inf
  list(lower = lower, upper = upper)
}

# Squashes intervals, or exact values (both bounds equal); NA is missing.
squash_rows <- function(lower, upper, weights, observed, control) {
  n <- length(lower)
  weights <- parse_complete_weights(weights, n)
  missing <- is.na(lower) | is.na(upper) | is.na(observed$error %||% numeric(n))
  if (any(is.na(observed$error) & !is.na(lower))) {
    at <- which(is.na(observed$error) & !is.na(lower))[1L]
    abort_gmm1d("missing", "`error` must not be missing if `x` is not, as at position ", at, ".")
  }
  used <- !missing & weights > 0
  if (!any(used)) {
    abort_gmm1d("empty", "`x` must have at least one value that is not missing and has a ",
                "positive weight; it has ", count_of(n, "value"), ".")
  }
  window <- observed$within
  if (!is.null(window)) {
    # Values beyond a limit still lie inside the window.
    lower[which(lower == -Inf)] <- window[1L]
    upper[which(upper == Inf)] <- window[2L]
    check_within(lower[used], upper[used], window)
  }
  if (!any(lower[used] == upper[used] | is.finite(upper[used] - lower[used])) &&
        length(unique(c(lower[used], upper[used]))) < 4L) {
    abort_gmm1d("range", "`x` must have exact values or bounded intervals; otherwise the data ",
                "have no scale.", if (!is.null(observed$censored)) {
                  c(" All values are at or beyond a limit of `censored`. Limits are in the unit ",
                    "of the fit: for `~ log10(titre)`, give `log10(c(10, NA))`.")
                })
  }
  if (is.null(observed$error) && is.null(observed$labels) && all(lower[used] == upper[used])) {
    points <- squash_values(ifelse(missing, NA, lower), weights, NULL, control)
    points["within"] <- list(window)
    return(points)
  }
  rows <- list(lower = lower[used], upper = upper[used], w = weights[used],
               error = observed$error[used], label = label_numbers(observed$labels)[used])
  rows <- rows[!vapply(rows, is.null, NA)]
  new_squashed_observations(squashed_rows(rows, control), n = sum(rows$w),
                            n_missing = as.double(sum(missing)), within = window,
                            labels_by = observed$labels_by,
                            label_names = levels(observed$labels))
}

label_numbers <- function(labels) {
  if (is.null(labels)) return(NULL)
  numbers <- as.integer(labels)
  ifelse(is.na(numbers), 0L, numbers)
}

# Errors if a value lies outside the window, or an interval extends beyond it.
check_within <- function(lower, upper, window) {
  outside <- lower < window[1L] | upper > window[2L]
  if (!any(outside)) return(invisible())
  at <- which(outside)[1L]
  what <- if (lower[at] == upper[at]) paste("the value", format(lower[at], digits = 7L), "lies")
          else paste("the interval from", format(lower[at]), "to", format(upper[at]), "extends")
  abort_gmm1d("range", "`within` (", format(window[1L]), " to ", format(window[2L]), ") must ",
              "contain all data; ", what, " outside.")
}

# The same sample, observed through a window.
seen_within <- function(points, window) {
  if (is.null(window)) return(points)
  bounds <- bounds_of(points)
  check_within(bounds$lower, bounds$upper, window)
  points$within <- window
  points
}

# A mixture as observed in its sample: with errors, within the window. If there are many different
# errors, the medians of parts of equal weight represent them.
as_seen <- function(mixture, points) {
  seen <- as_mixture(mixture)
  if (any(errors_of_points(points) > 0)) seen <- blurred(seen, typical_errors(points))
  seen$within <- points$within
  seen
}

# The densities of the components as observed, one column for each, and the total including noise.
seen_densities <- function(x, fit) {
  error <- errors_of_points(fit$points)
  if (all(error == 0) && is.null(fit$points$within)) {
    parts <- component_density(x, fit)
    return(list(components = parts[, paste0("comp.", seq_len(fit$k)), drop = FALSE],
                total = rowSums(parts)))
  }
  seen <- as_seen(fit, fit$points)
  log_share <- if (is.null(seen$within)) 0 else log_share_within(seen)
  inside <- if (is.null(seen$within)) TRUE else x >= seen$within[1L] & x <= seen$within[2L]
  errors <- typical_errors(fit$points)
  components <- vapply(seq_len(fit$k), function(j) {
    one <- blurred(new_mixture(1, fit$mu[j], fit$sigma[j]), errors)
    inside * exp(log(fit$lambda[j]) + density_of(x, one, log = TRUE) - log_share)
  }, numeric(length(x)))
  dim(components) <- c(length(x), fit$k)
  list(components = components, total = density_of(x, seen))
}

# The other curves in plots: the noise as observed, and the density of the true values, or of all
# values, if it differs from what is observed.
other_densities <- function(x, fit) {
  seen <- seen_densities(x, fit)
  has_error <- any(fit$points$error > 0)
  hidden <- if (has_error) "true values" else if (!is.null(fit$points$within)) "all values"
  c(
    if (!is.null(fit$noise)) list(noise = pmax(seen$total - rowSums(seen$components), 0)),
    if (!is.null(hidden) && all(fit$sigma > 0)) {
      stats::setNames(list(density_of(x, as_mixture(fit))), hidden)
    }
  )
}

# A typical error, 0 unless every value has one: the unit of the core.
typical_error <- function(points) {
  if (!has_errors(points)) return(0)
  sqrt(points$n / sum(points$w / points$error^2))
}

# The window of a mixture or a sample, through which all values are seen if it has none.
window_of <- function(x) x$within %||% c(-Inf, Inf)

# The observed standard deviation for a sigma and an error, and the way back. (Without errors no
# squares are taken, which might overflow.)
spread_of <- function(sigma, error) if (all(error == 0)) sigma else sqrt(sigma^2 + error^2)

sigma_of <- function(spread, error) {
  if (error == 0) spread else sqrt(pmax((spread - error) * (spread + error), 0))
}

most_errors <- 64L

typical_errors <- function(points) {
  of_points <- errors_of_points(points)
  in_order <- order(of_points)
  error <- of_points[in_order]
  part <- cumsum(points$w[in_order]) / points$n
  if (length(unique(error)) <= most_errors) {
    weight <- as.vector(rowsum(points$w[in_order], match(error, unique(error))))
    return(list(error = unique(error), part = weight / points$n))
  }
  at <- findInterval((seq_len(most_errors) - 0.5) / most_errors, part, left.open = TRUE) + 1L
  list(error = error[pmin(at, length(error))], part = rep(1 / most_errors, most_errors))
}

blurred <- function(mixture, errors) {
  size <- length(errors$error)
  new_mixture(rep(mixture$lambda, each = size) * rep(errors$part, mixture$k),
              rep(mixture$mu, each = size),
              spread_of(rep(mixture$sigma, each = size), rep(errors$error, mixture$k)),
              mixture$noise)
}
