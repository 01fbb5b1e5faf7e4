#' Profile the likelihood of a fit
#'
#' Shows how far the log-likelihood falls if one parameter is held at other values and all others
#' are refitted. These are the curves behind `confint(fit, method = "profile")`. If the signed root
#' of the fall is a straight line in the parameter, its Wald interval is accurate; if it is curved,
#' the profile interval is better.
#'
#' @details
#' Each curve is followed from the estimate to both sides, in steps of a fifth of the distance to
#' the Wald limit for `level`. It ends when the root exceeds the quantile for `level`, when the
#' parameter reaches the end of the parameter space, when the likelihood is flat (the root hardly
#' grows in three steps), or after 15 steps. Each refit starts from the fit of the previous step.
#'
#' @param fitted A [gmm1d()] fit.
#' @param which The parameters: their names (as in `coef()`; `"mu"` for all means) or numbers;
#'   default all. Fixed parameters have no profile.
#' @param level How far the curves extend: a confidence level between 0 and 1, default 0.99.
#' @param x,object The result of `profile()`.
#' @param parm,row.names,optional As for [confint.gmm1d()] and [as.data.frame()].
#' @param lines Confidence levels whose limits are drawn: numbers between 0 and 1, default 0.95;
#'   `NULL` for none.
#' @param ... `plot()`: graphics parameters of the curve. Otherwise not used; an unknown argument is
#'   an error.
#'
#' @return An object of class `gmm1d_profile` and `profile`: a list with a data frame for each
#'   parameter, with the columns `z` (the signed root of twice the fall in log-likelihood, negative
#'   below the estimate) and `par.vals` (a matrix of all parameters, named as `coef()`), as
#'   [stats::profile()] returns them for other models; the attribute `original.fit` is the fit.
#'
#'   `as.data.frame()`: the columns `term`, `value`, `z` and `logLik`, with a row for each step.
#'   `confint()`: as `confint(fit, method = "profile")`. `print()` and `plot()` return `x`
#'   invisibly. `plot()` draws a panel for each parameter; the grey line is what the Wald interval
#'   assumes, and the limits are dashed.
#'
#' @section Errors:
#' `gmm1d_error_argument` for an unknown or fixed parameter, `gmm1d_error_range` for an impossible
#' level.
#'
#' @references
#' Bates, D. M. and Watts, D. G. (1988). *Nonlinear Regression Analysis and Its Applications*,
#' chapter 6. Wiley. \doi{10.1002/9780470316757}
#'
#' Venzon, D. J. and Moolgavkar, S. H. (1988). A method for computing
#' profile-likelihood-based confidence intervals. *Applied Statistics* 37, 87-94.
#' \doi{10.2307/2347496}
#'
#' @seealso [confint.gmm1d()]
#' @concept profile likelihood
#' @examples
#' fit <- gmm1d(~ waiting, data = faithful, k = 2)
#' curves <- profile(fit, c("mu1", "sigma1"))
#' curves
#' plot(curves)
#' head(as.data.frame(curves))
#' @importFrom stats profile
#' @export
profile.gmm1d <- function(fitted, which = NULL, level = 0.99, ...) {
  check_no_dots(..., .off = "trace")
  fit <- parse_fit(fitted, "fitted")
  free <- seq_along(parameters_of(fit))[!is_fixed(fit)]
  chosen <- if (is.null(which)) free else parse_profiled(which, free, fit)
  most <- stats::qnorm((1 + parse_level(level)) / 2)
  step <- steps_on_links(fit)
  curves <- lapply(chosen, function(i) profile_curve(fit, i, step[[i]] * most / 5, most))
  structure(stats::setNames(curves, names_of_coef(fit)[chosen]), original.fit = fit, level = level,
            class = c("gmm1d_profile", "profile"))
}

parse_profiled <- function(asked, free, fit) {
  if (is.character(asked)) asked <- free_of_kinds(asked, names_of_coef(fit), free)
  chosen <- parse_parm(asked, names_of_coef(fit), "which")
  fixed <- setdiff(chosen, free)
  if (length(fixed) > 0L) {
    abort_gmm1d("argument", "`which` must name free parameters; ", names_of_coef(fit)[fixed[1L]],
                " is fixed.")
  }
  chosen
}

# Replaces a kind of parameter, such as "mu", by the free ones of that kind.
free_of_kinds <- function(asked, names, free) {
  kinds <- sub("[0-9]+$", "", names)
  unlist(lapply(asked, function(one) {
    if (one %in% kinds) names[intersect(which(kinds == one), free)] else one
  }))
}

# Standard errors on the scales of the links, those for known components if there are no others.
steps_on_links <- function(fit) {
  estimate <- parameters_of(fit)
  error <- typical_error(fit$points)
  slope <- vapply(seq_along(estimate), function(i) {
    link_of(names(estimate)[i], error)$slope(estimate[[i]])
  }, 1)
  steps <- standard_errors(fit, warn = FALSE) * slope
  # On a logarithmic scale, a larger standard error is as good as infinite.
  steps <- pmin(steps, ifelse(startsWith(names(estimate), "mu"), Inf, 2))
  ifelse(is.finite(steps) & steps > 0, steps, least_errors(fit))
}

# The curve of parameter i in steps on the scale of its link, out to the root `most` on both sides.
profile_curve <- function(fit, i, step, most) {
  estimates <- parameters_of(fit)
  below <- profile_side(fit, i, -step, most)
  above <- profile_side(fit, i, step, most)
  values <- rbind(do.call(rbind, rev(below$values)), estimates, do.call(rbind, above$values))
  dimnames(values) <- list(NULL, names(estimates))
  rows <- data.frame(z = c(-rev(below$root), 0, above$root))
  rows$par.vals <- values
  rows
}

profile_side <- function(fit, i, step, most) {
  estimate <- parameters_of(fit)[[i]]
  link <- link_of(names_of_coef(fit)[i], typical_error(fit$points))
  is_lambda <- i <= fit$k || i > 3L * fit$k
  place <- link$to(estimate)
  mixture <- as_mixture(fit)
  root <- numeric()
  values <- list()
  flat <- 0L
  while (length(root) < most_steps && flat < 3L) {
    place <- place + step
    value <- link$back(place)
    is_end <- if (is_lambda) value < 1e-12 || value > most_of(fit) - 1e-12
              else !is.finite(value) || (startsWith(names_of_coef(fit)[i], "sigma") && value <= 0)
    if (is_end) break
    fall <- root_of_fall(fit, i, value, mixture)
    mixture <- fall$mixture
    root <- c(root, fall$root)
    values <- c(values, list(replace(parameters_of_mixture(mixture), i, value)))
    if (fall$root > most) break
    flat <- if (fall$root - c(0, root)[length(root)] < most / 50) flat + 1L else 0L
  }
  list(root = root, values = values)
}

most_steps <- 15L

parameters_of_mixture <- function(mixture) {
  c(mixture$lambda, mixture$mu, mixture$sigma, mixture$noise[1L])
}

profiled_fit <- function(profile, name = "x") parse_fit(attr(profile, "original.fit"), name)

#' @rdname profile.gmm1d
#' @export
print.gmm1d_profile <- function(x, ...) {
  check_no_dots(...)
  fit <- profiled_fit(x)
  cat("Profile likelihood of ", count_of(length(x), "parameter"), " of the mixture with ",
      count_of(fit$k, "component"), " fitted to ", printable(fit$data_name), "\n\n", sep = "")
  ends <- t(vapply(names(x), function(name) {
    value <- x[[name]]$par.vals[, name]
    c(parameters_of(fit)[[name]], range(value), range(x[[name]]$z))
  }, numeric(5L)))
  number <- function(i) vapply(ends[, i], format, "", digits = 5L)
  print(data.frame(
    estimate = number(1L), from = number(2L), to = number(3L),
    `z from` = round(ends[, 4L], 2L), `z to` = round(ends[, 5L], 2L),
    points = vapply(unclass(x), nrow, 1L), check.names = FALSE, row.names = names(x)
  ))
  cat("\nz is the signed root of twice the fall in log-likelihood; `confint()` gives\n",
      "the intervals, `plot()` the curves.\n", sep = "")
  invisible(x)
}

#' @rdname profile.gmm1d
#' @export
as.data.frame.gmm1d_profile <- function(x, row.names = NULL, optional = FALSE, ...) {
  check_no_dots(...)
  size <- vapply(unclass(x), nrow, 1L)
  z <- unlist(lapply(x, `[[`, "z"), use.names = FALSE)
  value <- unlist(lapply(names(x), function(name) x[[name]]$par.vals[, name]), use.names = FALSE)
  data.frame(term = rep(names(x), size), value = value, z = z,
             logLik = profiled_fit(x)$loglik - z^2 / 2,
             row.names = parse_row_names(row.names, sum(size)))
}

#' @rdname profile.gmm1d
#' @export
confint.gmm1d_profile <- function(object, parm, level = 0.95, ...) {
  check_no_dots(...)
  fit <- profiled_fit(object, "object")
  confint.gmm1d(fit, if (missing(parm)) names(object) else parm, level, "profile")
}

#' @rdname profile.gmm1d
#' @export
plot.gmm1d_profile <- function(x, lines = 0.95, ...) {
  lines <- vapply(lines, parse_level, 1, "lines")
  fit <- profiled_fit(x)
  panels <- grDevices::n2mfrow(length(x))
  before <- graphics::par(mfrow = rev(panels), mar = c(4, 4, 1, 1), mgp = c(2.2, 0.7, 0))
  on.exit(graphics::par(before))
  for (name in names(x)) plot_profile(x[[name]], name, fit, lines, ...)
  invisible(x)
}

# Draws one curve, the line that the Wald interval assumes, and the limits, where the root equals a
# quantile.
plot_profile <- function(curve, name, fit, levels, ...) {
  value <- curve$par.vals[, name]
  at <- match(name, names_of_coef(fit))
  graphics::plot(value, curve$z, type = "n", xlab = name, ylab = "Signed root, z", bty = "l")
  error <- standard_errors(fit, warn = FALSE)[at]
  if (is.finite(error) && error > 0) {
    graphics::abline(-parameters_of(fit)[[at]] / error, 1 / error, col = "grey75", lwd = 2)
  }
  smooth <- smooth_curve(value, curve$z)
  graphics::lines(smooth$x, smooth$y, lwd = 2, ...)
  graphics::abline(h = 0, col = "grey75")
  for (z in c(-1, 1) * rep(stats::qnorm((1 + levels) / 2), each = 2L)) {
    limit <- if (z >= min(curve$z) && z <= max(curve$z)) {
      stats::approx(smooth$y, smooth$x, z, ties = "ordered")$y
    } else {
      NA
    }
    usr <- graphics::par("usr")
    graphics::segments(usr[1L], z, limit, z, lty = 2)
    graphics::segments(limit, usr[3L], limit, z, lty = 2)
  }
}

# A monotone spline through the points, because the root is monotone.
smooth_curve <- function(x, y) {
  if (length(x) < 3L || is.unsorted(y)) return(list(x = x, y = y))
  stats::spline(x, y, n = 201L, method = "hyman")
}
