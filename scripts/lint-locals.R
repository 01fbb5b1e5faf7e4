# Finds local variables with the name of a function that is called in the same scope. If such a
# value came from a file or a user and were a function, it would be called instead. Prints each; the
# exit status is 1 if there is any.
functions <- new.env()
for (package in c("base", "stats", "utils", "graphics", "grDevices", "methods")) {
  for (name in getNamespaceExports(package)) {
    if (is.function(get(name, getNamespace(package)))) assign(name, TRUE, functions)
  }
}

is_assignment <- function(call) {
  is.name(call[[1L]]) && as.character(call[[1L]]) %in% c("<-", "=") && is.name(call[[2L]])
}

is_definition <- function(value) is.call(value) && identical(value[[1L]], quote(`function`))

# The names that an expression assigns to, except those of functions defined here, and the names
# that it calls. Inner functions are not included.
names_in <- function(expression) {
  found <- list(locals = character(), called = character())
  if (!is.call(expression) || is_definition(expression)) return(found)
  if (is_assignment(expression) && !is_definition(expression[[3L]])) {
    found$locals <- as.character(expression[[2L]])
  }
  if (identical(expression[[1L]], quote(`for`))) found$locals <- as.character(expression[[2L]])
  if (is.name(expression[[1L]])) found$called <- as.character(expression[[1L]])
  for (part in as.list(expression)) {
    if (missing(part) || !is.call(part)) next
    within <- names_in(part)
    found <- Map(c, found, within)
  }
  found
}

definitions_in <- function(expression) {
  if (!is.call(expression)) return(list())
  here <- if (is_definition(expression)) list(expression) else list()
  parts <- as.list(expression)
  c(here, unlist(lapply(parts[vapply(parts, is.call, NA)], definitions_in), recursive = FALSE))
}

own <- list.files("R", pattern = "[.]R$", full.names = TRUE)
parsed <- lapply(own, parse, keep.source = FALSE)
for (expression in unlist(lapply(parsed, as.list))) {
  if (is.call(expression) && is_assignment(expression) && is_definition(expression[[3L]])) {
    assign(as.character(expression[[2L]]), TRUE, functions)
  }
}
breaches <- character()
for (i in seq_along(own)) {
  for (definition in unlist(lapply(as.list(parsed[[i]]), definitions_in), recursive = FALSE)) {
    found <- names_in(definition[[3L]])
    locals <- c(names(definition[[2L]]), found$locals)
    clash <- unique(intersect(locals, found$called))
    clash <- clash[vapply(clash, exists, NA, functions, inherits = FALSE)]
    if (length(clash) > 0L) {
      breaches <- c(breaches, paste0(own[i], ": `", clash, "` is a local, and called"))
    }
  }
}
cat(unique(breaches), sep = "\n")
quit(status = length(breaches) > 0L)
