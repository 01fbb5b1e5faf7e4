# The views of plot() as layers of ggplot2.

draw_layers <- function(type, panels, look) {
  layers <- switch(type,
    density = density_layers,
    selection = selection_layers,
    qq = qq_layers,
    cdf = cdf_layers,
    rootogram = rootogram_layers,
    uncertainty = uncertainty_layers,
    trace = trace_layers,
    classification = classification_layers,
    radial = radial_layers
  )
  plot <- ggplot2::ggplot() + layers(panels, look) + original_scales(type, panels, look$way) +
    large_number_scales(type, panels, look$way) + small_theme()
  if (is.null(look$xlim)) plot else plot + ggplot2::coord_cartesian(xlim = range(look$xlim))
}

density_layers <- function(panels, look) {
  bars <- panel_rows(panels, function(view, fit) view$bars)
  ends <- panel_rows(panels, function(view, fit) open_ends(view$bars))
  text <- panel_part_names(panels)
  curves <- panel_rows(panels, function(view, fit) curve_rows(view$curves, text))
  others <- unique(unlist(lapply(panels$views, function(view) names(view$curves$others))))
  key <- density_key(length(text) - 1L, look, others, text)
  kind <- ifelse(curves$.part == "mixture", "mixture",
                 ifelse(curves$.part %in% setdiff(others, "noise"), "hidden", "part"))
  list(
    bar_layer(bars[!bars$.open, ]),
    open_layers(bars[bars$.open, ], ends),
    line_layer(curves[kind == "mixture", ], key, linewidth = if ("part" %in% kind) 1.2 else 0.8,
               show.legend = FALSE),
    line_layer(curves[kind == "part", ], key, linewidth = 0.6),
    if ("hidden" %in% kind) {
      line_layer(curves[kind == "hidden", ], key, linewidth = 0.4, linetype = 3, na.rm = TRUE,
                 show.legend = FALSE)
    },
    key_scales(key),
    if (!isFALSE(look$cutpoints)) {
      cut_layer(panel_rows(panels, function(view, fit) {
        list(x = view$cuts[view$cuts >= min(view$xlim) & view$cuts <= max(view$xlim)])
      }))
    },
    if (look$rug) {
      ticks <- panel_rows(panels, function(view, fit) list(x = fit$points$x))
      ggplot2::geom_rug(ggplot2::aes(.data$.x), ticks, sides = "b", linewidth = 0.2)
    }
  )
}

# Draws open bins pale, with an arrow instead of an outer side.
open_layers <- function(bars, ends) {
  if (nrow(bars) == 0L) return(NULL)
  list(
    ggplot2::geom_rect(ggplot2::aes(xmin = .data$.left, xmax = .data$.right, ymin = 0,
                                    ymax = .data$.height), bars, fill = "grey75", alpha = 0.4),
    ggplot2::geom_segment(ggplot2::aes(.data$.inner, 0, xend = .data$.inner,
                                       yend = .data$.height), ends, colour = "grey50",
                          linewidth = 0.3),
    ggplot2::geom_segment(ggplot2::aes(.data$.left, .data$.height, xend = .data$.right,
                                       yend = .data$.height), bars, colour = "grey50",
                          linewidth = 0.3),
    ggplot2::geom_segment(ggplot2::aes(.data$.from, .data$.height / 2, xend = .data$.to,
                                       yend = .data$.height / 2), ends, colour = "grey30",
                          arrow = ggplot2::arrow(length = lines_of(0.4)), linewidth = 0.4)
  )
}

# The mixture, its components and any other curves, stacked.
curve_rows <- function(curves, names_of_parts, unit = 1) {
  parts <- curves$components
  others <- curves$others
  colnames(parts) <- names_of_parts[seq_len(ncol(parts)) + 1L]
  if (!has_parts(ncol(parts), names(others))) parts <- NULL
  parts <- cbind(mixture = curves$total, parts) * unit
  if (length(others) > 0L) parts <- cbind(parts, do.call(cbind, others))
  text <- colnames(parts)
  data.frame(x = curves$x, y = as.vector(parts), part = factor(rep(text, each = nrow(parts)), text))
}

qq_layers <- function(panels, look) {
  shown <- function(rows, xlim) rows[rows$x >= min(xlim) & rows$x <= max(xlim), ]
  band <- panel_rows(panels, function(view, fit) shown(view$band, view$xlim))
  pairs <- panel_rows(panels, function(view, fit) shown(view$pairs, view$xlim))
  list(
    ggplot2::geom_ribbon(ggplot2::aes(.data$.x, ymin = .data$.lower, ymax = .data$.upper),
                         band, fill = "grey80"),
    ggplot2::geom_linerange(ggplot2::aes(xmin = .data$.from, xmax = .data$.to, y = .data$.y),
                            pairs, linewidth = 0.8),
    ggplot2::geom_point(ggplot2::aes(.data$.x, .data$.y), pairs, size = 0.8),
    # The line lies on the data, which would hide it if there are many.
    ggplot2::geom_abline(slope = 1, intercept = 0, colour = colours_of(1L, NULL),
                         linewidth = 0.6),
    ggplot2::labs(subtitle = "Grey: pointwise 95% envelope of the mixture")
  )
}

cdf_layers <- function(panels, look) {
  clipped <- function(rows, xlim) {
    limits <- padded(xlim)
    rows$x <- pmin(pmax(rows$x, limits[1L]), limits[2L])
    rows
  }
  rows_of <- function(at_edges) {
    panel_rows(panels, function(view, fit) {
      rows <- clipped(view$data[rep(view$at_edges == at_edges, nrow(view$data)), ], view$xlim)
      cbind(rows, part = rep("data", nrow(rows)))
    })
  }
  steps <- rows_of(FALSE)
  edges <- rows_of(TRUE)
  curve <- panel_rows(panels, function(view, fit) {
    data.frame(clipped(view$curve, view$xlim), part = "mixture")
  })
  key <- list(text = c("data", "mixture"), col = c("black", colours_of(1L, NULL)), lty = c(1, 1),
              lwd = c(1, 3))
  at <- ggplot2::aes(.data$.x, .data$.p, colour = .data$.part)
  band <- ggplot2::aes(.data$.x, ymin = .data$.lower, ymax = .data$.upper)
  list(
    if (nrow(steps) > 0L) ggplot2::geom_ribbon(band, steps, fill = "grey80"),
    if (nrow(edges) > 0L) ggplot2::geom_linerange(band, edges, colour = "grey80", linewidth = 1.6),
    ggplot2::geom_line(at, curve, linewidth = 1.2),
    if (nrow(steps) > 0L) ggplot2::geom_path(at, steps, linewidth = 0.5),
    if (nrow(edges) > 0L) {
      ggplot2::geom_point(at, edges, size = if (nrow(edges) > 40L) 0.5 else 1,
                          show.legend = FALSE)
    },
    key_scales(key),
    ggplot2::labs(subtitle = "Grey: simultaneous 95% band of the data")
  )
}

# If one panel shows deviations, all do.
rootogram_layers <- function(panels, look) {
  bars <- panel_rows(panels, function(view, fit) {
    cbind(view$bars, hangs = view$style == "hanging")
  })
  hangs <- all(bars$.hangs)
  if (!hangs) {
    bars$.top <- sqrt(bars$.observed) - bars$.expected
    bars$.bottom <- 0
  }
  bar <- function(rows, ...) {
    ggplot2::geom_rect(ggplot2::aes(xmin = .data$.left, xmax = .data$.right,
                                    ymin = .data$.bottom, ymax = .data$.top), rows, ...)
  }
  list(
    bar(bars[!bars$.open, ], fill = "grey80", colour = "grey55", linewidth = 0.3),
    if (any(bars$.open)) {
      bar(bars[bars$.open, ], fill = NA, colour = "grey55", linetype = 2, linewidth = 0.3)
    },
    ggplot2::geom_hline(yintercept = 0),
    ggplot2::geom_hline(yintercept = c(-1, 1), linetype = 3),
    if (hangs) {
      list(
        ggplot2::geom_line(ggplot2::aes(.data$.middle, .data$.expected), bars,
                           colour = colours_of(1L, NULL), linewidth = 0.8),
        if (max(vapply(panels$views, function(view) nrow(view$bars), 1L)) <= 40L) {
          ggplot2::geom_point(ggplot2::aes(.data$.middle, .data$.expected), bars,
                              colour = colours_of(1L, NULL), size = 1)
        }
      )
    },
    ggplot2::labs(subtitle = if (hangs) "Bars: data, hanging from the curve of the mixture"
                  else "Bars: data minus mixture")
  )
}

trace_layers <- function(panels, look) {
  rows <- panel_rows(panels, function(view, fit) {
    list(iteration = seq_along(view$gaps) - 1, gap = view$gaps, has_steps = length(view$gaps) > 1L)
  })
  axis <- trace_axis(rows$.gap)
  rows$.height <- ifelse(rows$.gap > 0, rows$.gap, axis$zero)
  list(
    ggplot2::geom_line(ggplot2::aes(.data$.iteration, .data$.height), rows[rows$.has_steps, ],
                       colour = colours_of(1L, NULL)),
    ggplot2::geom_point(ggplot2::aes(.data$.iteration, .data$.height, shape = .data$.gap > 0),
                        rows, colour = colours_of(1L, NULL), fill = "white"),
    ggplot2::scale_shape_manual(values = c("TRUE" = 16, "FALSE" = 21), guide = "none"),
    ggplot2::scale_x_continuous(breaks = function(limits) whole_numbers(pretty(limits))),
    ggplot2::scale_y_log10(breaks = c(axis$zero, 10^axis$ticks),
                           labels = axis$labels)
  )
}

selection_layers <- function(panels, look) {
  models <- panel_rows(panels, function(view, fit) view$models)
  col <- stats::setNames(colours_of(3L, NULL), criteria)
  both <- length(unique(models$.variance)) > 1L
  lines <- if (length(unique(models$.k)) > 1L) models else models[0L, ]
  axis <- difference_axis(models$.difference)
  shapes <- ggplot2::guide_legend(order = 1, override.aes = list(
    shape = symbol_of(criteria, if ("free" %in% models$.variance) "free" else "equal")
  ))
  list(
    ggplot2::geom_line(ggplot2::aes(
      .data$.k, .data$.height, colour = .data$.criterion, linetype = .data$.variance,
      group = interaction(.data$.criterion, .data$.variance)
    ), lines, linewidth = 0.8),
    ggplot2::geom_point(ggplot2::aes(.data$.k, .data$.height, colour = .data$.criterion,
                                     shape = .data$.pch), models, size = 2, stroke = 1),
    ggplot2::geom_point(ggplot2::aes(.data$.k, .data$.height), models[models$.chosen, ], size = 5,
                        shape = 1, stroke = 1),
    ggplot2::scale_colour_manual(values = col, breaks = criteria, guide = shapes),
    ggplot2::scale_linetype_manual(
      values = c(free = 1, equal = 2), breaks = c("free", "equal"),
      labels = c("free sigma", "equal sigma"),
      # Thin lines, of which more than one dash is seen.
      guide = if (both) ggplot2::guide_legend(override.aes = list(linewidth = 0.4)) else "none"
    ),
    ggplot2::scale_shape_identity(),
    ggplot2::scale_x_continuous(breaks = unique(models$.k), minor_breaks = NULL),
    ggplot2::scale_y_continuous(breaks = axis$at, labels = axis$labels, minor_breaks = NULL),
    ggplot2::expand_limits(y = axis$limits * c(0.5, 1)),  # ggplot2 adds to them
    ggplot2::labs(colour = NULL, linetype = NULL),
    caption(selection_words(panels$views))
  )
}

# Explains the symbols.
selection_words <- function(views) {
  models <- do.call(rbind, lapply(views, `[[`, "models"))
  toString(c(paste("ring: chosen by", views[[1L]]$criterion),
             if (any(vapply(views, `[[`, NA, "has_price"))) "with the price of narrow components",
             if (3 %in% models$pch) "+ penalised",
             if (4 %in% models$pch) "\u00d7 not converged"))
}

classification_layers <- function(panels, look) {
  key <- component_key(largest_mixture(panels))
  rows <- panel_rows(panels, function(view, fit) {
    data.frame(x = view$x, y = as.vector(view$posterior),
               part = rep(key$text[seq_len(fit$k)], each = length(view$x)))
  })
  rows$.part <- factor(rows$.part, key$text)
  list(
    strip_layers(panels, 1, guide = "none"),
    line_layer(rows, key, linewidth = 0.8),
    key_scales(key),
    ggplot2::scale_y_continuous(breaks = seq(0, 1, 0.25))
  )
}

uncertainty_layers <- function(panels, look) {
  text <- panel_part_names(panels)[-1L]
  rows <- panel_rows(panels, function(view, fit) {
    parts <- Map(function(from, to, component) {
      x <- grid_of(fit, c(from, to))
      data.frame(x, p = classified(x, typically_seen(fit))$uncertainty,
                 part = text[component], region = from)
    }, view$regions$from, view$regions$to, view$regions$component)
    do.call(rbind, parts)
  })
  top <- max(rows$.p, 0.5)
  list(
    strip_layers(panels, top, guide = "legend"),
    ggplot2::geom_ribbon(ggplot2::aes(.data$.x, ymin = 0, ymax = .data$.p, fill = .data$.part,
                                      group = .data$.region), rows, alpha = 0.5),
    ggplot2::geom_line(ggplot2::aes(.data$.x, .data$.p), rows),
    ggplot2::scale_y_continuous(breaks = function(limits) ticks_from(c(0, limits[2L])))
  )
}

# Draws the data in the colours of the most probable components, below a plot of height `top`. Bars
# of open bins are pale.
strip_layers <- function(panels, top, guide) {
  bars <- panel_rows(panels, function(view, fit) view$bars)
  cuts <- panel_rows(panels, function(view, fit) list(x = view$regions$from[-1L]))
  key <- component_key(largest_mixture(panels))
  bars$.part <- factor(key$text[bars$.component], key$text)
  # The legend has only those that are seen.
  regions <- unlist(lapply(panels$views, function(view) view$regions$component))
  key <- lapply(key, `[`, sort(unique(regions)))
  bottom <- strip_bottom(c(0, top))
  part_of_strip <- function(bars, ...) {
    ggplot2::geom_rect(ggplot2::aes(xmin = .data$.left, xmax = .data$.right, ymin = bottom,
                                    ymax = bottom + 0.2 * top * .data$.height,
                                    fill = .data$.part), bars, ...)
  }
  list(
    part_of_strip(bars[!bars$.open, ]),
    if (any(bars$.open)) part_of_strip(bars[bars$.open, ], alpha = 0.4, show.legend = FALSE),
    cut_layer(cuts),
    ggplot2::geom_hline(yintercept = 0, colour = "grey60"),
    ggplot2::expand_limits(y = top),
    ggplot2::scale_fill_manual(values = stats::setNames(key$col, key$text), breaks = key$text,
                               labels = legend_text(key),
                               guide = if (guide == "legend") legend_of(key["text"]) else guide),
    ggplot2::labs(fill = NULL)
  )
}

radial_layers <- function(panels, look) {
  part <- function(name) panel_rows(panels, function(view, fit) view[[name]])
  lines <- function(rows, ...) {
    ggplot2::geom_segment(ggplot2::aes(.data$.x, .data$.y, xend = .data$.xend,
                                       yend = .data$.yend), rows, ...)
  }
  text <- function(rows, y, ...) {
    ggplot2::geom_text(ggplot2::aes(.data$.x, .data[[y]], label = .data$.text), rows, ...)
  }
  key <- component_key(largest_mixture(panels))
  rays <- panel_rows(panels, function(view, fit) {
    cbind(view$rays, part = factor(key$text[seq_len(fit$k)], key$text))
  })
  is_dashed <- length(unique(key$lty)) > 1L
  wedges <- panel_rows(panels, function(view, fit) view$wedges %||% no_wedge)
  wedges$.part <- factor(key$text[wedges$.component], key$text)
  ends <- panel_rows(panels, function(view, fit) data.frame(x = view$xlim, y = view$ylim))
  data <- part("data")
  list(
    ggplot2::geom_polygon(ggplot2::aes(.data$.x, .data$.y), part("band"), fill = "grey80"),
    ggplot2::geom_polygon(ggplot2::aes(.data$.x, .data$.y, fill = .data$.part), wedges,
                          alpha = 0.25),
    lines(part("edges"), linetype = 3, colour = "grey40"),
    ggplot2::geom_segment(if (is_dashed) {
      ggplot2::aes(.data$.x, .data$.y, xend = .data$.xend, yend = .data$.yend,
                   colour = .data$.part, linetype = .data$.part)
    } else {
      ggplot2::aes(.data$.x, .data$.y, xend = .data$.xend, yend = .data$.yend,
                   colour = .data$.part)
    }, rays, linewidth = 0.8),
    ggplot2::geom_path(ggplot2::aes(.data$.x, .data$.y), part("arc")),
    lines(part("ticks")),
    ggplot2::geom_point(ggplot2::aes(.data$.x, .data$.y), data,
                        size = if (nrow(data) > 300L) 0.4 else 0.8),
    text(part("labels"), ".y", hjust = 0, size = 2.8, check_overlap = TRUE),
    lines(part("errors")),
    text(part("errors"), ".yend", size = 2.5, vjust = -0.3, check_overlap = TRUE),
    ggplot2::geom_blank(ggplot2::aes(.data$.x, .data$.y), ends),
    ggplot2::scale_fill_manual(values = stats::setNames(key$col, key$text), guide = "none"),
    key_scales(key),
    ggplot2::scale_y_continuous(breaks = standard_ticks, minor_breaks = NULL,
                                expand = ggplot2::expansion(c(0, 0.04))),
    ggplot2::labs(subtitle = "Grey: values within 2 errors of the centre")
  )
}

no_wedge <- data.frame(x = numeric(), y = numeric(), component = integer())
