# Mixtures inside a window: the probability of an interval, and draws, by the distance from the end
# of the interval that is nearer to the mean. This keeps its digits even if the interval lies so far
# in a tail that its probability underflows.

# Draws values with errors inside the window of a mixture; those with a `label` above 0 come from
# that component. What is observed, including the error, is truncated, so no draw is rejected.
draws_within <- function(n, mixture, error, label = NULL) {
  window <- mixture$within
  distinct <- unique(error)
  shares <- log_shares_between(window[1L], window[2L], mixture, distinct)
  component <- draw_columns(shares, match(error, distinct))
  component[label > 0L] <- label[label > 0L]
  is_noise <- component > mixture$k
  of_normal <- component[!is_noise]
  x <- numeric(n)
  x[!is_noise] <- draw_truncated(mixture$mu[of_normal],
                                 spread_of(mixture$sigma[of_normal], error[!is_noise]), window)
  if (any(is_noise)) x[is_noise] <- draw_noise(mixture$noise, error[is_noise], window)
  pmin(pmax(x, window[1L]), window[2L])
}

# The logs of the probabilities that a value lies between two limits and comes from each component,
# the last of which is noise if the mixture has any: a list of vectors.
log_shares_between <- function(lower, upper, mixture, error = 0) {
  shares <- lapply(seq_len(mixture$k), function(j) {
    sigma <- spread_of(mixture$sigma[j], error)
    log(mixture$lambda[j]) + log_normal_between(mixture$mu[j], sigma, lower, upper)
  })
  if (is.null(mixture$noise)) return(shares)
  of_noise <- noise_below(upper, mixture$noise, error) - noise_below(lower, mixture$noise, error)
  c(shares, list(log(mixture$noise[1L]) + log(pmax(of_noise, 0))))
}

# The log of the sum of exp(a) and exp(b).
log_add <- function(a, b) {
  ifelse(a == b, a + log(2), pmax(a, b) + log1p(exp(-abs(a - b))))
}

# For each row, the number of a column, with probabilities whose logs are given up to a constant.
draw_columns <- function(log_p, rows) {
  up_to <- Reduce(log_add, log_p, accumulate = TRUE)
  last <- length(up_to)
  u <- stats::runif(length(rows))
  column <- rep(1L, length(rows))
  for (j in seq_len(last - 1L)) column <- column + (u > exp(up_to[[j]] - up_to[[last]])[rows])
  column
}

# An interval in units of a normal component, from the end nearer to its mean outwards. If the mean
# is inside, `from` is negative. If the interval lies below the mean, it is reflected. `beyond` and
# `inside` are the probabilities beyond the nearer end and of the interval, which keep too few
# digits if `is_far`.
outwards_of <- function(mu, sigma, lower, upper) {
  sigma <- pmax(sigma, .Machine$double.xmin)  # a sigma of 0 is a point
  a <- (lower - mu) / sigma
  b <- (upper - mu) / sigma
  is_reflected <- -a > b
  from <- pmin(ifelse(is_reflected, -b, a), 1e150)  # its square is finite
  beyond <- stats::pnorm(from, lower.tail = FALSE)
  inside <- beyond - stats::pnorm(ifelse(is_reflected, -a, b), lower.tail = FALSE)
  list(from = from, width = ifelse(lower == upper, 0, upper - lower) / sigma, sigma = sigma,
       is_reflected = is_reflected, beyond = beyond, inside = inside,
       is_far = from > 30 | inside < 1e-5 * beyond)
}

# log P(lower < X < upper) of normal components.
log_normal_between <- function(mu, sigma, lower, upper) {
  interval <- outwards_of(mu, sigma, lower, upper)
  log_p <- log(pmax(interval$inside, 0))
  at <- which(interval$is_far)
  from <- interval$from[at]
  log_p[at] <- stats::pnorm(from, lower.tail = FALSE, log.p = TRUE) +
    log(-expm1(-hazard_over(from, interval$width[at])))
  log_p
}

# Draws from normal components inside a window, by inversion of the tail probability, or of the
# hazard.
draw_truncated <- function(mu, sigma, window) {
  interval <- outwards_of(mu, sigma, window[1L], window[2L])
  direction <- ifelse(interval$is_reflected, -1, 1) * interval$sigma
  u <- stats::runif(length(mu))
  z <- stats::qnorm(interval$beyond - u * interval$inside, lower.tail = FALSE)
  x <- mu + direction * z
  at <- which(interval$is_far)
  from <- interval$from[at]
  hazard <- -log1p(u[at] * expm1(-hazard_over(from, interval$width[at])))
  end <- window[ifelse(interval$is_reflected[at], 2L, 1L)]
  x[at] <- end + direction[at] * distance_with_hazard(hazard, from)
  x
}

# The hazard of the standard normal distribution, its density divided by P(Z > z), for z >= -1. Far
# out by the asymptotic series of Mills' ratio (Abramowitz and Stegun 1964, 26.2.12), whose first
# omitted term is below 1e-13.
hazard_at <- function(z) {
  far <- z >= 50
  r <- 1 / z[far]^2
  hazard <- exp(stats::dnorm(z, log = TRUE) - stats::pnorm(z, lower.tail = FALSE, log.p = TRUE))
  hazard[far] <- z[far] / (1 - r * (1 - 3 * r * (1 - 5 * r * (1 - 7 * r))))
  hazard
}

# The integral of the hazard from z to z + t, which is -log(P(Z > z + t) / P(Z > z)). Over a short
# distance, the hazard is almost linear.
hazard_over <- function(z, t, at_z = hazard_at(z), at_end = hazard_at(z + t)) {
  ifelse(t < 1e-5, t * (at_z + at_end) / 2, t * (z + t / 2) + log(at_end / at_z))
}

# The distance t over which the integral of the hazard from z >= -1 reaches a given value. The
# integral is a convex function of t, at least t times the hazard at z, and at least z t + t^2 / 2.
# Both give starting values that are too large, so Newton's method descends to the root; six steps
# reach the last digits.
distance_with_hazard <- function(hazard, z) {
  at_z <- hazard_at(z)
  t <- pmin(hazard / at_z, 2 * hazard / (z + sqrt(z^2 + 2 * hazard)), na.rm = TRUE)
  for (step in 1:6) {
    at_end <- hazard_at(z + t)
    t <- t - (hazard_over(z, t, at_z, at_end) - hazard) / at_end
  }
  t
}

# The probability that noise, with an error, lies below a value.
noise_below <- function(x, noise, error) {
  # The integral of the distribution function of the error.
  ramp <- function(distance) {
    z <- pmax(distance / error, -40)
    ifelse(error > 0, error * (z * stats::pnorm(z) + stats::dnorm(z)), pmax(distance, 0))
  }
  x <- pmin(pmax(x, noise[2L] - 40 * error), noise[3L] + 40 * error)
  error <- rep_len(error, length(x))
  (ramp(x - noise[2L]) - ramp(x - noise[3L])) / (noise[3L] - noise[2L])
}

# Draws noise with errors inside a window: uniform without errors, otherwise by bisection. Its range
# contains data, so the window is not in a tail of the noise.
draw_noise <- function(noise, error, window) {
  low <- pmax(window[1L], noise[2L] - 40 * error)
  high <- pmin(window[2L], noise[3L] + 40 * error)
  u <- stats::runif(length(error))
  if (all(error == 0)) return(low + u * (high - low))
  up_to <- noise_below(low, noise, error)
  p <- up_to + u * (noise_below(high, noise, error) - up_to)
  for (halving in 1:60) {
    middle <- low / 2 + high / 2
    is_below <- noise_below(middle, noise, error) < p
    low <- ifelse(is_below, middle, low)
    high <- ifelse(is_below, high, middle)
  }
  low / 2 + high / 2
}
