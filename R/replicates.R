# A function that draws data sets like those of a fit, as weighted points, with R's random numbers.
# `type`: "parametric" from the fitted mixture, "nonparametric" with replacement from the data,
# "weighted" with random weights of mean 1 for the observations (Newton and Raftery 1994).
replicate_drawer <- function(fit, type) {
  points <- fit$points
  switch(type,
    parametric = parametric_drawer(fit),
    nonparametric = {
      size <- size_of(fit)
      function() reweighted(points, draw_multinomial(size, points$w))
    },
    weighted = function() reweighted(points, dirichlet(points$w) * fit$n)
  )
}

# Draws from the fitted mixture; with a window, only values inside it.
parametric_drawer <- function(fit) {
  within <- fit$points$within
  mixture <- as_mixture(fit)
  mixture["within"] <- list(within)
  draw <- drawer_like(fit$points, mixture, size_of(fit), fit$control)
  if (is.null(within)) return(draw)
  function() {
    drawn <- draw()
    drawn["within"] <- list(within)
    drawn
  }
}

# The number of observations in a replicate.
size_of <- function(fit) {
  if (fit$n < 1.5) {
    abort_gmm1d("range", "the sum of `weights` must be at least 2, not ",
                format(fit$n, digits = 4), ": it is the number of observations to draw.")
  }
  round(fit$n)
}

# The same points with other weights, without those of weight 0. The values in a cell keep their
# proportions.
reweighted <- function(points, weights) {
  points$w <- as.double(weights)
  kept <- weights > 0
  columns <- columns_of(points)
  points[columns] <- lapply(points[columns], `[`, kept)
  points["about"] <- list(kept_about(points$about, kept))
  rescaled(points)
}

kept_about <- function(about, kept) {
  if (is.null(about)) return(NULL)
  values <- setdiff(names(about), "offset")
  about[values] <- lapply(about[values], `[`, kept)
  about
}

# The sum of w standard exponentials has the gamma distribution.
dirichlet <- function(w) {
  parts <- stats::rgamma(length(w), w)
  parts / sum(parts)
}

# Draws `times` replicates, fits them in batches by `fit_them`, and collects the results. `enough`
# returns how many of the results so far are enough.
map_replicates <- function(times, draw, fit_them, label, enough = function(results) Inf) {
  draw_and_fit <- function(at) fit_them(replicate(length(at), draw(), simplify = FALSE))
  map_batches(times, draw_and_fit, label, enough)
}

# Runs code with its own random numbers, and restores the state afterwards.
with_seed <- function(seed, code) {
  state <- get(".Random.seed", envir = globalenv())
  on.exit(assign(".Random.seed", state, envir = globalenv()))
  set.seed(seed)
  code
}

# The p-value of a test, which counts the statistic as one more replicate.
p_value <- function(replicates, statistic, noise = 0) {
  (1 + sum(is_as_large(replicates, statistic, noise))) / (length(replicates) + 1)
}

# True for replicates that are as large as the statistic, up to rounding.
is_as_large <- function(replicates, statistic, noise = 0) {
  replicates >= statistic - max(1e-8 * abs(statistic), noise)
}
