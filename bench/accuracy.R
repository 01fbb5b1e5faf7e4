# Compares fits of squashed data with exact fits: EM on all values, started from the squashed
# estimates, for the test densities of Marron and Wand.
accuracy <- function(largest) {
  densities <- new.env()
  sys.source("tests/testthat/helper-densities.R", densities)
  rows <- list()
  for (n in c(1e5, 1e6)) {
    for (shift in c(0, 1e6)) {
      compared <- lapply(densities$marron_wand, compare_exact, n = n, shift = shift)
      compared <- do.call(rbind, compared[lengths(compared) > 0L])
      rows[[length(rows) + 1L]] <- data.frame(
        n = number(n), `shift, in sd` = number(shift), densities = nrow(compared),
        `largest difference, in standard errors` = format(max(compared[, "errors"]), digits = 2),
        `of log-likelihoods, relative` = format(max(compared[, "loglik"]), digits = 2),
        check.names = FALSE
      )
    }
  }
  c(
    "## Squashed against exact", "",
    "Of the sixteen densities those whose fit with as many components as they have, at most 4,",
    "converged to a maximum of the plain likelihood. Goals: 1e-6 standard errors, 1e-9.", "",
    table_of(do.call(rbind, rows))
  )
}

compare_exact <- function(density, n, shift) {
  x <- draw(n, density)
  x <- x + shift * sd(x)
  fit <- suppressWarnings(gmm1d(x, k = min(length(density$mu), 4)))
  if (!fit$converged || fit$penalised) return(NULL)
  points <- list(x = sort(x), w = rep(1, n), n = n, scale = fit$points$scale, step = 0,
                 base = 0, width = NULL, lower = NULL, upper = NULL, cells = NULL)
  exact <- gmm1d:::climb(points, gmm1d:::as_mixture(fit), gmm1d:::free_model, fit$control)
  # Standard errors for known components are smaller than those of the fit.
  error <- fit$sigma / sqrt(n * fit$lambda)
  differences <- c((fit$mu - exact$mixture$mu) / error,
                   (fit$sigma - exact$mixture$sigma) / error * sqrt(2),
                   (fit$lambda - exact$mixture$lambda) * sqrt(n / fit$lambda))
  c(errors = max(abs(differences)), loglik = abs(fit$loglik / exact$loglik - 1))
}
