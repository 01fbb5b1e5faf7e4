#' Modes and antimodes of a fitted density
#'
#' All local maxima (modes) and local minima (antimodes) of the density of the mixture, with
#' standard errors and confidence intervals.
#'
#' @details
#' A component does not necessarily produce a mode: a mixture of k one-dimensional Gaussian
#' components has at most k modes, and may have only one (Behboodian 1970 for k = 2). All modes and
#' antimodes lie between the smallest and the largest `mu` (Carreira-Perpinan 2000). They are the
#' zeros of the derivative of the log-density, `sum_j gamma_j (mu_j - x) / sigma_j^2`, found by
#' bisection to machine precision between the points of a grid that covers each component and each
#' crossing of two. A mode and an antimode that cannot be distinguished because of rounding errors
#' are not reported.
#'
#' Standard errors are those of the delta method, `dx / dtheta = -(df' / dtheta) / f''`, with the
#' covariance matrix `vcov(fit)`; the interval is x -/+ a normal quantile times the standard error.
#' If a mode is about to vanish, `f''` is near 0 and both are large.
#'
#' For a fit by formula, such as `~ log(titre)`, these are the modes of the density of `log(titre)`.
#' The density of `titre` has its modes elsewhere, because the modes of a density change with its
#' scale.
#'
#' @inheritParams cutpoints
#' @return A data frame with one row per mode and antimode, in increasing order
#'   (they alternate; the first and the last are modes), and columns
#'   * `x`, in the unit of the data;
#'   * `type`: `"mode"` or `"antimode"`;
#'   * `density`: that of the mixture at `x`;
#'   * `std.error`, `conf.low`, `conf.high`, in the unit of the data; `NA` if `vcov(fit)` is `NA`,
#'     and for a mixture without data.
#'
#' @section Errors:
#' `gmm1d_error_type` if `fit` is not a fit or `level` not numeric;
#' `gmm1d_error_shape`, `gmm1d_error_range`, `gmm1d_error_missing` or
#' `gmm1d_error_infinite` if `level` is not one number between 0 and 1.
#'
#' @references
#' Behboodian, J. (1970). On the modes of a mixture of two normal distributions.
#' *Technometrics* 12, 131-139. \doi{10.2307/1267357}
#'
#' Carreira-Perpinan, M. A. (2000). Mode-finding for mixtures of Gaussian
#' distributions. *IEEE Transactions on Pattern Analysis and Machine
#' Intelligence* 22, 1318-1323. \doi{10.1109/34.888716}
#'
#' @seealso [bimodality()], [cutpoints()]
#' @examples
#' fit <- gmm1d(faithful$waiting, k = 2)
#' modes(fit)
#'
#' plot(fit, legend = FALSE)
#' abline(v = modes(fit)$x, lty = 3)
#' @export
modes <- function(fit, ...) UseMethod("modes")

#' @rdname modes
#' @export
modes.default <- function(fit, level = 0.95, ...) {
  check_no_dots(...)
  fit <- parse_fit_or_mixture(fit)
  check_has_density(fit)
  level <- parse_level(level)
  x <- stationary_points(fit)
  type <- rep_len(c("mode", "antimode"), length(x))
  cbind(
    list2DF(list(x = x, type = type, density = density_of(x, fit))),
    delta_interval(x, mode_gradient(x, fit), fit, level)
  )
}

#' Separation of neighbouring components
#'
#' Measures of separation for each pair of components that are neighbours in the order of `mu`.
#'
#' @details
#' Ashman's D is `sqrt(2) |mu_1 - mu_2| / sqrt(sigma_1^2 + sigma_2^2)`; above 2 the components are
#' clearly separated (Ashman, Bird and Zepf 1994). The overlapping coefficient is the integral of
#' the smaller of the two densities, ignoring their `lambda` (Inman and Bradley 1989): 1 for equal
#' components, 0 for separate ones. `bimodal` and `dip` describe the mixture of these two components
#' alone, with `lambda` rescaled to sum to 1; other components may fill the dip or hide a mode.
#'
#' Standard errors are those of the delta method. The derivative of the overlapping coefficient
#' involves only the lower density between the crossings, because the two are equal at the
#' crossings.
#'
#' @inheritParams cutpoints
#' @param ... Not used; an unknown argument is an error.
#' @return A data frame with one row per pair, none for k = 1, and columns
#'   * `component`, `neighbour`: integers;
#'   * `ashman_d`: not negative;
#'   * `overlap`: from 0 to 1;
#'   * `bimodal`: does the mixture of the two have two modes?
#'   * `dip`: its density at the antimode relative to that at the lower mode; 1 if it is not
#'     bimodal;
#'   * `ashman_d.std.error`, `overlap.std.error`: standard errors, `NA` if `vcov(fit)` is `NA`, and
#'     for a mixture without data.
#'
#'   `bimodal` and `dip` are `NA` if both `lambda` are 0.
#'
#' @section Errors:
#' `gmm1d_error_type` if `fit` is not a fit.
#'
#' @references
#' Ashman, K. M., Bird, C. M. and Zepf, S. E. (1994). Detecting bimodality in
#' astronomical datasets. *Astronomical Journal* 108, 2348-2361.
#' \doi{10.1086/117248}
#'
#' Inman, H. F. and Bradley, E. L. (1989). The overlapping coefficient as a measure
#' of agreement between probability distributions and point estimation of the
#' overlap of two normal densities. *Communications in Statistics - Theory and
#' Methods* 18, 3851-3874. \doi{10.1080/03610928908830127}
#'
#' @seealso [modes()], [cutpoints()]
#' @examples
#' bimodality(gmm1d(faithful$waiting, k = 2))
#'
#' # magnitudes of earthquakes: two components, but only one mode
#' bimodality(gmm1d(~ mag, data = quakes, k = 2, rounding = 0.1))
#' @export
bimodality <- function(fit, ...) UseMethod("bimodality")

#' @rdname bimodality
#' @export
bimodality.default <- function(fit, ...) {
  check_no_dots(...)
  fit <- parse_fit_or_mixture(fit)
  check_has_density(fit)
  component <- seq_len(fit$k - 1L)
  pairs <- lapply(component, function(j) pair_of(fit, j))
  extremes <- lapply(pairs, stationary_points)
  rows <- list2DF(list(
    component = component,
    neighbour = component + 1L,
    ashman_d = vapply(pairs, ashman_d, 0),
    overlap = vapply(pairs, overlap, 0),
    bimodal = vapply(extremes, function(x) if (length(x) == 0L) NA else length(x) > 1L, NA),
    dip = as.double(mapply(dip, extremes, pairs))
  ))
  gradient <- rbind(pair_gradient(pairs, fit$k, ashman_d_gradient),
                    pair_gradient(pairs, fit$k, overlap_gradient))
  error <- delta_interval(c(rows$ashman_d, rows$overlap), gradient, fit, level = 0.95)$std.error
  rows$ashman_d.std.error <- error[component]
  rows$overlap.std.error <- error[fit$k - 1L + component]
  rows
}

# The zeros of the slope of the density, in increasing order: mode, antimode, ..., mode. The slope
# is positive to the left of all means, and negative to the right.
stationary_points <- function(mixture) {
  alive <- mixture$lambda > 0
  if (sum(alive) < 2L) return(mixture$mu[alive])
  # Posteriors lose digits if log(sigma) is large, so divide by a unit: a power of two, which rounds
  # nothing, and no smaller than doubles can be divided by.
  largest <- max(abs(mixture$mu), mixture$sigma[alive])
  unit <- 2^max(round(log2(min(mixture$sigma[alive]))), ceiling(log2(largest)) - 1000, -1022)
  mixture <- new_mixture(mixture$lambda[alive], mixture$mu[alive] / unit,
                         mixture$sigma[alive] / unit)
  slope <- function(x) log_slope(x, mixture)
  x <- slope_grid(mixture)
  x <- sort(c(x, turning_points(slope, x)))
  side <- sign(slope(x))
  x <- x[side != 0]
  at <- which(diff(side[side != 0]) != 0)
  unit * bisect(slope, x[at], x[at + 1L])
}

# f'(x) / f(x) in units of the smallest sigma, set to 0 if it is within its rounding error. An
# exponent of z^2 / 2 contributes z^2 / 2 epsilons to that error, or nothing if gamma is 0 or 1.
log_slope <- function(x, mixture) {
  n <- length(x)
  z <- outer(x, mixture$mu, function(x, mu) mu - x) / rep(mixture$sigma, each = n)
  gamma <- component_posterior(x, mixture)
  z[gamma == 0] <- 0
  terms <- gamma * z * rep(min(mixture$sigma) / mixture$sigma, each = n)
  slope <- rowSums(terms)
  of_exponents <- ifelse(gamma < 1, z^2 * (1 - gamma), 0)
  error <- .Machine$double.eps * rowSums(abs(terms) * (4 + of_exponents))
  ifelse(abs(slope) > error, slope, 0)
}

# A grid that follows each component on the scale of its sigma (or of the spacing of doubles, if
# that is larger). It is also fine around the crossings, because the change from one component to
# another may be much narrower.
slope_grid <- function(mixture) {
  mu <- mixture$mu
  steps <- seq(-6, 6, by = 1 / 8)
  width <- pmax(mixture$sigma, 16 * .Machine$double.eps * abs(mu))
  near <- rep(mu, each = length(steps)) + outer(steps, width)
  ends <- range(mu)
  inside <- function(x) sort(unique(x[x > ends[1L] & x < ends[2L]]))
  knots <- c(mu, crossings(log(mixture$lambda), mu, mixture$sigma))
  knots <- c(ends[1L], inside(knots), ends[2L])
  even <- stats::approx(seq_along(knots), knots, n = 32L * length(knots))$y
  c(ends[1L] - max(width), inside(c(near, knots, even)), ends[2L] + max(width))
}

# Finds points where the slope may change its sign between grid points of the same sign: where its
# absolute value is smallest, and beside points where it is 0.
turning_points <- function(slope, x) {
  y <- slope(x)
  side <- sign(y)
  size <- abs(y)
  inner <- seq_len(length(x) - 2L) + 1L
  same <- side[inner] != 0 & side[inner] == side[inner - 1L] & side[inner] == side[inner + 1L]
  least <- size[inner] <= size[inner - 1L] & size[inner] <= size[inner + 1L]
  near <- inner[same & least]
  beside <- which(diff(side == 0) != 0)
  as.double(mapply(
    function(from, to, side) {
      point <- function(share) from + share * (to - from)
      point(stats::optimize(function(share) side * slope(point(share)), 0:1, tol = 1e-8)$minimum)
    },
    x[c(near - 1L, beside)], x[c(near, beside) + 1L],
    c(side[near], side[beside] + side[beside + 1L])
  ))
}

# The zeros of f in brackets with a change of sign.
bisect <- function(f, lower, upper) {
  rising <- f(upper) > 0
  repeat {
    middle <- lower / 2 + upper / 2
    if (!any(middle > lower & middle < upper)) return(middle)
    value <- f(middle)
    up <- value == 0 | (value < 0) == rising
    down <- value == 0 | (value > 0) == rising
    lower[up] <- middle[up]
    upper[down] <- middle[down]
  }
}

# dx / dtheta = -(df' / dtheta) / f'': one row per x, columns as in coef(fit). Everything is divided
# by f, and in units of the smallest sigma.
mode_gradient <- function(x, mixture) {
  n <- length(x)
  each <- function(value) rep(value, each = n)
  unit <- min(mixture$sigma)
  z <- outer(x, mixture$mu, "-") / each(mixture$sigma)
  gamma <- unname(component_posterior(x, mixture))
  z[gamma == 0] <- 0
  precision <- each(unit / mixture$sigma)
  ratio <- gamma / each(ifelse(mixture$lambda > 0, mixture$lambda, Inf))
  curvature <- rowSums(gamma * precision^2 * (z^2 - 1))
  cbind(
    unit * ratio * precision * z,
    gamma * precision^2 * (z^2 - 1),
    gamma * precision^2 * z * (z^2 - 3)
  ) / curvature
}

# The mixture of two neighbouring components alone.
pair_of <- function(mixture, j) {
  pair <- c(j, j + 1L)
  lambda <- mixture$lambda[pair]
  new_mixture(lambda / max(sum(lambda), .Machine$double.xmin), mixture$mu[pair],
              mixture$sigma[pair])
}

ashman_d <- function(pair) {
  unit <- max(pair$sigma)
  sqrt(2) * abs(diff(pair$mu / unit)) / sqrt(sum((pair$sigma / unit)^2))
}

# The integral of min(phi_1, phi_2). In each interval between the crossings, this is the probability
# of the component with the lower density.
overlap <- function(pair) {
  cuts <- cuts_of(new_mixture(c(1, 1) / 2, pair$mu, pair$sigma))
  n <- length(cuts$cutpoint)
  if (n == 0L) return(1)
  lower <- 3L - c(cuts$from, cuts$to[n])
  from <- (c(-Inf, cuts$cutpoint) - pair$mu[lower]) / pair$sigma[lower]
  to <- (c(cuts$cutpoint, Inf) - pair$mu[lower]) / pair$sigma[lower]
  # Subtract in the lower tail, where small probabilities keep their digits.
  upper <- from > 0
  sum(stats::pnorm(ifelse(upper, -from, to)) - stats::pnorm(ifelse(upper, -to, from)))
}

# The gradients of a measure of pairs, one row each, columns as in coef(fit). The measures depend on
# the means and sigmas of the pair, not on the proportions.
pair_gradient <- function(pairs, k, gradient_of_pair) {
  rows <- matrix(0, length(pairs), 3L * k)
  for (j in seq_along(pairs)) {
    rows[j, c(k + j + 0:1, 2L * k + j + 0:1)] <- gradient_of_pair(pairs[[j]])
  }
  rows
}

ashman_d_gradient <- function(pair) {
  unit <- max(pair$sigma)
  sigma <- pair$sigma / unit
  size <- sqrt(sum(sigma^2))
  direction <- sign(diff(pair$mu))
  c(c(-1, 1) * direction * sqrt(2) / size, -ashman_d(pair) * sigma / size^2) / unit
}

# The two densities are equal at the crossings, so only the lower density in between contributes.
overlap_gradient <- function(pair) {
  cuts <- cuts_of(new_mixture(c(1, 1) / 2, pair$mu, pair$sigma))
  n <- length(cuts$cutpoint)
  gradient <- numeric(4L)
  if (n == 0L) return(gradient)
  lower <- 3L - c(cuts$from, cuts$to[n])
  sigma <- pair$sigma[lower]
  ends <- list(from = c(-Inf, cuts$cutpoint), to = c(cuts$cutpoint, Inf))
  z <- lapply(ends, function(end) (end - pair$mu[lower]) / sigma)
  density <- lapply(z, stats::dnorm)
  moment <- Map(function(z, density) ifelse(is.finite(z), z * density, 0), z, density)
  by_mu <- (density$from - density$to) / sigma
  by_sigma <- (moment$from - moment$to) / sigma
  for (part in seq_along(lower)) {
    at <- lower[part] + c(0L, 2L)
    gradient[at] <- gradient[at] + c(by_mu[part], by_sigma[part])
  }
  gradient
}

# The density at the antimode relative to that at the lower mode.
dip <- function(extremes, pair) {
  if (length(extremes) == 0L) return(NA_real_)
  if (length(extremes) == 1L) return(1)
  height <- log_density_cpp(extremes, pair)
  exp(height[2L] - min(height[c(1L, 3L)]))
}

# Errors if a sigma is 0: such a component is a point mass and has no density.
check_has_density <- function(fit) {
  if (any(fit$sigma == 0)) {
    abort_gmm1d("argument", "the mixture of true values has no density: the `sigma` of component ",
                which(fit$sigma == 0)[1L], " is 0.")
  }
}
