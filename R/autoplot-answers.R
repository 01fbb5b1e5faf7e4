# Plots of bootstraps and false discovery rates with ggplot2.

#' @rdname autoplot.gmm1d
#' @method autoplot gmm1d_bootstrap
#' @rawNamespace S3method(ggplot2::autoplot, gmm1d_bootstrap)
autoplot.gmm1d_bootstrap <- function(object, # nolint: object_name_linter.
                                     parameters = "mu", ...) {
  check_no_dots(...)
  parameters <- parse_choices(parameters, c("lambda", "mu", "sigma"), "parameters")
  object$fit <- parse_fit(object$fit, "object")
  names <- coef_names(object$fit$k)
  shown <- parse_parm(parameters, names)
  key <- function(i) factor(names[i], names[shown])
  bars <- do.call(rbind, lapply(shown, function(i) {
    data.frame(.parameter = key(i), estimate_bars(object$estimates[, i]))
  }))
  lines <- do.call(rbind, lapply(shown, function(i) {
    interval <- percentile_intervals(object, i, level = 0.95)
    data.frame(.parameter = key(i), .x = c(parameters_of(object$fit)[[i]], interval),
               .what = c("estimate", "end", "end"))
  }))
  lines <- lines[is.finite(lines$.x), ]
  bars$.open <- logical(nrow(bars))
  ggplot2::ggplot() +
    bar_layer(bars) +
    ggplot2::geom_vline(ggplot2::aes(xintercept = .data$.x), lines[lines$.what == "estimate", ],
                        linewidth = 0.8) +
    ggplot2::geom_vline(ggplot2::aes(xintercept = .data$.x), lines[lines$.what == "end", ],
                        linetype = 2) +
    ggplot2::facet_wrap(ggplot2::vars(.data$.parameter), scales = "free",
                        ncol = if (length(parameters) > 1L) object$fit$k) +
    ggplot2::scale_x_continuous(n.breaks = 4, guide = ggplot2::guide_axis(check.overlap = TRUE)) +
    ggplot2::labs(title = paste0("Bootstrap, ", count_of(object$R, "replicate")), x = NULL,
                  y = "Replicates") +
    caption("line: estimate; dashed: 95% interval") +
    small_theme() +
    ggplot2::theme(axis.text = ggplot2::element_text(size = ggplot2::rel(0.7)))
}

# The bars of a histogram of estimates, by the rule of Freedman and Diaconis.
estimate_bars <- function(values) {
  values <- values[is.finite(values)]
  if (length(values) == 0L) {
    return(data.frame(.left = numeric(), .right = numeric(), .height = numeric()))
  }
  bars <- graphics::hist(values, breaks = "FD", plot = FALSE)
  data.frame(.left = bars$breaks[-length(bars$breaks)], .right = bars$breaks[-1L],
             .height = bars$counts)
}

#' @rdname autoplot.gmm1d
#' @method autoplot gmm1d_bootstrap_k
#' @rawNamespace S3method(ggplot2::autoplot, gmm1d_bootstrap_k)
autoplot.gmm1d_bootstrap_k <- function(object, ...) { # nolint: object_name_linter.
  check_no_dots(...)
  table <- summary.gmm1d_bootstrap_k(object)
  table$what <- ifelse(table$is_fit, "k of the fit", "another k")
  ggplot2::ggplot(table, ggplot2::aes(.data$k, .data$share, fill = .data$what)) +
    ggplot2::geom_col(width = 0.7) +
    ggplot2::scale_fill_manual(values = c("k of the fit" = colours_of(1L, NULL),
                                          "another k" = "grey70"),
                               breaks = c("k of the fit", "another k")) +
    ggplot2::scale_x_continuous(breaks = table$k, minor_breaks = NULL) +
    ggplot2::labs(title = paste0("Number of components, ", count_of(object$R, "replicate")),
                  x = "k", y = "Share of replicates", fill = NULL) +
    small_theme()
}

#' @rdname autoplot.gmm1d
#' @method autoplot gmm1d_fdr
#' @rawNamespace S3method(ggplot2::autoplot, gmm1d_fdr)
autoplot.gmm1d_fdr <- function(object, q = 0.1, breaks = NULL, # nolint: object_name_linter.
                               xlim = NULL, ...) {
  check_no_dots(...)
  q <- parse_rate(q)
  look <- parse_look(breaks, xlim)
  view <- rates_view(object, look, q)
  panel <- function(name) factor(name, c("Density", "Rate"))
  at <- view$curves$x
  key <- list(text = c("mixture", "null", "local fdr", "tail Fdr"),
              col = c("black", colours_of(2L, NULL), nine_colours[2L]), lty = rep(1, 4L),
              lwd = c(3, 1.5, 2, 1))
  curve <- function(part, y, name) {
    data.frame(.x = at, .y = y, .part = factor(key$text[part], key$text), .panel = panel(name))
  }
  # The two tails are separate lines.
  tails <- rbind(cbind(curve(4L, view$rates$lower, "Rate"), .group = 1),
                 cbind(curve(4L, view$rates$upper, "Rate"), .group = 2))
  bars <- stats::setNames(view$bars, paste0(".", names(view$bars)))
  bars$.panel <- panel(rep("Density", nrow(bars)))
  line <- function(rows, i) line_layer(rows, key, linewidth = 0.4 * key$lwd[i], na.rm = TRUE)
  plot <- ggplot2::ggplot() +
    bar_layer(bars) +
    line(curve(1L, view$curves$total, "Density"), 1L) + line(curve(2L, view$null, "Density"), 2L) +
    line(curve(3L, view$rates$fdr, "Rate"), 3L) +
    lapply(split(tails, tails$.group), line, 4L) +
    key_scales(key) +
    ggplot2::facet_grid(ggplot2::vars(.data$.panel), scales = "free_y") +
    ggplot2::labs(title = main_of("False discovery rates", object$fit),
                  x = cut_text(object$fit$data_name, 50L), y = NULL) +
    small_theme()
  if (length(view$called) > 0L) {
    cuts <- data.frame(.x = view$called)
    plot <- plot + cut_layer(cuts) + caption(paste("dashed: q-value", format(q)))
  }
  if (is.null(look$xlim)) plot else plot + ggplot2::coord_cartesian(xlim = range(look$xlim))
}
