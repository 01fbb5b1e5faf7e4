#' Methods for many fits
#'
#' Print, summarise, plot and tabulate the result of [gmm1d_each()]. It is also a list of fits
#' ([gmm1d_each_list]).
#'
#' @param x,object A [gmm1d_each()] result, or its summary.
#' @param n How many rows of the table to show: a whole number >= 0, default 6.
#' @param row.names,optional As for [as.data.frame()].
#' @param type,legend,main,xlab,ylab,scale As for [plot.gmm1d()], but without a legend by default,
#'   and with one axis title for all panels.
#' @param ... For `plot()`, arguments of [plot.gmm1d()]. Otherwise not used; an unknown argument is
#'   an error.
#'
#' @return
#' * `print()` returns `x` invisibly. It shows the number of data sets, how many failed, did not
#'   converge or are penalised, how often each k was chosen, and the first rows of `glance(x)`.
#' * `plot()` draws a panel for each of at most 30 fits and returns `x` invisibly.
#' * `summary()`: a list of class `summary.gmm1d_each` with `groups`, `fitted`, `failed`,
#'   `not_converged`, `penalised` (numbers of data sets), `chosen` (a table of k), `tried` (all
#'   k), `criterion`, `n` and `n_missing` (sums over the fits), and `errors` (a table of the error
#'   messages, the most frequent first).
#' * `as.data.frame()`: key columns, then `component`, `lambda`, `mu`, `sigma`: one row for each
#'   component of each fit, and one with `NA` for each data set without a fit.
#' * `coef()`: a numeric matrix with the columns `lambda1`, ..., `mu1`, ..., `sigma1`, ...; `NA` if
#'   a fit has fewer components than others.
#' @section Errors:
#' `gmm1d_error_argument` from `plot()` for more than 30 fits, or if there is none to draw.
#' @examples
#' fits <- gmm1d_each(split(log(airquality$Ozone), airquality$Month), k = 1:3)
#' summary(fits)
#' as.data.frame(fits)
#' plot(fits, xlab = "log(Ozone)")
#' @export
print.gmm1d_each <- function(x, n = 6L, ...) {
  check_no_dots(...)
  x <- parse_many(x)
  n <- parse_count(n, "n", at_least = 0)
  cat_lines(count_lines(summary(x)))
  if (length(x) > 0L && n > 0L) {
    cat("\n")
    print(glance_rows(x, n), row.names = FALSE)
    if (length(x) > n) cat("... ", count_of(length(x) - n, "more row"), "\n", sep = "")
  }
  invisible(x)
}

# The columns of the first rows of glance() that are worth printing.
glance_rows <- function(fits, n) {
  fits <- fits[seq_len(min(n, length(fits)))]
  columns <- glance_of_many(fits)[c("k", "nobs", "logLik", "BIC")]
  columns$nobs <- format_count(columns$nobs)
  with_keys_first(fits, seq_along(columns$k), columns)
}

#' @rdname print.gmm1d_each
#' @export
summary.gmm1d_each <- function(object, ...) {
  check_no_dots(...)
  object <- parse_many(object, "object")
  rows <- glance_of_many(object)
  plan <- plan_of(object)
  failed <- !is.na(rows$error)
  structure(
    list(
      groups = length(object), fitted = sum(!failed), failed = sum(failed),
      not_converged = sum(!rows$converged[!failed]), penalised = sum(rows$penalised[!failed]),
      chosen = table(k = rows$k[!failed]), tried = plan$k, criterion = plan$criterion,
      n = sum(rows$nobs[!failed]), n_missing = sum(rows$n_missing[!failed]),
      errors = sort(table(rows$error[failed], dnn = NULL), decreasing = TRUE)
    ),
    class = "summary.gmm1d_each"
  )
}

#' @rdname print.gmm1d_each
#' @export
print.summary.gmm1d_each <- function(x, ...) {
  check_no_dots(...)
  cat_lines(count_lines(x))
  cat(count_of(x$n, "observation"), ", ", count_of(x$n_missing, "missing value"), " dropped\n",
      sep = "")
  if (length(x$errors) > 0L) {
    cat("\nErrors:\n")
    cat_lines(paste0("  ", format_count(as.vector(x$errors)), "  ", names(x$errors)))
  }
  invisible(x)
}

#' @rdname print.gmm1d_each
#' @export
plot.gmm1d_each <- function(x, type = "density", legend = FALSE, main = NULL, xlab = NULL,
                            ylab = NULL, scale = c("density", "count"), ...) {
  type <- parse_choice(type, eval(formals(plot.gmm1d)$type), "type")
  scale <- parse_choice(scale, c("density", "count"), "scale")
  x <- parse_many(x)
  panels <- panels_of(x, at_most = 30L, take = as.list)  # plot.gmm1d() parses each
  count <- length(panels$fits)
  # An outer margin has one axis title for all panels.
  old <- graphics::par(mfrow = rev(grDevices::n2mfrow(count)), mar = c(2.6, 2, 2, 0.5),
                       oma = c(1.5, 1.5, 0, 0), mgp = c(1.5, 0.6, 0))
  on.exit(graphics::par(old))
  for (i in seq_len(count)) {
    label <- labels_of(lapply(panels$keys, `[`, i))
    plot.gmm1d(panels$fits[[i]], type, legend = legend, main = main %||% label, xlab = "",
               ylab = "", scale = scale, ...)
  }
  size <- graphics::par("cex")
  titles <- c(xlab %||% x_words(type, variable_of(x)),
              ylab %||% y_words(type, "x", scale))
  for (side in 1:2) graphics::mtext(titles[side], side, 0.4, outer = TRUE, cex = size, las = 0)
  invisible(x)
}

count_lines <- function(x) {
  doubts <- c(failed = x$failed, "not converged" = x$not_converged, penalised = x$penalised)
  doubts <- doubts[doubts > 0]
  number <- function(n) format_count(n, trim = TRUE)
  c(
    paste0("Gaussian mixtures fitted to ", number(x$fitted), " of ",
           count_of(x$groups, "data set"),
           if (length(doubts) > 0L) {
             paste0(" (", paste(number(doubts), names(doubts), collapse = ", "), ")")
           }),
    if (x$fitted > 0L) {
      paste0("Components", if (length(x$tried) > 1L) paste(" chosen by", x$criterion), ": ",
             paste0("k = ", names(x$chosen), " in ", number(as.vector(x$chosen)),
                    collapse = ", "))
    }
  )
}

# The name of the variable if all data sets have the same one; columns have their own.
variable_of <- function(fits) plan_of(fits)$data_name %||% "x"

#' @rdname print.gmm1d_each
#' @export
as.data.frame.gmm1d_each <- function(x, row.names = NULL, optional = FALSE, ...) {
  x <- parse_many(x)
  columns <- component_columns(x)
  rows <- with_keys_first(x, columns$of, columns[c("component", "lambda", "mu", "sigma")])
  row_names <- parse_row_names(row.names, nrow(rows))
  if (!is.null(row_names)) rownames(rows) <- row_names
  rows
}

#' @rdname print.gmm1d_each
#' @export
coef.gmm1d_each <- function(object, ...) {
  check_no_dots(...)
  object <- parse_many(object, "object")
  columns <- component_columns(object)
  most <- max(columns$component, 0L, na.rm = TRUE)
  known <- !is.na(columns$component)
  at <- cbind(columns$of, columns$component)[known, , drop = FALSE]
  parts <- lapply(columns[c("lambda", "mu", "sigma")], function(values) {
    part <- matrix(NA_real_, length(object), most)
    part[at] <- values[known]
    part
  })
  structure(do.call(cbind, unname(parts)), dimnames = list(names(object), coef_names(most)))
}

# One row for each component, with `of`, the number of its data set; a row of NA if there is no fit.
component_columns <- function(fits) {
  mixtures <- lapply(fits_with(fits, c("lambda", "mu", "sigma")),
                     function(fit) fit %||% no_mixture)
  k <- lengths(lapply(mixtures, `[[`, "mu"))
  part <- function(name) as.double(unlist(lapply(mixtures, `[[`, name)))
  columns <- list(of = rep(seq_along(k), k), component = sequence(k), lambda = part("lambda"),
                  mu = part("mu"), sigma = part("sigma"))
  columns$component[is.na(columns$mu)] <- NA
  columns
}

no_mixture <- list(lambda = NA_real_, mu = NA_real_, sigma = NA_real_)

# Puts the keys of the rows in front of a table. A key named like another column gets the prefix
# "group.".
with_keys_first <- function(fits, of, columns) {
  keys <- lapply(keys_of_fits(fits), `[`, of)
  clash <- names(keys) %in% names(columns)
  names(keys)[clash] <- paste0("group.", names(keys)[clash])
  list2DF(c(keys, columns))
}
