# How well the mixture fits the data: quantiles, distribution functions, counts.

plot_qq <- function(view, fit, look, ...) {
  key <- list(
    text = c("data", "mixture", "95% envelope"),
    col = c("black", colours_of(1L, look$col), "grey80"),
    lty = c(NA, look$lty[1L] %||% 1, NA), pch = c(20, NA, 15), pt.cex = c(1, 1, 2),
    lwd = c(1, 1.5, 1)
  )

  open_plot(look, key, view$xlim, view$ylim)
  band <- view$band
  graphics::polygon(c(band$x, rev(band$x)), c(band$lower, rev(band$upper)), col = "grey85",
                    border = NA)
  pairs <- view$pairs
  tied <- pairs$to > pairs$from
  graphics::segments(pairs$from[tied], pairs$y[tied], pairs$to[tied], pairs$y[tied], lwd = 1.5)
  graphics::points(pairs$x, pairs$y, pch = 20, cex = 0.7)
  # The line lies on the data, which would hide it if there are many.
  graphics::abline(0, 1, col = key$col[2L], lty = key$lty[2L], lwd = 1.5)
  is_original <- !is.null(look$way)
  close_plot(look, key, fit,
             y_at = if (is_original) original_ticks(graphics::par("usr")[3:4], look$way, fit),
             y_labels = if (is_original) "original" else TRUE, note = view$note, ...)
}

# The quantiles of data and mixture in pairs (for the mixture, from the first to the last order
# statistic of a point), the band, and limits that contain both.
qq_view <- function(fit, look) {
  pairs <- quantile_pairs(fit$points)
  fitted <- lapply(pairs[c("from", "p", "to")], quantile_of, as_seen(fit, fit$points))
  band <- qq_envelope(unlist(pairs[c("from", "p", "to")]), fit)
  bulk <- bulk_of(fit$points)
  near <- pairs$x >= bulk[1L] & pairs$x <= bulk[2L]
  xlim <- look$xlim %||% (if (any(near)) range(fitted$from[near], fitted$to[near]) else bulk)
  near <- near & fitted$to >= min(xlim) & fitted$from <= max(xlim)
  shown <- band$x >= min(xlim) & band$x <= max(xlim)
  band <- cut_band(band, range(bulk, xlim), diff(bulk))
  list(
    pairs = data.frame(x = fitted$p, y = pairs$x, from = fitted$from, to = fitted$to),
    band = as.data.frame(band), xlim = xlim,
    ylim = padded(c(xlim, pairs$x[near], band$lower[shown], band$upper[shown])),
    note = outside_note(fit, look, bulk)
  )
}

# Cuts the band off if it extends far beyond the data, which a component with few values can cause.
cut_band <- function(band, range, margin) {
  band$lower <- pmax(band$lower, range[1L] - margin)
  band$upper <- pmin(band$upper, range[2L] + margin)
  band
}

# For each point, the probabilities of its first, middle and last order statistics; for an interval,
# only that at its upper edge.
quantile_pairs <- function(points) {
  if (!are_exact(points)) {
    steps <- ecdf_steps(points)
    inside <- steps$p > 0 & steps$p < 1
    p <- steps$p[inside]
    return(list(x = steps$x[inside], from = p, p = p, to = p))
  }
  up_to <- cumsum(points$w)
  middle <- up_to - points$w / 2
  half <- pmax(points$w - 1, 0) / 2
  list(x = points$x, from = (middle - half) / points$n, p = middle / points$n,
       to = (middle + half) / points$n)
}

# The limits of the order statistics of n values of the mixture, from the first to the last. The
# m-th of n uniform values is Beta(m, n + 1 - m); each half is computed from its own tail.
qq_envelope <- function(p, fit, level = 0.95) {
  n <- max(fit$n, 1)
  seen <- as_seen(fit, fit$points)
  p <- sort(unique(pmin(pmax(c(p, stats::ppoints(201L, 0.5)), 0.5 / n), 1 - 0.5 / n)))
  limit <- function(probability) {
    m <- p * n + 0.5
    upper <- p > 0.5
    quantile <- numeric(length(p))
    quantile[!upper] <- quantile_of(stats::qbeta(probability, m, n + 1 - m)[!upper], seen)
    quantile[upper] <- quantile_of(stats::qbeta(1 - probability, n + 1 - m, m)[upper], seen,
                                   lower_tail = FALSE)
    quantile
  }
  list(p = p, x = quantile_of(p, seen),
       lower = limit((1 - level) / 2), upper = limit((1 + level) / 2))
}

plot_cdf <- function(view, fit, look, ...) {
  data <- view$data
  key <- list(
    text = c("data", "mixture", "95% band"),
    col = c("black", colours_of(1L, look$col), "grey80"),
    lty = c(if (view$at_edges) NA else 1, look$lty[1L] %||% 1, NA),
    pch = c(if (view$at_edges) 20 else NA, NA, 15), pt.cex = c(1, 1, 2), lwd = c(1, 3, 1)
  )

  open_plot(look, key, view$xlim, c(-0.02, 1.02))
  if (view$at_edges) {
    graphics::segments(data$x, data$lower, data$x, data$upper, lwd = 5, col = "grey85", lend = 1)
  } else {
    graphics::polygon(c(data$x, rev(data$x)), c(data$lower, rev(data$upper)), col = "grey85",
                      border = NA)
  }
  # The data are drawn thinner, over the mixture.
  graphics::lines(view$curve$x, view$curve$p, col = key$col[2L], lty = key$lty[2L], lwd = 3)
  if (view$at_edges) {
    graphics::points(data$x, data$p, pch = 20, cex = if (nrow(data) > 40L) 0.5 else 0.9)
  } else {
    graphics::lines(data$x, data$p)
  }
  close_plot(look, key, fit, y_at = if (is.null(look$ylim)) ticks_from(c(0, 1), tick_count()),
             note = view$note, ...)
}

# The empirical distribution function and its band: the corners of its steps, or the edges of bins,
# between which nothing is known; and the mixture's curve.
cdf_view <- function(fit, look) {
  points <- fit$points
  at_edges <- are_in_bins(points)
  half <- dkw_half_width(fit$n)
  xlim <- look$xlim %||% default_xlim(fit)
  grid <- grid_of(fit, padded(xlim))
  data <- if (at_edges) ecdf_edges(points) else ecdf_corners(points, xlim)
  list(
    data = data.frame(data, lower = pmax(data$p - half, 0), upper = pmin(data$p + half, 1)),
    at_edges = at_edges,
    curve = data.frame(x = grid, p = cdf_of(grid, as_seen(fit, points))), xlim = xlim,
    note = outside_note(fit, look, xlim)
  )
}

# True if all data are intervals that overlap by no more than rounding error.
are_in_bins <- function(points) {
  bounds <- bounds_of(points)
  in_order <- order(bounds$lower)
  lower <- bounds$lower[in_order]
  upper <- bounds$upper[in_order]
  width <- upper - lower
  last <- length(lower)
  overlap <- upper[-last] - lower[-1L]
  all(width > 0) && all(overlap <= 1e-6 * pmin(width[-last], width[-1L], abs(lower[-1L])))
}

# The finite edges, and the part of the data below each.
ecdf_edges <- function(points) {
  edges <- edges_of(points)
  x <- c(edges$lower[1L], edges$upper)
  p <- c(0, cumsum(edges$w) / points$n)
  data.frame(x, p)[is.finite(x), ]
}

# The steps continue beyond the data to the edges of the plot, but not into open intervals.
ecdf_corners <- function(points, xlim) {
  steps <- ecdf_steps(points)
  far <- range(xlim, steps$x) + c(-1, 1) * diff(range(xlim))
  bounds <- bounds_of(points)
  is_open <- c(any(bounds$lower == -Inf), any(bounds$upper == Inf))
  p <- c(0, steps$p, steps$p[length(steps$p)])
  x <- c(far[1L], steps$x, far[2L])
  corners <- data.frame(x = rep(x, each = 2L)[-1L], p = rep(p, each = 2L)[-2L * length(p)])
  last <- nrow(corners)
  corners[seq_len(last) > 2L * is_open[1L] & seq_len(last) < last + !is_open[2L], ]
}

# Massart (1990), corollary 1: P(sup |F_n - F| > e) <= 2 exp(-2 n e^2).
dkw_half_width <- function(n, level = 0.95) sqrt(log(2 / (1 - level)) / (2 * n))

plot_rootogram <- function(view, fit, look, ...) {
  bars <- view$bars
  hangs <- view$style == "hanging"
  key <- list(
    text = c("data", "mixture"), col = c("grey75", colours_of(1L, look$col)),
    lty = c(NA, look$lty[1L] %||% 1), pch = c(15, if (nrow(bars) > 40L) NA else 20),
    pt.cex = c(2, 1)
  )
  if (!hangs) key <- list(text = "data - mixture")

  open_plot(look, key, view$xlim, range(bars$top, bars$bottom, -1.5, 1.5) * 1.03)
  graphics::rect(bars$left, bars$bottom, bars$right, bars$top,
                 col = ifelse(bars$open, "white", "grey85"),
                 border = "grey60", lty = ifelse(bars$open, 2, 1))
  graphics::abline(h = 0)
  graphics::abline(h = c(-1, 1), lty = 3)
  if (hangs) {
    graphics::lines(bars$middle, bars$expected, type = "o", pch = key$pch[2L], col = key$col[2L],
                    lty = key$lty[2L], lwd = 2)
  }
  close_plot(look, key, fit, note = view$note, ...)
}

# The bars hang from the curve of the mixture, on the scale of square roots. If the numbers are
# large, all hanging bars would look alike, so the bars show only the deviations.
rootogram_view <- function(fit, look) {
  bars <- rootogram_of(fit, look$breaks, look$xlim)
  left <- bars$breaks[-length(bars$breaks)]
  right <- bars$breaks[-1L]
  expected <- sqrt(bars$expected)
  observed <- sqrt(bars$observed)
  hangs <- max(expected) <= 20
  xlim <- look$xlim %||% range(bars$breaks)
  list(
    bars = data.frame(
      left, right, middle = (left + right) / 2, expected,
      bottom = if (hangs) expected - observed else 0,
      top = if (hangs) expected else observed - expected,
      observed = bars$observed, open = are_open(bars, fit$points)
    ),
    style = if (hangs) "hanging" else "deviations", xlim = xlim,
    note = outside_note(fit, look, xlim)
  )
}

# The observed and the expected number of values in each bar of the histogram.
rootogram_of <- function(fit, breaks = NULL, xlim = NULL) {
  bars <- histogram_of(fit$points, breaks, fit, xlim)
  p <- cdf_of(bars$breaks, as_seen(fit, fit$points))
  if (sum(bars$count) > fit$n * (1 - 1e-9)) p[c(1L, length(p))] <- c(0, 1)
  list(breaks = bars$breaks, observed = bars$count, expected = fit$n * diff(p))
}

# Extends limits by 4 % on either side.
padded <- function(values) {
  limits <- range(values, finite = TRUE)
  limits + c(-0.04, 0.04) * (if (diff(limits) > 0) diff(limits) else max(abs(limits[1L]), 1))
}
