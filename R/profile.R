# Profile likelihood: the best that can be done with one parameter fixed.
profile_intervals <- function(fit, parm, level) {
  error <- least_errors(fit)
  interval_matrix(fit, parm, level, function(i) {
    c(profile_end(fit, i, -1, error[[i]], level), profile_end(fit, i, 1, error[[i]], level))
  })
}

# The standard errors if the components were known, as a first guess of the steps.
least_errors <- function(fit) {
  n <- pmax(fit$n * fit$lambda, 1)
  n_of_sigma <- if (fit$variance == "equal") fit$n else n
  lambda <- pmin(pmax(fit$lambda, 1e-6), 1 - 1e-6)
  c(sqrt(lambda * (1 - lambda) / fit$n), fit$sigma / sqrt(n), fit$sigma / sqrt(2 * n_of_sigma))
}

# Where, on one side of the estimate, the signed root of the likelihood ratio statistic crosses the
# quantile: bracketed in steps of standard errors, on the scale without bounds.
profile_end <- function(fit, i, side, error, level) {
  estimate <- parameters_of(fit)[[i]]
  is_lambda <- i <= fit$k
  link <- link_of(coef_names(fit$k)[i])
  z <- stats::qnorm((1 + level) / 2)
  unit <- z * error * link$slope(estimate)
  if (is.na(unit)) return(NA_real_)
  # The last mixture inside the interval: from one far outside, there may be no way back.
  inside <- as_mixture(fit)
  value_at <- function(steps) link$back(link$to(estimate) + side * steps * unit)
  # How far the root is from the quantile, `steps` units out.
  excess <- function(steps) {
    fall <- root_of_fall(fit, i, value_at(steps), inside)
    if (fall$root < z) inside <<- fall$mixture
    fall$root - z
  }
  # A proportion within 1e-12 of its bound has reached it: the likelihood falls no further.
  is_end <- function(steps) {
    value <- value_at(steps)
    is_lambda && (value < 1e-12 || value > most_of(fit) - 1e-12)
  }
  end <- if (side < 0) link$back(-Inf)
         else if (is_lambda) most_of(fit)
         else Inf
  below <- c(0, -z)
  for (steps in c(1, 1.25, 1.6, 2, 3, 5, 8, 13, 25, 50)) {
    if (is_end(steps)) return(end)
    above <- c(steps, excess(steps))
    if (above[2L] >= 0) break
    below <- above
  }
  if (above[2L] < 0) return(end)
  value_at(stats::uniroot(excess, c(below[1L], above[1L]), f.lower = below[2L],
                          f.upper = above[2L], tol = 1e-7)$root)
}

# The signed root of the likelihood ratio, without its sign, where parameter i is `value` and the
# others climb from those of a mixture; and the mixture in which that climb ends.
root_of_fall <- function(fit, i, value, start) {
  model <- held_model(fit)
  model$fixed <- expand_fixed(model$fixed, fit$k)
  place <- c("lambda", "mu", "sigma")[(i - 1L) %/% fit$k + 1L]
  model$fixed[[place]][(i - 1L) %% fit$k + 1L] <- value
  if (place == "sigma" && model$variance == "equal") {
    model$fixed$sigma[is.na(model$fixed$sigma)] <- value
  }
  result <- climb_under(fit, model, start)
  list(root = sqrt(2 * max(0, fit$loglik - result$loglik)), mixture = as_mixture(result$mixture))
}

# The largest value that a free proportion can have.
most_of <- function(fit) 1 - sum(expand_fixed(held_model(fit)$fixed, fit$k)$lambda, na.rm = TRUE)
