# Crossings are the points where two components are equally high. At some of them, the cut-points,
# the most probable component changes.

# Where the component with the largest cost_j lambda_j N(x; mu_j, sigma_j^2) changes. For each
# interval between neighbouring crossings, that component is found at a point inside it.
cuts_of <- function(mixture, cost = rep(1, mixture$k)) {
  height <- log(mixture$lambda) + log(cost)
  # The highest come first: they win over components with the same mu and sigma, even if rounding
  # makes them tie.
  alive <- order(height, decreasing = TRUE)[seq_len(sum(mixture$lambda > 0))]
  height <- height[alive]
  mu <- mixture$mu[alive]
  sigma <- mixture$sigma[alive]
  x <- apart(sort(crossings(height, mu, sigma)))
  winner <- alive[highest(between(x, mu, sigma), height, mu, sigma)]
  at <- which(diff(winner) != 0L)
  list2DF(list(cutpoint = x[at], from = winner[at], to = winner[at + 1L]))
}

# The classes along the line: `component[i]` is the class of values between cutpoint[i - 1] and
# cutpoint[i]; in order of mu if `monotone`, else the most probable component.
classes_along <- function(mixture, monotone = FALSE) {
  cuts <- if (monotone) ordered_cuts_of(mixture) else cuts_of(mixture)
  last <- cuts$to[length(cuts$to)]
  if (length(last) == 0L) {
    last <- if (monotone) standing_components(mixture) else which.max(mixture$lambda)
  }
  list(cutpoint = cuts$cutpoint, component = c(cuts$from, last))
}

# Cut-points for classes in order of mu: one between the means of any two neighbours among the
# standing components. The ratio of two components is monotone between their means, so there is only
# one.
ordered_cuts_of <- function(mixture, cost = rep(1, mixture$k)) {
  height <- log(mixture$lambda) + log(cost)
  kept <- standing_components(mixture, cost)
  from <- kept[-length(kept)]
  to <- kept[-1L]
  cut <- vapply(seq_along(from), function(i) {
    cut_between_means(height, mixture$mu, mixture$sigma, c(from[i], to[i]))
  }, 0)
  list2DF(list(cutpoint = cut, from = from, to = to))
}

# The components that have a class, in order of mu. From the highest peak downwards, a component is
# kept if it is higher at its own mean than its neighbours among those kept so far. Components with
# lower peaks cannot be higher there.
standing_components <- function(mixture, cost = rep(1, mixture$k)) {
  height <- log(mixture$lambda) + log(cost)
  mu <- mixture$mu
  sigma <- mixture$sigma
  kept <- integer()
  for (j in order(-log_peak(height, sigma), -height)[seq_len(sum(mixture$lambda > 0))]) {
    below <- sum(mu[kept] <= mu[j])
    neighbours <- kept[intersect(c(below, below + 1L), seq_along(kept))]
    lead <- log_ratio(rep(mu[j], length(neighbours)), j, neighbours, height, mu, sigma)
    if (all(lead > 0)) kept <- append(kept, j, after = below)
  }
  kept
}

# The crossing of two components between their means, where their difference changes its sign.
cut_between_means <- function(height, mu, sigma, pair) {
  x <- crossings(height[pair], mu[pair], sigma[pair])
  inside <- pmin(pmax(x, mu[pair[1L]]), mu[pair[2L]])
  # Rounding may hide a crossing at the mean of one of them.
  c(inside[which.min(abs(x - inside))], mu[pair[which.min(log_peak(height, sigma)[pair])]])[1L]
}

log_peak <- function(height, sigma) height - log(sigma)

# All x where two components are equally high, lambda_i N(x; mu_i, sigma_i^2) = lambda_j N(x; mu_j,
# sigma_j^2), with height_j = log(lambda_j). Let p be the point between the means that is the same
# number of sigmas, e, away from both, q the ratio of the smaller sigma to the larger, and
# x = p + smaller v. They are equally high where (1 - q) v^2 + 2 e v - rise = 0. In this form
# nothing cancels, however different the sigmas. If e is above 1, v is in units of e, so that
# squares do not overflow.
crossings <- function(height, mu, sigma) {
  pairs <- which(upper.tri(diag(length(mu))), arr.ind = TRUE)
  is_smaller <- sigma[pairs[, 1L]] <= sigma[pairs[, 2L]]
  n <- ifelse(is_smaller, pairs[, 1L], pairs[, 2L])
  w <- ifelse(is_smaller, pairs[, 2L], pairs[, 1L])
  smaller <- sigma[n]
  larger <- sigma[w]
  q <- smaller / larger
  p <- mu[n] / (1 + q) + mu[w] * (q / (1 + q))
  rise <- 2 * (height[n] - height[w] - log_quotient(smaller, larger)) / (1 + q)
  half_gap <- mu[w] / 2 - mu[n] / 2
  e <- half_gap / (smaller / 2 + larger / 2)
  unit <- pmax(abs(e), 1)
  rise <- rise / unit / unit
  e <- pmin(pmax(e, -1), 1)
  reach <- ifelse(is.finite(unit), smaller * unit, 2 * abs(half_gap) * (q / (1 + q)))

  # Sigmas that differ by rounding only are taken as equal: the second root, far away, would be
  # rounding error as well.
  a <- (larger - smaller) / larger
  a[a <= 16 * .Machine$double.eps] <- 0
  discriminant <- e^2 + a * rise
  real <- discriminant > 0                     # at a double root nothing crosses
  root <- sqrt(pmax(discriminant, 0))
  far <- -e + ifelse(e > 0, -root, root)       # a times the larger root; -rise / far is the other
  x <- c(p + reach * (far / a), p - reach * (rise / far))
  x[rep(real, 2L) & is.finite(x)]
}

# log(a / b), where a / b may be too large or too small for a double.
log_quotient <- function(a, b) {
  q <- a / b
  ifelse(q > 1e-300 & q < 1e300, log(q), log(a) - log(b))
}

# Drops values that differ from their left neighbour by rounding error only.
apart <- function(x) {
  x[c(rep(TRUE, length(x) > 0L), diff(x) > 32 * .Machine$double.eps * abs(x[-1L]))]
}

# A point in each of the intervals into which x divides the line.
between <- function(x, mu, sigma) {
  n <- length(x)
  if (n == 0L) return(mu[1L])
  reach <- max(sigma, abs(outer(x[c(1L, n)], mu, "-")))
  ends <- pmin(pmax(c(x[1L] - reach, x[n] + reach), -.Machine$double.xmax), .Machine$double.xmax)
  c(ends[1L], x[-1L] / 2 + x[-n] / 2, ends[2L])
}

# The component that is highest at each x, on the log scale; ties go to the first.
highest <- function(x, height, mu, sigma) {
  best <- rep(1L, length(x))
  for (j in seq_along(mu)[-1L]) {
    best[log_ratio(x, j, best, height, mu, sigma) > 0] <- j
  }
  best
}

# The log-ratio of components i and j at x, from differences to the nearer mean: if both are far
# away, or one is much narrower, squares lose the digits that matter.
log_ratio <- function(x, i, j, height, mu, sigma) {
  from_i <- x - mu[i]
  from_j <- x - mu[j]
  is_nearer <- abs(from_i) < abs(from_j)
  slope <- ifelse(sigma[i] == sigma[j], 0, 1 / sigma[i] - 1 / sigma[j])
  difference <- ifelse(is_nearer, from_i, from_j) * slope -
    (mu[i] - mu[j]) / ifelse(is_nearer, sigma[j], sigma[i])
  squares <- difference * ((from_i / sigma[i] + from_j / sigma[j]) / 2)
  squares[difference == 0] <- 0
  height[i] - height[j] - log_quotient(sigma[i], sigma[j]) - squares
}
