# All plots share this: an empty plot with room for its legend, and all that stands around it.

# How the plot should look, as given by the user.
parse_look <- function(breaks = NULL, xlim = NULL, cutpoints = FALSE, rug = FALSE,
                       scale = "density", col = NULL, lty = NULL, legend = TRUE, main = NULL,
                       xlab = NULL, ylab = NULL, ylim = NULL) {
  list(
    breaks = breaks, xlim = parse_limits(xlim, "xlim"),
    cutpoints = parse_shown_cuts(cutpoints), rug = parse_flag(rug, "rug"),
    scale = parse_choice(scale, c("density", "count"), "scale"),
    col = col, lty = lty, legend = parse_flag(legend, "legend"), main = main, xlab = xlab,
    ylab = ylab, ylim = parse_limits(ylim, "ylim")
  )
}

# TRUE, FALSE, or a list of the places of cut-points and, if it is known, their scale.
parse_shown_cuts <- function(cutpoints) {
  if (is.numeric(cutpoints) && !is.object(cutpoints)) cutpoints <- list(cutpoint = cutpoints)
  if (!is.list(cutpoints)) return(parse_flag(cutpoints, "cutpoints"))
  if (is.null(cutpoints[["cutpoint"]])) {
    abort_gmm1d("argument", "`cutpoints` must be TRUE, FALSE, numbers, or the result of ",
                "`cutpoints()`; it has no column `cutpoint`.")
  }
  places <- parse_numbers(cutpoints[["cutpoint"]], "cutpoints")
  list(cutpoint = places[is.finite(places)], scale = cutpoints[["scale"]])
}

parse_limits <- function(limits, name) {
  if (is.null(limits)) return(NULL)
  limits <- parse_numbers(limits, name)
  if (length(limits) != 2L) {
    abort_gmm1d("shape", "`", name, "` must be two numbers, not ",
                count_of(length(limits), "number"), ".")
  }
  check_each(is.finite(limits), limits, name, "be finite", "infinite")
  if (limits[1L] == limits[2L]) {
    abort_gmm1d("range", "`", name, "` must be two different numbers, not ", format(limits[1L]),
                " twice.")
  }
  limits
}

# The graphics parameters of axes and titles, those that can be given in a call; `arguments` are
# those that the method has beside them.
check_graphics <- function(..., arguments = names(formals(plot.gmm1d))) {
  of_text <- outer(c("cex", "col", "font"), c("axis", "lab", "main", "sub"), paste, sep = ".")
  known <- c(of_text, "sub", "adj", "family", "fg", "lab", "las", "mgp", "tck", "tcl", "xaxp",
             "xaxt", "yaxp", "yaxt")
  given <- rlang::names2(list(...))
  if (all(given %in% known)) return(invisible())
  abort_unknown(given[!given %in% known][1L],
                setdiff(arguments, c("x", "...")))
}

# Limits of y that the user does not give leave room for the legend above them. A strip below
# the plot is a part of its height.
open_plot <- function(look, key, xlim, ylim, strip = 0) {
  ylim <- look$ylim %||% ylim
  bottom <- ylim[1L] - strip * diff(ylim)
  graphics::plot.new()
  graphics::plot.window(xlim, c(bottom, ylim[2L]), yaxs = "i")
  if (is.null(look$ylim)) {
    share <- if (look$legend) min(legend_layout(key)$height, 0.7) else 0
    top <- bottom + (ylim[2L] - bottom) * 1.03 / (1 - share)
    graphics::plot.window(xlim, c(bottom, top), yaxs = "i")
  }
}

# Axes, box, titles, legend. The titles are those that the user gave, or the ones here; ticks are
# those of R where `x_at` or `y_at` is NULL.
close_plot <- function(look, key, fit, type, x_at = NULL, y_at = NULL,
                       y_labels = TRUE, note = NULL, sub = NULL, ...) {
  # Ticks have labels as long as these do not touch.
  graphics::axis(1, at = x_at, gap.axis = 0.25, ...)
  graphics::axis(2, at = y_at, labels = y_labels, gap.axis = 0.25, ...)
  graphics::box(bty = "l")
  graphics::title(look$main %||% title_words(type, fit), sub,
                  look$xlab %||% x_words(type, fit$data_name),
                  look$ylab %||% y_words(type, fit$data_name, look$scale), ...)
  if (look$legend && !is.null(key)) draw_legend(key, legend_layout(key))
  if (!is.null(note)) write_note(note)
}

# The titles of each view.
title_words <- function(type, fit = NULL) {
  what <- c(
    density = "Gaussian mixture", selection = "Models tried", qq = "Quantiles",
    cdf = "Distribution function", rootogram = "Hanging rootogram",
    uncertainty = "Uncertainty", trace = "Last climb", classification = "Classification",
    radial = "Radial plot"
  )[[type]]
  if (is.null(fit) || type == "selection") what else main_of(what, fit)
}

x_words <- function(type, name) {
  switch(type, selection = "Number of components", qq = "Quantile of the mixture",
         trace = "Iteration", radial = "Precision, 1 / error (above the axis: the error)", name)
}

y_words <- function(type, name, scale = "density") {
  switch(type,
    density = words_of(scale), selection = "Criterion (smaller is better)", qq = name,
    cdf = "Probability", rootogram = "Square root of number", uncertainty = "Uncertainty",
    trace = "Log-likelihood below the last", classification = "Posterior probability",
    radial = paste("Standardised", name)
  )
}

words_of <- function(scale) c(density = "Density", count = "Count")[[scale]]

main_of <- function(what, fit) paste0(what, ", ", count_of(fit$k, "component"))

# Small, in the corner below the axis.
write_note <- function(note) {
  line <- min(graphics::par("mgp")[1L] + 1, graphics::par("mar")[1L] - 1)
  graphics::mtext(note, side = 1, line = line, adj = 1, cex = 0.75 * graphics::par("cex"),
                  col = "grey30", las = 0)
}

# How many values limits that the user did not choose leave out.
outside_note <- function(fit, look, xlim) {
  if (!is.null(look$xlim)) return(NULL)
  points <- fit$points
  outside <- sum(points$w[points$x < min(xlim) | points$x > max(xlim)])
  if (outside > 0) paste(count_of(outside, "value"), "outside")
}

# Black is the mixture's, and the yellow of the palette is too light for a line. Six colours
# and five line types: components differ up to the thirtieth.
colours_of <- function(k, col) {
  rep_len(col %||% unname(grDevices::palette.colors(9L, "Okabe-Ito")[c(6, 7, 4, 8, 2, 3)]), k)
}

line_types_of <- function(k, lty) rep_len(lty %||% c(2, 4, 3, 5, 6), k)

# Lighter colours, mixed with white, because not every device supports transparency.
tint <- function(col, share) {
  mixed <- 255 * (1 - share) + grDevices::col2rgb(col) * share
  grDevices::rgb(mixed[1L, ], mixed[2L, ], mixed[3L, ], maxColorValue = 255)
}

# The size of a legend that takes at most half of the height, in as many columns as fit.
legend_layout <- function(key) {
  usr <- graphics::par("usr")
  for (cex in c(0.85, 0.7, 0.55)) {
    columns <- min(length(key$text), 4L)
    size <- function() draw_legend(key, list(cex = cex, columns = columns), plot = FALSE)$rect
    while (columns > 1L && size()$w > abs(usr[2L] - usr[1L])) columns <- columns - 1L
    height <- size()$h / abs(usr[4L] - usr[3L])
    if (height <= 0.5) break
  }
  list(cex = cex, columns = columns, height = height)
}

# A key has text, col and lty, and perhaps lwd; where there are symbols pch, pt.cex and pt.bg.
draw_legend <- function(key, layout, plot = TRUE) {
  symbols <- key[intersect(names(key), c("pch", "pt.cex"))]
  do.call(graphics::legend, c(
    list("top", legend = key$text, col = key$col, lty = key$lty, lwd = key$lwd %||% 2,
         ncol = layout$columns,
         bty = "n", cex = layout$cex, seg.len = 2.5, plot = plot),
    symbols
  ))
}
