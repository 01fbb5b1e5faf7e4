# The search with two and three components on normal samples, in which all maxima arise by chance,
# compared with the harder search.
normal <- function(cases = normal_cases()) {
  below <- cases$harder - cases$found
  rows <- split(seq_along(below), list(cases$n, cases$k))
  tables <- lapply(rows, function(i) {
    cbind(n = number(cases$n[i[1L]]), k = cases$k[i[1L]], missed_by(below[i]),
          percent = number(100 * mean(below[i] > 0.001)))
  })
  c(
    "## Normal samples", "",
    paste("The same on samples of N(0, 1). A search that misses here makes the bootstrap test",
          "anti-conservative. Goal: at most 1 % missed."), "",
    table_of(do.call(rbind, tables)), "",
    paste0("Missed in all: ", number(100 * mean(below > 0.001)), " %.")
  )
}

normal_cases <- function(n = c(100, 300, 1000), samples = 200L) {
  which <- expand.grid(seed = 5000 + seq_len(samples), n = n)
  each_case(function(seed, n) {
    set.seed(seed)
    problem <- problem_of(stats::rnorm(n))
    alone <- rbind(found_by_default(problem, 2L), found_by_default(problem, 3L))
    cbind(n = n, seed = seed, compared(problem, 2:3, alone, starts = 100L, ahead = 1L))
  }, which$seed, which$n)
}
