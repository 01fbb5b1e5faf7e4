# Plots of the most probable component of a value, and of its uncertainty.

plot_classification <- function(view, fit, look, ...) {
  regions <- view$regions
  ylim <- look$ylim %||% c(0, 1.02)
  key <- component_key(fit, look$col, look$lty)

  open_plot(look, key, view$xlim, ylim, strip = strip_height)
  draw_cuts(regions$from[-1L], strip_bottom(ylim), min(1, ylim[2L]))
  draw_strip(view, ylim, key$col)
  graphics::matlines(view$x, view$posterior, col = key$col, lty = key$lty, lwd = 2)
  close_plot(look, key, fit, y_at = ticks_from(ylim, tick_count(strip_height)),
             note = view$note, ...)
}

component_key <- function(mixture, col = NULL, lty = NULL) {
  list(text = part_names(mixture)[-1L], col = colours_of(mixture$k, col),
       lty = line_types_of(mixture$k, lty, col))
}

plot_uncertainty <- function(view, fit, look, ...) {
  regions <- view$regions
  x <- view$x
  uncertainty <- view$uncertainty
  ylim <- look$ylim %||% c(0, 1.02 * max(uncertainty, 0.5))
  col <- colours_of(fit$k, look$col)
  key <- list(text = part_names(fit)[-1L], col = tint(col, 0.5),
              lty = rep(NA, fit$k), pch = rep(15, fit$k), pt.cex = rep(2, fit$k))

  open_plot(look, key, view$xlim, ylim, strip = strip_height)
  for (i in seq_along(regions$from)) {
    within <- x >= regions$from[i] & x <= regions$to[i]
    graphics::polygon(c(regions$from[i], x[within], regions$to[i]), c(0, uncertainty[within], 0),
                      col = key$col[regions$component[i]], border = NA)
  }
  draw_cuts(regions$from[-1L], strip_bottom(ylim), min(max(uncertainty), ylim[2L]))
  draw_strip(view, ylim, col)
  graphics::lines(x, uncertainty, lwd = 2, lty = look$lty[1L] %||% 1)
  close_plot(look, key, fit, y_at = ticks_from(ylim, tick_count(strip_height, 1)),
             note = view$note, ...)
}

# The regions of the components, the bars of the strip, and a grid that shows all turns of the
# curves.
regions_view <- function(fit, look) {
  xlim <- look$xlim %||% default_xlim(fit)
  seen <- typically_seen(fit)
  regions <- regions_of(seen, xlim)
  x <- sort(c(grid_of(fit, xlim), regions$to))
  list(regions = regions, bars = strip_bars(fit, regions, range(xlim)), x = x,
       posterior = component_posterior(x, seen), uncertainty = classified(x, seen)$uncertainty,
       xlim = xlim, note = outside_note(fit, look, xlim))
}

# A fit as observed with the median error.
typically_seen <- function(fit) {
  points <- fit$points
  error <- errors_of_points(points)
  in_order <- order(error)
  middle <- findInterval(points$n / 2, cumsum(points$w[in_order]), left.open = TRUE) + 1L
  fit$sigma <- spread_of(fit$sigma, error[in_order][middle])
  fit
}

# The regions where each component is the most probable, within limits.
regions_of <- function(mixture, xlim) {
  cuts <- cuts_of(mixture)
  component <- if (nrow(cuts) > 0L) c(cuts$from, cuts$to[nrow(cuts)])
               else classified(mixture$mu[1L], mixture)$component
  from <- c(-Inf, cuts$cutpoint)
  to <- c(cuts$cutpoint, Inf)
  shown <- to > min(xlim) & from < max(xlim)
  list(from = pmax(from, min(xlim))[shown], to = pmin(to, max(xlim))[shown],
       component = component[shown])
}

# The height of the strip below the plot, relative to the plot.
strip_height <- 0.28

strip_bottom <- function(ylim) ylim[1L] - (strip_height - 0.02) * diff(ylim)

# A histogram of narrow bars, each part in the colour of its region, with the number of the
# component above it if there is room. Bars of open bins are pale.
draw_strip <- function(view, ylim, col) {
  regions <- view$regions
  bottom <- strip_bottom(ylim)
  bars <- view$bars
  if (nrow(bars) > 0L) {
    graphics::rect(bars$left, bottom, bars$right, bottom + 0.17 * diff(ylim) * bars$height,
                   col = ifelse(bars$open, tint(col, 0.4)[bars$component], col[bars$component]),
                   border = NA)
  }
  graphics::abline(h = ylim[1L], col = "grey60")
  if (graphics::strheight("1", cex = 0.85) > 0.08 * diff(ylim)) return(invisible())
  room <- regions$to - regions$from > 1.4 * graphics::strwidth(regions$component, cex = 0.85)
  graphics::text(((regions$from + regions$to) / 2)[room], ylim[1L] - 0.045 * diff(ylim),
                 regions$component[room], cex = 0.85, col = col[regions$component[room]])
}

# The bars that are not empty, divided where the most probable component changes. The highest is 1.
strip_bars <- function(fit, regions, xlim) {
  points <- points_shown(fit)
  bars <- bars_of(points, strip_breaks(points, xlim))
  edges <- sort(unique(c(bars$breaks, regions$from[-1L])))
  left <- edges[-length(edges)]
  right <- edges[-1L]
  middle <- (left + right) / 2
  height <- bars$density[findInterval(middle, bars$breaks, all.inside = TRUE)]
  component <- regions$component[pmax(findInterval(middle, regions$from), 1L)]
  open <- are_open(list(breaks = edges), fit$points)
  data.frame(left, right, height = height / max(height, 0), component, open)[height > 0, ]
}

# About 150 bars; for rounded data each covers the same number of lattice points.
strip_breaks <- function(points, xlim) {
  edges <- edges_within(points, around_spans(points, xlim))
  if (!is.null(edges)) return(edges)
  width <- diff(xlim) / 150
  if (points$step > 0) width <- ceiling(width / points$step) * points$step
  first <- min(points$x[points$x >= xlim[1L]], xlim[2L]) - max(points$step, width) / 2
  seq(first, xlim[2L] + width, by = width)
}

# Extends limits that would cut through an interval.
around_spans <- function(points, limits) {
  spans <- spans_of(points)
  shown <- spans$lower < limits[2L] & spans$upper > limits[1L]
  range(limits, spans$lower[shown], spans$upper[shown])
}

# The ticks that R chooses, without those next to the strip.
ticks_from <- function(ylim, count = 5L) {
  ticks <- pretty(ylim, count)
  ticks[ticks >= min(ylim) & ticks <= max(ylim)]
}

# The number of ticks that fit on the y axis above a strip, up to 5.
tick_count <- function(strip = 0, least = 2) {
  height <- graphics::par("pin")[2L] / (1 + strip)
  min(max(floor(height / (2.5 * graphics::par("csi"))), least), 5)
}
