# How often a second component is found if there is only one.
false_discovery <- function(cases = false_discovery_cases()) {
  record("%", normal_second = max(cases$BIC[cases$rounding == 0]))
  c(
    "## A second component in N(0, 1)", "",
    "`gmm1d(x)` by default, k = 1 to 9: percent of samples in which more than one component is",
    "chosen. Goal: at most 2 by BIC, 3 where the values are rounded.", "",
    table_of(
      n = number(cases$n), `rounded to` = ifelse(cases$rounding > 0, cases$rounding, "not"),
      samples = cases$samples, BIC = number(cases$BIC), ICL = number(cases$ICL),
      AIC = number(cases$AIC), `BIC of the plain log-likelihood` = number(cases$plain)
    )
  )
}

# For 1e5 values, only a fifth of the samples. Also shows what BIC alone chooses.
false_discovery_cases <- function(samples = 1000L, n = c(50, 100, 500, 2000, 1e5),
                                  rounding = c(0, 0.1, 0.5, 1)) {
  cases <- expand.grid(rounding = rounding, n = n)
  cases$samples <- ifelse(cases$n > 1e4, max(1, samples / 5), samples)
  rates <- Map(function(rounding, n, samples) {
    100 * colMeans(each_data_set(samples, function() {
      x <- rnorm(n)
      if (rounding > 0) x <- round(x / rounding) * rounding
      points <- squash(x, control = list(threads = 1))
      tried <- gmm1d(points, control = list(threads = 1))$selection
      has_more <- function(criterion) tried$k[which.min(criterion)] > 1
      c(BIC = has_more(tried$BIC + tried$price), ICL = has_more(tried$ICL + tried$price),
        AIC = has_more(tried$AIC + tried$price), plain = has_more(tried$BIC))
    }))
  }, cases$rounding, cases$n, cases$samples)
  cbind(cases, do.call(rbind, rates))
}
