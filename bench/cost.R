# The cost of the default call, gmm1d(x), which tries k = 1 to 9.
cost <- function(cases = cost_cases()) {
  c(
    "## The default call, k = 1 to 9", "",
    paste("Medians by the clock and of the processor; beside them `Mclust(x)` or, above 1e5",
          "values, `mean(x)` and `var(x)`. Goal at 1e7: a ratio of at most 3."), "",
    table_of(
      n = number(cases$n), data_sets = cases$sets, gmm1d = milliseconds(cases$ours),
      processor = milliseconds(cases$ours_cpu), other = cases$other,
      `its time` = milliseconds(cases$theirs), `its processor` = milliseconds(cases$theirs_cpu),
      ratio = number(cases$ours / cases$theirs)
    )
  )
}

cost_cases <- function(n = c(100, 400, 1e5, 1e7), sets = 30L, runs = 5L) {
  suppressPackageStartupMessages(library(mclust))
  rows <- lapply(n, function(n) {
    few <- n < 1e5
    is_large <- n > 1e5
    count <- if (few) sets else if (is_large) 1L else 5L
    times <- lapply(seq_len(count), function(i) {
      x <- draw(n, seed = i)
      rowwise_medians(replicate(if (few) 1L else runs, c(
        clock_of(suppressWarnings(gmm1d(x))),
        clock_of(if (is_large) c(mean(x), var(x)) else if (few) Mclust(x, verbose = FALSE))
      )))
    })
    times <- rowwise_medians(do.call(cbind, times))
    data.frame(n = n, sets = count, ours = times[1L], ours_cpu = times[2L],
               other = if (is_large) "mean(x), var(x)" else if (few) "Mclust(x)" else "",
               theirs = if (few || is_large) times[3L] else NA,
               theirs_cpu = if (few || is_large) times[4L] else NA)
  })
  do.call(rbind, rows)
}

rowwise_medians <- function(times) apply(as.matrix(times), 1L, stats::median)
