# How often a second component is found where there is one.
false_discovery <- function(data_sets) {
  cases <- expand.grid(rounding = c(0, 0.1), n = c(50, 100, 500))
  rates <- Map(function(rounding, n) {
    found <- each_data_set(data_sets, function() {
      x <- rnorm(n)
      if (rounding > 0) x <- round(x / rounding) * rounding
      fit <- suppressWarnings(gmm1d(x, control = list(threads = 1)))
      by_criterion <- vapply(c("BIC", "AIC", "ICL"), function(criterion) {
        fit$selection$k[gmm1d:::chosen_row(fit$selection, criterion)] > 1
      }, NA)
      c(by_criterion, plain = which.min(fit$selection$BIC) > 1)
    })
    100 * colMeans(found)
  }, cases$rounding, cases$n)
  rates <- do.call(rbind, rates)
  c(
    "## A second component in N(0, 1)", "",
    "`gmm1d(x)` by default, k = 1 to 9: percent of samples in which more than one component is",
    "chosen. Goal: at most 3 by BIC.", "",
    table_of(
      n = cases$n, `rounded to` = ifelse(cases$rounding > 0, cases$rounding, "not"),
      BIC = number(rates[, "BIC"]), ICL = number(rates[, "ICL"]), AIC = number(rates[, "AIC"]),
      `BIC without the penalty` = number(rates[, "plain"])
    )
  )
}
