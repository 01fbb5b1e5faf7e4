#' Plot a fit
#'
#' A histogram of the data on the density scale, the components times their
#' `lambda`, and the mixture. Components differ by colour and by line type, so
#' the plot can be read in black and white too. It is drawn from the weighted
#' points in the fit and does not need the data.
#'
#' @param x A `gmm1d` fit.
#' @param breaks Bars of the histogram: `NULL` (default: the rule of Freedman and
#'   Diaconis for the data or for a typical component, whichever gives narrower
#'   bars, but none narrower than the step of rounded data), a number of bars
#'   (about; 1 to 10,000), or a vector of breaks that covers the data.
#' @param col Colours of the components: a vector, recycled; default the palette
#'   of Okabe and Ito, which colour-blind people can tell apart.
#' @param lty Line types of the components: a vector, recycled.
#' @param legend Draw a legend? Default `TRUE`.
#' @param main,xlab,ylab,xlim,ylim Titles and limits, as for [plot.default()].
#' @param ... Further arguments of [graphics::title()], such as `sub` or
#'   `cex.main`.
#'
#' @return `x`, invisibly.
#' @references
#' Freedman, D. and Diaconis, P. (1981). On the histogram as a density
#' estimator: L2 theory. *Zeitschrift für Wahrscheinlichkeitstheorie und
#' verwandte Gebiete* 57, 453-476. \doi{10.1007/BF01025868}
#' @examples
#' fit <- gmm1d(~ waiting, data = faithful, k = 2)
#' plot(fit)
#' plot(fit, breaks = 40, col = "black", main = "Old Faithful")
#' @export
plot.gmm1d <- function(x, breaks = NULL, col = NULL, lty = NULL, legend = TRUE,
                       main = NULL, xlab = x$data_name, ylab = "Density", xlim = NULL,
                       ylim = NULL, ...) {
  legend <- parse_flag(legend, "legend")
  bars <- histogram_of(x$points, breaks, x)
  xlim <- xlim %||% range(bars$breaks, qgmm1d(c(0.001, 0.999), x))
  curves <- curves_of(x, xlim)
  key <- legend_of(x$k, col, lty)

  graphics::plot.new()
  top <- max(bars$density, curves$total)
  graphics::plot.window(xlim, ylim %||% c(0, if (legend) room_for(key, xlim, top) else top),
                        yaxs = "i")
  graphics::rect(bars$breaks[-length(bars$breaks)], 0, bars$breaks[-1L], bars$density,
                 col = "grey92", border = "grey75")
  graphics::lines(curves$x, curves$total, lwd = 2)
  graphics::matlines(curves$x, curves$components, col = key$col[-1L], lty = key$lty[-1L], lwd = 2)
  graphics::axis(1)
  graphics::axis(2)
  graphics::box(bty = "l")
  graphics::title(main %||% paste("Gaussian mixture,", count_of(x$k, "component")),
                  xlab = xlab, ylab = ylab, ...)
  if (legend) draw_legend(key)
  invisible(x)
}

# A histogram of weighted points: breaks, and the density of each bar.
histogram_of <- function(points, breaks, mixture) {
  breaks <- breaks_of(points, breaks, mixture)
  bin <- findInterval(points$x, breaks, left.open = TRUE, rightmost.closed = TRUE,
                      all.inside = TRUE)
  weight <- rowsum(points$w, factor(bin, levels = seq_len(length(breaks) - 1L)))
  count <- numeric(length(breaks) - 1L)
  count[as.integer(rownames(weight))] <- weight
  list(breaks = breaks, density = count / points$n / diff(breaks))
}

breaks_of <- function(points, breaks, mixture) {
  range <- range(points$x)
  if (!is.null(breaks)) {
    breaks <- parse_numbers(breaks, "breaks")
    check_each(is.finite(breaks), breaks, "breaks", "be finite", "infinite")
    if (length(breaks) == 0L) abort_gmm1d("shape", "`breaks` must have at least one value.")
    if (length(breaks) > 1L) {
      breaks <- sort(unique(breaks))
      if (breaks[1L] > range[1L] || breaks[length(breaks)] < range[2L]) {
        abort_gmm1d("range", "`breaks` must cover the data, from ", format(range[1L]), " to ",
                    format(range[2L]), ".")
      }
      return(breaks)
    }
    check_each(breaks >= 1 & breaks <= 1e4, breaks, "breaks", "be from 1 to 10,000 bars")
  }
  if (range[1L] == range[2L]) return(range + c(-0.5, 0.5) * max(abs(range[1L]), 1) / 10)
  pretty(range, n = breaks %||% number_of_bars(points, mixture))
}

# Freedman and Diaconis: bars of width 2 IQR / n^(1/3). For all data, where `scale` is IQR / 1.349
# or less, and for a typical component, lest bars be wider than the components.
number_of_bars <- function(points, mixture) {
  rule <- function(sd, n) 2 * 1.349 * sd / n^(1 / 3)
  component <- rule(sqrt(sum(mixture$lambda * mixture$sigma^2)), points$n / mixture$k)
  width <- max(min(rule(points$scale, points$n), component), points$step)
  min(max(ceiling(diff(range(points$x)) / width), 5), 200)
}

# The curves, on a grid fine enough for the narrowest component.
curves_of <- function(mixture, xlim) {
  around <- seq(-5, 5, length.out = 101L)
  x <- c(seq(xlim[1L], xlim[2L], length.out = 501L), outer(around, mixture$sigma) +
           rep(mixture$mu, each = length(around)))
  x <- sort(unique(x[x >= xlim[1L] & x <= xlim[2L]]))
  components <- component_density(x, mixture)
  list(x = x, components = components, total = rowSums(components))
}

# The lines of the plot: the mixture first, then the components.
legend_of <- function(k, col, lty) {
  # Black is the mixture's, and the yellow of the palette is too light for a line. Six colours
  # and five line types: components differ up to the thirtieth.
  palette <- unname(grDevices::palette.colors(9L, "Okabe-Ito")[c(6, 7, 4, 8, 2, 3)])
  list(
    text = c("mixture", paste("component", seq_len(k))),
    col = c("black", rep_len(col %||% palette, k)),
    lty = c(1, rep_len(lty %||% c(2, 4, 3, 5, 6), k))
  )
}

# The upper limit of y that leaves room for the legend above the curves.
room_for <- function(key, xlim, top) {
  graphics::plot.window(xlim, c(0, top), yaxs = "i")
  share <- draw_legend(key, plot = FALSE)$rect$h / top
  top * 1.03 / (1 - min(share, 0.5))
}

# In as many columns as fit.
draw_legend <- function(key, plot = TRUE) {
  legend <- function(columns, plot) {
    graphics::legend("top", legend = key$text, col = key$col, lty = key$lty, lwd = 2,
                     ncol = columns, bty = "n", cex = 0.85, seg.len = 2.5, plot = plot)
  }
  width <- diff(graphics::par("usr")[1:2])
  columns <- min(length(key$text), 4L)
  while (columns > 1L && legend(columns, FALSE)$rect$w > width) columns <- columns - 1L
  legend(columns, plot)
}
