# The search on samples from the sixteen densities of Marron and Wand, compared with the harder
# search.
marron_wand <- function(cases = marron_wand_cases()) {
  below <- cases$harder - cases$found
  few <- below > 0.001 & cases$holds < 10
  by_n <- split(seq_along(below), cases$n)
  tables <- lapply(by_n, function(i) {
    cbind(n = number(cases$n[i[1L]]), missed_by(below[i]), `of few values` = sum(few[i]),
          seconds = number(sum(unique(cases[i, c("density", "seed", "seconds")])$seconds)))
  })
  c(
    "## Sixteen densities", "",
    paste("The same on samples of the densities of Marron and Wand, k = 2 to 9, against a search",
          "by 300 and more starts for each k, hops, and passes up and down. \"of few values\": the",
          "best has a component of fewer than 10. Goal: at most 5 % missed."), "",
    table_of(do.call(rbind, tables))
  )
}

marron_wand_cases <- function(n = c(1000, 10000), density = ".", samples = 2L, last_k = 9L) {
  densities <- densities_of(density)
  which <- expand.grid(density = names(densities), seed = 2000 + seq_len(samples), n = n,
                       stringsAsFactors = FALSE)
  each_case(function(density, seed, n) {
    problem <- problem_of(draw(n, densities[[density]], seed))
    cbind(density = density, n = n, seed = seed, compared(problem, 2:last_k))
  }, which$density, which$seed, which$n)
}
