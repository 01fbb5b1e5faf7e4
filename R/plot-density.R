# The density plot: a histogram, the mixture and its components; and the curves of other plots.

plot_density <- function(view, fit, look, ...) {
  curves <- view$curves
  others <- names(curves$others)
  key <- density_key(fit$k, look, others, part_names(fit))
  top <- view$top

  open_plot(look, key, view$xlim, c(0, top))
  draw_bars(view$bars)
  # The components are drawn thinner, over the mixture.
  graphics::lines(curves$x, curves$total, col = key$col[1L], lwd = key$lwd[1L])
  parts <- cbind(if (has_parts(fit$k, others)) curves$components, do.call(cbind, curves$others))
  if (length(parts) > 0L) {
    graphics::matlines(curves$x, parts, col = key$col[-1L], lty = key$lty[-1L],
                       lwd = key$lwd[-1L])
  }
  draw_cuts(view$cuts, 0, top)
  if (look$rug) draw_rug(fit$points)
  close_plot(look, key, fit, note = view$note, ...)
}

# Draws the bars of a histogram. Bars of open bins are hatched, with an arrow instead of an outer
# side.
draw_bars <- function(bars) {
  closed <- bars[!bars$open, ]
  if (nrow(closed) > 0L) {
    graphics::rect(closed$left, 0, closed$right, closed$height, col = "grey90",
                   border = bar_border(closed, "grey90", "grey75"))
  }
  open <- bars[bars$open, ]
  if (nrow(open) == 0L) return(invisible())
  graphics::rect(open$left, 0, open$right, open$height, density = 15, col = "grey70", border = NA)
  graphics::segments(open$left, open$height, open$right, open$height, col = "grey50")
  draw_arrows(open_ends(bars))
}

# Draws the inner edge of open bins, and an arrow from the middle of the bar to the outer edge.
open_ends <- function(bars) {
  limits <- c(min(bars$left, Inf), max(bars$right, -Inf))
  ends <- bars[bars$open & (bars$left == limits[1L] | bars$right == limits[2L]), ]
  is_left <- ends$left == limits[1L]
  data.frame(inner = ifelse(is_left, ends$right, ends$left), height = ends$height,
             from = (ends$left + ends$right) / 2, to = ifelse(is_left, ends$left, ends$right))
}

draw_arrows <- function(ends) {
  if (nrow(ends) == 0L) return(invisible())
  graphics::segments(ends$inner, 0, ends$inner, ends$height, col = "grey50")
  # R warns if an arrow is too short to be seen.
  suppressWarnings(graphics::arrows(ends$from, ends$height / 2, ends$to, length = 0.07,
                                    col = "grey30"))
}

# The bars, the curves and, if requested, the cut-points. Counts are densities times n times the
# width of a bar. The density of true values, or of all values if there is a window, may be much
# higher than that of the observed ones; it is then cut off.
density_view <- function(fit, look) {
  bars <- histogram_of(points_shown(fit), look$breaks, fit, look$xlim)
  open <- are_open(bars, fit$points)
  xlim <- look$xlim %||% range(bars$breaks, default_xlim(fit))
  curves <- curves_of(fit, xlim)
  unit <- if (look$scale == "count") fit$n * width_of(bars, open) else 1
  curves[c("components", "total")] <- list(curves$components * unit, curves$total * unit)
  top <- max(bars$density * unit, curves$total)
  others <- lapply(other_densities(curves$x, fit), `*`, unit)
  top <- max(top, pmin(unlist(others), 2 * top))
  curves$others <- lapply(others, function(y) ifelse(y <= top, y, NA))
  list(
    bars = with_open_joined(data.frame(left = bars$breaks[-length(bars$breaks)],
                                       right = bars$breaks[-1L], height = bars$density * unit,
                                       open = open)),
    curves = curves, top = top, cuts = cuts_shown(fit, look$cutpoints), xlim = xlim,
    note = outside_note(fit, look, xlim)
  )
}

# Joins the bars of an open bin, which breaks divide for no reason, into one of the same area.
with_open_joined <- function(bars) {
  if (all(bars$open)) return(bars)
  run <- cumsum(c(TRUE, diff(bars$open) != 0) | !bars$open)
  first <- !duplicated(run)
  last <- !duplicated(run, fromLast = TRUE)
  area <- rowsum(bars$height * (bars$right - bars$left), run)[, 1L]
  joined <- data.frame(left = bars$left[first], right = bars$right[last])
  joined$height <- ifelse(bars$open[first], area / (joined$right - joined$left),
                          bars$height[first])
  joined$open <- bars$open[first]
  joined
}

# The places of the cut-points to draw: those between components, or those given.
cuts_shown <- function(fit, cutpoints) {
  if (isTRUE(cutpoints)) return(cuts_of(fit)$cutpoint)
  if (isFALSE(cutpoints)) return(NULL)
  if (!is.null(cutpoints$scale) && !all(cutpoints$scale == scale_of_fit(fit))) {
    abort_gmm1d("argument", "`cutpoints` must be on the scale of the fit, not on that of `",
                cutpoints$scale[1L], "`: the plot is of ", fit$data_name, ".")
  }
  cutpoints$cutpoint
}

# The common width of the bars, not counting open bins.
width_of <- function(bars, open) {
  widths <- diff(bars$breaks)
  if (!all(open)) widths <- widths[!open]
  if (max(widths) > min(widths) * (1 + 1e-6)) {
    abort_gmm1d("argument", "`scale = \"count\"` needs bars of equal width: change `breaks`, or ",
                "use `scale = \"density\"`.")
  }
  widths[1L]
}

# The key has the mixture first, then the components (if there are several, or noise), then noise
# and the density of true values.
density_key <- function(k, look, others = NULL, text = part_names(list(k = k))) {
  shows_parts <- has_parts(k, others)
  key <- list(
    text = text, col = c("black", colours_of(k, look$col)),
    lty = c(1, line_types_of(k, look$lty, look$col)),
    lwd = c(if (shows_parts) 3 else 2, rep(1.5, k))
  )
  is_noise <- others == "noise"
  Map(c, lapply(key, `[`, c(TRUE, rep(shows_parts, k))),
      list(others, ifelse(is_noise, "grey50", "black"), ifelse(is_noise, 1, 3),
           ifelse(is_noise, 1.5, 1)))
}

# The words of a legend for the mixture and its components. Names are used alone only if no other
# entry has the same text.
part_names <- function(mixture) {
  numbered <- paste("component", seq_len(mixture$k))
  labels <- mixture$labels
  if (is.null(labels)) return(c("mixture", numbered))
  labels <- printable(ifelse(is.na(labels), numbered, labels))
  is_taken <- labels %in% words_of_legends | duplicated(labels)
  c("mixture", if (any(is_taken)) component_names(mixture) else labels)
}

words_of_legends <- c("mixture", "data", "noise", "true values", "all values", "2 errors")

has_parts <- function(k, others) k > 1L || "noise" %in% others

# The curves on a grid that is fine enough for the narrowest component.
curves_of <- function(mixture, xlim) {
  x <- grid_of(mixture, xlim)
  c(list(x = x), seen_densities(x, mixture))
}

grid_of <- function(mixture, xlim) {
  error <- min(errors_of_points(mixture$points))
  spread <- spread_of(mixture$sigma, error)
  if (any(error > 0)) spread <- rbind(spread, mixture$sigma)
  grid_along(mixture$mu, spread, xlim)
}

# `spread` may have several rows, with a column for each component.
grid_along <- function(mu, spread, xlim) {
  xlim <- range(xlim)
  around <- seq(-5, 5, length.out = 101L)
  x <- c(seq(xlim[1L], xlim[2L], length.out = 501L), outer(around, spread) +
           rep(mu, each = length(spread) / length(mu) * length(around)))
  sort(unique(x[x >= xlim[1L] & x <= xlim[2L]]))
}

draw_cuts <- function(at, bottom, top) {
  if (length(at) > 0L) graphics::segments(at, bottom, at, top, lty = 2, col = "grey40")
}

# Draws ticks at the axis, as long as 3 % of the height.
draw_rug <- function(points) {
  usr <- graphics::par("usr")
  graphics::segments(points$x, usr[3L], points$x, usr[3L] + 0.03 * (usr[4L] - usr[3L]), lwd = 0.5)
}
