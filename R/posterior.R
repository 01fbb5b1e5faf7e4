# A mixture gives each value the probabilities and the densities of its components.

# The posterior probabilities, an n x k matrix; a row is NA where x is NA.
posterior <- function(x, mixture) {
  check_is_matrix(length(x))
  rows <- with_memory(estep_cpp(x, as_mixture(mixture), mixture$control$threads %||% 1L))
  dimnames(rows) <- list(names(x), paste0("comp.", seq_len(mixture$k)))
  rows
}

# lambda_j N(x; mu_j, sigma_j^2): the share of component j in the density.
component_density <- function(x, mixture) {
  posterior(x, mixture) * as.vector(exp(log_density_cpp(as.double(x), as_mixture(mixture))))
}

# The most probable component of each value and its uncertainty; both are NA where x is NA.
classified <- function(x, mixture) {
  parts <- with_memory(classify_cpp(x, as_mixture(mixture), mixture$control$threads %||% 1L))
  lapply(parts, stats::setNames, names(x))
}

# The first of the largest entries of each row, NA where the row is.
best_of <- function(rows) {
  known <- !is.na(rows[, 1L])
  best <- rep(NA_integer_, nrow(rows))
  best[known] <- max.col(rows[known, , drop = FALSE], ties.method = "first")
  stats::setNames(best, rownames(rows))
}

largest_of <- function(rows) {
  do.call(pmax, lapply(seq_len(ncol(rows)), function(j) rows[, j]))
}

# R's matrices have at most that many rows.
check_is_matrix <- function(n) {
  if (n > .Machine$integer.max) {
    abort_gmm1d("shape", "`x` must have at most ", format_count(.Machine$integer.max),
                " values for a matrix with a row of each, not ", format_count(n),
                "; `predict()` gives classes and uncertainties of any number.")
  }
}
