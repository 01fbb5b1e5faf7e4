# How often intervals with nominal level 95 % cover the truth.
coverage <- function(data_sets) {
  truth <- list(lambda = c(0.4, 0.6), mu = c(0, 5), sigma = c(1, 1.2))
  values <- unlist(truth)
  types <- c("parametric", "nonparametric", "weighted")
  covered <- each_data_set(data_sets, function() {
    x <- rgmm1d(500, truth$lambda, truth$mu, truth$sigma)
    fit <- gmm1d(x, k = 2, control = list(threads = 1))
    limits <- c(
      list(wald = confint(fit), profile = confint(fit, method = "profile")),
      lapply(stats::setNames(types, types), function(type) confint(bootstrap(fit, 999, type)))
    )
    unlist(lapply(limits, function(limit) limit[, 1L] <= values & values <= limit[, 2L]))
  })
  rate <- matrix(100 * colMeans(covered), length(values),
                 dimnames = list(names(values), c("wald", "profile", types)))
  record("%", coverage_least = min(rate), coverage_most = max(rate))
  c(
    "## Coverage of intervals", "",
    "Percent of data sets in which an interval of nominal 95 % holds the truth: n = 500,",
    "lambda = 0.4, 0.6, mu = 0, 5, sigma = 1, 1.2; bootstraps of 999 replicates. Goal: 93 to 97.",
    "",
    table_of(parameter = rownames(rate), apply(rate, 2L, number))
  )
}
