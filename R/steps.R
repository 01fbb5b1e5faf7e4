#' The E-step and the M-step of EM for Gaussian mixtures
#'
#' The two steps of EM as in a textbook; a loop over them is the EM algorithm.
#'
#' `estep()` computes the responsibilities
#' \deqn{\gamma_{ij} = \frac{\lambda_j N(x_i; \mu_j, \sigma_j^2)}
#'   {\sum_l \lambda_l N(x_i; \mu_l, \sigma_l^2)},}{
#'   gamma_ij = lambda_j N(x_i; mu_j, sigma_j^2) / sum_l lambda_l N(x_i; mu_l, sigma_l^2),}
#' on the log scale, so that each row is a probability mass function however far
#' `x` lies from all components. `mstep()` computes, with \eqn{w_i} the weights,
#' \deqn{\lambda_j = \frac{\sum_i w_i \gamma_{ij}}{\sum_i w_i}, \quad
#'   \mu_j = \frac{\sum_i w_i \gamma_{ij} x_i}{\sum_i w_i \gamma_{ij}}, \quad
#'   \sigma_j^2 = \frac{\sum_i w_i \gamma_{ij} (x_i - \mu_j)^2}
#'   {\sum_i w_i \gamma_{ij}}.}{
#'   lambda_j = sum_i w_i gamma_ij / sum_i w_i,
#'   mu_j = sum_i w_i gamma_ij x_i / sum_i w_i gamma_ij,
#'   sigma_j^2 = sum_i w_i gamma_ij (x_i - mu_j)^2 / sum_i w_i gamma_ij.}
#'
#' @param x The data: a numeric vector or an n x 1 matrix, without missing or
#'   infinite values.
#' @param lambda Mixing proportions: k numbers, not negative, with sum 1. Or a
#'   `gmm1d` fit, a [gmm1d_mixture()] or a list of the three, without `mu` and `sigma`.
#' @param mu Means: k numbers, in the unit of `x`.
#' @param sigma Standard deviations: k positive numbers, in the unit of `x`.
#' @param gamma Responsibilities: an n x k matrix whose rows sum to 1.
#' @param weights Observation weights: `NULL` (default: all 1) or n numbers, not
#'   negative.
#'
#' @return `estep()`: an n x k matrix whose rows sum to 1. `mstep()`: a list of
#'   `lambda`, `mu` and `sigma`, each of length k, in the order of the columns
#'   of `gamma`. A `sigma` may be 0 there, which `estep()` does not accept.
#'
#' mclust also exports an `estep` and an `mstep`: use `gmm1d::estep` if mclust is attached.
#'
#' @section Errors:
#' As for [gmm1d()]; a column of `gamma` without any weight is a `gmm1d_error_range`.
#'
#' @references
#' Dempster, A. P., Laird, N. M. and Rubin, D. B. (1977). Maximum likelihood
#' from incomplete data via the EM algorithm. *Journal of the Royal Statistical
#' Society B* 39, 1-38. \doi{10.1111/j.2517-6161.1977.tb01600.x}
#'
#' @examples
#' x <- faithful$waiting
#' theta <- list(lambda = c(0.5, 0.5), mu = c(50, 80), sigma = c(5, 5))
#' for (iteration in 1:50) {
#'   gamma <- estep(x, theta$lambda, theta$mu, theta$sigma)
#'   theta <- mstep(x, gamma)
#' }
#' str(theta)
#' @export
estep <- function(x, lambda, mu, sigma) {
  check_is_matrix(length(x))
  estep_cpp(parse_complete_values(x), parse_mixture(lambda, mu, sigma), threads = 1L)
}

#' @rdname estep
#' @export
mstep <- function(x, gamma, weights = NULL) {
  check_is_matrix(length(x))
  x <- parse_complete_values(x)
  weights <- parse_complete_weights(weights, length(x))
  mstep_cpp(x, parse_gamma(gamma, weights), weights)
}

parse_gamma <- function(gamma, weights) {
  if (!is.numeric(gamma) || !is.matrix(gamma)) {
    abort_gmm1d("type", "`gamma` must be a numeric matrix, not ", describe(gamma), ".")
  }
  n <- length(weights)
  if (nrow(gamma) != n || ncol(gamma) == 0L) {
    abort_gmm1d("shape", "`gamma` must have a row for each of the ", count_of(n, "value"),
                " of `x` and a column for each component, not ", dimensions(gamma), ".")
  }
  storage.mode(gamma) <- "double"
  legal <- is.finite(gamma) & gamma >= 0
  if (!all(legal)) {
    at <- arrayInd(which.min(legal), dim(gamma))
    abort_gmm1d("range", "`gamma` must have values from 0 to 1, not ", gamma[at],
                " in row ", at[1L], ", column ", at[2L], ".")
  }
  total <- rowSums(gamma)
  check_each(abs(total - 1) <= 1e-6, total, "rowSums(gamma)", "be 1")
  mass <- drop(weights %*% gamma)
  check_each(mass > 0, mass, "colSums(weights * gamma)", "be positive")
  gamma
}
