# What all plots of ggplot2 share: theme, scales, titles, bars, lines and legends.

# Puts the legend in rows above the panel, and lets titles be as wide as the plot.
small_theme <- function() {
  ggplot2::theme(
    legend.position = "top", legend.justification = "left", legend.box = "vertical",
    legend.box.just = "left", legend.margin = ggplot2::margin(), legend.spacing.y = lines_of(0.2),
    legend.key.width = lines_of(1.2), legend.key.height = lines_of(0.9),
    legend.text = ggplot2::element_text(size = ggplot2::rel(0.75)),
    legend.title = ggplot2::element_text(size = ggplot2::rel(0.8)),
    plot.title = ggplot2::element_text(size = ggplot2::rel(1.05)),
    plot.subtitle = ggplot2::element_text(size = ggplot2::rel(0.8)),
    plot.title.position = "plot", plot.caption.position = "plot",
    # The last label of x has room at the right.
    plot.margin = ggplot2::margin(5.5, 11, 5.5, 5.5)
  )
}

lines_of <- function(n) ggplot2::unit(n, "lines")

# Ticks at round numbers of the variable.
original_scales <- function(type, panels, way) {
  if (is.null(way) || type %in% types_without_data) return(NULL)
  breaks <- function(limits) {
    if (anyNA(limits)) numeric() else original_ticks(limits, way, panels$fits[[1L]])
  }
  labels <- function(at) ifelse(is.na(at), NA, original_labels(at, way))
  list(
    ggplot2::scale_x_continuous(breaks = breaks, labels = labels, minor_breaks = NULL),
    if (type == "qq") {
      ggplot2::scale_y_continuous(breaks = breaks, labels = labels, minor_breaks = NULL)
    }
  )
}

# Writes numbers that R would write with exponents in full, or as powers of ten.
large_number_scales <- function(type, panels, way) {
  if (!is.null(way) || type %in% types_without_data) return(NULL)
  are_large <- function(limits) any(vapply(limits, function(x) any(has_exponent(pretty(x))), NA))
  labels <- function(at) {
    text <- number_labels(at)
    if (isTRUE(text)) format(at, trim = TRUE) else text
  }
  list(
    if (are_large(lapply(panels$views, `[[`, "xlim"))) {
      ggplot2::scale_x_continuous(labels = labels)
    },
    if (type == "density" && are_large(lapply(panels$views, function(view) c(0, view$top))) ||
          type == "qq" && are_large(lapply(panels$views, `[[`, "ylim"))) {
      ggplot2::scale_y_continuous(labels = labels)
    }
  )
}

# These views have no axis of the variable, or one of their own.
types_without_data <- c("selection", "trace", "radial")

titles_of <- function(look) {
  short <- function(text, size) if (is.character(text)) cut_text(text, size) else text
  ggplot2::labs(title = look$main, x = short(look$xlab, 40L), y = short(look$ylab, 24L))
}

caption <- function(text) {
  if (!is.null(text)) ggplot2::labs(caption = paste(strwrap(text, 50L), collapse = "\n"))
}

# Says how many data sets are not shown.
left_out_words <- function(fits) {
  failed <- sum(!has_fit(fits))
  if (failed > 0L) paste(count_of(failed, "data set"), "without a fit not shown")
}

# Draws bars. If they are many or narrow, borders would cover them.
bar_layer <- function(bars) {
  width <- bars$.right - bars$.left
  is_narrow <- any(width < sum(width) / 70)
  ggplot2::geom_rect(ggplot2::aes(xmin = .data$.left, xmax = .data$.right, ymin = 0,
                                  ymax = .data$.height), bars, fill = "grey75",
                     colour = if (is_narrow) "grey75" else bar_border(bars, "grey75", "white"),
                     linewidth = 0.3)
}

# Draws lines in the colours of a key, and in its line types if the colours repeat.
line_layer <- function(rows, key, ...) {
  has_types <- length(unique(key$lty[key$text %in% rows$.part])) > 1L
  mapping <- if (has_types) {
    ggplot2::aes(.data$.x, .data$.y, colour = .data$.part, linetype = .data$.part)
  } else {
    ggplot2::aes(.data$.x, .data$.y, colour = .data$.part)
  }
  ggplot2::geom_line(mapping, rows, ...)
}

cut_layer <- function(cuts) {
  ggplot2::geom_vline(ggplot2::aes(xintercept = .data$.x), cuts, linetype = 2, colour = "grey40")
}

# The colours of a key, with one legend that also shows the line types and widths. A colour scale
# that the user adds replaces it.
key_scales <- function(key) {
  list(
    ggplot2::scale_colour_manual(values = stats::setNames(key$col, key$text), breaks = key$text,
                                 labels = legend_text(key), guide = legend_of(key)),
    if (length(unique(key$lty)) > 1L) {
      ggplot2::scale_linetype_manual(values = stats::setNames(key$lty, key$text), guide = "none")
    },
    ggplot2::labs(colour = NULL)
  )
}

legend_text <- function(key) cut_text(short_parts(key$text), 28L)

# A legend that is no wider than a small picture; none for a single entry.
legend_of <- function(key) {
  if (length(key$text) == 1L) return("none")
  ggplot2::guide_legend(
    nrow = rows_of_legend(nchar(legend_text(key)) + 5L),
    override.aes = if (is.null(key$lty)) list() else {
      list(linetype = key$lty, linewidth = 0.4 * (key$lwd %||% rep(2, length(key$text))))
    }
  )
}

# The smallest number of rows for which the legend has room in a small picture. `width` is that of
# the entries in characters; they fill column by column.
rows_of_legend <- function(width, room = 34L) {
  count <- length(width)
  for (rows in seq_len(count)) {
    if (sum(tapply(width, (seq_len(count) - 1L) %/% rows, max)) <= room) return(rows)
  }
  count
}
