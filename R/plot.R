#' Plot a fit
#'
#' Nine views of a fit. All are drawn from the weighted points in the fit, so
#' they need no data and take as long for a billion values as for twenty. A window that changes its
#' size shows the plot laid out anew, legend and labels included.
#'
#' @details
#' * `"density"`: a histogram of the data on the density scale, the mixture as a thick line, and
#'   on it, thinner, the components times their `lambda` and the noise if there is any, all as they
#'   are observed.
#'   If values have errors, a thin dotted line is the density of the true values, and if they are
#'   seen through a window, that of all values. (It is left out if a `sigma` is 0.)
#' * `"selection"`: the criteria of the models tried, as differences from the best: each minus
#'   its minimum. The axis shows both small and large ones (it is logarithmic in 1 plus the
#'   difference): up to 2 is not worth mentioning, above 10 is strong evidence (Kass and Raftery
#'   1995). A ring marks the chosen model (a note below says if the price of narrow components has
#'   decided, see `criterion` of [gmm1d()]). Models that are penalised or did not converge have
#'   symbols of their own. `fit$selection` has the criteria themselves.
#' * `"qq"`: the data, sorted, against the quantiles of the mixture; the m-th of
#'   n against the quantile of (m - 1/2) / n, equal values joined by a line. The
#'   grey band holds each of n values of the mixture with probability 0.95
#'   (pointwise): its limits are the 2.5 % and 97.5 % quantiles of the Beta(m,
#'   n + 1 - m) distribution of a uniform order statistic, mapped by the quantile
#'   function (David and Nagaraja 2003, chapter 2). As the mixture was fitted
#'   to these data, they should keep well inside it. (The band is cut off where it
#'   goes beyond the data by more than their range.)
#' * `"cdf"`: the empirical distribution function in steps, and that of the
#'   mixture. Of bins and rounded values it is known at their edges only, and drawn as points there.
#'   The grey band holds the true distribution function everywhere at
#'   once with probability 0.95 or more: it is `sqrt(log(2 / 0.05) / (2 n))` wide
#'   on either side (Dvoretzky, Kiefer and Wolfowitz 1956; Massart 1990).
#' * `"rootogram"`: a rootogram (Tukey 1977; Kleiber and Zeileis 2016).
#'   Bars as long as the square root of the number of values hang from the square
#'   root of the number that the mixture expects; where they end above 0, values
#'   are missing, where below, there are too many. The square root of a count has a
#'   standard deviation of about 1/2, so few should end beyond the dotted
#'   lines at -1 and 1. If more than 400 values are expected in a bar, hanging bars would be all
#'   alike; then the bars are the deviations, root of the data minus root of the mixture, and those
#'   below 0 have too few values. If all data are shown, the first and the last bar stand
#'   for all that lies beyond them, too.
#' * `"classification"`: the posterior probability of each component, and below
#'   it a histogram of narrow bars in the colours of the most probable
#'   components, divided where the most probable component changes. Bars of open bins are pale.
#' * `"uncertainty"`: 1 minus the largest posterior probability, with the same
#'   histogram.
#' * `"trace"`: how far the log-likelihood (if penalised, the penalised one) of
#'   each iteration was below that of the last, on a log scale with 0 at its lower
#'   end. There is no legend.
#' * `"radial"`: Galbraith's (1988) radial plot, for values that have errors, all of them above 0
#'   (`error` of [gmm1d()]). To the right is the precision 1 / error (the errors themselves are
#'   written above the axis), upwards the distance from a centre in errors. So each value is the
#'   slope of the line from the origin to its point, which the scale at the right reads off (of
#'   natural logarithms, such as `~ log(age)`, the scale has the numbers themselves), and all
#'   points scatter by 1 upwards and downwards. The centre is the mean of the component if there is
#'   one, otherwise the mean of the values with weights 1 / error^2; 95 % of the values whose true
#'   value is the centre lie in the grey band. Rays point to the means of the components, with a
#'   wedge from `mu - sigma` to `mu + sigma` if `sigma` is not 0.
#'
#' Where nearly all data (95 %, or all but one of ten and more) lie in less than
#' a twentieth of their range, only these and what is near them are shown, and a
#' note below the axis says how many values are outside. Give `xlim` to see
#' others.
#'
#' If the points are bins with a lower and an upper edge, the bars are the bins, and the quantiles
#' are known at the upper edges only. Nobody knows where an open bin ends: its bar is hatched, has
#' an arrow instead of an outer side, and is as wide as the mixture reaches there, so that its area
#' is its count. A note below says which share of the values is in open bins.
#'
#' The legend stands between title and plot, or above the curves if there is no room; in a small
#' panel, as with `par(mfrow = c(2, 2))`, names become shorter and letters smaller, and a legend
#' that would take more than 40 % of the plot is left out. Titles that are too long are written
#' smaller, without the number of components, then cut. All this is done again if the size changes,
#' so that [grDevices::replayPlot()], RStudio, knitr and `shiny::renderPlot()` lay out the plot for
#' the size they need.
#'
#' The nine default colours can be told apart on white, by the colour-blind, too. Lines are solid
#' as long as colours do not repeat; the tenth component has the first colour and another line type.
#' For black and white give `col = "black"`: then each component has its own line type.
#'
#' @param x A `gmm1d` fit.
#' @param type Which view: one of the words above, default `"density"`.
#' @param breaks Bars of the histogram and the rootogram: `NULL` (default: the
#'   rule of Freedman and Diaconis for the data or for a typical component,
#'   whichever gives narrower bars; of rounded values each bar holds as many steps, and its edges
#'   lie between them), a number of bars (about; 1 to 10,000), or a vector of breaks that covers the
#'   data.
#' @param col Colours: a vector, recycled; default nine colours, six of them from the palette
#'   "Okabe-Ito" of [grDevices::palette.colors()]. Of the components (`"density"`,
#'   `"classification"`, `"uncertainty"`, `"radial"`), of BIC, AIC and ICL
#'   (`"selection"`), or of the curve.
#' @param lty Line types: a vector, recycled; default solid, unless colours repeat. Of the
#'   components, of free and equal `sigma` (`"selection"`), or of the curve.
#' @param legend Draw a legend, if there is room? Default `TRUE`.
#' @param main,xlab,ylab Titles: text, or `NULL` (default) for those of the
#'   `type`.
#' @param xlim,ylim Limits: two numbers, or `NULL` (default) for those of the
#'   `type`. With `ylim`, no room is left for the legend.
#' @param cutpoints `"density"`: draw dashed lines at the [cutpoints()]? `FALSE` (default), `TRUE`,
#'   or the places: numbers, or what `cutpoints()` gives, as in
#'   `cutpoints = cutpoints(fit, specificity = 0.99)`.
#' @param rug `"density"`: draw a tick for each point at the axis? Default
#'   `FALSE`.
#' @param scale `"density"`: `"density"` (default: the bars have area 1) or `"count"` (the bars
#'   are numbers of values, and the curves what the mixture expects of them).
#' @param original Of a fit by a formula such as `~ log10(titre)`: write the numbers of the variable
#'   (`titre`) at the axis? `FALSE` (default) or `TRUE`. The axis stays that of the fit, so it is
#'   logarithmic here, densities are per unit of `log10(titre)`, and [graphics::abline()] takes
#'   logarithms. For data that range over several powers of ten fit logarithms: there is no
#'   `log = "x"`. (`"selection"`, `"trace"` and `"radial"` stay as they are.)
#' @param ... Graphics parameters for titles and axes: `sub`, `cex.main`, `las`,
#'   `cex.axis`, `mgp` and the like (see [graphics::par()]).
#'
#' @return `x`, invisibly.
#'
#' @section Errors:
#' `gmm1d_error_argument` for an unknown `type` or argument; `gmm1d_error_type`,
#' `gmm1d_error_shape`, `gmm1d_error_infinite` and `gmm1d_error_range` for
#' `breaks` and limits that are not valid. `gmm1d_error_argument` also for a radial plot of values
#' without errors, and for `original = TRUE` if there is no formula or it cannot be inverted.
#'
#' @references
#' Freedman, D. and Diaconis, P. (1981). On the histogram as a density
#' estimator: L2 theory. *Zeitschrift für Wahrscheinlichkeitstheorie und
#' verwandte Gebiete* 57, 453-476. \doi{10.1007/BF01025868}
#'
#' Dvoretzky, A., Kiefer, J. and Wolfowitz, J. (1956). Asymptotic minimax character of the sample
#' distribution function and of the classical multinomial estimator. *Annals of Mathematical
#' Statistics* 27, 642-669. \doi{10.1214/aoms/1177728174}
#'
#' David, H. A. and Nagaraja, H. N. (2003). *Order Statistics*, third edition.
#' Wiley. \doi{10.1002/0471722162}
#'
#' Galbraith, R. F. (1988). Graphical display of estimates having differing standard errors.
#' *Technometrics* 30, 271-281. \doi{10.1080/00401706.1988.10488400}
#'
#' Kass, R. E. and Raftery, A. E. (1995). Bayes factors. *Journal of the American Statistical
#' Association* 90, 773-795. \doi{10.1080/01621459.1995.10476572}
#'
#' Massart, P. (1990). The tight constant in the Dvoretzky-Kiefer-Wolfowitz
#' inequality. *Annals of Probability* 18, 1269-1283.
#' \doi{10.1214/aop/1176990746}
#'
#' Tukey, J. W. (1977). *Exploratory Data Analysis*. Addison-Wesley.
#'
#' Kleiber, C. and Zeileis, A. (2016). Visualizing count data regressions using
#' rootograms. *The American Statistician* 70, 296-303.
#' \doi{10.1080/00031305.2016.1173590}
#'
#' @concept axis in original units
#' @concept log axis
#' @concept colour-blind
#' @seealso [autoplot.gmm1d()] for ggplot2; [residuals.gmm1d()], [predict.gmm1d()]
#' @examples
#' fit <- gmm1d(~ waiting, data = faithful)
#' plot(fit)
#' plot(fit, breaks = 40, col = "black", main = "Old Faithful")
#' plot(fit, scale = "count", cutpoints = TRUE, rug = TRUE)
#'
#' # the numbers of the variable at a logarithmic axis
#' plot(gmm1d(~ log10(rivers), k = 2), original = TRUE)
#'
#' # four diagnostics on one page
#' old <- par(mfrow = c(2, 2))
#' for (type in c("cdf", "qq", "rootogram", "classification")) plot(fit, type)
#' par(old)
#' @export
plot.gmm1d <- function(x, type = c(
                         "density", "selection", "qq", "cdf", "rootogram", "uncertainty",
                         "trace", "classification", "radial"
                       ), breaks = NULL, col = NULL, lty = NULL, legend = TRUE, main = NULL,
                       xlab = NULL, ylab = NULL, xlim = NULL, ylim = NULL, cutpoints = FALSE,
                       rug = FALSE, scale = c("density", "count"), original = FALSE, ...) {
  x <- parse_fit(x, "x")
  type <- parse_choice(type, eval(formals()$type), "type")
  look <- parse_look(breaks, xlim, cutpoints, rug, scale, col, lty, legend, main, xlab, ylab, ylim,
                     parse_original(original, x))
  check_graphics(...)
  draw_type <- switch(type,
    density = plot_density,
    selection = plot_selection,
    qq = plot_qq,
    cdf = plot_cdf,
    rootogram = plot_rootogram,
    uncertainty = plot_uncertainty,
    trace = plot_trace,
    classification = plot_classification,
    radial = plot_radial
  )
  view <- view_of(type, x, look)
  draw_page(draw_type, view, x, with_titles(look, type, x, view$style), ...)
  invisible(x)
}

#' Draw a fit into a plot
#'
#' The density of the mixture, or of its components, on top of a histogram or another plot, in
#' base graphics. For ggplot2 see [autolayer.gmm1d()].
#'
#' @param x A `gmm1d` fit.
#' @param components Draw the components, too, in colours? Default `FALSE`.
#' @param scale `"density"` (default) or `"count"`, what is expected in bars of `binwidth`.
#' @param binwidth With `scale = "count"`: the width of the bars of the histogram, a number above
#'   0, in the unit of the data.
#' @param ... Graphics parameters of the mixture's line: `col`, `lwd`, `lty` (see
#'   [graphics::lines()]).
#'
#' @return `x`, invisibly. Errors as [autolayer.gmm1d()].
#' @examples
#' fit <- gmm1d(~ waiting, data = faithful)
#' hist(faithful$waiting, breaks = seq(39.5, 97.5, 2))
#' lines(fit, scale = "count", binwidth = 2, components = TRUE, lwd = 2)
#' @importFrom graphics lines
#' @export
lines.gmm1d <- function(x, components = FALSE, scale = c("density", "count"), binwidth = NULL,
                        ...) {
  x <- parse_fit(x, "x")
  components <- parse_flag(components, "components")
  unit <- parse_unit(scale, binwidth, x$n)
  curves <- curves_of(x, graphics::par("usr")[1:2])
  key <- component_key(x)
  graphics::lines(curves$x, curves$total * unit, ...)
  if (components) {
    graphics::matlines(curves$x, curves$components * unit, col = key$col, lty = key$lty,
                       lwd = 1.5)
  }
  invisible(x)
}

# The factor that scales a density to counts in bars of this width.
parse_unit <- function(scale, binwidth, n) {
  if (parse_choice(scale, c("density", "count"), "scale") == "density") return(1)
  if (is.null(binwidth)) {
    abort_gmm1d("argument", "`scale = \"count\"` needs `binwidth`, the bar width of your ",
                "histogram.")
  }
  n * parse_number(binwidth, "binwidth", above = 0)
}

# A view is what a picture shows of a fit, whatever draws it: tables of what is shown, the limits of
# x, and a note on what is not shown.
view_of <- function(type, fit, look) {
  make_view <- switch(type,
    density = density_view,
    selection = selection_view,
    qq = qq_view,
    cdf = cdf_view,
    rootogram = rootogram_view,
    uncertainty = regions_view,
    trace = trace_view,
    classification = regions_view,
    radial = radial_view
  )
  make_view(fit, look)
}

plot_density <- function(view, fit, look, ...) {
  curves <- view$curves
  others <- names(curves$others)
  key <- density_key(fit$k, look, others, part_names(fit))
  top <- view$top

  open_plot(look, key, view$xlim, c(0, top))
  draw_bars(view$bars)
  # The components lie on the mixture, thinner.
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

# Bars of a histogram. Those of open bins are hatched, have no outer side, and an arrow.
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

# Where open bins end: the inner edge, and an arrow from the middle of the bar to the outer one.
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
  # (A warning tells that an arrow is too short to be seen.)
  suppressWarnings(graphics::arrows(ends$from, ends$height / 2, ends$to, length = 0.07,
                                    col = "grey30"))
}

# The bars, the curves and the cut-points, if asked for. Counts are densities times n times the
# width of a bar. The density of values that are not seen may be much higher than what is: it is
# then cut off.
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
    bars = data.frame(left = bars$breaks[-length(bars$breaks)], right = bars$breaks[-1L],
                      height = bars$density * unit, open = open),
    curves = curves, top = top, cuts = cuts_shown(fit, look$cutpoints), xlim = xlim,
    note = outside_note(fit, look, xlim)
  )
}

# The places of the cut-points that are asked for: those of the components, or those given.
cuts_shown <- function(fit, cutpoints) {
  if (isTRUE(cutpoints)) return(cuts_of(fit)$cutpoint)
  if (isFALSE(cutpoints)) return(NULL)
  if (!is.null(cutpoints$scale) && !all(cutpoints$scale == scale_of_fit(fit))) {
    abort_gmm1d("argument", "`cutpoints` must be on the scale of the fit, not on that of `",
                cutpoints$scale[1L], "`: the plot is of ", fit$data_name, ".")
  }
  cutpoints$cutpoint
}

# Open bins have no width.
width_of <- function(bars, open) {
  widths <- diff(bars$breaks)
  if (!all(open)) widths <- widths[!open]
  if (max(widths) > min(widths) * (1 + 1e-6)) {
    abort_gmm1d("argument", "`scale = \"count\"` needs bars of equal width: change `breaks`, or ",
                "use `scale = \"density\"`.")
  }
  widths[1L]
}

# The mixture first, then the components, unless there is one and it is the mixture; then noise,
# and what is not seen.
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

# What a legend calls the mixture and its components: by their names, if nothing else is called so.
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

# The curves, on a grid that is fine enough for the narrowest component.
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

# Ticks at the axis, as long as 3 % of the height.
draw_rug <- function(points) {
  usr <- graphics::par("usr")
  graphics::segments(points$x, usr[3L], points$x, usr[3L] + 0.03 * (usr[4L] - usr[3L]), lwd = 0.5)
}
