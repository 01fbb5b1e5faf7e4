# The lines of print() that say how the values were observed.

circumstance_lines <- function(x) {
  points <- x$points
  c(
    if (!is.null(x$noise)) {
      paste("Noise: uniform from", format(x$noise[2L]), "to", format(x$noise[3L]))
    },
    record_lines(points),
    error_line(points),
    if (!is.null(points$within)) {
      paste0("Values observed from ", format(points$within[1L]), " to ",
             format(points$within[2L]), " only; the mixture is that of all values")
    },
    label_line(points)
  )
}

# The lines about values that are not known exactly.
record_lines <- function(points) UseMethod("record_lines")

record_lines.squashed <- function(points) NULL

record_lines.squashed_rounded <- function(points) {
  paste("Values rounded to", format(points$rounding, digits = 7L))
}

record_lines.squashed_bins <- function(points) {
  paste("Counts in", count_of(nrow(points$bins), "bin"))
}

record_lines.squashed_observations <- function(points) {
  c(censored_lines(points), interval_line(points))
}

# A line such as "121 of 393 values censored (at or below -1.90)" for each side. If there is a
# window, a censored value lies between the limit and the end of the window.
censored_lines <- function(points) {
  bounds <- bounds_of(points)
  window <- window_of(points)
  is_interval <- bounds$lower < bounds$upper
  side <- function(is_beyond, limit, words) {
    if (!any(is_beyond)) return(NULL)
    paste0(format_count(sum(points$w[is_beyond]), digits = 7L), " of ",
           count_of_weights(points$n), " censored (at or ", words, " ",
           words_of_range(range(limit[is_beyond])), ")")
  }
  c(
    side(is_interval & bounds$lower == window[1L], bounds$upper, "below"),
    side(is_interval & bounds$upper == window[2L], bounds$lower, "above")
  )
}

# The number of values that are only known to lie in an interval, and the widths of the intervals.
interval_line <- function(points) {
  bounds <- bounds_of(points)
  window <- window_of(points)
  width <- bounds$upper - bounds$lower
  is_between <- width > 0 & bounds$lower > window[1L] & bounds$upper < window[2L]
  if (!any(is_between)) return(NULL)
  widths <- range(width[is_between])
  paste0(format_count(sum(points$w[is_between]), digits = 7L), " of ", count_of_weights(points$n),
         " in intervals, ", words_of_range(widths), " wide")
}

error_line <- function(points) {
  error <- errors_of_points(points)
  if (!any(error > 0)) return(NULL)
  how_large <- if (min(error) == max(error)) {
    paste("of", words_of_range(range(error)))
  } else {
    paste0("from ", words_of_range(range(error)), " (median ",
           format(middle_error(points), digits = 3L), ")")
  }
  paste0("Measurement errors ", how_large, "; the mixture is that of the true values")
}

middle_error <- function(points) {
  error <- errors_of_points(points)
  in_order <- order(error)
  part <- cumsum(points$w[in_order])
  error[in_order][which(part >= part[length(part)] / 2)[1L]]
}

label_line <- function(points) {
  known <- sum(points$w[labels_of_points(points) > 0L])
  if (known == 0) return(NULL)
  how <- c(random = "a random part of the data", design = "controls: not used for the proportions")
  paste0(count_of_weights(known), " ", if (known == 1) "has" else "have", " labels (",
         how[[points$labels_by]], ")")
}

count_of_weights <- function(weight) {
  paste0(format_count(weight, digits = 7L), if (weight == 1) " value" else " values")
}

words_of_range <- function(range) {
  words <- vapply(range, format, "", digits = 3L)
  paste(unique(words), collapse = " to ")
}
