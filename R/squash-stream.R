#' Squash a stream
#'
#' Data larger than memory, or data that arrive in chunks, can be squashed as they are read:
#' `squash()` and [gmm1d()] accept a function that returns the next chunk each time it is called,
#' and `NULL` at the end. `update()` adds a chunk to squashed data. Memory use does not depend on
#' the length of the stream.
#'
#' Chunks are collected until there are about a million values, squashed with cells four times finer
#' than those of a vector (because a stream cannot be read again if a component turns out to be
#' narrow) and merged, as by [c()]. So the sizes of the chunks do not matter, except for a component
#' that is missing from most blocks of a million values (see [squash()]; a warning says so). If the
#' blocks differ so much that there are too many cells (sorted data, for example), the finest cells
#' are merged.
#'
#' To combine data from several machines, send the squashed object: `saveRDS(squash(reader), file)`
#' on one, and `c(readRDS(file), ...)` on the other.
#'
#' @param x A function without arguments. Each call returns the next chunk: a numeric vector, or a
#'   data frame or list with `x` and optionally `weights` and `error`. At the end it returns `NULL`,
#'   or only empty chunks, as [readBin()] and [scan()] do: 1000 in a row mark the end. (For
#'   `update()`, see `object`.)
#' @param object Squashed data.
#' @param chunk More values, as for [gmm1d()].
#' @param weights The weights of the chunk, as for [gmm1d()]; default `NULL`: all 1.
#' @param rounding The rounding unit of the values, as for [gmm1d()]; default `NULL` (exact).
#' @param control The result of [gmm1d_control()], or a list of its arguments.
#' @param ... Not used; an unknown argument is an error.
#'
#' @return Squashed data: see [squash()].
#'
#' @section Errors:
#' As for [gmm1d()]; `gmm1d_error_empty` if the stream has no value. An error in the reader is
#' passed on unchanged.
#'
#' @concept CSV file
#' @concept chunks
#' @concept data larger than memory
#' @examples
#' # a file, a hundred lines at a time
#' path <- tempfile(fileext = ".txt")
#' writeLines(format(faithful$waiting), path)
#' file <- file(path, "r")
#' reader <- function() {
#'   lines <- readLines(file, n = 100)
#'   if (length(lines) > 0) as.numeric(lines)
#' }
#' gmm1d(reader, k = 2)
#' close(file)
#'
#' monday <- squash(faithful$waiting[1:200])
#' update(monday, faithful$waiting[201:272])
#' @name squash-stream
NULL

#' @rdname squash-stream
#' @export
squash.function <- function(x, rounding = NULL, control = gmm1d_control(), ...) {
  check_no_dots(...)
  check_stream(x)
  control <- parse_control(control)
  control$cells <- finer_than_vectors * control$cells
  squashed <- NULL
  n_missing <- n_read <- 0
  bar <- if (rlang::is_interactive()) cli::cli_progress_bar("Reading values", total = NA)
  repeat {
    part <- next_part(x)
    n_read <- n_read + length(part$x)
    if (!has_value(part)) {
      parse_complete_weights(part$weights, length(part$x))
      n_missing <- n_missing + length(part$x)
    } else {
      more <- squash(part$x, part$weights, rounding = rounding, control = control,
                     error = part$error)
      squashed <- if (is.null(squashed)) more else limited(c(squashed, more))
    }
    if (!is.null(bar)) cli::cli_progress_update(set = n_read, id = bar)
    if (part$is_last) break
  }
  if (!is.null(bar)) cli::cli_progress_done(bar)
  if (is.null(squashed)) {
    abort_gmm1d("empty", "`x`, the stream, must have at least one value that is not missing and ",
                "has a positive weight; it has ", count_of(n_missing, "value"),
                if (n_missing == 0) " (was it already read?)", ".")
  }
  squashed$n_missing <- squashed$n_missing + n_missing
  squashed
}

# Chunks are read until there are this many values.
values_at_once <- 2^20

# Readers of files return empty chunks at the end, however often they are called.
most_empty_chunks <- 1000

# A function of R itself, such as `df` or `data`, is not a stream, but a name mistaken for that of
# the data. A stream is called without arguments, so it must not need any.
check_stream <- function(x) {
  is_needed <- vapply(as.list(formals(args(x))), identical, NA, rlang::missing_arg())
  is_needed <- is_needed[names(is_needed) != "..."]
  home <- if (is.primitive(x)) "base" else environmentName(environment(x))
  is_of_r <- home %in% c("base", "stats", "utils", "graphics", "grDevices", "datasets", "methods")
  if (!is_of_r && !any(is_needed)) return(invisible())
  abort_gmm1d("type", "`x` must be data, not a function",
              if (is_of_r) c(" of R (package ", home, "); did you mistype the name of your data?")
              else c(" that needs arguments (`", names(which(is_needed))[1L], "`); a reader of ",
                     "chunks is called without any."))
}

# The next chunks, about a million values.
next_part <- function(reader) {
  chunks <- list()
  size <- empty <- 0
  while (size < values_at_once) {
    chunk <- reader()
    if (is.null(chunk)) break
    chunk <- parse_chunk(chunk)
    empty <- if (length(chunk$x) > 0L) 0 else empty + 1
    if (empty == most_empty_chunks) {
      chunk <- NULL
      break
    }
    if (empty == 0) chunks <- c(chunks, list(chunk))
    size <- size + length(chunk$x)
  }
  part <- if (length(chunks) == 1L) chunks[[1L]] else joined(chunks)
  c(part, is_last = is.null(chunk))
}

# A chunk as a list of x, weights and error; the last two may be NULL.
parse_chunk <- function(chunk) {
  if (inherits(chunk, "squashed")) {
    abort_gmm1d("type", "a chunk must be values, not squashed data; `c()` merges those.")
  }
  if (!is.list(chunk)) return(list(x = parse_data(chunk), weights = NULL, error = NULL))
  if (is.null(chunk[["x"]])) {
    abort_gmm1d("type", "a chunk must be a numeric vector, or a data frame or list with `x` and ",
                "`weights`; this one has no `x`.")
  }
  list(x = parse_data(chunk[["x"]]), weights = chunk[["weights"]], error = chunk[["error"]])
}

joined <- function(chunks) {
  is_weighted <- !vapply(chunks, function(chunk) is.null(chunk$weights), NA)
  has_error <- !vapply(chunks, function(chunk) is.null(chunk$error), NA)
  if (any(has_error) && !all(has_error)) {
    abort_gmm1d("argument", "all chunks must have an `error`, or none; use 0 for exact values.")
  }
  list(
    x = unlist(lapply(chunks, function(chunk) parse_numbers(chunk$x, "x"))) %||% numeric(),
    weights = if (any(is_weighted)) {
      unlist(lapply(chunks, function(chunk) {
        parse_numbers(parse_weights(chunk$weights %||% rep(1, length(chunk$x)), length(chunk$x)),
                      "weights")
      }))
    },
    error = if (any(has_error)) {
      unlist(lapply(chunks, function(chunk) parse_error(chunk$error, length(chunk$x))))
    }
  )
}

# True if squash() would make a point of the part, or an error of its own.
has_value <- function(part) {
  of_weight <- if (is.null(part$weights)) TRUE else is.na(part$weights) | part$weights != 0
  any(!is.na(part$x) & of_weight)
}

# Parts of very different scale or location, such as those of sorted data, may together have any
# number of cells. A vector can have this many.
most_cells_of_stream <- 2^15

limited <- function(points) {
  while (length(points$cells$level) > most_cells_of_stream) {
    points <- coarsen(points, max(points$cells$level) - 1L)
  }
  points
}

#' @rdname squash-stream
#' @export
update.squashed <- function(object, chunk, weights = NULL, control = gmm1d_control(), ...) {
  check_no_dots(...)
  object <- parse_squashed(object, "object")
  if (missing(chunk)) abort_gmm1d("argument", "`chunk`, the data to add, is missing.")
  chunk <- parse_chunk(chunk)
  part <- list(x = chunk$x, weights = weights %||% chunk$weights, error = chunk$error)
  if (!has_value(part)) {
    parse_complete_weights(part$weights, length(part$x))
    object$n_missing <- object$n_missing + length(part$x)
    return(object)
  }
  limited(c(object, squash(part$x, part$weights, rounding = object$rounding, control = control,
                           error = part$error)))
}
