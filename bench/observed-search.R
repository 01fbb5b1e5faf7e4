# The search if values have errors, limits, a window or noise, compared with climbs of the same
# objective from random starts.
observed_search <- function(cases = observed_search_cases()) {
  below <- cases$random - cases$found
  missed <- cases[below > 0.001, ]
  missed <- missed[order(missed$found - missed$random), ]
  by_kind <- split(seq_along(below), factor(cases$kind, unique(cases$kind)))
  tables <- lapply(by_kind, function(i) {
    with_thorough <- cases$random[i] - cases$thorough[i]
    wins <- cases$found[i] - pmax(cases$random[i], cases$spike[i]) > 0.001
    counts <- missed_by(below[i])
    counts$better <- sum(wins)
    cbind(data = cases$kind[i[1L]], counts, thorough = sum(with_thorough > 0.001),
          spikes = sum(cases$spike[i] > cases$found[i] + 0.001))
  })
  c(
    "## What was observed", "",
    paste("`gmm1d(x, k = k)` with errors, limits, a window or noise, against the best of",
          cases$starts[1L], "random starts on the same points, by the objective of gmm1d.",
          "\"missed\" is a penalised log-likelihood (with errors: the log-likelihood) lower by",
          "more than 0.001 than a random one; those that gmm1d would hold at a penalised sigma do",
          "not count, and \"spikes\" are cases in which one of them is higher. \"better\" is one",
          "that is higher than all; \"thorough\" counts what `starts = \"thorough\"` misses."), "",
    table_of(do.call(rbind, tables)),
    if (nrow(missed) > 0L) {
      c("", "Missed, in order of what is lost; `observed_case(kind, case)` has the data:", "",
        table_of(case = paste(missed$kind, missed$case), n = number(missed$n), k = missed$k,
                 what = missed$what, found = format(missed$found, nsmall = 3L, digits = 3L),
                 lost = number(missed$random - missed$found),
                 `lost by thorough` = number(pmax(0, round(missed$random - missed$thorough, 6L))),
                 `starts that lead there` = missed$hits,
                 `smallest component holds` = number(missed$holds)))
    }
  )
}

# `more`: how many components more than the truth are fitted.
observed_search_cases <- function(samples = 20L, starts = 300L, more = 0L) {
  which <- expand.grid(case = seq_len(samples), kind = c("errors", "limits", "noise"),
                       stringsAsFactors = FALSE)
  each_case(function(kind, case) {
    given <- observed_case(kind, case)
    k <- given$arguments$k + more
    fit <- observed_fit(given, k = k)
    thorough <- observed_fit(given, k = k, control = gmm1d_control(starts = "thorough"))
    random <- random_maxima(fit, starts)
    data.frame(kind = kind, case = case, n = fit$n, k = k, what = given$what, starts = starts,
               found = fit$selection$objective, thorough = thorough$selection$objective,
               penalised = fit$penalised, converged = fit$converged, random)
  }, which$kind, which$case)
}

observed_fit <- function(given, ...) {
  suppressWarnings(do.call(gmm1d, utils::modifyList(given$arguments, list(...))))
}

# The arguments of gmm1d() for a case, and its description.
observed_case <- function(kind, case) {
  set.seed(1000 * match(kind, c("errors", "limits", "noise")) + case)
  n <- rep_len(c(50, 100, 200, 500, 1000), case)[case]
  k <- rep_len(2:4, case)[case]
  switch(kind, errors = case_of_errors(case, n, k), limits = case_of_limits(case, n, k),
         noise = case_of_noise(case, n, k))
}

# Errors from a tenth of the sigmas to five times as large, or errors with sigmas of 0.
case_of_errors <- function(case, n, k) {
  size <- rep_len(c(0.1, 0.3, 1, 2, 5), case + case %/% 5)[case + case %/% 5]
  no_sigma <- case %% 10 > 6
  mixture <- mixture_by_chance(k, sqrt(1 + size^2))
  if (no_sigma) mixture$sigma <- 0 * mixture$sigma
  error <- size * exp(stats::rnorm(n, 0, 0.5))
  j <- sample.int(k, n, TRUE, mixture$lambda)
  x <- stats::rnorm(n, mixture$mu[j], sqrt(mixture$sigma[j]^2 + error^2))
  list(arguments = c(list(x = x, k = k, error = error),
                     if (no_sigma) list(fixed = list(sigma = 0))),
       what = if (no_sigma) "sigmas of 0" else paste("errors of", size, "sigmas"))
}

# Limits of detection, or a window, on one side or both.
case_of_limits <- function(case, n, k) {
  mixture <- mixture_by_chance(k)
  share <- stats::runif(1L, 0.1, 0.4)
  below <- if (case %% 4 %in% c(0, 3)) share / 2 else sample(c(0, share), 1L)
  limits <- qgmm1d(c(below, 1 - share + below), mixture$lambda, mixture$mu, mixture$sigma)
  sides <- if (all(is.finite(limits))) "on both sides" else "on one side"
  hidden <- paste0(round(100 * share), " % ", sides)
  x <- rgmm1d(10 * n, mixture$lambda, mixture$mu, mixture$sigma)
  if (case %% 2 == 1) {
    return(list(arguments = list(x = utils::head(x, n), k = k, censored = limits),
                what = paste("censored,", hidden)))
  }
  x <- x[x > limits[1L] & x < limits[2L]]
  list(arguments = list(x = utils::head(x, n), k = k, within = limits),
       what = paste("truncated,", hidden))
}

# A uniform part, whose range is given or is that of the data.
case_of_noise <- function(case, n, k) {
  mixture <- mixture_by_chance(k)
  share <- stats::runif(1L, 0.05, 0.3)
  ends <- range(mixture$mu) + c(-1, 1) * stats::runif(2L, 4, 15)
  x <- rgmm1d(n, mixture$lambda, mixture$mu, mixture$sigma)
  is_noise <- stats::runif(n) < share | x < ends[1L] | x > ends[2L]
  x[is_noise] <- stats::runif(sum(is_noise), ends[1L], ends[2L])
  given <- case %% 2 == 1
  list(arguments = list(x = x, k = k, noise = if (given) ends else TRUE),
       what = paste0(round(100 * share), " % of noise, ", if (given) "range given"
                                                          else "range of the data"))
}

mixture_by_chance <- function(k, spread = 1) {
  lambda <- 0.3 + stats::rexp(k)
  sigma <- exp(stats::runif(k, -0.7, 0.7))
  list(lambda = lambda / sum(lambda), mu = spread * cumsum(stats::runif(k, 2, 5)), sigma = sigma)
}

# Among the maxima that random starts lead to: the highest that gmm1d would report unchanged, with
# the number of values in its smallest component and the number of starts that lead there; and the
# highest in which gmm1d would hold a sigma.
random_maxima <- function(fit, starts) {
  model <- gmm1d:::model_of(fit)
  options <- gmm1d:::em_options(fit$control, gmm1d:::constraints_in_place(model, fit$k), model)
  climbs <- lapply(seq_len(starts), function(i) {
    gmm1d:::em_cpp(fit$points, random_start(fit), options)[c("mixture", "objective")]
  })
  climbs <- climbs[order(vapply(climbs, `[[`, 1, "objective"), decreasing = TRUE)]
  objective <- vapply(climbs, `[[`, 1, "objective")
  first <- Position(function(one) {
    result <- list(mixture = one$mixture, model = model, brief = FALSE)
    !gmm1d:::conclude(fit$points, list(result), fit$control)[[1L]]$penalised
  }, climbs)
  if (is.na(first)) {
    return(data.frame(random = -Inf, holds = NA, hits = 0L, spike = objective[1L]))
  }
  best <- climbs[[first]]
  data.frame(random = best$objective, holds = fit$n * min(best$mixture$lambda),
             hits = sum(abs(objective - best$objective) < 1e-3),
             spike = if (first > 1L) objective[1L] else -Inf)
}

# Random proportions, means at values, and sigmas from a twentieth of the scale to above it.
random_start <- function(fit) {
  lambda <- stats::rexp(fit$k)
  noise <- if (!is.null(fit$noise)) stats::runif(1L, 0.01, 0.5)
  gmm1d:::new_mixture((1 - sum(noise)) * lambda / sum(lambda),
                      fit$data[sample.int(length(fit$data), fit$k)],
                      stats::sd(fit$data) * exp(stats::runif(fit$k, -3, 0.5)),
                      if (!is.null(noise)) c(noise, fit$noise[2:3]))
}
