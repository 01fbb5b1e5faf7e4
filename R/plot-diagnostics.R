# How well the mixture fits the data: quantiles, distribution functions, counts.

plot_qq <- function(view, fit, look, ...) {
  key <- list(
    text = c("data", "mixture", "95% envelope"),
    col = c("black", colours_of(1L, look$col), "grey80"),
    lty = c(NA, look$lty[1L] %||% 1, NA), pch = c(20, NA, 15), pt.cex = c(1, 1, 2)
  )

  open_plot(look, key, view$xlim, view$ylim)
  band <- view$band
  graphics::polygon(c(band$x, rev(band$x)), c(band$lower, rev(band$upper)), col = "grey85",
                    border = NA)
  graphics::abline(0, 1, col = key$col[2L], lty = key$lty[2L], lwd = 2)
  pairs <- view$pairs
  tied <- pairs$to > pairs$from
  graphics::segments(pairs$from[tied], pairs$y[tied], pairs$to[tied], pairs$y[tied], lwd = 2)
  graphics::points(pairs$x, pairs$y, pch = 20, cex = 0.7)
  close_plot(look, key, fit, "qq", note = view$note, ...)
}

# The quantiles of data and mixture in pairs, the latter from the first to the last of the order
# statistics; the band; and limits that hold both.
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

# Cuts the band off if it extends far beyond the data, to a component with few values.
cut_band <- function(band, range, margin) {
  band$lower <- pmax(band$lower, range[1L] - margin)
  band$upper <- pmin(band$upper, range[2L] + margin)
  band
}

# For each point the probabilities of the first, the middle and the last of its order statistics;
# of an interval, the one at its upper edge.
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

# The limits of the order statistics of n values of the mixture, between the first and the last.
# The m-th of n uniform ones is Beta(m, n + 1 - m); each half is found from its own tail.
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
  key <- list(
    text = c("data", "mixture", "95% band"),
    col = c("black", colours_of(1L, look$col), "grey80"),
    lty = c(1, look$lty[1L] %||% 2, NA), pch = c(NA, NA, 15), pt.cex = c(1, 1, 2)
  )

  open_plot(look, key, view$xlim, c(-0.02, 1.02))
  data <- view$data
  graphics::polygon(c(data$x, rev(data$x)), c(data$lower, rev(data$upper)), col = "grey85",
                    border = NA)
  graphics::lines(data$x, data$p)
  graphics::lines(view$curve$x, view$curve$p, col = key$col[2L], lty = key$lty[2L], lwd = 2)
  close_plot(look, key, fit, "cdf",
             y_at = if (is.null(look$ylim)) seq(0, 1, 0.2),
             note = view$note, ...)
}

# The corners of the empirical distribution function and of its band, and the mixture's curve.
cdf_view <- function(fit, look) {
  steps <- ecdf_steps(fit$points)
  half <- dkw_half_width(fit$n)
  xlim <- look$xlim %||% default_xlim(fit)
  grid <- grid_of(fit, padded(xlim))
  # The steps go on beyond the data, to the edges of the plot.
  far <- range(xlim, steps$x) + c(-1, 1) * diff(range(xlim))
  x <- c(far[1L], steps$x, far[2L])
  p <- c(0, steps$p, steps$p[length(steps$p)])
  corner_x <- rep(x, each = 2L)[-1L]
  corner_p <- rep(p, each = 2L)[-2L * length(p)]
  # With bins it is known at their edges and rises in between; in an open bin it is unknown.
  if (!are_exact(fit$points)) {
    bounds <- bounds_of(fit$points)
    first <- min(bounds$lower)
    is_open <- c(first, max(bounds$upper)) %in% c(-Inf, Inf)
    corner_x <- c(if (!is_open[1L]) c(far[1L], first), steps$x, if (!is_open[2L]) far[2L])
    corner_p <- c(if (!is_open[1L]) c(0, 0), steps$p, if (!is_open[2L]) p[length(p)])
  }
  list(
    data = data.frame(x = corner_x, p = corner_p, lower = pmax(corner_p - half, 0),
                      upper = pmin(corner_p + half, 1)),
    curve = data.frame(x = grid, p = cdf_of(grid, as_seen(fit, fit$points))), xlim = xlim,
    note = outside_note(fit, look, xlim)
  )
}

# Massart (1990), corollary 1: P(sup |F_n - F| > e) <= 2 exp(-2 n e^2).
dkw_half_width <- function(n, level = 0.95) sqrt(log(2 / (1 - level)) / (2 * n))

plot_rootogram <- function(view, fit, look, ...) {
  bars <- view$bars
  key <- list(
    text = c("data", "mixture"), col = c("grey75", colours_of(1L, look$col)),
    lty = c(NA, look$lty[1L] %||% 1), pch = c(15, if (nrow(bars) > 60L) NA else 20),
    pt.cex = c(2, 1)
  )

  open_plot(look, key, view$xlim, padded(c(bars$top, bars$bottom, -1, 1)))
  hanging <- bars[bars$observed > 0, ]
  graphics::rect(hanging$left, hanging$bottom, hanging$right, hanging$top, col = "grey85",
                 border = "grey60")
  graphics::abline(h = c(-1, 0, 1), lty = c(3, 1, 3))
  graphics::lines(bars$middle, bars$top, type = "o", pch = key$pch[2L], col = key$col[2L],
                  lty = key$lty[2L], lwd = 2)
  close_plot(look, key, fit, "rootogram", note = view$note, ...)
}

# Bars that hang from the curve of the mixture, in roots of numbers.
rootogram_view <- function(fit, look) {
  bars <- rootogram_of(fit, look$breaks, look$xlim)
  left <- bars$breaks[-length(bars$breaks)]
  right <- bars$breaks[-1L]
  top <- sqrt(bars$expected)
  xlim <- look$xlim %||% range(bars$breaks)
  list(
    bars = data.frame(left, right, middle = (left + right) / 2, top,
                      bottom = top - sqrt(bars$observed), observed = bars$observed),
    xlim = xlim, note = outside_note(fit, look, xlim)
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
