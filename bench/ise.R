# The integrated squared error of the fitted density compared with that of Mclust's, on the test
# densities.
ise <- function(cases = ise_cases()) {
  rows <- lapply(split(cases, cases$n), function(rows) {
    rbind(ratios_to(rows$mclust, rows, "free"), ratios_to(rows$mclust, rows, "both"))
  })
  c(
    "## The density, beside Mclust", "",
    paste0("Integrated squared error on the sixteen densities of Marron and Wand, ",
           max(table(cases$density, cases$n)), " samples each, over that of `Mclust(x)`: the ",
           "geometric and the arithmetic mean over the densities of the ratio of the mean errors, ",
           "the largest of these, and the geometric mean over all samples of their ratio. Goal: ",
           "with both variances at most 1 at n = 100."), "",
    table_of(do.call(rbind, rows))
  )
}

ratios_to <- function(theirs, rows, column) {
  of_means <- tapply(rows[[column]], rows$density, mean) / tapply(theirs, rows$density, mean)
  calls <- c(free = "`gmm1d(x)`", both = "`gmm1d(x, variance = c(\"free\", \"equal\"))`")
  data.frame(n = number(rows$n[1L]), call = calls[[column]],
             geometric = number(exp(mean(log(of_means)))), arithmetic = number(mean(of_means)),
             largest = number(max(of_means)),
             samples = number(exp(mean(log(rows[[column]] / theirs)))))
}

ise_cases <- function(samples = 50L, n = c(100, 400, 2000), density = ".") {
  suppressPackageStartupMessages(library(mclust))
  densities <- densities_of(density)
  which <- expand.grid(density = names(densities), n = n, stringsAsFactors = FALSE)
  rows <- Map(function(density, n) {
    truth <- densities[[density]]
    errors <- each_data_set(samples, function() {
      x <- rgmm1d(n, truth$lambda, truth$mu, truth$sigma)
      fit <- function(...) gmm1d(x, ..., control = list(threads = 1))
      theirs <- Mclust(x, verbose = FALSE)$parameters
      k <- length(theirs$mean)
      c(free = ise_of(fit(), truth), both = ise_of(fit(variance = c("free", "equal")), truth),
        mclust = ise_of(list(lambda = rep_len(theirs$pro %||% 1, k), mu = theirs$mean,
                             sigma = rep_len(sqrt(theirs$variance$sigmasq), k)), truth))
    }, first = 7000L)
    data.frame(density = density, n = n, seed = seq_len(samples), errors)
  }, which$density, which$n)
  do.call(rbind, unname(rows))
}

# The integral of (f - g)^2, whose terms are normal densities evaluated at a point.
ise_of <- function(fit, truth) {
  sign <- c(fit$lambda, -truth$lambda)
  mu <- c(fit$mu, truth$mu)
  variance <- c(fit$sigma, truth$sigma)^2
  sum(outer(sign, sign) * stats::dnorm(outer(mu, mu, `-`), 0, sqrt(outer(variance, variance, `+`))))
}
