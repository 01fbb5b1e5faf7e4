#' Plot a fit
#'
#' Nine views of a fit. All are drawn from the weighted points in the fit, so they need no data, and
#' a billion values take no longer than twenty. If a window changes its size, the plot is laid out
#' again, with its legend and labels.
#'
#' @details
#' * `"density"`: a histogram of the data on the density scale, the mixture as a thick line, and
#'   thinner lines on it for the components times their `lambda` and for the noise, if any, all as
#'   they are observed. If values have errors, a thin dotted line is the density of the true values;
#'   if they were seen through a window, of all values. (It is omitted if a `sigma` is 0.)
#' * `"selection"`: the criteria of the models tried, as differences from the smallest value of each
#'   criterion. The axis shows both small and large differences (it is logarithmic in 1 plus the
#'   difference). Differences up to 2 are not worth mentioning, above 10 they are strong evidence
#'   (Kass and Raftery 1995). A ring marks the chosen model; a note says if the price of narrow
#'   components has decided (see *How k is chosen* in [gmm1d()]). Models that are penalised or did
#'   not converge have symbols of their own. `fit$selection` has the criteria themselves.
#' * `"qq"`: the sorted data against the quantiles of the mixture, the m-th of n values against the
#'   quantile of (m - 1/2) / n. Equal values are joined by a line. The grey band is a pointwise 95 %
#'   envelope: it contains each of n sorted values of the mixture with probability 0.95. Its limits
#'   are the 2.5 % and 97.5 % quantiles of the Beta(m, n + 1 - m) distribution of a uniform order
#'   statistic, mapped by the quantile function (David and Nagaraja 2003, chapter 2). Because the
#'   mixture was fitted to these data, they should lie well inside. (The band is cut off if it
#'   extends beyond the data by more than their range.)
#' * `"cdf"`: the empirical distribution function as steps, and that of the mixture. For bins and
#'   rounded values it is known only at their edges, and drawn as points there. The grey band
#'   contains the whole true distribution function with probability 0.95 or more: it extends
#'   `sqrt(log(2 / 0.05) / (2 n))` to either side (Dvoretzky, Kiefer and Wolfowitz 1956; Massart
#'   1990).
#' * `"rootogram"`: a rootogram (Tukey 1977; Kleiber and Zeileis 2016). Bars as long as the square
#'   root of the number of values hang from the square root of the number that the mixture expects.
#'   If a bar ends above 0, there are too few values; if it ends below, too many. The square root of
#'   a count has a standard deviation of about 1/2, so few bars should end beyond the dotted lines
#'   at -1 and 1. If more than 400 values are expected in a bar, all hanging bars would look alike;
#'   the bars then show the deviations, root of the data minus root of the mixture, and those below
#'   0 have too few values. If all data are shown, the first and the last bar include everything
#'   beyond them.
#' * `"classification"`: the posterior probability of each component, and below
#'   it a histogram of narrow bars in the colours of the most probable
#'   components, divided where the most probable component changes. Bars of open bins are pale.
#' * `"uncertainty"`: 1 minus the largest posterior probability, with the same
#'   histogram.
#' * `"trace"`: how far the (penalised, if the fit is) log-likelihood of each iteration was below
#'   that of the last, on a log scale with 0 at its lower end. There is no legend.
#' * `"radial"`: Galbraith's (1988) radial plot, for values with errors that are all above 0
#'   (`error` of [gmm1d()]). The x axis is the precision 1 / error, with the errors themselves above
#'   the axis; the y axis is the distance from a centre in errors. The slope of the line from the
#'   origin to a point is therefore the value, which the scale on the right shows (for natural
#'   logarithms, such as `~ log(age)`, as the numbers themselves), and all points scatter with a
#'   standard deviation of 1 in the y direction. The centre is the mean of the component if there is
#'   only one, otherwise the mean of the values with weights 1 / error^2. The grey band contains
#'   95 % of the values whose true value is the centre. Rays point to the means of the components,
#'   with a wedge from `mu - sigma` to `mu + sigma` if `sigma` is not 0.
#'
#' If nearly all data (95 %, or all but one of ten or more) lie within less than 5 % of their range,
#' the plot is limited to these and their surroundings, and a note below the axis says how many
#' values are outside. Use `xlim` to see others.
#'
#' For bins, the bars are the bins, and the quantiles are known at the upper edges only. The outer
#' end of an open bin is unknown: its bar is hatched, has an arrow instead of an outer side, and
#' extends as far as the mixture does, so that its area is its count. A note gives the share of the
#' values in open bins.
#'
#' The legend is placed between title and plot, or above the curves if there is no room. In a small
#' panel, as with `par(mfrow = c(2, 2))`, names are shortened and letters shrink; a legend that
#' would take more than 40 % of the plot is omitted. Titles that are too long shrink, lose the
#' number of components, and are then cut. All this is repeated if the size changes, so
#' [grDevices::replayPlot()], RStudio, knitr and `shiny::renderPlot()` lay out the plot for the
#' size they need.
#'
#' The nine default colours can be told apart on white, also by the colour-blind. Lines are solid
#' until colours repeat: the tenth component has the first colour and another line type. For black
#' and white use `col = "black"`; each component then has its own line type.
#'
#' @param x A `gmm1d` fit.
#' @param type Which view: one of the words above, default `"density"`.
#' @param breaks Bars of the histogram and the rootogram: `NULL` (default: the
#'   rule of Freedman and Diaconis for the data or for a typical component,
#'   whichever gives narrower bars; for rounded values, all bars contain the same number of rounding
#'   steps, with edges between them), an approximate number of bars (1 to 10,000), or a vector of
#'   breaks that covers the data.
#' @param col Colours of the components (`"density"`, `"classification"`, `"uncertainty"`,
#'   `"radial"`), of BIC, AIC and ICL (`"selection"`), or of the curve: a vector, recycled; default
#'   nine colours, six of them from the palette "Okabe-Ito" of [grDevices::palette.colors()].
#' @param lty Line types of the components, of free and equal `sigma` (`"selection"`), or of the
#'   curve: a vector, recycled; default solid, unless colours repeat.
#' @param legend Draw a legend, if there is room? Default `TRUE`.
#' @param main,xlab,ylab Titles: text, or `NULL` (default) for those of the
#'   `type`.
#' @param xlim,ylim Limits: two numbers, or `NULL` (default) for those of the
#'   `type`. With `ylim`, no room is left for the legend.
#' @param cutpoints `"density"`: draw dashed lines at the [cutpoints()]? `FALSE` (default), `TRUE`,
#'   or the places: numbers, or a result of `cutpoints()`, as in
#'   `cutpoints = cutpoints(fit, specificity = 0.99)`.
#' @param rug `"density"`: draw a tick for each point at the axis? Default
#'   `FALSE`.
#' @param scale `"density"`: `"density"` (default: the bars have area 1) or `"count"` (the bars
#'   are numbers of values, and the curves are the numbers that the mixture expects).
#' @param original For a fit by a formula such as `~ log10(titre)`: label the axis with the values
#'   of the variable (`titre`)? `FALSE` (default) or `TRUE`. The axis itself stays on the scale of
#'   the fit: here it is logarithmic, densities are per unit of `log10(titre)`, and
#'   [graphics::abline()] takes logarithms. There is no `log = "x"`; if data range over several
#'   powers of ten, fit their logarithms. (`"selection"`, `"trace"` and `"radial"` do not change.)
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
#' # the values of the variable on a logarithmic axis
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
#' Draws the density of the mixture, and optionally of its components, over a histogram or another
#' plot of base graphics. For ggplot2 see [autolayer.gmm1d()].
#'
#' @param x A `gmm1d` fit.
#' @param components Also draw the components, in colours? Default `FALSE`.
#' @param scale `"density"` (default) or `"count"`, the expected numbers in bars of `binwidth`.
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

# A view contains all that a plot of a fit shows, independently of what draws it: tables, the limits
# of x, and a note on what is not shown.
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
