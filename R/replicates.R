# Data sets like those of a fit, as weighted points, drawn with R's random numbers. `type`:
# "parametric" from the fitted mixture, "nonparametric" with replacement from the data, "weighted"
# with random weights of mean 1 for the observations (Newton and Raftery 1994).
draw_replicate <- function(fit, type) {
  switch(type,
    parametric = draw_parametric(fit),
    nonparametric = reweighted(fit, draw_multinomial(size_of(fit), fit$points$w)),
    weighted = reweighted(fit, dirichlet(fit$points$w) * fit$n)
  )
}

# How many observations a replicate has.
size_of <- function(fit) {
  if (fit$n < 1.5) {
    abort_gmm1d("range", "`weights` must sum to a number of observations, at least 2, not ",
                format(fit$n, digits = 4), ": there is nothing to draw.")
  }
  round(fit$n)
}

# The same points with other weights. A cell holds what it held, in other numbers.
reweighted <- function(fit, weights) {
  kept <- weights > 0
  points <- fit$points
  part <- c("x", "w", "width", "lower", "upper")
  points$w <- as.double(weights)
  points[part] <- lapply(points[part], `[`, kept)
  values <- c("x", "lower", "upper")
  if (!is.null(points$about)) points$about[values] <- lapply(points$about[values], `[`, kept)
  rescaled(points)
}

# The sum of w standard exponentials has the gamma distribution.
dirichlet <- function(w) {
  parts <- stats::rgamma(length(w), w)
  parts / sum(parts)
}

# Values of the mixture, recorded as the data are: in bins, in cells, or rounded to their lattice.
# Only numbers are drawn of each bin, cell or place of the lattice, unless these are more than the
# values.
draw_parametric <- function(fit) {
  points <- fit$points
  if (!is.null(points$bins)) {
    return(new_squashed_bins(draw_bins(fit, points$bins$lower, points$bins$upper)))
  }
  if (!is.null(points$cells)) return(draw_cells(fit))
  if (!is.null(points$rounding)) return(draw_lattice(fit, points$rounding))
  if (points$step > 0) return(draw_lattice(sharpened(fit), points$step))
  squashed_of(squash_cpp(draws_of(size_of(fit), fit), numeric(), squash_options(fit$control)))
}

# Rounding to a step d adds d^2 / 12 to a variance. Where values are taken as exact, the sigmas hold
# that already.
sharpened <- function(fit) {
  variance <- fit$sigma^2 - fit$points$step^2 / 12
  fit$sigma <- sqrt(pmax(variance, fit$sigma^2 / 100))
  fit
}

draw_bins <- function(fit, lower, upper) {
  data.frame(lower = lower, upper = upper, count = draw_counts(fit, lower, upper))
}

# Numbers for the cells and the gaps between them. Cells are so fine that the two points that have
# the mean and the variance of values spread evenly in one stand for what it holds.
draw_cells <- function(fit) {
  edges <- edges_of(fit$points)
  breaks <- sort(unique(c(-Inf, edges$lower, edges$upper, Inf)))
  bins <- draw_bins(fit, breaks[-length(breaks)], breaks[-1L])
  filled <- new_squashed_bins(bins)
  width <- ifelse(is.finite(filled$upper - filled$lower), filled$upper - filled$lower, 0)
  away <- width / sqrt(12)
  x <- rbind(filled$x - away, filled$x + away)
  drawn <- new_squashed(list(x = as.vector(x), w = rep(filled$w / 2, each = 2L)), 0, 0, NULL, NULL)
  drawn$width <- rep(width, each = 2L)
  drawn$bins <- bins
  drawn
}

draw_lattice <- function(fit, step) {
  points <- fit$points
  first <- points$x[1L]
  reach <- range((fit$mu - 9 * fit$sigma - first) / step, (fit$mu + 9 * fit$sigma - first) / step)
  if (diff(reach) < size_of(fit)) {
    x <- first + step * seq(floor(reach[1L]), ceiling(reach[2L]))
    count <- draw_counts(fit, x - step / 2, x + step / 2)
  } else {
    x <- first + step * round((draws_of(size_of(fit), fit) - first) / step)
    count <- numeric()
  }
  drawn <- squashed_of(squash_cpp(x, count, squash_options(fit$control)), points$rounding)
  drawn$step <- points$step
  drawn
}

draw_counts <- function(fit, lower, upper) {
  probability <- pmax(cdf_of(upper, fit) - cdf_of(lower, fit), 0)
  draw_multinomial(size_of(fit), probability)
}

# Above the largest integer by the normal distribution, to which the multinomial tends.
draw_multinomial <- function(size, weights) {
  if (size <= .Machine$integer.max) {
    return(as.double(stats::rmultinom(1L, size, weights)[, 1L]))
  }
  p <- weights / sum(weights)
  error <- stats::rnorm(length(p), sd = sqrt(size * p))
  pmax(round(size * p + error - p * sum(error)), 0)
}

# Draws replicates, so many `times`, and collects what `fit_them` makes of each few of them.
# `enough` says of the results how many of them will do.
map_replicates <- function(times, draw, fit_them, label, enough = function(results) Inf) {
  draw_and_fit <- function(at) fit_them(replicate(length(at), draw(), simplify = FALSE))
  map_batches(times, draw_and_fit, label, enough)
}

# The p-value of a test, which counts the statistic as one more replicate.
p_value <- function(replicates, statistic, noise = 0) {
  (1 + sum(is_as_large(replicates, statistic, noise))) / (length(replicates) + 1)
}

# Replicates that tie with the statistic up to rounding are as large.
is_as_large <- function(replicates, statistic, noise = 0) {
  replicates >= statistic - max(1e-8 * abs(statistic), noise)
}
