# How often intervals for cut-points between two groups cover the truth.
cutpoint_coverage <- function(cases = cutpoint_coverage_cases()) {
  rate <- matrix(number(unlist(cases[cut_rules])), ncol = length(cut_rules),
                 dimnames = list(NULL, cut_rules))
  c(
    "## Coverage of the intervals of cut-points", "",
    "Percent of data sets in which an interval of nominal 95 % of `cutpoints()` holds the cut-point of",
    "the truth, n = 300: by specificity 0.99, sensitivity 0.95, Youden's rule, and where the most probable",
    "component changes. Bootstraps have 399 parametric replicates. Goal: 93 to 97.", "",
    table_of(data = cases$data, interval = cases$interval, `data sets` = number(cases$data_sets, 4L),
             rate)
  )
}

cut_rules <- c("specificity", "sensitivity", "youden", "posterior")

cut_designs <- list(
  "0.7 N(0, 1) + 0.3 N(4, 1.5)" = list(lambda = c(0.7, 0.3), mu = c(0, 4), sigma = c(1, 1.5)),
  "0.5 N(0, 1) + 0.5 N(4, 1)" = list(lambda = c(0.5, 0.5), mu = c(0, 4), sigma = c(1, 1)),
  "0.9 N(0, 1) + 0.1 N(5, 1)" = list(lambda = c(0.9, 0.1), mu = c(0, 5), sigma = c(1, 1)),
  "0.3 N(0, 1) + 0.7 N(4, 1.5)" = list(lambda = c(0.3, 0.7), mu = c(0, 4), sigma = c(1, 1.5))
)

# The bootstrap is so slow that it gets a fifth of the data sets.
cutpoint_coverage_cases <- function(samples = 1000L) {
  cases <- expand.grid(interval = c("delta method", "bootstrap"), data = names(cut_designs),
                       stringsAsFactors = FALSE)[2:1]
  cases$data_sets <- ceiling(samples * ifelse(cases$interval == "bootstrap", 0.2, 1))
  rates <- Map(function(data, interval, data_sets) {
    mixture <- cut_designs[[data]]
    truth <- cuts_by_all(mixture)$cutpoint
    100 * colMeans(each_data_set(data_sets, function() {
      x <- rgmm1d(300, mixture$lambda, mixture$mu, mixture$sigma)
      fit <- gmm1d(x, k = 2, control = list(threads = 1))
      found <- cuts_by_all(fit, if (interval == "bootstrap") bootstrap(fit, 399))
      stats::setNames(found$conf.low <= truth & truth <= found$conf.high, cut_rules)
    }))
  }, cases$data, cases$interval, cases$data_sets)
  cbind(cases, do.call(rbind, rates))
}

# The cut-points by three rules, and the one between the two means.
cuts_by_all <- function(mixture, boot = NULL) {
  columns <- c("cutpoint", "conf.low", "conf.high")
  rules <- cutpoints(mixture, specificity = 0.99, sensitivity = 0.95, rule = "youden", boot = boot)
  between <- cutpoints(mixture, monotone = TRUE, boot = boot)
  # No cut-point, no interval.
  between <- if (nrow(between) == 1L) between[columns] else data.frame(NA, NA, NA)
  rbind(rules[columns], stats::setNames(between, columns))
}
