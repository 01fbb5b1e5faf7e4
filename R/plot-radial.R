# Galbraith's radial plot for values with errors. A value is the slope of the line from the origin
# to its point; more precise values lie further to the right.

plot_radial <- function(view, fit, look, ...) {
  key <- radial_key(fit, look)
  open_plot(look, key, view$xlim, view$ylim, strip = radial_strip)
  graphics::polygon(view$band$x, view$band$y, col = "grey90", border = NA)
  wedges <- view$wedges
  for (j in unique(wedges$component)) {
    graphics::polygon(wedges$x[wedges$component == j], wedges$y[wedges$component == j],
                      col = tint(key$col[j], 0.2), border = NA)
  }
  draw_segments(view$edges, lty = 3, col = "grey40")
  graphics::lines(view$band$x, view$band$y, col = "grey75")
  draw_segments(view$rays, lty = key$lty[seq_len(fit$k)], col = key$col[seq_len(fit$k)], lwd = 2)
  graphics::lines(view$arc$x, view$arc$y)
  draw_segments(view$ticks)
  graphics::points(view$data$x, view$data$y, pch = 20, cex = if (nrow(view$data) > 300L) 0.4
                                                             else 0.7)
  # Labels may reach into the margin.
  labels <- labels_apart(view$labels, view$labels$y, 0.8)
  graphics::text(labels$x, labels$y, labels$text, adj = c(0, 0.5), cex = 0.8, xpd = NA)
  errors <- view$errors
  errors$at <- pmax(errors$at, errors$yend + 0.7 * graphics::strheight("0", cex = 0.7))
  errors <- labels_apart(errors, errors$at, 0.7)
  draw_segments(errors)
  graphics::text(errors$x, errors$at, errors$text, cex = 0.7)
  look$way <- NULL  # the scale at the right has the numbers themselves
  y_at <- standard_ticks(view$ylim)
  # The limits of the band may be too close to the centre for their labels.
  apart <- 2 * diff(graphics::grconvertY(0:1, "user", "inches"))
  if (2 %in% y_at && apart < 1.1 * graphics::strwidth("-2", "inches")) y_at <- 0
  close_plot(look, key, fit, x_at = view$x_at, y_at = y_at, ...)
}

# The labels that do not touch those before them, as large as they are on this page.
labels_apart <- function(labels, y, cex) {
  wide <- graphics::strwidth(labels$text, cex = cex) + graphics::strwidth("0", cex = cex)
  high <- 1.2 * abs(graphics::strheight("0", cex = cex))
  kept <- integer()
  for (i in seq_len(nrow(labels))) {
    away <- abs(y[kept] - y[i]) >= high |
      abs(labels$x[kept] - labels$x[i]) >= (wide[kept] + wide[i]) / 2
    if (all(away)) kept <- c(kept, i)
  }
  labels[kept, ]
}

draw_segments <- function(lines, ...) {
  graphics::segments(lines$x, lines$y, lines$xend, lines$yend, ...)
}

radial_key <- function(fit, look) {
  key <- component_key(fit, look$col, look$lty)
  list(text = c(key$text, "2 errors"),
       col = c(key$col, "grey80"), lty = c(key$lty, NA), pch = c(rep(NA, fit$k), 15),
       pt.cex = c(rep(1, fit$k), 2))
}

# The view has the points; a ray for each mean, and a wedge for each sigma above 0; the band of 2
# errors; the scale of values, an arc with ticks; and the errors for some precisions.
radial_view <- function(fit, look) {
  points <- parse_radial(fit$points)
  centre <- radial_centre(fit)
  data <- data.frame(x = 1 / points$error, y = (points$x - centre) / points$error)
  frame <- radial_frame(data, fit$mu, centre, look)
  scale <- scale_of(frame, range(points$x, fit$mu), is_logarithm(fit$data_name))
  wide <- order(fit$sigma, decreasing = TRUE)
  wide <- wide[fit$sigma[wide] > 0]
  xlim <- look$xlim %||% c(0, max(1.04 * frame$radius, label_ends(scale$labels, frame)))
  list(
    data = data[data$x <= frame$most, ], band = band_of(frame),
    rays = lines_from(0, ends_of(fit$mu, frame)),
    # The widest first, so that none covers another.
    wedges = do.call(rbind, lapply(wide, wedge_of, fit, frame)),
    edges = rbind(lines_from(0, ends_of(fit$mu[wide] - fit$sigma[wide], frame)),
                  lines_from(0, ends_of(fit$mu[wide] + fit$sigma[wide], frame))),
    arc = scale$arc, ticks = scale$ticks, labels = scale$labels,
    errors = error_ticks(xlim, frame), x_at = round_values(c(0, frame$radius), 5L), xlim = xlim,
    ylim = frame$ylim
  )
}

parse_radial <- function(points) {
  if (!has_errors(points) || !are_exact(points)) {
    abort_gmm1d("argument", "radial plots need values with errors above 0: fit them with ",
                "`error = `.")
  }
  points
}

# The centre is the mean if there is one component, else the mean of the values weighted by their
# precision.
radial_centre <- function(fit) {
  if (fit$k == 1L) return(fit$mu)
  points <- fit$points
  precision <- points$w * (min(points$error) / points$error)^2
  sum(precision * points$x) / sum(precision)
}

# The scale is an ellipse about the origin (a circle on paper) with this radius along the axis of
# precision, and this height. It contains all points, except those more precise than the user's
# limits. The limits are those of the points, and of the rays unless they are steep.
radial_frame <- function(data, mu, centre, look) {
  most <- if (is.null(look$xlim)) max(data$x) else max(abs(look$xlim)) / 1.25
  radius <- 1.08 * most
  shown <- data[data$x <= most, ]
  height <- max(abs(shown$y) / sqrt(1 - (shown$x / radius)^2), 5)
  limits <- range(shown$y, -2, 2)
  frame <- list(centre = centre, most = most, radius = radius, height = height,
                ylim = look$ylim %||% (limits * 1.5))
  ends <- ends_of(mu, frame)
  frame$ylim <- look$ylim %||% padded(c(limits, ends$y[ends$inside]))
  frame
}

# Where the line of a value ends: at the scale, or at the limits of y.
ends_of <- function(value, frame) {
  slope <- value - frame$centre
  steepness <- slope * (frame$radius / frame$height)
  x <- frame$radius / sqrt(1 + steepness^2)
  y <- frame$height * steepness / sqrt(1 + steepness^2)
  limit <- pmin(pmax(y, min(frame$ylim)), max(frame$ylim))
  data.frame(x = ifelse(y == limit, x, limit / slope), y = limit, inside = y == limit)
}

lines_from <- function(origin, ends) {
  data.frame(x = rep(origin, nrow(ends)), y = rep(origin, nrow(ends)), xend = ends$x,
             yend = ends$y)
}

wedge_of <- function(j, fit, frame) {
  ends <- ends_of(seq(fit$mu[j] - fit$sigma[j], fit$mu[j] + fit$sigma[j], length.out = 101L), frame)
  data.frame(x = c(0, ends$x), y = c(0, ends$y), component = j)
}

# From the origin to the scale.
band_of <- function(frame) {
  y <- seq(-2, 2, length.out = 101L)
  data.frame(x = c(0, frame$radius * sqrt(1 - (y / frame$height)^2), 0), y = c(-2, y, 2))
}

# The arc spans the values, within the limits. Its ticks are at round values, with finer ones where
# the arc is not steep. Logarithms are labelled with their numbers.
scale_of <- function(frame, values, is_log) {
  at <- range(ends_of(values, frame)$y)
  y <- seq(at[1L], at[2L], length.out = 201L)
  middle <- pmin(pmax(at, -0.7 * frame$height), 0.7 * frame$height)
  ticks <- unique(unlist(lapply(list(middle, at), function(part) {
    limits <- value_at(part, frame)
    round_values(if (is_log) exp(limits) else limits, 10L)
  })))
  places <- if (is_log) log(ticks) else ticks
  outwards <- order(abs(places - frame$centre))
  ends <- ends_of(places[outwards], frame)
  text <- vapply(ticks[outwards], format, "", digits = 15L)
  kept <- with_room(ends, text, frame)
  ends <- ends[kept, ]
  # Where the arc is flat, labels stand further off.
  further <- 1.025 + 0.04 * (ends$y / frame$height)^4
  list(
    arc = data.frame(x = frame$radius * sqrt(1 - (y / frame$height)^2), y = y),
    ticks = data.frame(x = ends$x, y = ends$y, xend = 1.012 * ends$x, yend = 1.012 * ends$y),
    labels = data.frame(x = 1.025 * ends$x, y = further * ends$y, text = text[kept])
  )
}

# True if the name of the data says that they are natural logarithms, as `log(age)` does.
is_logarithm <- function(name) {
  code <- tryCatch(str2lang(name), error = function(e) NULL)
  is.call(code) && length(code) == 2L && identical(code[[1L]], quote(log))
}

# The value whose line meets the arc at a given height.
value_at <- function(y, frame) {
  frame$centre + y / (frame$radius * sqrt(pmax(1 - (y / frame$height)^2, 1e-6)))
}

# About this many round numbers within limits.
round_values <- function(limits, count) {
  values <- pretty(limits, count)
  values[values >= limits[1L] & values <= limits[2L]]
}

# Chooses labels, from the centre outwards, that do not overlap those before them.
with_room <- function(ends, text, frame) {
  high <- 0.055 * abs(diff(frame$ylim))
  wide <- 0.025 * frame$radius * nchar(text)
  kept <- integer()
  for (i in which(ends$inside)) {
    apart <- abs(ends$y[kept] - ends$y[i]) >= high |
      abs(ends$x[kept] - ends$x[i]) >= pmax(wide[kept], wide[i])
    if (all(apart)) kept <- c(kept, i)
  }
  kept
}

label_ends <- function(labels, frame) labels$x + 0.022 * frame$radius * nchar(labels$text)

# The height of the strip below the plot, relative to the plot, with the errors for the precisions.
radial_strip <- 0.1

error_ticks <- function(xlim, frame) {
  least <- 1.08 / frame$radius
  error <- outer(c(1, 1.5, 2, 3, 4, 5, 6, 8), 10^(floor(log10(least)) + 0:2))
  error <- error[error >= least * (1 - 1e-9) & error <= 10 * least]
  text <- vapply(error, format, "", digits = 15L)
  bottom <- frame$ylim[1L] - radial_strip * diff(frame$ylim)
  ends <- data.frame(x = 1 / error, y = 0, inside = 1 / error <= max(xlim))
  kept <- with_room(ends, text, frame)
  tick <- 0.02 * diff(frame$ylim)
  data.frame(x = ends$x[kept], y = bottom, xend = ends$x[kept], yend = bottom + tick,
             at = bottom + 3 * tick, text = text[kept])
}

# Ticks at the limits of the band, unless these are close to each other.
standard_ticks <- function(ylim) if (abs(diff(ylim)) <= 40) c(-2, 0, 2) else ticks_from(ylim)
