#' Density curve of a fit
#'
#' The density of the fitted mixture on a grid, in the form of [stats::density()]. `plot()`,
#' `lines()` and other functions that take such an object can draw it beside or instead of a kernel
#' density estimate.
#'
#' @details
#' The density is that of [dgmm1d()]: of the true values if the values have errors, and of all
#' values if they were seen through a window. `plot(fit)` also shows the histogram and the
#' components.
#'
#' @param x A [gmm1d()] fit or a [gmm1d_mixture()]; for `plot()` and `as.data.frame()`, the result
#'   of `density()`.
#' @param n Number of points: a whole number >= 2, or `NULL` (default): 512, or more if that is
#'   needed to space them by a quarter of the smallest `sigma`, but at most 16,384.
#' @param from,to The ends of the grid: numbers, or `NULL` (default): the grid covers 4 `sigma` on
#'   both sides of each mean, and the range of the noise.
#' @param main,xlab Titles: text, or `NULL` (default).
#' @param row.names,optional As for [as.data.frame()].
#' @param ... `plot()`: further arguments of `plot()` for densities. Otherwise not used; an unknown
#'   argument is an error.
#'
#' @return A list of class `gmm1d_density` and `density`: `x`, `y`, `bw` (`NA`: there is no
#'   bandwidth), `n` (the number of values, 0 for a mixture without data), `call`, `data.name` and
#'   `has.na`. `plot()` returns `x` invisibly. `as.data.frame()`: the columns `x` and `y`.
#'
#' @section Errors:
#' `gmm1d_error_argument` for a mixture with a `sigma` of 0, which has no density, and if `from` is
#' not below `to`; `gmm1d_error_range` if `n` is below 2.
#' @seealso [plot.gmm1d()], [lines.gmm1d()], [dgmm1d()]
#' @concept density curve
#' @concept kernel density estimate
#' @examples
#' fit <- gmm1d(~ waiting, data = faithful, k = 2)
#' plot(density(fit))
#' lines(density(faithful$waiting), lty = 2)
#' head(as.data.frame(density(fit)), 3)   # for ggplot2, or a file
#' @importFrom stats density
#' @export
density.gmm1d <- function(x, n = NULL, from = NULL, to = NULL, ...) {
  check_no_dots(..., .ignored = "na.rm")
  mixture <- parse_fit_or_mixture(x, "x")
  check_has_density(mixture)
  ends <- range(mixture$mu - 4 * mixture$sigma, mixture$mu + 4 * mixture$sigma,
                mixture$noise[-1L])
  if (!is.null(from)) ends[1L] <- parse_number(from, "from")
  if (!is.null(to)) ends[2L] <- parse_number(to, "to")
  if (ends[1L] >= ends[2L]) {
    abort_gmm1d("argument", "`from` must be below `to`, not ", format(ends[1L]), " and ",
                format(ends[2L]), ".")
  }
  n <- if (is.null(n)) min(max(512, ceiling(4 * diff(ends) / min(mixture$sigma)) + 1), 2^14)
       else parse_count(n, "n", at_least = 2)
  at <- seq(ends[1L], ends[2L], length.out = n)
  structure(
    list(x = at, y = density_of(at, mixture), bw = NA_real_, n = mixture$n %||% 0,
         call = sys.call(), data.name = mixture$data_name %||% "x", has.na = FALSE),
    class = c("gmm1d_density", "density")
  )
}

#' @rdname density.gmm1d
#' @export
density.gmm1d_mixture <- density.gmm1d

#' @rdname density.gmm1d
#' @export
plot.gmm1d_density <- function(x, main = NULL, xlab = NULL, ...) {
  class(x) <- "density"
  plot(x, main = main %||% "Gaussian mixture", xlab = xlab %||% x$data.name, ...)
  invisible(x)
}

#' @rdname density.gmm1d
#' @export
as.data.frame.gmm1d_density <- function(x, row.names = NULL, optional = FALSE, ...) {
  check_no_dots(...)
  data.frame(x = x$x, y = x$y, row.names = parse_row_names(row.names, length(x$x)))
}

#' @export
print.gmm1d_density <- function(x, ...) {
  cat("Density of a Gaussian mixture", if (x$n > 0) paste0(", fitted to ", printable(x$data.name),
      " (n = ", format_count(x$n, digits = 7L), ")"), ", at ", count_of(length(x$x), "point"),
      "\n\n", sep = "")
  print(summary(as.data.frame(x)))
  invisible(x)
}
