# Profile likelihood: the maximum of the likelihood with one parameter fixed. `error` are standard
# errors on the scales of the links.
profile_intervals <- function(fit, parm, level, error) {
  error <- steps_out(fit, error)
  interval_matrix(fit, parm, level, function(i) {
    c(profile_end(fit, i, -1, error[[i]], level), profile_end(fit, i, 1, error[[i]], level))
  })
}

# The first steps: standard errors if components hardly overlap, because then they are the right
# ones. Elsewhere the likelihood may have other maxima nearby, so steps are shorter.
steps_out <- function(fit, error) {
  least <- least_errors(fit)
  ifelse(error < 2 * least, error, least)
}

# The standard errors, on the scales of the links, that one would have if the components were known.
least_errors <- function(fit) {
  n <- pmax(fit$n * fit$lambda, 1)
  n_of_sigma <- if (fit$variance == "equal") fit$n else n
  lambda <- pmin(pmax(c(fit$lambda, fit$noise[1L]), 1e-6), 1 - 1e-6)
  of_lambda <- 1 / sqrt(lambda * (1 - lambda) * fit$n)
  spread <- spread_of(fit$sigma, typical_error(fit$points))
  c(of_lambda[seq_len(fit$k)], spread / sqrt(n), rep_len(1 / sqrt(2 * n_of_sigma), fit$k),
    of_lambda[-seq_len(fit$k)])
}

# Finds where, on one side of the estimate, the signed root of the likelihood ratio statistic
# crosses the quantile. It is bracketed in steps of z standard errors, on the unbounded scale.
profile_end <- function(fit, i, side, error, level) {
  estimate <- parameters_of(fit)[[i]]
  is_lambda <- i <= fit$k || i > 3L * fit$k
  link <- link_of(names_of_coef(fit)[i], typical_error(fit$points))
  z <- stats::qnorm((1 + level) / 2)
  unit <- z * error
  if (is.na(unit)) return(NA_real_)
  value_at <- function(steps) link$back(link$to(estimate) + side * steps * unit)
  # A proportion within 1e-12 of its bound has reached it: the likelihood falls no further.
  is_end <- function(steps) {
    value <- value_at(steps)
    if (!is_lambda) return(value == 0 || !is.finite(value))
    value < 1e-12 || value > most_of(fit) - 1e-12
  }
  end <- if (side < 0) link$back(-Inf)
         else if (is_lambda) most_of(fit)
         else Inf
  # How far the root is from the quantile, `steps` units out, and the mixture there.
  excess_at <- function(steps, start) {
    fall <- root_of_fall(fit, i, value_at(steps), start, certify = FALSE)
    list(at = steps, value = fall$root - z, mixture = fall$mixture)
  }
  below <- list(at = 0, value = -z, mixture = as_mixture(fit))
  steps <- 1
  while (steps < most_steps_out) {
    last <- is_end(steps)
    if (last && !is_lambda) return(end)
    # The likelihood may have fallen far enough just before the bound of a proportion.
    if (last) steps <- side * (link$to(next_to(end, side)) - link$to(estimate)) / unit
    if (steps <= below$at) return(end)
    above <- excess_at(steps, below$mixture)
    if (above$value >= 0) return(value_at(crossing_between(below, above, excess_at, tol = 1e-7)))
    if (last) return(end)
    # The root is nearly proportional to the steps, which predicts where it reaches the quantile;
    # a little further out is more likely to bracket it. In long steps, components may change roles.
    beyond <- 1.25 * (z / (above$value + z) - 1)
    steps <- steps * (1 + min(max(beyond, 0.02), if (steps < 2) 0.3 else 0.6))
    below <- above
  }
  end
}

# A root that has not reached the quantile so many steps out never will.
most_steps_out <- 70

# A proportion just inside its bound.
next_to <- function(end, side) if (side < 0) 1e-12 else end - 1e-12

# Finds where the excess is 0, by Brent's method (1973, chapter 4), as in stats::uniroot(). Unlike
# there, each climb starts from the last mixture inside the interval, because from one far outside
# there may be no way back.
crossing_between <- function(below, above, excess_at, tol) {
  inside <- below$mixture
  last <- other <- below
  best <- above
  repeat {
    before <- best$at - last$at
    if (abs(other$value) < abs(best$value)) {
      last <- best
      best <- other
      other <- last
    }
    least <- 2 * .Machine$double.eps * abs(best$at) + tol / 2
    move <- (other$at - best$at) / 2
    is_there <- best$value == 0 || abs(best$value) <= least * abs(slope_between(best, last))
    if (abs(move) <= least || is_there) return(best$at)
    if (abs(before) >= least && abs(last$value) > abs(best$value)) {
      move <- interpolated_move(last, best, other, move, most = abs(before), least)
    }
    if (abs(move) < least) move <- if (move > 0) least else -least
    last <- best
    best <- excess_at(best$at + move, inside)
    if (best$value < 0) inside <- best$mixture
    if (sign(best$value) == sign(other$value)) other <- last
  }
}

# The slope of the excess between two places; 0 if they are one place.
slope_between <- function(a, b) if (a$at == b$at) 0 else (a$value - b$value) / (a$at - b$at)

# The move from the best place to the zero of a line or an inverse parabola, if that is well within
# the bracket and the moves shrink fast enough; otherwise the move to the middle of the bracket.
interpolated_move <- function(last, best, other, middle, most, least) {
  width <- other$at - best$at
  if (last$at == other$at) {
    ratio <- best$value / last$value
    p <- width * ratio
    q <- 1 - ratio
  } else {
    q <- last$value / other$value
    ratio <- best$value / other$value
    of_last <- best$value / last$value
    p <- of_last * (width * q * (q - ratio) - (best$at - last$at) * (ratio - 1))
    q <- (q - 1) * (ratio - 1) * (of_last - 1)
  }
  if (p > 0) q <- -q else p <- -p
  if (p < 0.75 * width * q - abs(least * q) / 2 && p < abs(most * q / 2)) p / q else middle
}

# The absolute value of the signed root of the likelihood ratio with parameter i at `value`, where
# the others are maximised starting from a mixture; and the mixture at that maximum.
root_of_fall <- function(fit, i, value, start, certify = TRUE) {
  model <- held_model(fit)
  if (i > 3L * fit$k) {
    result <- climb_under(fit, model, start, noise = value, certify = certify)
    return(list(root = root_of(fit, result), mixture = result$mixture))
  }
  place <- c("lambda", "mu", "sigma")[(i - 1L) %/% fit$k + 1L]
  j <- (i - 1L) %% fit$k + 1L
  if (place == "lambda" && !is.null(model$relate$lambda)) {
    # All free proportions are equal, so a value for one determines the noise.
    known <- expand_fixed(model$fixed, fit$k)$lambda
    value <- 1 - sum(known, na.rm = TRUE) - sum(is.na(known)) * value
    return(root_of_fall(fit, 3L * fit$k + 1L, value, start, certify))
  }
  pinned <- pinned_model(model, place, j, value, fit)
  if (is.null(pinned)) {
    model$fixed <- expand_fixed(model$fixed, fit$k)
    model$fixed[[place]][j] <- value
    if (place == "sigma" && model$variance == "equal") {
      model$fixed$sigma[is.na(model$fixed$sigma)] <- value
    }
  }
  result <- climb_under(fit, pinned %||% model, start, certify = certify)
  list(root = root_of(fit, result), mixture = result$mixture)
}

root_of <- function(fit, result) sqrt(2 * max(0, fit$loglik - result$loglik))

# The largest value that a free proportion can have.
most_of <- function(fit) {
  model <- held_model(fit)
  lambda <- expand_fixed(model$fixed, fit$k)$lambda
  (1 - sum(lambda, na.rm = TRUE)) / if (is.null(model$relate$lambda)) 1 else sum(is.na(lambda))
}
