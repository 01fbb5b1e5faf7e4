#' Simulate data from a fit
#'
#' Draws data sets of the same size from the fitted mixture, with R's random numbers.
#'
#' @param object A `gmm1d` fit.
#' @param nsim Number of data sets: a whole number >= 0, default 1.
#' @param seed `NULL` (default: use the current state of R's random number generator), or a number
#'   for [set.seed()]; the previous state is then restored.
#' @param ... Not used; an unknown argument is an error.
#'
#' @return A data frame with `nsim` columns `sim_1`, `sim_2`, ... and n rows, where n is the rounded
#'   sum of the weights. Its attribute `"seed"` reproduces it, as in [stats::simulate()].
#' @examples
#' fit <- gmm1d(faithful$waiting, k = 2)
#' head(simulate(fit, nsim = 3, seed = 1))
#' @export
simulate.gmm1d <- function(object, nsim = 1, seed = NULL, ...) {
  check_no_dots(...)
  object <- parse_fit(object, "object")
  nsim <- parse_count(nsim, "nsim", at_least = 0)
  if (!exists(".Random.seed", envir = globalenv(), inherits = FALSE)) stats::runif(1)
  state <- get(".Random.seed", envir = globalenv())
  reproduces <- state
  if (!is.null(seed)) {
    seed <- parse_scalar(seed, "seed")
    check_each(abs(seed) <= .Machine$integer.max, seed, "seed", "be an integer")
    on.exit(assign(".Random.seed", state, envir = globalenv()))
    set.seed(seed)
    reproduces <- structure(seed, kind = as.list(RNGkind()))
  }
  n <- round(object$n)
  columns <- replicate(nsim, draws_of(n, object), simplify = FALSE)
  names(columns) <- sprintf("sim_%d", seq_len(nsim))
  structure(list2DF(columns, nrow = n), seed = reproduces)
}
