#' Compare fits with different numbers of components
#'
#' A table of fits to the same data, each tested against the next larger one. There is no
#' chi-squared test of the likelihood ratio: under the smaller model a `lambda` of the larger one is
#' on the boundary (0) and its `mu` and `sigma` are not identified, so Wilks' theorem does not hold.
#'
#' @param object,... `gmm1d` fits to the same data, with different numbers of components.
#' @param test `"EM"` (default): [em_test()], for exact values, free variances and numbers of
#'   components that differ by one; `"boot"`: [boot_lrt()], for all kinds of data.
#' @param R Bootstrap replicates: a whole number >= 1, default 999. `set.seed()` before the call
#'   makes the result reproducible.
#'
#' @return A data frame of class `anova`, with a row for each fit, in order of `k`: `k`, `Df` (free
#'   parameters), `logLik`, `BIC`, and, for the test of the fit in the row above against this one,
#'   the statistic (`EM` or `LR`) and its p-value (`Pr(>EM)` or `Pr(>LR)`). Both tests refit the
#'   models by the search of [gmm1d()].
#'
#' @section Errors:
#' `gmm1d_error_argument` for fewer than two fits, an unknown test, fits to different data, with the
#' same number of components or of different models, and if `"EM"` does not apply.
#' `gmm1d_error_range` if `R` is below 1.
#'
#' @references
#' Chen, J., Li, P. and Fu, Y. (2012). Inference on the order of a normal mixture. *Journal of the
#' American Statistical Association* 107, 1096-1105. \doi{10.1080/01621459.2012.695668}
#'
#' McLachlan, G. J. (1987). On bootstrapping the likelihood ratio test statistic
#' for the number of components in a normal mixture. *Applied Statistics* 36,
#' 318-324. \doi{10.2307/2347790}
#'
#' @seealso [em_test()], [boot_lrt()]
#' @examples
#' fits <- lapply(1:3, function(k) gmm1d(faithful$waiting, k = k))
#' anova(fits[[1]], fits[[2]], fits[[3]])
#' set.seed(1)
#' anova(fits[[1]], fits[[3]], test = "boot", R = 99)
#' @importFrom stats anova
#' @export
anova.gmm1d <- function(object, ..., test = c("EM", "boot"),
                        R = 999) { # nolint: object_name_linter.
  fits <- parse_fits_to_compare(list(object, ...))
  test <- parse_test(test)
  times <- parse_count(R, "R")
  smaller <- fits[-length(fits)]
  larger <- fits[-1L]
  if (test == "EM") {
    Map(check_em_applies, smaller, larger)
    tests <- lapply(smaller, em_test)
  } else {
    tests <- Map(function(a, b) boot_lrt(a, a$k, b$k, times), smaller, larger)
  }
  new_anova(fits, tests, c(EM = "EM", boot = "LR")[[test]])
}

# Two fits or more of the same data and model, in order of k.
parse_fits_to_compare <- function(fits) {
  named <- nzchar(rlang::names2(fits))
  if (any(named)) abort_unknown(names(fits)[named][1L], c("test", "R"))
  if (length(fits) < 2L) {
    abort_gmm1d("argument", "`anova()` compares two or more fits, as in ",
                "`anova(fit, update(fit, k = ", parse_fit(fits[[1L]], "object")$k + 1L, "))`.")
  }
  fits <- lapply(fits, parse_fit, "...")
  k <- vapply(fits, `[[`, 1L, "k")
  if (anyDuplicated(k) > 0L) {
    abort_gmm1d("argument", "`...` must be fits with different numbers of components, not ",
                toString(k), ".")
  }
  for (fit in fits[-1L]) {
    if (!is_of_same_data(fit$points, fits[[1L]]$points)) {
      abort_gmm1d("argument", "`...` must be fits to the same data as `object`.")
    }
    if (!identical(restrictions_of(fit), restrictions_of(fits[[1L]]))) {
      abort_gmm1d("argument", "`...` must be fits with the same `variance`, `fixed` and `relate` ",
                  "as `object`.")
    }
  }
  fits[order(k)]
}

# The restrictions of a fit that do not depend on its number of components.
restrictions_of <- function(fit) {
  fixed <- fit$fixed %||% free_model$fixed
  if (!is.null(fixed_k(fixed))) {
    known <- known_first(fixed)
    fixed <- expand_fixed(known, least_k(known))
  }
  list(fit$variance, fixed, fit$relate)
}

# True if two fits have the same data. These may have been squashed more finely for one of them,
# which changes neither mean nor variance.
is_of_same_data <- function(a, b) {
  if (!identical(record_of(a), record_of(b)) || !identical(a$within, b$within)) return(FALSE)
  if (identical(a$x, b$x)) return(isTRUE(all.equal(a$w, b$w)))
  first <- mean_and_sd(a)
  second <- mean_and_sd(b)
  is_near(a$n, b$n) && all(abs(first - second) <= 1e-6 * first[2L])
}

mean_and_sd <- function(points) {
  share <- points$w / points$n
  from <- points$x[1L]
  mean <- sum(share * (points$x - from))
  unit <- max(points$x[length(points$x)] - from, .Machine$double.xmin)
  c(from + mean, unit * sqrt(sum(share * ((points$x - from - mean) / unit)^2)))
}

parse_test <- function(test) {
  if (is.character(test) && length(test) == 1L && test %in% c("Chisq", "LRT", "F", "Cp", "Rao")) {
    abort_gmm1d("argument", "`test = \"", test, "\"` is not valid for numbers of components: with ",
                "one component fewer, a `lambda` is on the boundary (0) and its `mu` and `sigma` ",
                "are not identified, so the likelihood ratio has no chi-squared distribution. Use ",
                "\"EM\" or \"boot\", or compare `BIC()`.")
  }
  parse_choice(test, c("EM", "boot"), "test")
}

check_em_applies <- function(smaller, larger) {
  check_testable(smaller)
  if (larger$k != smaller$k + 1L) {
    abort_gmm1d("argument", "`test = \"EM\"` needs numbers of components that differ by one, not ",
                smaller$k, " and ", larger$k, "; use `test = \"boot\"`.")
  }
}

new_anova <- function(fits, tests, statistic) {
  field <- function(name, type) vapply(fits, `[[`, type, name)
  loglik <- field("loglik", 1)
  df <- field("df", 1L)
  table <- data.frame(
    k = field("k", 1L), Df = df, logLik = loglik,
    BIC = -2 * loglik + log(field("n", 1)) * df,
    statistic = c(NA, vapply(tests, function(test) test$statistic[[1L]], 1)),
    p_value = c(NA, vapply(tests, `[[`, 1, "p.value"))
  )
  names(table)[5:6] <- c(statistic, paste0("Pr(>", statistic, ")"))
  method <- sub(" of the number of components.*", "", tests[[1L]]$method)
  heading <- c("Numbers of components of a Gaussian mixture\n",
               paste0("Data: ", tests[[1L]]$data.name, "\nTest: ", method,
                      " of each fit against the next larger one\n"))
  structure(table, heading = heading, class = c("anova", "data.frame"))
}
