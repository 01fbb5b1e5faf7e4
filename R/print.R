#' Print and summarise a fit
#'
#' `print()` shows the estimates, the log-likelihood and the chosen model; `summary()` also shows
#' how EM ended and all models that were tried.
#'
#' @details
#' The lines of `summary()` below the log-likelihood are the evidence for a maximum. The predicted
#' gain is that of one more Newton step, in log-likelihood units (`fit$gap`). The smallest
#' eigenvalue compares the information with the complete-data information, which one would have if
#' the component of each value were known. If it is at least 50 %, no parameter has more than twice
#' the variance that it would have then; a value near 0 means that some parameters are barely
#' identified.
#'
#' `summary()` shows standard errors (s.e.) from [vcov.gmm1d()] beside the estimates, but no z
#' values and no p-values. These would test whether a parameter is 0. For a mean in the unit of the
#' data that is rarely the question. For a `lambda` or a `sigma` the test is not valid: 0 is the
#' edge of the parameter space, where the estimate is not normal, and if a `lambda` is 0, the other
#' parameters of its component are not identified. [em_test()], [boot_lrt()] and [anova.gmm1d()]
#' test the number of components, and [confint.gmm1d()] gives intervals.
#'
#' @param x,object A `gmm1d` fit, or its summary.
#' @param digits Significant digits of `lambda` and of the smallest `sigma`: a
#'   whole number >= 1; default `getOption("digits") - 3`, at least 3.
#' @param headroom Report how much better any other mixture could be at most, as [headroom()] does?
#'   Default `FALSE`.
#' @param ... Not used; an unknown argument is an error.
#'
#' @return `print()` returns `x` invisibly. `summary()` returns a list of class
#'   `summary.gmm1d`: `components` (a data frame, as `as.data.frame(fit)`),
#'   `coefficients` (a matrix with a row for each parameter, named as `coef(fit)`, and the columns
#'   `Estimate` and `Std. Error`, `NA` for fixed parameters; `coef()` of the summary returns it),
#'   `selection`, `criterion`, `k_left_out`, `headroom` (the result of [headroom()], or `NULL`) and
#'   the fields of the fit that it prints. For a fit with `relate` there is also `relation`: a data
#'   frame with a row for each number that the relation estimates, such as `spacing`,
#'   `ratio of steps` (of a growth curve) or `coefficient of variation`, and the columns `estimate`,
#'   `std.error`, `conf.low` and `conf.high`; `NULL` if there is none.
#' @examples
#' fit <- gmm1d(faithful$waiting)
#' print(fit)
#' summary(fit)
#' summary(fit, headroom = TRUE)
#' @export
print.gmm1d <- function(x, digits = max(3L, getOption("digits") - 3L), ...) {
  check_no_dots(...)
  x <- parse_fit(x, "x")
  digits <- parse_count(digits, "digits")
  cat(title_of(x), "\n\n", sep = "")
  print(component_table(x, digits))
  cat("\n", likelihood_line(x), "\n", sep = "")
  cat_lines(circumstance_lines(x))
  if (!is.null(x$fixed)) cat(fixed_line(x), "\n", sep = "")
  if (!is.null(x$relate)) cat_lines(relation_line(x))
  if (nrow(x$selection) > 1L) cat(choice_line(x), "\n", sep = "")
  cat_lines(c(choice_notes(x), doubt_lines(x)))
  invisible(x)
}

#' @rdname print.gmm1d
#' @export
summary.gmm1d <- function(object, ..., headroom = FALSE) {
  check_no_dots(..., .off = "correlation")
  object <- parse_fit(object, "object")
  room <- if (parse_flag(headroom, "headroom")) new_headroom(object, min(object$sigma))
  errors <- standard_errors(object, warn = FALSE)
  kept <- c(
    "k", "n", "n_missing", "df", "loglik", "converged", "status", "certificate", "penalised",
    "iterations", "selection", "criterion", "k_left_out", "data_name", "variance", "fixed",
    "relate", "noise", "labels"
  )
  structure(
    c(
      unclass(object)[kept],
      list(components = component_rows(object), coefficients = coefficient_table(object, errors),
           n_distinct = length(object$points$x),
           circumstances = circumstance_lines(object), too_few = too_few_words(object$points),
           relation = relation_table(object),
           relation_line = if (!is.null(object$relate)) relation_line(object),
           points_are = sample_words(object$points)$point,
           doubts = c(doubt_lines(object), if (all(is.na(errors))) no_errors_line(object)),
           headroom = room)
    ),
    class = "summary.gmm1d"
  )
}

#' @rdname print.gmm1d
#' @export
print.summary.gmm1d <- function(x, digits = max(3L, getOption("digits") - 3L), ...) {
  check_no_dots(...)
  digits <- parse_count(digits, "digits")
  cat(title_of(x), "\n", count_of(x$n_distinct, x$points_are), "\n\n", sep = "")
  components <- x$components[x$components$component > 0L, ]
  shown <- component_table(c(components, x[c("noise", "labels")]), digits)
  print(with_errors_beside(shown, x$coefficients[, "Std. Error"], x$k))
  cat("\n", likelihood_line(x), "\n", sep = "")
  cat_lines(x$circumstances)
  if (!is.null(x$fixed)) cat(fixed_line(x), "\n", sep = "")
  cat_lines(x$relation_line)
  if (!is.null(x$relation)) print(rounded_table(x$relation, 3L))
  cat(if (x$converged) "Converged" else "Stopped", " after ",
      count_of(x$iterations, "iteration"), "; ", gap_words(x$certificate), "\n", sep = "")
  if (x$k > 1L) cat(information_words(x$certificate), "\n", sep = "")
  if (!is.null(x$headroom)) cat_lines(headroom_line(x$headroom))
  cat_lines(x$doubts)
  cat("\nModels tried, best by ", x$criterion, " marked with *:\n", sep = "")
  print(selection_lines(x), row.names = FALSE)
  cat_lines(c(brief_note(x), choice_notes(x, x$too_few)))
  invisible(x)
}

# A row for each parameter.
coefficient_table <- function(fit, errors) {
  cbind(Estimate = parameters_of(fit), `Std. Error` = errors_in_tables(fit, errors))
}

# The table of components, with standard errors to two digits beside each column that has any.
with_errors_beside <- function(table, errors, k) {
  noise <- if (nrow(table) > k) errors[3L * k + 1L]
  errors <- rbind(matrix(errors[seq_len(3L * k)], k), if (!is.null(noise)) c(noise, NA, NA))
  columns <- lapply(1:3, function(i) {
    known <- !is.na(errors[, i])
    if (!any(known)) return(table[i])
    words <- character(nrow(table))
    words[known] <- two_digits(errors[known, i])
    c(table[i], list(`(s.e.)` = words))
  })
  data.frame(do.call(c, columns), row.names = rownames(table), check.names = FALSE)
}

# All numbers have as many decimals as the smallest needs for two digits.
two_digits <- function(x) {
  decimals <- 1 - magnitude(signif(min(x), 2L))
  if (decimals > 8) format(x, digits = 2L) else formatC(x, digits = max(decimals, 0), format = "f")
}

no_errors_line <- function(fit) {
  paste0("No standard errors: ", if (any(is_at_floor(fit))) "a sigma is at its bound"
                                 else "the information is singular")
}

# The numbers of a relation, with standard errors and intervals; NULL if there are none.
relation_table <- function(fit) {
  if (is.null(fit$relate)) return(NULL)
  numbers <- relation_numbers(fit)
  if (length(numbers$estimate) == 0L) return(NULL)
  intervals <- without_warnings(delta_interval(numbers$estimate, numbers$gradient, fit, 0.95))
  cbind(data.frame(estimate = unname(numbers$estimate), row.names = names(numbers$estimate)),
        intervals)
}

# The evidence that the fit is a maximum. Gaps below 1e-12 are rounding errors.
gap_words <- function(certificate) {
  gap <- if (certificate$gap < 1e-12) "< 1e-12"
         else if (is.finite(certificate$gap)) format(certificate$gap, digits = 2L)
         else "unknown"
  paste0("predicted gain of one more step: ", gap)
}

information_words <- function(certificate) {
  share <- 100 * certificate$smallest_eigenvalue
  paste("Smallest eigenvalue of the information:", format(share, digits = 2L),
        "% of the complete-data information")
}

title_of <- function(x) {
  missing <- if (x$n_missing > 0L) paste0("; ", count_of(x$n_missing, "missing value"),
                                          " dropped")
  one_sigma <- x$variance == "equal" && x$k > 1L && all(is.na(x$fixed$sigma))
  paste0("Gaussian mixture with ", count_of(x$k, "component"),
         if (one_sigma) " of equal variance", if (!is.null(x$noise)) " and noise",
         ", fitted to ", printable(x$data_name),
         " (n = ", format_count(x$n, digits = 7L), missing, ")")
}

fixed_line <- function(x) {
  values <- unlist(expand_fixed(x$fixed, x$k), use.names = FALSE)
  names <- coef_names(x$k)[!is.na(values)]
  values <- vapply(values[!is.na(values)], format, "", digits = 7)
  paste("Fixed:", toString(paste(names, "=", values)))
}

# All numbers have the same number of decimals, unless one would then need too many digits; then
# each has its own.
component_table <- function(x, digits) {
  decimals <- component_decimals(x, digits)
  common <- max(unlist(decimals), 0)
  if (common + magnitude(max(abs(x$mu), x$sigma, 1)) + 1 <= most_digits) {
    decimals <- list(mu = common, sigma = common)
  }
  noise <- x$noise
  data.frame(
    lambda = format(c(x$lambda, if (!is.null(noise)) round(noise[1L], 12L)), digits = digits),
    mu = c(with_decimals(x$mu, decimals$mu), if (!is.null(noise)) ""),
    sigma = c(with_decimals(x$sigma, decimals$sigma), if (!is.null(noise)) ""),
    row.names = c(component_names(x), if (!is.null(noise)) "noise")
  )
}

# Components that have a label take its name.
component_names <- function(x) {
  names <- paste("component", seq_along(x$lambda))
  labels <- x$labels
  if (is.null(labels)) names else ifelse(is.na(labels), names, paste0(names, " (", labels, ")"))
}

most_digits <- 7

# The decimals that give each sigma its digits. Its mean gets as many, but at least three digits if
# it is not close to 0. If a mean would then have many digits, it gets as many as distinguish it
# from the others, or one decimal less than sigma if sigma is not tiny compared with it.
component_decimals <- function(x, digits) {
  sigma <- digits - 1 - magnitude(x$sigma)
  size <- magnitude(x$mu)
  mu <- ifelse(abs(x$mu) >= 1e-3 * x$sigma, pmax(sigma, 2 - size), sigma)
  gaps <- abs(outer(x$mu, x$mu, "-"))
  gaps[gaps == 0] <- Inf
  enough <- pmax(most_digits - 1 - size, 3 - magnitude(do.call(pmin, as.data.frame(gaps))))
  is_tiny <- size - magnitude(x$sigma) > 10
  list(mu = pmin(mu, ifelse(is_tiny, enough, pmax(enough, mu - 1))), sigma = sigma)
}

magnitude <- function(x) floor(log10(pmax(abs(x), .Machine$double.xmin)))

with_decimals <- function(x, decimals) {
  number <- function(x, decimals) {
    size <- magnitude(x)
    if (decimals <= 10 && size < 15) {
      return(formatC(round(x, decimals) + 0, format = "f", digits = max(decimals, 0)))  # no "-0.00"
    }
    if (size + decimals < 0) return("0")
    format(x, digits = min(size + 1 + decimals, 15))
  }
  as.vector(mapply(number, x, decimals))
}

likelihood_line <- function(x) {
  values <- c(logLik = x$loglik, unlist(x$selection[is_chosen(x), c("AIC", "BIC")]))
  paste0("logLik ", format_fixed(values[1L]), " (df = ", x$df, "), AIC ",
         format_fixed(values[2L]), ", BIC ", format_fixed(values[3L]))
}

choice_line <- function(x) {
  tried <- sort(unique(x$selection$k))
  chosen <- paste0(x$variance, " variance", if (x$k > 1L) "s")
  if (length(tried) == 1L) {
    return(paste0(x$criterion, " chose ", chosen, " (tried: free and equal)"))
  }
  both <- length(unique(x$selection$variance)) > 1L
  paste0(x$criterion, " chose k = ", x$k, if (both) paste0(" and ", chosen), " (tried: k = ",
         numbers_in_words(tried), if (both) ", free or equal", ")")
}

# Says why the choice is not the one that the table, or the call, makes you expect.
choice_notes <- function(x, too_few = too_few_words(x$points)) {
  c(
    if (price_decides(x)) {
      paste0("(The choice adds a price for narrow components; without it k = ",
             x$selection$k[lowest_row(x)], " has the smallest ", x$criterion, ")")
    },
    if (length(x$k_left_out) > 0L) {
      paste0("(k = ", numbers_in_words(x$k_left_out), " skipped: too few ", too_few, ")")
    }
  )
}

# Says why some models were searched briefly.
brief_note <- function(x) {
  tried <- x$selection
  if (!any(tried$brief)) return(NULL)
  known <- which(!is.na(tried$bound) & tried$variance == x$variance)[1L]
  paste0("(brief: the search ended early, as so many components are unlikely to have the lowest ",
         x$criterion,
         if (!is.na(known)) {
           paste0(";\nwith sigmas of at least ", format(tried$bound_sigma[known], digits = 3L),
                  ", no mixture is above this one by more than ",
                  format_fixed(max(tried$bound[known] - x$loglik, 0)))
         }, ")")
}

# The noun for what limits the number of components.
too_few_words <- function(points) {
  words <- sample_words(points)
  paste0(words$place %||% words$point, "s")
}

# Says which sigmas are held at penalised values.
held_line <- function(x) {
  held <- which(is_held(x))
  if (length(held) == x$k) return("Penalised estimates: the likelihood has no maximum nearby")
  paste0("Penalised: sigma of component", if (length(held) > 1L) "s", " ", toString(held),
         "; the likelihood has no maximum nearby")
}

doubt_lines <- function(x) {
  c(
    if (x$penalised) {
      held_line(x)
    },
    if (!x$converged) {
      c(
        saddle = "Not converged: this is a saddle point of the likelihood",
        ridge = "Not converged: the likelihood is flat; very different parameters fit equally well",
        max_iter = "Not converged: the iterations ran out (max_iter)",
        given = paste0("Estimates as given, not at a maximum; predicted gain of one more step: ",
                       if (is.finite(x$gap)) format(x$gap, digits = 2L) else "unknown"),
        stalled = "Not converged: no further increase in double precision"
      )[[x$status]]
    },
    if (!x$penalised && any(at_floor <- is_at_floor(x))) {
      paste("The sigma of component", toString(which(at_floor)),
            "is the smallest allowed (min_sigma)")
    }
  )
}

selection_lines <- function(x) {
  selection <- x$selection
  both <- length(unique(selection$variance)) > 1L
  shown <- selection[c("k", if (both) "variance", "df")]
  criteria <- c("loglik", "AIC", "BIC", "ICL")
  shown[criteria] <- lapply(selection[criteria], format_fixed)
  notes <- cbind(ifelse(selection$penalised, "penalised", NA),
                 ifelse(selection$converged, NA, "not converged"),
                 ifelse(selection$brief, "brief", NA))
  note <- apply(notes, 1L, function(row) paste(row[!is.na(row)], collapse = ", "))
  shown[[" "]] <- format(paste(ifelse(is_chosen(x), "*", " "), note))
  shown
}

format_fixed <- function(x) format(round(x, 2L), nsmall = 2L, trim = TRUE)
