# Data sets like those of a fit, as weighted points, drawn with R's random numbers. `type`:
# "parametric" from the fitted mixture, "nonparametric" with replacement from the data, "weighted"
# with random weights of mean 1 for the observations (Newton and Raftery 1994).
draw_replicate <- function(fit, type) {
  switch(type,
    parametric = draw_parametric(fit),
    nonparametric = reweighted(fit$points, draw_multinomial(size_of(fit), fit$points$w)),
    weighted = reweighted(fit$points, dirichlet(fit$points$w) * fit$n)
  )
}

# Through a window, what is drawn inside is seen.
draw_parametric <- function(fit) {
  mixture <- as_mixture(fit)
  mixture["within"] <- list(fit$points$within)
  drawn <- draw_like(fit$points, mixture, size_of(fit), fit$control)
  drawn["within"] <- list(fit$points$within)
  drawn
}

# How many observations a replicate has.
size_of <- function(fit) {
  if (fit$n < 1.5) {
    abort_gmm1d("range", "`weights` must sum to a number of observations, at least 2, not ",
                format(fit$n, digits = 4), ": there is nothing to draw.")
  }
  round(fit$n)
}

# The same points with other weights, without those that have none. A cell holds what it held, in
# other numbers.
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

# Draws replicates, so many `times`, and collects what `fit_them` makes of each few of them.
# `enough` says of the results how many of them will do.
map_replicates <- function(times, draw, fit_them, label, enough = function(results) Inf) {
  draw_and_fit <- function(at) fit_them(replicate(length(at), draw(), simplify = FALSE))
  map_batches(times, draw_and_fit, label, enough)
}

# Runs code with random numbers of its own. How many it draws does not matter to what comes after.
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

# Replicates that tie with the statistic up to rounding are as large.
is_as_large <- function(replicates, statistic, noise = 0) {
  replicates >= statistic - max(1e-8 * abs(statistic), noise)
}
