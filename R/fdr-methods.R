# Methods for false discovery rates: print, summary, tables and the plot.

#' @rdname fdr
#' @export
print.gmm1d_fdr <- function(x, ...) {
  check_no_dots(...)
  cat_lines(fdr_lines(x))
  invisible(x)
}

fdr_lines <- function(x) {
  fit <- x$fit
  c(
    paste0("False discovery rates from a mixture of ", count_of(fit$k, "component"),
           ",\nfitted to ",
           fit$data_name, " (n = ", format_count(fit$n, digits = 7L), ")\n"),
    paste0("Null: ", null_words(x)),
    pi0_words(x),
    "", called_words(x),
    if (is_covered(list(estimate = x$pi0$estimate, fitted = x$pi0$fitted))) covered_words(x)
  )
}

null_words <- function(x) {
  fit <- x$fit
  how <- c(theoretical = "fixed (theoretical)", empirical = "estimated (empirical)",
           `partly fixed` = "partly fixed")[[x$type]]
  if (length(x$null) > 1L) return(paste0(component_words(x$null), ", ", how))
  label <- fit$labels[x$null]
  mu <- format(fit$mu[x$null], digits = 3L)
  sigma <- format(fit$sigma[x$null], digits = 3L)
  where <- if (fit$sigma[x$null] == 0) paste("all at", mu) else paste0("mean ", mu, ", sd ", sigma)
  paste0(component_words(x$null), if (length(label) > 0L && !is.na(label)) paste0(" (", label, ")"),
         ", ", where, ", ", how)
}

pi0_words <- function(x) {
  pi0 <- x$pi0
  number <- function(value) formatC(value, digits = 3L, format = "f")
  paste0(
    "pi0 = ", number(pi0$estimate),
    if (!anyNA(pi0)) {
      paste0(" (standard error ", number(pi0$std.error), ", ", format(100 * x$level),
             " % interval ", number(pi0$conf.low), " to ", number(pi0$conf.high), ")")
    }
  )
}

# How many values are called, where they lie, and how many of them are expected to be null.
called_words <- function(x, q = 0.1) {
  called <- summary.gmm1d_fdr(x, q)
  weight <- weight_of_rates(x)
  of <- paste0(" of ", count_of(round(sum(weight[!is.na(x$values$fdr)])),
                                if (x$is_new) "new value" else "value"))
  if (called$called == 0) return(paste0("q.value <= ", q, ": none", of))
  where <- where_called(x$values, x$values$q.value <= q)
  c(
    paste0("q.value <= ", q, ": ", format_count(called$called, digits = 7L), of,
           if (!is.null(where)) paste0(" (", where, ");")),
    paste0("  about ", format_count(signif(called$expected.null, 2L)),
           " of these are expected to be null")
  )
}

weight_of_rates <- function(x) x$values$weight %||% rep(1, nrow(x$values))

# The runs of neighbouring values that are called; NULL if there are many, as with different errors.
where_called <- function(values, is_called) {
  in_order <- order(values$x, na.last = NA)
  runs <- rle(is_called[in_order])
  last <- cumsum(runs$lengths)
  first <- last - runs$lengths + 1L
  x <- values$x[in_order]
  runs_called <- which(runs$values)
  if (length(runs_called) > 3L) return(NULL)
  number <- function(value) format(value, digits = 4L)
  text <- vapply(runs_called, function(i) {
    is_first <- i == 1L
    is_last <- i == length(last)
    if (is_first && is_last) "all"
    else if (is_first) paste("x <=", number(x[last[i]]))
    else if (is_last) paste("x >=", number(x[first[i]]))
    else paste("x from", number(x[first[i]]), "to", number(x[last[i]]))
  }, "")
  paste(text, collapse = " or ")
}

covered_words <- function(x) {
  paste0("\nThe fitted proportion of the null is ",
         formatC(x$pi0$fitted, digits = 3L, format = "f"), ": another component overlaps it")
}

#' @rdname fdr
#' @export
summary.gmm1d_fdr <- function(object, q = c(0.01, 0.05, 0.1, 0.2), ...) {
  check_no_dots(...)
  q <- parse_known_numbers(q, "q")
  check_each(q > 0 & q <= 1, q, "q", "be above 0 and at most 1")
  values <- object$values
  weight <- weight_of_rates(object)
  rows <- lapply(q, function(q) {
    called <- which(values$q.value <= q & weight > 0)
    c(sum(weight[called]), sum(weight[called] * values$fdr[called]),
      if (length(called) > 0L) max(values$fdr[called]) else NA)
  })
  rows <- matrix(as.double(unlist(rows)), ncol = 3L, byrow = TRUE)
  data.frame(q.value = q, called = rows[, 1L], expected.null = rows[, 2L], largest.fdr = rows[, 3L])
}

# nolint start: object_name_linter. R's names of arguments.
#' @rdname fdr
#' @export
as.data.frame.gmm1d_fdr <- function(x, row.names = NULL, optional = FALSE, ...) {
  values <- x$values
  labels <- parse_row_names(row.names, nrow(values))
  if (!is.null(labels)) attr(values, "row.names") <- as.character(labels)
  values
}
# nolint end

#' @rdname fdr
#' @export
tidy.gmm1d_fdr <- function(x, ...) {
  check_no_dots(...)
  data.frame(term = "pi0", x$pi0[c("estimate", "std.error", "conf.low", "conf.high")])
}

#' @rdname fdr
#' @export
plot.gmm1d_fdr <- function(x, q = 0.1, breaks = NULL, xlim = NULL, col = NULL, legend = TRUE,
                           main = NULL, xlab = NULL, ylab = NULL, ...) {
  q <- parse_rate(q)
  look <- parse_look(breaks, xlim, col = col, legend = legend, main = main, xlab = xlab,
                     ylab = ylab)
  check_graphics(..., arguments = names(formals(plot.gmm1d_fdr)))
  look$main <- main %||% main_of("False discovery rates", x$fit)
  look$xlab <- xlab %||% x_words("density", x$fit$data_name)
  draw_page(draw_rates, rates_view(x, look, q), x, look, q, ...)
  invisible(x)
}

parse_rate <- function(q) {
  q <- parse_number(q, "q", above = 0)
  check_each(q <= 1, q, "q", "be at most 1")
  q
}

# What the plot shows: the density of the fit, of which the null has its proportion, the rates along
# the axis, and where values are called.
rates_view <- function(x, look, q) {
  fit <- x$fit
  view <- density_view(fit, look)
  seen <- typically_seen(fit)
  at <- view$curves$x
  share <- x$pi0$estimate
  local <- local_rates(at, seen, x$null, share)
  tails <- tail_rates(at, seen, x$null, share, local)
  # The median, which may be one of the places, is known to a few digits less.
  is_below <- at - quantile_of(0.5, part_of(seen, x$null)) <= 1e-9 * diff(range(at))
  largest <- summary.gmm1d_fdr(x, q)$largest.fdr
  view$null <- view$curves$total * local
  view$rates <- data.frame(fdr = local, lower = ifelse(is_below, tails$Fdr.lower, NA),
                           upper = ifelse(is_below, NA, tails$Fdr.upper))
  if (!is.na(largest)) view$called <- crossings_of(at, local, largest)
  view
}

# Where a curve crosses a level.
crossings_of <- function(x, y, level) {
  at <- which(diff(y > level) != 0)
  x[at] + (level - y[at]) / (y[at + 1L] - y[at]) * (x[at + 1L] - x[at])
}

draw_rates <- function(view, x, look, q, ...) {
  bars <- view$bars
  at <- view$curves$x
  col <- rep_len(look$col %||% colours_of(2L, NULL), 2L)
  key <- list(text = c("mixture", "null", "local fdr", "tail Fdr", if (length(view$called) > 0L) {
    paste("q-value", format(q))
  }), col = c("black", col, col[2L], "grey40"), lty = c(1, 1, 1, 1, 2), lwd = c(3, 1.5, 2, 1, 1))
  key[-1L] <- lapply(key[-1L], `[`, seq_along(key$text))
  top <- view$top
  open_plot(look, key, view$xlim, c(0, top), strip = rates_height)
  bottom <- -(rates_height - 0.05) * top
  on_strip <- function(rate) bottom + rate * (rates_height - 0.15) * top

  draw_bars(bars)
  draw_cuts(view$called, bottom, top)
  graphics::lines(at, view$curves$total, lwd = 3)
  graphics::lines(at, view$null, lwd = 1.5, col = col[1L])
  graphics::abline(h = 0, col = "grey60")
  graphics::matlines(at, on_strip(as.matrix(view$rates)), lty = 1, lwd = c(2, 1, 1), col = col[2L])
  ticks <- ticks_from(c(0, top))
  ticks <- ticks[ticks > 0]
  words <- look
  words$ylab <- look$ylab %||% ""
  close_plot(words, key, x$fit, y_at = c(on_strip(c(0, 0.5, 1)), ticks),
             y_labels = c("0", "0.5", "1", ticks), note = view$note, ...)
  if (is.null(look$ylab)) {
    # Each beside its part, in a size that has room there.
    share <- c(rates_height, 1) * top / diff(graphics::par("usr")[3:4])
    for (i in 1:2) {
      label <- text_with_room(c("Rate", "Density")[i], share[i] * graphics::par("pin")[2L], 1)
      graphics::mtext(label$text, side = 2, line = graphics::par("mgp")[1L],
                      at = c(on_strip(0.5), top / 2)[i], cex = label$cex * graphics::par("cex"),
                      las = 0)
    }
  }
}

# The height of the rates below the density, as a part of it.
rates_height <- 0.6
