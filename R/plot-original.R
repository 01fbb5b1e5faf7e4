# Labels the axis of a fit on another scale, such as `~ log(titre)`, with values of the variable.
# The axis stays on the scale of the fit, with ticks at round values of the variable.

# The way back to the variable, if requested.
parse_original <- function(original, fit) {
  if (parse_flag(original, "original")) parse_way_back(fit)
}

# Values on the scale of the fit, transformed back to the variable.
original_values <- function(at, way) {
  for (step in way$steps) {
    image <- step$image %||% c(-Inf, Inf)
    at <- step$back(pmin(pmax(at, image[1L]), image[2L]))
  }
  at
}

# Round values of the variable within limits, on the scale of the fit. They are those of a
# logarithmic axis if the limits span more than a decade.
original_ticks <- function(limits, way, fit, count = 6L) {
  ends <- original_values(range(limits), way)
  of_data <- original_values(range_of(fit$points), way)
  ends <- range(ifelse(is.finite(ends), ends, of_data), finite = TRUE)
  is_wide <- ends[1L] > 0 && ends[2L] > 10 * ends[1L]
  values <- if (is_wide) grDevices::axisTicks(log10(ends), log = TRUE, nint = count)
            else pretty(ends, count)
  values <- values[values >= ends[1L] & values <= ends[2L]]
  suppressWarnings(sort(finite_part(unname(new_values(fit, values)))))
}

original_labels <- function(at, way) {
  vapply(signif(original_values(at, way), 10L), format, "", digits = 10L)
}
