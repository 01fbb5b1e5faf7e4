# A fit stores the call that made it, and a name for its data.

# The call as the user would write it: of the generic, not of the method. Unnamed arguments that
# were passed on to another `method` get the names they have there.
call_of <- function(name, call, method = NULL) {
  if (!is.null(method) && !all(nzchar(names(call)[-1L]))) call <- match.call(method, call)
  call[[1]] <- as.name(name)
  call
}

# A short name for the data, for titles, never the data themselves. A long call keeps its first
# arguments, with `...` for the others.
name_of <- function(expression) {
  if (!is.name(expression) && !is.call(expression)) return("x")
  text <- text_of(expression)
  if (is_title(text)) return(text)
  if (has_data(expression)) return("x")
  text <- text_of(shortened(expression))
  if (is_title(text)) text else paste0(substr(text, 1L, 57L), "...")
}

text_of <- function(expression) {
  text <- deparse(expression, nlines = 3L, width.cutoff = 500L)
  paste(trimws(text), collapse = " ")
}

is_title <- function(text) nchar(text) <= 60L

# True if an expression contains data: numbers that the user has typed, or that do.call() has put
# there.
has_data <- function(expression) {
  constants <- 0
  count <- function(part) {
    if (is.call(part)) return(any(vapply(as.list(part), count_or_missing, NA)))
    if (is.name(part)) return(FALSE)
    constants <<- constants + 1
    length(part) != 1L || is.list(part) || is.function(part)
  }
  count_or_missing <- function(part) !identical(part, rlang::missing_arg()) && count(part)
  count(expression) || constants > 6
}

# A call with its first argument, itself shortened, and other arguments if they are short.
shortened <- function(expression) {
  if (!is.call(expression)) return(expression)
  parts <- as.list(expression)
  for (i in seq_along(parts)[-1L]) {
    if (identical(parts[[i]], rlang::missing_arg())) next
    if (i == 2L) parts[[i]] <- shortened(parts[[i]])
    else if (nchar(text_of(parts[[i]])) > 12L) parts[[i]] <- quote(...)
  }
  as.call(parts)
}
