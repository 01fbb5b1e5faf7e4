# The penalised objective that the search is judged by: loglik - 1/n sum_j (r_j - 1 - log r_j), with
# r_j = (s / sigma_j)^2 and s = min(sd, IQR / 1.349). The floor is 0.4 steps if all values lie on a
# lattice. Scale, penalty and floor are computed here and passed to the package.

# A sample with a point for each value; `searched` is gmm1d's own sample of them.
problem_of <- function(x, scale = scale_of(x), floor = NULL) {
  x <- as.double(x[!is.na(x)])
  distinct <- sort(unique(x))
  n <- length(x)
  exact <- list(x = distinct, w = as.vector(table(match(x, distinct))) + 0, n = n, n_missing = 0,
                scale = scale, step = 0, width = NULL, cells = NULL, grid = NULL, lower = NULL,
                upper = NULL, rounding = NULL, bins = NULL, base = 0)
  if (is.null(floor)) floor <- max(0.4 * step_of(distinct), 4 * .Machine$double.eps * scale)
  control <- gmm1d_control(min_sigma = floor, penalty = 1 / n)
  options <- gmm1d:::em_options(control)
  searched <- squash(x)
  searched$scale <- scale
  list(x = x, points = exact, searched = searched, control = control, options = options)
}

scale_of <- function(x) {
  sd <- stats::sd(x)
  spread <- stats::IQR(x) / 1.349
  if (spread > 0) min(sd, spread) else sd
}

# The step of the lattice on which all values lie, or 0 if there is none. Applies Euclid's algorithm
# to their differences, up to the rounding errors of decimal numbers.
step_of <- function(distinct) {
  noise <- max(abs(distinct)) * 2^-41
  step <- 0
  for (a in diff(distinct)) {
    if (a < 1024 * noise) return(0)
    b <- step
    while (b > noise) {
      remainder <- abs(a - b * round(a / b))
      a <- b
      b <- remainder
    }
    step <- a
    if (step < 1024 * noise) return(0)
  }
  step
}

# The objective of a mixture, in plain R.
penalised <- function(mixture, problem) {
  joint <- Map(function(lambda, mu, sigma) {
    log(lambda) + stats::dnorm(problem$points$x, mu, sigma, log = TRUE)
  }, mixture$lambda, mixture$mu, mixture$sigma)
  highest <- do.call(pmax, joint)
  density <- highest + log(Reduce(`+`, lapply(joint, function(one) exp(one - highest))))
  ratio <- (problem$points$scale / mixture$sigma)^2
  sum(problem$points$w * density) - problem$control$penalty * sum(ratio - 1 - log(ratio))
}

# Climbs from a mixture to the penalised maximum of its basin, on all values.
climbed_to_end <- function(mixture, problem) {
  result <- gmm1d:::em_cpp(problem$points, mixture, problem$options)
  result$objective <- penalised(result$mixture, problem)
  result
}

# The results of gmm1d's search, climbed to the end, with a row for each k: the objective, the error
# of the reported objective, and the number of values in the smallest component.
found_by_default <- function(problem, k) {
  start <- proc.time()[["elapsed"]]
  path <- path_of(problem$searched, k, problem$control)
  seconds <- proc.time()[["elapsed"]] - start
  rows <- lapply(path, function(one) {
    end <- climbed_to_end(one$mixture, problem)
    data.frame(k = one$mixture$k, found = end$objective, reported = one$objective,
               smallest = min(end$mixture$lambda) * problem$points$n)
  })
  cbind(do.call(rbind, rows), seconds = seconds)
}

# The number of misses, and their sizes.
missed_by <- function(below) {
  below <- round(below, 6L)
  data.frame(cases = length(below), missed = sum(below > 0.001), `above 1` = sum(below > 1),
             `in all` = number(sum(pmax(below, 0))), worst = number(max(below)),
             better = sum(below < -0.001), check.names = FALSE)
}
