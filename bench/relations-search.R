# The search with tied parameters, compared with climbs of the same objective from random starts.
source("bench/observed-search.R")

relations_search <- function(cases = relations_search_cases()) {
  below <- cases$random - cases$found
  tables <- lapply(split(seq_along(below), factor(cases$relate, unique(cases$relate))), function(i) {
    cbind(relate = cases$relate[i[1L]], missed_by(below[i]),
          converged = sum(cases$converged[i]), spikes = sum(cases$spike[i] > cases$found[i] + 0.001))
  })
  c(
    "## Relations between parameters", "",
    paste("`gmm1d(x, k = k, relate = )` of", max(cases$case), "data sets each (60 to 400 values of",
          "2 to 5 normals, or exponential; k = 3 to 5), against the best of", cases$starts[1L],
          "random starts on the same points, by the objective of gmm1d. \"missed\" is a penalised",
          "log-likelihood lower by more than 0.001 than a random one; those that gmm1d would hold at a",
          "penalised sigma do not count, and \"spikes\" are cases in which one of them is higher.",
          "\"better\" counts those that are higher than the best random one."), "",
    table_of(do.call(rbind, tables))
  )
}

relations_search_cases <- function(samples = 20L, starts = 100L) {
  which <- expand.grid(case = seq_len(samples), relation = names(relations), stringsAsFactors = FALSE)
  each_case(function(relation, case) {
    relate <- relations[[relation]]
    x <- related_case(case)
    k <- gmm1d:::relate_k(relate)
    if (is.null(k)) k <- 3L + case %% 3L
    fit <- suppressWarnings(gmm1d(x, k = k, relate = relate))
    data.frame(relate = relation, case = case, n = fit$n, k = k, starts = starts,
               found = fit$selection$objective, converged = fit$converged, random_maxima(fit, starts))
  }, which$relation, which$case)
}

relations <- list(
  `mu equal` = list(mu = "equal"),
  `mu equal spacing` = list(mu = "equal spacing"),
  `mu symmetric` = list(mu = "symmetric"),
  `mu growth` = list(mu = "growth"),
  `mu 1:2:3` = list(mu = c(1, 2, 3)),
  `mu of a matrix` = list(mu = cbind(c(1, 1, 0), c(0, 1, 1))),
  `mu at distances 3, 4` = list(mu = "equal", offset = c(0, 3, 7)),
  `sigma equal` = list(sigma = "equal"),
  `sigma proportional` = list(sigma = "proportional"),
  `cv 0.1` = list(sigma = "proportional", cv = 0.1),
  `sigma 1:2:4` = list(sigma = c(1, 2, 4)),
  `lambda equal` = list(lambda = "equal"),
  `mu equal spacing, sigma equal` = list(mu = "equal spacing", sigma = "equal"),
  `mu equal spacing, sigma proportional` = list(mu = "equal spacing", sigma = "proportional"),
  `mu growth, sigma equal` = list(mu = "growth", sigma = "equal"),
  `mu growth, sigma proportional` = list(mu = "growth", sigma = "proportional"),
  `mu 1:2:4, sigma proportional` = list(mu = c(1, 2, 4), sigma = "proportional"),
  `mu equal spacing, sigma 2:3:4` = list(mu = "equal spacing", sigma = c(2, 3, 4)),
  `mu symmetric, lambda equal` = list(mu = "symmetric", lambda = "equal"),
  `mu 1:2:3, sigma and lambda equal` = list(mu = c(1, 2, 3), sigma = "equal", lambda = "equal")
)

related_case <- function(case) {
  set.seed(3000 + case)
  n <- sample(c(60, 150, 400), 1L)
  k <- sample(2:5, 1L)
  j <- sample.int(k, n, TRUE, stats::runif(k, 0.2, 1))
  x <- stats::rnorm(n, sort(stats::runif(k, 5, 30))[j], stats::runif(k, 0.5, 3)[j])
  if (case %% 5 == 0) x <- 10 * stats::rexp(n)
  if (case %% 7 == 0) -x else x
}
