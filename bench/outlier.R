# The effect of one distant value on the sigmas of two groups, and on the choice of k.
outlier <- function(cases = outlier_cases()) {
  cell <- function(column, f) {
    cells <- tapply(cases[[column]], list(cases$n, cases$away), f)
    table_of(n = rownames(cells), as.data.frame(cells))
  }
  c(
    "## One outlier", "",
    paste("Two groups (60 % N(0.12, 0.01), 40 % N(1.1, 0.08)) and one value so many standard",
          "deviations above the largest: the largest relative change of the two sigmas, k = 3 with",
          "it and k = 2 without. Goal: 0 from 5 standard deviations on."), "",
    cell("change", function(x) format(max(x), digits = 2L)), "",
    "The k that `gmm1d(x)` chooses (right: 3):", "",
    cell("k", function(x) toString(sort(unique(x))))
  )
}

outlier_cases <- function(n = c(12, 20, 50, 100, 500), away = c(2, 5, 10, 100, 1e4, 1e6, 1e9),
                          samples = 5L) {
  which <- expand.grid(n = n, away = away, sample = seq_len(samples))
  each_case(function(n, away, sample) {
    set.seed(9000 + sample)
    first <- round(0.6 * n)
    x <- c(stats::rnorm(first, 0.12, 0.01), stats::rnorm(n - first, 1.1, 0.08))
    more <- c(x, max(x) + away * stats::sd(x))
    without <- suppressWarnings(gmm1d(x, k = 2))
    with <- suppressWarnings(gmm1d(more, k = 3))
    data.frame(n = n, away = away, sample = sample,
               change = max(abs(with$sigma[1:2] / without$sigma - 1)),
               k = suppressWarnings(gmm1d(more))$k)
  }, which$n, which$away, which$sample)
}
