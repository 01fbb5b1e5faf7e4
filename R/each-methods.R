#' Methods for many fits
#'
#' What [gmm1d_each()] gives can be printed, summarised, drawn, made a table of, and used as a list.
#'
#' @param x,object A [gmm1d_each()] result, or its summary.
#' @param i Which fits: numbers, names or logical values; one of them for `[[`.
#' @param exact,drop Not used: names are taken as they are, and what is left is always many fits.
#' @param n How many rows of the table to show: a whole number >= 0, default 6.
#' @param row.names,optional As for [as.data.frame()].
#' @param type,legend,main,xlab,ylab,scale As for [plot.gmm1d()], but no legend by default, and
#'   one title of each axis for all panels.
#' @param ... For `plot()`, arguments of [plot.gmm1d()]. Otherwise not used; an unknown argument is
#'   an error.
#'
#' @return
#' * `print()` returns `x` invisibly. It says how many data sets there are, how many failed, have
#'   not converged or are penalised, how often each k was chosen, and shows the first rows of
#'   `glance(x)`.
#' * `plot()` draws a panel for each of at most 30 fits and returns `x` invisibly.
#' * `summary()`: a list of class `summary.gmm1d_each` with `groups`, `fitted`, `failed`,
#'   `not_converged`, `penalised` (numbers of data sets), `chosen` (a table of k), `tried` (each
#'   k), `criterion`, `n` and `n_missing` (sums over the fits), and `errors` (a table of the texts,
#'   the commonest first).
#' * `as.data.frame()`: key columns, then `component`, `lambda`, `mu`, `sigma`: one row for each
#'   component of each fit, and one with `NA` for each data set without a fit.
#' * `coef()`: a numeric matrix with the columns `lambda1`, ..., `mu1`, ..., `sigma1`, ...; `NA`
#'   where a fit has fewer components than others.
#' @section Errors:
#' `gmm1d_error_argument` from `plot()` for more than 30 fits, or where there is none to draw.
#' @examples
#' fits <- gmm1d_each(split(log(airquality$Ozone), airquality$Month), k = 1:3)
#' summary(fits)
#' as.data.frame(fits)
#' plot(fits, xlab = "log(Ozone)")
#' @export
print.gmm1d_each <- function(x, n = 6L, ...) {
  check_no_dots(...)
  n <- parse_count(n, "n", at_least = 0)
  cat_lines(count_lines(summary(x)))
  if (length(x) > 0L && n > 0L) {
    cat("\n")
    print(glance_rows(x, n), row.names = FALSE)
    if (length(x) > n) cat("... ", count_of(length(x) - n, "more row"), "\n", sep = "")
  }
  invisible(x)
}

# The first rows of glance(), and what is worth printing of them.
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
  rows <- glance_of_many(object)
  plan <- unclass(object)$plan
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
  panels <- panels_of(x, at_most = 30L)
  count <- length(panels$fits)
  # One title for all panels at each side, for which there is an outer margin.
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
              ylab %||% y_words_of_many(type, panels$fits, scale))
  for (side in 1:2) graphics::mtext(titles[side], side, 0.4, outer = TRUE, cex = size)
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

outcomes_of <- function(fits) {
  fields <- unclass(fits)
  check_format(fields, "x")
  fields$outcomes
}

keys_of_fits <- function(fits) unclass(fits)$keys

# What all data sets are values of; columns are each of their own.
variable_of <- function(fits) unclass(fits)$plan$data_name %||% "x"

label_at <- function(fits, i) labels_of(lapply(keys_of_fits(fits), `[`, i))

#' @rdname print.gmm1d_each
#' @export
length.gmm1d_each <- function(x) length(outcomes_of(x))

#' @rdname print.gmm1d_each
#' @export
names.gmm1d_each <- function(x) labels_of(keys_of_fits(x))

#' @rdname print.gmm1d_each
#' @export
`[[.gmm1d_each` <- function(x, i, exact = TRUE) {
  i <- parse_place(i, x)
  fit_at(i, x) %||% abort_gmm1d("failed", dQuote(label_at(x, i), FALSE), " could not be fitted: ",
                                outcomes_of(x)[[i]]$error)
}

#' @rdname print.gmm1d_each
#' @usage \method{$}{gmm1d_each}(x, i)
#' @export
`$.gmm1d_each` <- function(x, i) x[[i]]

#' @rdname print.gmm1d_each
#' @export
`[.gmm1d_each` <- function(x, i, drop = FALSE) {
  if (missing(i)) return(x)
  i <- parse_places(i, x)
  parts <- unclass(x)
  data <- if (!is.null(parts$data)) lapply(parts$data, `[`, i)
  new_gmm1d_each(parts$outcomes[i], list2DF(lapply(parts$keys, `[`, i)), parts$plan, data)
}

#' @rdname print.gmm1d_each
#' @export
as.list.gmm1d_each <- function(x, ...) {
  stats::setNames(lapply(seq_len(length(x)), fit_at, fits = x), names(x))
}

#' @rdname print.gmm1d_each
#' @export
as.data.frame.gmm1d_each <- function(x, row.names = NULL, optional = FALSE, ...) {
  columns <- component_columns(x)
  rows <- with_keys_first(x, columns$of, columns[c("component", "lambda", "mu", "sigma")])
  if (!is.null(row.names)) row.names(rows) <- row.names
  rows
}

#' @rdname print.gmm1d_each
#' @export
coef.gmm1d_each <- function(object, ...) {
  check_no_dots(...)
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

# The complete fit, as gmm1d() would give it, or NULL.
fit_at <- function(i, fits) {
  outcome <- outcomes_of(fits)[[i]]
  if (has_failed(outcome)) return(NULL)
  plan <- unclass(fits)$plan
  data <- unclass(fits)$data
  fit <- new_gmm1d(outcome, plan)
  x <- data$x[[i]]
  if (!is_squashable(x)) fit["data"] <- list(x)
  fit$data_name <- paste(c(plan$data_name, label_at(fits, i)), collapse = ", ")
  fit$call <- call_with(plan, x %||% outcome$points, data$weights[[i]])
  fit
}

# A call that can be updated: it has its data with it.
call_with <- function(plan, x, weights) {
  variance <- vapply(plan$models, function(model) model$variance, "")
  fixed <- plan$models[[1L]]$fixed
  arguments <- list(
    x = x, k = plan$k, weights = if (length(weights) > 0L) weights, variance = variance,
    criterion = plan$criterion,
    fixed = if (!all(is.na(unlist(fixed)))) fixed,
    rounding = if (!is_squashable(x)) plan$rounding, control = plan$control
  )
  as.call(c(quote(gmm1d), arguments[!vapply(arguments, is.null, NA)]))
}

# One place in the list.
parse_place <- function(i, fits) {
  if (length(i) != 1L || is.logical(i)) {
    abort_gmm1d("argument", "`i` must be one number or one name.")
  }
  place <- parse_places(i, fits)
  if (length(place) != 1L) abort_gmm1d("argument", "`i` must be the number of one data set.")
  place
}

# Places as `[` takes them, each of which must be there.
parse_places <- function(i, fits) {
  if (is.factor(i)) i <- as.character(i)
  is_sound <- is.character(i) || is.logical(i) ||
    (is.numeric(i) && !(any(i > 0, na.rm = TRUE) && any(i < 0, na.rm = TRUE)))
  if (!is_sound) {
    abort_gmm1d("argument", "`i` must be numbers of data sets (or of those to leave out), names ",
                "or logical values, not ", describe(i), ".")
  }
  place <- if (is.character(i)) match(i, names(fits)) else seq_len(length(fits))[i]
  if (anyNA(place)) {
    abort_gmm1d("argument", "`i` must be among the ", count_of(length(fits), "data set"), ", not ",
                if (is.character(i)) dQuote(i[is.na(place)][1L], FALSE) else "beyond them", ".")
  }
  place
}

# A row for each component, and which data set each is `of`; a row of NA where there is no fit.
component_columns <- function(fits) {
  mixtures <- lapply(outcomes_of(fits), function(one) one$result$mixture %||% no_mixture)
  k <- lengths(lapply(mixtures, `[[`, "mu"))
  part <- function(name) as.double(unlist(lapply(mixtures, `[[`, name)))
  columns <- list(of = rep(seq_along(k), k), component = sequence(k), lambda = part("lambda"),
                  mu = part("mu"), sigma = part("sigma"))
  columns$component[is.na(columns$mu)] <- NA
  columns
}

no_mixture <- list(lambda = NA_real_, mu = NA_real_, sigma = NA_real_)

# A table whose first columns are the keys of its rows. A key with the name of another column is
# called a group.
with_keys_first <- function(fits, of, columns) {
  keys <- lapply(keys_of_fits(fits), `[`, of)
  clash <- names(keys) %in% names(columns)
  names(keys)[clash] <- paste0("group.", names(keys)[clash])
  list2DF(c(keys, columns))
}
