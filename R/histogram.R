# Histograms of weighted points, for plots, and the default limits of the x axis.

# A histogram of weighted points: breaks, and the count and the density of each bar. Automatic
# breaks are for the data within `xlim`.
histogram_of <- function(points, breaks, mixture, xlim = NULL) {
  bars_of(points, breaks_of(points, breaks, mixture, xlim))
}

bars_of <- function(points, breaks) {
  below <- weight_up_to(points, breaks)
  below[1L] <- weight_up_to(points, breaks[1L], closed = FALSE)
  count <- diff(below)
  list(breaks = breaks, count = count, density = count / points$n / diff(breaks))
}

breaks_of <- function(points, breaks, mixture, xlim) {
  if (!is.null(breaks)) {
    breaks <- parse_numbers(breaks, "breaks")
    check_each(is.finite(breaks), breaks, "breaks", "be finite", "infinite")
    if (length(breaks) == 0L) abort_gmm1d("shape", "`breaks` must have at least one value.")
    if (length(breaks) > 1L) return(covering_breaks(points, breaks))
    check_each(breaks >= 1 & breaks <= 1e4, breaks, "breaks", "be from 1 to 10,000 bars")
  }
  range <- if (is.null(xlim)) bulk_of(points) else data_within(points, xlim)
  edges <- if (is.null(breaks)) edges_within(points, range)
  if (!is.null(edges)) return(edges)
  if (range[1L] == range[2L]) return(range + c(-0.5, 0.5) * max(abs(range[1L]), 1) / 10)
  breaks <- pretty(range, n = breaks %||% number_of_bars(points, mixture, range))
  breaks_between(points, breaks, range)
}

covering_breaks <- function(points, breaks) {
  breaks <- sort(unique(breaks))
  of_points <- range(points$x)
  if (breaks[1L] > of_points[1L] || breaks[length(breaks)] < of_points[2L]) {
    abort_gmm1d("range", "`breaks` must cover the data, from ", format(of_points[1L]), " to ",
                format(of_points[2L]), ".")
  }
  breaks
}

# The rule of Freedman and Diaconis: bars of width 2 IQR / n^(1/3), computed both for all data
# (`scale` is IQR / 1.349 or less) and for a typical component as observed, so that bars are not
# wider than the components.
number_of_bars <- function(points, mixture, range) {
  rule <- function(sd, n) 2 * 1.349 * sd / n^(1 / 3)
  error <- if (is.null(points$error)) 0 else sum(points$w * points$error^2) / points$n
  component <- rule(sqrt(sum(mixture$lambda * mixture$sigma^2) + error), points$n / mixture$k)
  width <- max(min(rule(points$scale, points$n), component), points$step)
  min(max(ceiling(diff(range) / width), 5), 200)
}

# The weight of the data up to each number, or below it if not `closed`. The weight of a bin is
# spread evenly.
weight_up_to <- function(points, at, closed = TRUE) {
  bins <- spans_of(points)
  width <- bins$upper - bins$lower
  exact <- width == 0
  x <- bins$lower[exact]
  in_order <- order(x)
  below <- c(0, cumsum(points$w[exact][in_order]))
  weight <- below[findInterval(at, x[in_order], left.open = !closed) + 1L]
  if (all(exact)) return(weight)
  share <- outer(at, bins$lower[!exact], "-") / rep(width[!exact], each = length(at))
  weight + as.vector(pmin(pmax(share, 0), 1) %*% points$w[!exact])
}

# The points of a fit for a histogram. An open bin extends as far as the mixture does, so that its
# bar has the area of the curve above it. (It keeps its span if the mixture expects no value there.)
points_shown <- function(fit) {
  seen <- as_seen(fit, fit$points)
  points <- fit$points
  bounds <- bounds_of(points)
  if (all(is.finite(unlist(bounds)))) return(points)
  spans <- spans_of(points)
  reach <- function(edge, inner, lower_tail) {
    p <- cdf_of(inner, seen, lower_tail)
    far <- quantile_of(pmin(p / 50, 0.001), seen, lower_tail)
    ifelse(p * points$n > 0.5 & is.finite(far), far, edge)
  }
  open <- bounds$lower == -Inf & is.finite(bounds$upper)
  spans$lower[open] <- reach(spans$lower[open], bounds$upper[open], TRUE)
  open <- bounds$upper == Inf & is.finite(bounds$lower)
  spans$upper[open] <- reach(spans$upper[open], bounds$lower[open], FALSE)
  points[c("lower", "upper")] <- spans
  points
}

# True for bars that lie in open bins.
are_open <- function(bars, points) {
  left <- bars$breaks[-length(bars$breaks)]
  right <- bars$breaks[-1L]
  bounds <- bounds_of(points)
  left >= min(bounds$lower[bounds$upper == Inf], Inf) |
    right <= max(bounds$upper[bounds$lower == -Inf], -Inf)
}

# The range of the data. If nearly all data lie in less than a twentieth of it, the range of these,
# extended by its width on either side. "Nearly all" is 95 %, or all but one of ten or more.
bulk_of <- function(points) {
  all <- range_of(points)
  spare <- max(points$n / 20, if (points$n >= 10) 1)
  up_to <- cumsum(points$w)
  first <- seq_along(up_to)
  needed <- up_to - points$w + (points$n - spare) * (1 - 1e-9)
  last <- findInterval(needed, up_to, left.open = TRUE) + 1L
  first <- first[last <= length(up_to)]
  last <- last[first]
  shortest <- which.min(points$x[last] - points$x[first])
  bulk <- points$x[c(first[shortest], last[shortest])]
  width <- diff(bulk)
  if (width == 0 || diff(all) <= 20 * width) return(all)
  data_within(points, bulk + c(-1, 1) * width)
}

# The range of the data within limits; the limits themselves if there are none.
data_within <- function(points, limits) {
  limits <- range(limits)
  bins <- spans_of(points)
  within <- bins$upper >= limits[1L] & bins$lower <= limits[2L]
  if (!any(within)) return(limits)
  c(max(limits[1L], min(bins$lower[within])), min(limits[2L], max(bins$upper[within])))
}

# The default limits of x, which show data and mixture.
default_xlim <- function(fit) {
  bulk <- bulk_of(fit$points)
  if (!identical(bulk, range_of(fit$points))) return(bulk)
  range(bulk, quantile_of(c(0.001, 0.999), as_seen(fit, fit$points)))
}
