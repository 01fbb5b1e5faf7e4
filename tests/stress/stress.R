# Fits thousands of hostile data sets and checks what must hold for every fit, with code of its own.
# Usage: Rscript tests/stress/stress.R [data sets], default 10,000. Data set i has seed i: `Rscript
# tests/stress/stress.R 1 i` repeats it.
suppressPackageStartupMessages(library(gmm1d))

numbers <- as.integer(commandArgs(trailingOnly = TRUE))
data_sets <- if (length(numbers) > 0L) numbers[1L] else 10000L
first <- if (length(numbers) > 1L) numbers[2L] else 1L
time_limit <- 30  # seconds for one data set

# A random size, mostly small.
some <- function(most = 300) max(1, round(exp(runif(1, 0, log(most)))))

kinds <- list(
  normal = function() rnorm(some()),
  mixture = function() rnorm(some(), sample(c(0, 3, 9), 1, prob = c(2, 1, 1)), runif(1, 0.1, 2)),
  ties = function() sample(1:5, some(), TRUE),
  lattice = function() round(rnorm(some(), sd = 3)) * 10^runif(1, -8, 8),
  spike_at_zero = function() c(rep(0, some()), abs(rnorm(some()))),
  outlier = function() c(rnorm(some() + 2), 10^runif(1, 3, 300)),
  outliers = function() c(rnorm(some() + 2), rcauchy(3) * 10^runif(3, 0, 100)),
  two_values = function() sample(rnorm(2), some() + 1, TRUE),
  cauchy = function() rcauchy(some()),
  tiny_n = function() rnorm(sample(1:6, 1)),
  scales = function() rnorm(some()) * 10^sample(-12:12, 1) + rnorm(1) * 10^sample(-12:12, 1),
  many_scales = function() unlist(lapply(10^runif(3, -12, 12), function(s) rnorm(some(50), s, s))),
  sorted = function() sort(rexp(some())),
  reversed = function() rev(sort(rlnorm(some()))),
  constant_but_one = function() c(rep(rnorm(1), some()), rnorm(1)),
  far_from_zero = function() rnorm(some()) + 10^runif(1, 3, 15),
  huge = function() rnorm(some()) * 10^runif(1, 290, 307),
  denormal = function() rnorm(some()) * 10^runif(1, -318, -300),
  exponents = function() sample(c(-1, 1), some(40), TRUE) * 10^runif(some(40), -307, 307),
  uniform = function() runif(some()),
  missing = function() sample(c(NA, NaN, rnorm(some())))
)

# Relations between parameters, and for each an expression that is 0 if the relation holds, in
# sigmas or relative to the size.
relations <- list(
  list(relate = list(mu = "equal"), rest = function(fit) diff(fit$mu) / min(fit$sigma)),
  list(relate = list(mu = "equal spacing"),
       rest = function(fit) diff(diff(fit$mu)) / max(diff(range(fit$mu)), fit$sigma)),
  list(relate = list(mu = "symmetric", sigma = "equal"),
       rest = function(fit) diff(fit$mu + rev(fit$mu)) / max(diff(range(fit$mu)), fit$sigma)),
  list(relate = list(mu = "growth"), rest = function(fit) {
    steps <- diff(fit$mu) / max(diff(range(fit$mu)), fit$sigma)
    if (length(steps) > 2L) steps[2L]^2 - steps[1L] * steps[3L] else 0
  }),
  list(relate = list(sigma = "proportional"), rest = function(fit) {
    diff(log(fit$sigma) - log(abs(fit$mu))) * min(fit$sigma) / max(fit$sigma)
  }),
  list(relate = list(mu = c(1, 2), sigma = c(1, 2)),
       rest = function(fit) diff(fit$sigma / fit$relate$sigma) / max(fit$sigma)),
  list(relate = list(lambda = "equal"), rest = function(fit) diff(fit$lambda))
)

# The equations as in the paper; no code of the package is used.
log_density <- function(x, fit) {
  parts <- vapply(seq_len(fit$k), function(j) {
    log(fit$lambda[j]) + dnorm(x, fit$mu[j], fit$sigma[j], log = TRUE)
  }, numeric(length(x)))
  parts <- matrix(parts, length(x))
  top <- apply(parts, 1L, max)
  list(parts = parts, log_f = top + log(rowSums(exp(parts - top))))
}

# An EM step, in units of each component, so that no square that matters overflows or underflows.
em_step <- function(x, w, fit) {
  now <- log_density(x, fit)
  gamma <- w * exp(now$parts - now$log_f)
  n <- colSums(gamma)
  sum_of <- function(values) colSums(ifelse(gamma > 0, gamma * values, 0)) / n
  z <- (outer(x, fit$mu, "-")) / rep(fit$sigma, each = length(x))
  shift <- sum_of(z)
  square <- sum_of((z - rep(shift, each = length(x)))^2)
  if (fit$variance == "equal") square <- rep(sum(n * square) / sum(n), fit$k)
  list(k = fit$k, lambda = n / sum(n), mu = fit$mu + fit$sigma * shift,
       sigma = fit$sigma * sqrt(square))
}

# The faults of a fit, in words.
faults_of <- function(fit, x, w, relation) {
  seen <- !is.na(x) & w > 0
  x <- x[seen]
  w <- w[seen]
  loglik <- function(mixture) sum(w * log_density(x, mixture)$log_f)
  # A mean far from 0 has fewer correct digits than its sigma.
  digit <- 4 * .Machine$double.eps * abs(fit$mu) / fit$sigma
  rounding <- 1e-9 * (1 + abs(fit$loglik)) + fit$n * sum(fit$lambda * (digit + digit^2))
  numbers <- c(fit$lambda, fit$mu, fit$sigma, fit$loglik, fit$n, unlist(fit$selection$objective),
               fit$trace, AIC(fit), BIC(fit))
  posterior <- predict(fit, x, type = "posterior")
  p <- pgmm1d(sort(x), fit)
  last_digit <- 4 * .Machine$double.eps  # of a logarithm and its exponential
  # On a lattice, one component may be narrower than two. Equal sigmas are penalised once for each
  # component. If the smallest sigma that rounding allows is above the scale of the data, each
  # component pays for it. So these objectives may decrease with k.
  nested <- fit$selection$objective[fit$selection$variance == "free" & fit$selection$k > 1]
  if (fit$points$scale < 1e-9 * max(abs(x)) || fit$points$scale < 1e-305) nested <- numeric()
  # EM gains about as much as the certificate predicts, and no more.
  is_free <- is.null(relation)
  gain <- if (fit$converged && !fit$penalised && is_free) loglik(em_step(x, w, fit)) - loglik(fit)
          else 0
  # Equal proportions of k components are not a special case of those of k + 1.
  if (!is.null(relation$relate$lambda)) nested <- numeric()
  rest <- if (is_free || fit$k == 1L) 0 else relation$rest(fit)
  faults <- c(
    "a number is not finite" = !all(is.finite(numbers)),
    "lambda does not sum to 1" = abs(sum(fit$lambda) - 1) > 1e-12,
    "the relation does not hold" = any(abs(rest) > 1e-6 + max(digit)),
    "a sigma is not positive" = any(fit$sigma <= 0),
    "mu is not in order" = is.unsorted(fit$mu),
    "the trace falls" = any(diff(fit$trace) < 0),
    "the objective falls with k" = any(diff(nested) < -1e-7 * (1 + abs(nested[-1L]))),
    "the log-likelihood is another" = !(abs(loglik(fit) - fit$loglik) <= 1e3 * rounding),
    "posteriors do not sum to 1" = any(abs(rowSums(posterior) - 1) > 1e-12),
    "the distribution function falls" = any(diff(p) < -last_digit) || any(p < 0 | p > 1),
    "the certificate is not true" = !(gain <= 2 * fit$gap + rounding)
  )
  names(faults)[is.na(faults) | faults]
}

try_data_set <- function(i) {
  set.seed(i)
  kind <- names(kinds)[(i - 1L) %% length(kinds) + 1L]
  x <- kinds[[kind]]()
  k <- sample(list(1L, 1:3, 2L, 4L, 1:6, sample(20L, 1L), length(x)), 1L,
              prob = c(1, 3, 2, 1, 1, 0.5, 0.2))[[1L]]
  if (max(k) > 12) k <- 12L
  variance <- sample(list("free", "equal", c("free", "equal")), 1L, prob = c(3, 1, 1))[[1L]]
  w <- if (runif(1) < 0.2) sample(0:3, length(x), TRUE) else rep(1, length(x))
  relation <- if (runif(1) < 0.3) relations[[sample(length(relations), 1L)]]
  if (!is.null(relation)) variance <- "free"
  if (is.numeric(relation$relate$mu)) k <- 2L
  seed <- .Random.seed
  start <- proc.time()[["elapsed"]]
  fit <- tryCatch(
    suppressWarnings(gmm1d(x, k, weights = w, variance = variance, relate = relation$relate,
                           control = list(threads = 1)),
                     classes = "gmm1d_warning"),
    error = identity, warning = identity
  )
  elapsed <- proc.time()[["elapsed"]] - start
  refused <- inherits(fit, "gmm1d_error")
  faults <- c(
    if (!identical(seed, .Random.seed)) "random numbers were drawn",
    if (elapsed > time_limit) "it takes too long",
    if (inherits(fit, "gmm1d")) faults_of(fit, x, w, relation)
    else if (!refused) paste("no class:", conditionMessage(fit))
  )
  data.frame(i, kind, refused, elapsed, faults = toString(faults))
}

rows <- parallel::mclapply(first + seq_len(data_sets) - 1L, try_data_set,
                           mc.cores = max(1L, parallel::detectCores(), na.rm = TRUE))
crashed <- !vapply(rows, is.data.frame, NA)
rows <- do.call(rbind, rows[!crashed])
wrong <- rows[nzchar(rows$faults), ]
cat(nrow(rows), "data sets of", length(kinds), "kinds:", sum(!rows$refused), "fits,",
    sum(rows$refused), "classed errors, at most", format(max(rows$elapsed), digits = 2),
    "seconds each;", nrow(wrong), "with faults,", sum(crashed), "without an answer\n")
if (nrow(wrong) > 0L || any(crashed)) {
  print(utils::head(wrong, 50L), row.names = FALSE)
  quit(status = 1L)
}
