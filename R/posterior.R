# The posterior probabilities and the densities of the components, for each value.

# The posterior probabilities, an n x k matrix; a row is NA if x is NA. With noise there is a first
# column, comp.0. `x` are numbers, or observations (see observed_as()).
posterior <- function(x, mixture) {
  if (is.list(x)) return(posterior_of_observed(x, mixture))
  check_is_matrix(length(x))
  rows <- with_memory(estep_cpp(x, as_mixture(mixture), mixture$control$threads %||% 1L))
  named_columns(rows, names(x), mixture)
}

# The posterior probabilities of the components, without the noise.
component_posterior <- function(x, mixture) {
  rows <- posterior(x, mixture)
  rows[, components_of(mixture) > 0L, drop = FALSE]
}

named_columns <- function(rows, names, mixture) {
  k <- mixture$k
  if (ncol(rows) > k) rows <- rows[, c(k + 1L, seq_len(k)), drop = FALSE]
  dimnames(rows) <- list(names, paste0("comp.", components_of(mixture)))
  rows
}

# The numbers of the components, the noise being 0.
components_of <- function(mixture) c(if (!is.null(mixture$noise)) 0L, seq_len(mixture$k))

posterior_of_observed <- function(observed, mixture) {
  known <- is_observed_row(observed)
  rows <- matrix(NA_real_, length(known), length(components_of(mixture)))
  if (any(known)) {
    found <- observe(lapply(observed_columns(observed), `[`, known), mixture)
    rows[known, ] <- named_columns(found$gamma, NULL, mixture)
  }
  is_labelled <- which(known & observed$component > 0L)
  rows[is_labelled, ] <- 0
  first <- if (is.null(mixture$noise)) 0L else 1L
  rows[cbind(is_labelled, observed$component[is_labelled] + first)] <- 1
  dimnames(rows) <- list(observed$names, paste0("comp.", components_of(mixture)))
  rows
}

# The posterior probabilities and log-densities of observations, from the core.
observe <- function(columns, mixture) {
  size <- length(columns$lower)
  is_exact <- all(columns$lower == columns$upper)
  sample <- list(
    x = places_between(columns$lower, columns$upper), w = rep(1, size), n = size, width = NULL,
    lower = if (!is_exact) columns$lower, upper = if (!is_exact) columns$upper,
    error = columns$error, base = 0
  )
  observe_cpp(sample, as_mixture(mixture))
}

observed_columns <- function(observed) {
  columns <- observed[c("lower", "upper", "error")]
  columns[!vapply(columns, is.null, NA)]
}

is_observed_row <- function(observed) {
  !Reduce(`|`, lapply(observed_columns(observed), is.na))
}

# lambda_j N(x; mu_j, sigma_j^2): the share of component j in the density.
component_density <- function(x, mixture) {
  if (is.list(x)) return(posterior(x, mixture) * exp(log_density_of_observed(x, mixture)))
  posterior(x, mixture) * as.vector(exp(log_density_cpp(as.double(x), as_mixture(mixture))))
}

# The most probable component of each value and its uncertainty; both are NA where x is NA.
classified <- function(x, mixture) {
  if (is.list(x)) {
    rows <- posterior(x, mixture)
    best <- components_of(mixture)[best_of(rows)]
    return(list(component = stats::setNames(best, rownames(rows)),
                uncertainty = 1 - largest_of(rows)))
  }
  parts <- with_memory(classify_cpp(x, as_mixture(mixture), mixture$control$threads %||% 1L))
  lapply(parts, stats::setNames, names(x))
}

# The number of the first largest entry of each row; NA if the row is NA.
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

# The log of the likelihood of each observation: of an interval, of its probability.
log_density_of_observed <- function(observed, mixture) {
  known <- is_observed_row(observed)
  found <- rep(NA_real_, length(known))
  if (any(known)) {
    found[known] <- observe(lapply(observed_columns(observed), `[`, known), mixture)$log_density
  }
  stats::setNames(found, observed$names)
}

# The log of the probability of an interval, observed with the errors of `observed`.
log_probability_between <- function(lower, upper, observed, mixture) {
  size <- length(observed$upper)
  bounds <- list(lower = rep_len(lower, size), upper = rep_len(upper, size))
  is_empty <- which(bounds$lower >= bounds$upper)
  bounds$lower[is_empty] <- NA
  found <- log_density_of_observed(c(bounds, observed[c("error", "names")]), mixture)
  found[is_empty] <- -Inf
  found
}
