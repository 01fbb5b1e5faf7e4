# All plots share this: a page that is drawn again at another size, and all that stands around what
# it shows.

# How the plot should look, as given by the user.
parse_look <- function(breaks = NULL, xlim = NULL, cutpoints = FALSE, rug = FALSE,
                       scale = "density", col = NULL, lty = NULL, legend = TRUE, main = NULL,
                       xlab = NULL, ylab = NULL, ylim = NULL, way = NULL) {
  list(
    breaks = breaks, xlim = parse_limits(xlim, "xlim"),
    cutpoints = parse_shown_cuts(cutpoints), rug = parse_flag(rug, "rug"),
    scale = parse_choice(scale, c("density", "count"), "scale"),
    col = col, lty = lty, legend = parse_flag(legend, "legend"), main = main, xlab = xlab,
    ylab = ylab, ylim = parse_limits(ylim, "ylim"), way = way
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

# Draws a page. What is recorded is the call and not its lines: a window of another size places
# legend, titles and labels again. An error must leave recordGraphics() first, which would otherwise
# leave the device without recording.
draw_page <- function(draw, ...) {
  graphics::plot.new()
  failed <- grDevices::recordGraphics(
    tryCatch(do.call(draw, arguments, quote = TRUE), error = identity),
    list(draw = draw, arguments = list(...)), environment(draw_page)
  )
  if (inherits(failed, "error")) stop(failed)
}

# The titles that the user gave, or else those of the view; and the way back to the variable, if
# its numbers are to stand at the axis.
with_titles <- function(look, type, fit, style = NULL) {
  name <- look$way$variable %||% fit$data_name
  look$main <- look$main %||% title_words(type, fit)
  look$xlab <- look$xlab %||% x_words(type, name)
  look$ylab <- look$ylab %||% y_words(type, name, look$scale, style)
  look
}

# Limits of y that the user does not give leave room for a legend that stands inside. A strip below
# the plot is a part of its height.
open_plot <- function(look, key, xlim, ylim, strip = 0) {
  ylim <- look$ylim %||% ylim
  bottom <- ylim[1L] - strip * diff(ylim)
  graphics::plot.window(xlim, c(bottom, ylim[2L]), yaxs = "i")
  if (is.null(look$ylim)) {
    layout <- legend_layout(key, look)
    share <- if (isTRUE(layout$is_inside)) layout$height / graphics::par("pin")[2L] else 0
    top <- bottom + (ylim[2L] - bottom) * 1.03 / (1 - share)
    graphics::plot.window(xlim, c(bottom, top), yaxs = "i")
  }
}

# Axes, box, titles, legend, note; ticks are those of R where `x_at` or `y_at` is NULL.
close_plot <- function(look, key, fit, x_at = NULL, y_at = NULL, y_labels = TRUE, note = NULL,
                       sub = NULL, ...) {
  x_labels <- TRUE
  if (is.null(x_at) && !is.null(look$way)) {
    x_at <- original_ticks(graphics::par("usr")[1:2], look$way, fit)
    x_labels <- original_labels(x_at, look$way)
  }
  if (identical(y_labels, "original")) y_labels <- original_labels(y_at, look$way)
  draw_axis(1L, x_at, x_labels, ...)
  draw_axis(2L, y_at, y_labels, ...)
  graphics::box(bty = "l")
  layout <- legend_layout(key, look)
  write_titles(look, layout, note, sub, ...)
  draw_legend(layout)
  invisible()
}

# Ticks have labels as long as these do not touch. Numbers to which R gives exponents are written as
# in print.
draw_axis <- function(side, at, labels, ...) {
  if (isTRUE(labels) && !any(c("xaxp", "yaxp", "lab") %in% names(list(...)))) {
    places <- at %||% graphics::axTicks(side)
    labels <- number_labels(places)
    if (!isTRUE(labels)) at <- places
    if (is.expression(labels)) labels[-ticks_with_room(places, labels, side)] <- expression("")
  }
  graphics::axis(side, at = at, labels = labels, gap.axis = 0.3, ...)
}

# TRUE if R writes numbers without exponents. Otherwise texts up to a million, and powers of ten
# beyond.
number_labels <- function(at) {
  if (!any(has_exponent(at))) return(TRUE)
  size <- abs(at[!is.na(at) & at != 0])
  if (max(size) < 1e7 && min(size) >= 1e-4) {
    return(format(at, trim = TRUE, scientific = FALSE, big.mark = ","))
  }
  as.expression(lapply(at, function(value) {
    if (is.na(value)) return("")
    if (value == 0) return(0)
    power <- floor(log10(abs(value)) + 1e-9)
    factor <- signif(value / 10^power, 7L)
    if (factor == 1) power_of_ten(power) else bquote(.(factor) %*% 10^.(power))
  }))
}

has_exponent <- function(numbers) {
  grepl("e", vapply(as.double(numbers[!is.na(numbers)]), format, ""), fixed = TRUE)
}

# Which labels, from the lowest up, do not touch along the axis: expressions would all be written.
ticks_with_room <- function(at, labels, side = 2L) {
  usr <- graphics::par("usr")
  inches <- if (side == 1L) graphics::par("pin")[1L] / abs(usr[2L] - usr[1L])
            else graphics::par("pin")[2L] / abs(usr[4L] - usr[3L])
  size <- 1.2 * max(graphics::strwidth(labels, "inches", cex = graphics::par("cex.axis")))
  shown <- 1L
  for (i in seq_along(at)[-1L]) {
    if ((at[i] - at[shown[length(shown)]]) * inches >= size) shown <- c(shown, i)
  }
  shown
}

power_of_ten <- function(power) bquote(10^.(power))

# Titles are as small as they must be to fit. The main one gives way to a legend in its margin. A
# note stands below the title of x, or in brackets behind it where there is no room.
write_titles <- function(look, layout, note, sub, ...) {
  mar <- graphics::par("mar")
  mgp <- list(...)$mgp %||% graphics::par("mgp")
  has_line <- mar[1L] - mgp[1L] >= 1.9 && is.null(sub)
  xlab <- look$xlab
  if (!is.null(note) && !has_line && is_one_text(xlab)) {
    xlab <- trimws(paste0(xlab, " (", note, ")"))
  }
  write_title("main", main_with_room(look$main, ...), 3L,
              if (!is.null(layout) && !layout$is_inside) max(mar[3L] - title_lines(look$main), 0),
              ...)
  write_title("xlab", xlab, 1L, NULL, ...)
  write_title("ylab", look$ylab, 2L, NULL, ...)
  if (!is.null(sub)) write_title("sub", sub, 1L, NULL, ...)
  if (!is.null(note) && has_line) write_note(note, mgp[1L] + 1)
}

# On a small page without the number of components.
main_with_room <- function(main, ...) {
  if (!is_one_text(main)) return(main)
  cex <- 0.7 * (list(...)$cex.main %||% graphics::par("cex.main"))
  if (graphics::strwidth(main, "inches", cex = cex, font = 2) <= room_along(3L)) return(main)
  sub(", [0-9]+ components?$", "", main)
}

write_title <- function(which, text, side, line, ...) {
  name <- c(main = "cex.main", xlab = "cex.lab", ylab = "cex.lab", sub = "cex.sub")[[which]]
  given <- list(...)
  cex <- given[[name]] %||% graphics::par(name)
  fitted <- text_with_room(text, room_along(side), cex, if (which == "main") 2 else 1)
  given[[name]] <- fitted$cex
  do.call(graphics::title, c(stats::setNames(list(fitted$text), which), list(line = line %||% NA),
                             given), quote = TRUE)
}

is_one_text <- function(text) is.character(text) && length(text) == 1L && !is.na(text)

# How many inches a text may have that is in the middle of an axis.
room_along <- function(side) {
  beside <- graphics::par("mai")[if (side %in% c(1L, 3L)) c(2L, 4L) else c(1L, 3L)]
  graphics::par("pin")[if (side %in% c(1L, 3L)) 1L else 2L] + 1.7 * min(beside)
}

# A text in at most this size that has room: smaller down to 0.7 of it, then cut.
text_with_room <- function(text, room, cex, font = 1) {
  width <- function(text) max(graphics::strwidth(text, "inches", cex = cex, font = font), 0)
  if (length(text) == 0L || width(text) <= room) return(list(text = text, cex = cex))
  # Some devices have fonts of certain sizes only.
  least <- 0.7 * cex
  while (width(text) > room && cex > least) cex <- max(0.97 * cex, least)
  if (is_one_text(text) && !grepl("\n", text, fixed = TRUE)) {
    kept <- nchar(text)
    while (kept > 1L && width(text) > room) {
      kept <- kept - 1L
      text <- cut_text(text, kept)
    }
  }
  list(text = text, cex = cex)
}

# At most so many characters, the last of which then stands for the rest.
cut_text <- function(text, size) {
  ifelse(nchar(text) > size, paste0(trimws(substr(text, 1L, pmax(size - 3L, 1L))), "..."), text)
}

title_lines <- function(main) {
  height <- graphics::strheight(main, "inches", cex = graphics::par("cex.main"), font = 2)
  if (length(main) == 0L || all(height == 0)) return(0)
  max(height) / graphics::par("csi") + 0.7
}

# The titles of each view.
title_words <- function(type, fit = NULL) {
  what <- c(
    density = "Gaussian mixture", selection = "Model selection", qq = "Quantiles",
    cdf = "Distribution function", rootogram = "Rootogram",
    uncertainty = "Uncertainty", trace = "EM convergence", classification = "Classification",
    radial = "Radial plot"
  )[[type]]
  if (is.null(fit) || type == "selection") what else main_of(what, fit)
}

x_words <- function(type, name) {
  switch(type, selection = "Number of components", qq = "Quantile of the mixture",
         trace = "Iteration", radial = "1 / error (above the axis: error)", name)
}

y_words <- function(type, name, scale = "density", style = NULL) {
  switch(type,
    density = words_of(scale), selection = "Difference from the best", qq = name,
    cdf = "Probability", uncertainty = "Uncertainty",
    rootogram = if (identical(style, "deviations")) "Roots: data - mixture"
                else "Root of number",
    trace = "Log-likelihood to gain", classification = "Posterior probability",
    radial = paste("Standardised", name)
  )
}

words_of <- function(scale) c(density = "Density", count = "Count")[[scale]]

main_of <- function(what, fit) paste0(what, ", ", count_of(fit$k, "component"))

# Small, in the corner below the title of x.
write_note <- function(note, line) {
  size <- graphics::par("cex")
  room <- graphics::par("pin")[1L] + graphics::par("mai")[2L]
  fitted <- text_with_room(note, room, 0.75)
  graphics::mtext(fitted$text, side = 1, line = line, adj = 1, cex = fitted$cex * size,
                  col = "grey30", las = 0)
}

# How many values limits that the user did not choose leave out, and how many are in open bins.
outside_note <- function(fit, look, xlim) {
  points <- fit$points
  outside <- sum(points$w[points$x < min(xlim) | points$x > max(xlim)])
  is_told <- is.null(look$xlim) && outside > 0
  joined_words(c(if (is_told) paste(count_of(outside, "value"), "outside"), open_words(points)))
}

joined_words <- function(words) if (length(words) > 0L) paste(words, collapse = "; ")

# The shares of the values in open bins, of which nobody knows where they end.
open_words <- function(points) {
  bounds <- bounds_of(points)
  below <- bounds$lower == -Inf & bounds$upper < Inf
  above <- bounds$upper == Inf & bounds$lower > -Inf
  share <- function(is_open) {
    paste0(format(100 * sum(points$w[is_open]) / points$n, digits = 2L), "%")
  }
  edge <- function(x) format(x, digits = 4L)
  words <- c(if (any(below)) paste(share(below), "below", edge(max(bounds$upper[below]))),
             if (any(above)) paste(share(above), "above", edge(min(bounds$lower[above]))))
  if (length(words) > 0L) paste0("open: ", toString(words))
}

# Nine colours: those of Okabe and Ito that can be seen as lines on white, and three dark ones. Any
# two differ by 16 or more in CIELAB, to the colour-blind too (by the simulation of Machado et al.
# 2009), and black is the mixture's.
nine_colours <- c("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#332288",
                  "#882255", "#661100")

colours_of <- function(k, col) rep_len(col %||% nine_colours, k)

# Lines are solid until the colours repeat; then each round has a line type of its own.
line_types_of <- function(k, lty, col = NULL) {
  if (!is.null(lty)) return(rep_len(lty, k))
  period <- if (is.null(col)) length(nine_colours) else max(length(unique(col)), 1L)
  c(1, 2, 4, 3, 5, 6)[((seq_len(k) - 1L) %/% period) %% 6L + 1L]
}

# Many bars would be nothing but borders.
bar_border <- function(bars, fill, border) if (nrow(bars) > 60L) fill else border

# Lighter colours, mixed with white, because not every device supports transparency.
tint <- function(col, share) {
  mixed <- 255 * (1 - share) + grDevices::col2rgb(col) * share
  grDevices::rgb(mixed[1L, ], mixed[2L, ], mixed[3L, ], maxColorValue = 255)
}

# Where the legend stands: between title and plot if there is room, or else in the plot, if it takes
# less than 0.4 of its height; NULL if there is none. Names become shorter before they become small;
# where all else fails, the shortest words must do.
legend_layout <- function(key, look) {
  if (!look$legend || length(key$text) < 2L) return(NULL)
  beside <- graphics::par("mai")
  pin <- graphics::par("pin")
  in_margin <- c(pin[1L] + 1.9 * min(beside[c(2L, 4L)]),
                 beside[3L] - title_lines(look$main) * graphics::par("csi"))
  for (is_inside in c(FALSE, TRUE)) {
    room <- if (is_inside) c(pin[1L], 0.4 * pin[2L]) else in_margin
    for (cex in c(0.85, 0.7)) {
      texts <- list(key$text, short_parts(key$text), cut_text(short_parts(key$text), 20L))
      for (text in c(texts, if (cex == 0.7) list(shortest_parts(key$text)))) {
        layout <- columns_with_room(key, text, cex, room)
        if (!is.null(layout)) return(c(layout, list(is_inside = is_inside)))
      }
    }
  }
  NULL
}

# In as many columns as there is room for.
columns_with_room <- function(key, text, cex, room) {
  key$text <- text
  for (columns in rev(seq_along(text))) {
    layout <- list(key = key, cex = cex, columns = columns)
    layout[c("width", "height")] <- legend_size(layout)
    if (layout$width <= room[1L]) return(if (layout$height <= room[2L]) layout)
  }
  NULL
}

# Width and height in inches.
legend_size <- function(layout) {
  usr <- graphics::par("usr")
  rect <- call_legend(layout, x = "top", plot = FALSE)$rect
  list(rect$w / abs(usr[2L] - usr[1L]) * graphics::par("pin")[1L],
       rect$h / abs(usr[4L] - usr[3L]) * graphics::par("pin")[2L])
}

draw_legend <- function(layout) {
  if (is.null(layout)) return(invisible())
  usr <- graphics::par("usr")
  if (layout$is_inside) return(call_legend(layout, x = "top"))
  call_legend(layout, x = mean(usr[1:2]), y = usr[4L], xjust = 0.5, yjust = if (usr[4L] > usr[3L]) 0
                                                                            else 1, xpd = NA)
}

# A key has text, col and lty, and perhaps lwd; where there are symbols pch, pt.cex and pt.bg.
call_legend <- function(layout, ...) {
  key <- layout$key
  symbols <- key[intersect(names(key), c("pch", "pt.cex"))]
  if (!is.null(symbols$pt.cex)) symbols$pt.cex <- symbols$pt.cex * layout$cex
  do.call(graphics::legend, c(
    list(..., legend = paste0(key$text, "  "), col = key$col, lty = key$lty, lwd = key$lwd %||% 2,
         ncol = layout$columns, bty = "n", cex = layout$cex, seg.len = 1.5, text.width = NA),
    symbols
  ))
}

# "component" stands in a legend once.
short_parts <- function(text) {
  numbered <- grepl("^component [0-9]+$", text)
  numbered[which(numbered)[1L]] <- FALSE
  ifelse(numbered, sub("component ", "", text, fixed = TRUE), text)
}

shortest_parts <- function(text) {
  text <- sub("^component ([0-9]+)$", "\\1", text)
  sub("^(free|equal) sigma$", "\\1", sub("^chosen by (BIC|AIC|ICL)$", "chosen", text))
}
