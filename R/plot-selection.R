# Plots of how the fit was found: the models tried, and the iterations of the last climb.

plot_selection <- function(view, fit, look, ...) {
  models <- view$models
  chosen <- models[models$chosen, ]
  col <- stats::setNames(colours_of(3L, look$col), criteria)
  lty <- stats::setNames(rep_len(look$lty %||% c(1, 2), 2L), c("free", "equal"))
  key <- selection_key(models, col, lty, fit$criterion)
  axis <- difference_axis(models$difference)
  if (!is.null(look$ylim)) look$ylim <- difference_height(look$ylim)

  open_plot(look, key, look$xlim %||% (range(models$k) + c(-0.3, 0.3)), axis$limits)
  graphics::abline(h = 0, col = "grey75")
  graphics::segments(chosen$k, graphics::par("usr")[3L], chosen$k, chosen$height, lty = 3)
  for (line in split(models, models[c("criterion", "variance")], drop = TRUE)) {
    graphics::lines(line$k, line$height, col = col[line$criterion], lty = lty[line$variance],
                    lwd = 2)
  }
  graphics::points(models$k, models$height, pch = models$pch, col = col[models$criterion],
                   cex = 1.3, lwd = 2)
  graphics::points(chosen$k, chosen$height, cex = 2.6, lwd = 2)
  look$way <- NULL
  close_plot(look, key, fit, x_at = unique(models$k), y_at = axis$at,
             y_labels = axis$labels, note = view$note, ...)
}

selection_view <- function(fit, look) {
  has_price <- price_decides(fit)
  list(models = models_of(fit), criterion = fit$criterion, has_price = has_price,
       note = if (has_price) "chosen with the price of narrow components")
}

# Transforms differences to a scale that shows both 2 and 1000: the logarithm of 1 plus the
# difference. It is mirrored below 0, where only limits given by the user can lie.
difference_height <- function(difference) sign(difference) * log1p(abs(difference))

difference_axis <- function(differences) {
  most <- max(differences, 10)
  ticks <- c(0, 2, 10^seq_len(ceiling(log10(most))))
  ticks <- ticks[ticks <= 1.2 * most]
  list(at = difference_height(ticks), labels = vapply(ticks, format, "", big.mark = ","),
       limits = c(-0.16, 1.04) * difference_height(most))
}

# One row per model and criterion, in order of k; points to be drawn on top come last.
models_of <- function(fit) {
  selection <- fit$selection[order(fit$selection$k), ]
  models <- do.call(rbind, lapply(rev(criteria), function(criterion) {
    value <- selection[[criterion]]
    difference <- value - min(value[is.finite(value)], Inf)
    data.frame(
      selection[c("k", "variance")], criterion = criterion, value = value,
      difference = difference, height = difference_height(difference),
      chosen = criterion == fit$criterion & seq_along(value) == chosen_row(selection, criterion),
      pch = ifelse(selection$penalised, 3,
                   ifelse(selection$converged, symbol_of(criterion, selection$variance), 4))
    )
  }))
  models[is.finite(models$value), ]
}

# Circle, triangle and square, filled if each component has its own sigma.
symbol_of <- function(criterion, variance) {
  at <- match(criterion, criteria)
  cbind(c(16, 17, 15), c(1, 2, 0))[cbind(at, 1 + (variance == "equal"))]
}

# The key has the criteria, the kinds of variance if there are two, and the symbols that occur.
selection_key <- function(models, col, lty, criterion) {
  variances <- intersect(names(lty), models$variance)
  both <- length(variances) > 1L
  rows <- rbind(
    data.frame(text = criteria, col = col, lty = lty[[variances[1L]]],
               pch = symbol_of(criteria, variances[1L]), pt.cex = 1.3),
    if (both) data.frame(text = paste(variances, "sigma"), col = "black", lty = lty,
                         pch = symbol_of("BIC", variances), pt.cex = 1.3),
    data.frame(text = paste("chosen by", criterion), col = "black", lty = NA, pch = 1,
               pt.cex = 2),
    data.frame(text = c("penalised", "not converged"), col = "black", lty = NA, pch = 3:4,
               pt.cex = 1.3)[c(3, 4) %in% models$pch, ]
  )
  as.list(rows)
}

# Draws a point per iteration. Values that equal the last in double precision are drawn at 0, a
# power of ten below all others.
plot_trace <- function(view, fit, look, ...) {
  gaps <- view$gaps
  iteration <- seq_along(gaps) - 1
  axis <- trace_axis(gaps)
  height <- ifelse(gaps > 0, gaps, axis$zero)
  limits <- look$ylim %||% axis$limits
  col <- colours_of(1L, look$col)

  graphics::plot.window(look$xlim %||% range(iteration, 1), limits, log = "y", yaxs = "i")
  graphics::abline(h = axis$zero, col = "grey75")
  graphics::lines(iteration, height, col = col, lty = look$lty[1L] %||% 1, lwd = 2)
  graphics::points(iteration, height, col = col, pch = ifelse(gaps > 0, 16, 21), bg = "white",
                   lwd = 2)
  look$way <- NULL
  shown <- ticks_with_room(c(log10(axis$zero), axis$ticks), axis$labels)
  close_plot(look, NULL, fit, x_at = whole_numbers(pretty(range(iteration, 1))),
             y_at = c(axis$zero, 10^axis$ticks)[shown], y_labels = axis$labels[shown],
             note = view$note, ...)
}

trace_view <- function(fit, look) {
  check_each(look$ylim > 0, look$ylim, "ylim", "be positive, for a log scale")
  list(gaps = trace_gaps(fit$trace), note = if (!fit$converged) "not converged")
}

# A logarithmic axis with a position for 0, and ticks at powers of ten.
trace_axis <- function(gaps) {
  powers <- if (any(gaps > 0)) floor(log10(range(gaps[gaps > 0]))) + c(-1, 1) else c(-1, 0)
  ticks <- if (any(gaps > 0)) unique(round(pretty(powers + c(1, 0))))
  ticks <- ticks[ticks > powers[1L]]
  # Points at either end are not cut.
  beyond <- c(-1, 1) * pmax(c(0.3, 0.1), 0.06 * diff(powers))
  list(zero = 10^powers[1L], ticks = ticks, limits = 10^(powers + beyond),
       labels = c(expression(0), as.expression(lapply(ticks, power_of_ten))))
}

# The difference between the last value and each value; 0 if it is only rounding error.
trace_gaps <- function(trace) {
  last <- trace[length(trace)]
  gaps <- last - trace
  ifelse(gaps > 4 * .Machine$double.eps * abs(last), gaps, 0)
}

# Numbers from pretty() may have rounding errors.
whole_numbers <- function(x) round(x)[abs(x - round(x)) < 1e-9]
