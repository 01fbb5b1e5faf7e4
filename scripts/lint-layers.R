# Checks the rule for layers: a file calls its own layer and those below it. scripts/layers.tsv
# gives the layer of each file. The parsed files show where names are defined, and where they are
# called or passed as values. Methods found by a generic are not called by name, so they may be
# anywhere. Prints each breach and the number of upward calls; the exit status is 1 if there is any.
layers <- utils::read.delim("scripts/layers.tsv", colClasses = c("character", "integer"))
layer_of <- stats::setNames(layers$layer, layers$file)
files <- setdiff(list.files("R", pattern = "[.]R$"), "RcppExports.R")

# The tokens of a file, each with the function that contains it (0 at top level).
tokens_of <- function(file) {
  tokens <- utils::getParseData(parse(file, keep.source = TRUE))
  tokens <- tokens[tokens$token != "COMMENT", ]
  row_of <- integer(max(tokens$id))
  row_of[tokens$id] <- seq_len(nrow(tokens))
  functions <- tokens$parent[tokens$token %in% c("FUNCTION", "'\\\\'")]
  tokens$within <- vapply(tokens$parent, function(id) {
    while (id > 0L && !id %in% functions) id <- tokens$parent[row_of[id]]
    max(id, 0L)
  }, 1L)
  tokens
}

# The names that are bound, each with its function: arguments, loop variables and assigned names.
# Calls can refer to arguments and functions only (`is_called`).
bindings_in <- function(tokens) {
  bound <- function(which, within, is_called) {
    data.frame(name = gsub("[`\"]", "", tokens$text[which]), within, is_called)
  }
  arguments <- which(tokens$token == "SYMBOL_FORMALS")
  loops <- tokens$id[tokens$token == "forcond"]
  loops <- which(tokens$token == "SYMBOL" & tokens$parent %in% loops)
  arrows <- which(tokens$token %in% c("LEFT_ASSIGN", "EQ_ASSIGN") & tokens$text != "<<-")
  assigned <- lapply(arrows, function(arrow) {
    sides <- which(tokens$parent == tokens$parent[arrow])
    left <- which(tokens$parent == tokens$id[sides[1L]])
    if (length(left) != 1L || tokens$token[left] != "SYMBOL") return(NULL)
    right <- tokens$token[tokens$parent == tokens$id[sides[length(sides)]]]
    bound(left, tokens$within[arrow], any(c("FUNCTION", "'\\\\'") %in% right))
  })
  do.call(rbind, c(assigned, list(
    bound(arguments, tokens$parent[arguments], rep(TRUE, length(arguments))),
    bound(loops, tokens$within[loops], rep(FALSE, length(loops)))
  )))
}

# The names used in a file that no enclosing function binds.
uses_in <- function(tokens, bindings) {
  uses <- tokens[tokens$token %in% c("SYMBOL_FUNCTION_CALL", "SYMBOL"), ]
  # Names after `$` and `@` are parts; names after `::` belong to other packages.
  is_part <- vapply(seq_len(nrow(uses)), function(i) {
    beside <- tokens$token[tokens$parent == uses$parent[i]]
    any(c("'$'", "'@'", "NS_GET", "NS_GET_INT") %in% beside)
  }, NA)
  uses <- uses[!is_part, ]
  parent_function <- stats::setNames(tokens$within, tokens$id)
  is_local <- vapply(seq_len(nrow(uses)), function(i) {
    known <- bindings[bindings$name == gsub("`", "", uses$text[i]) & bindings$within > 0L, ]
    if (uses$token[i] == "SYMBOL_FUNCTION_CALL") known <- known[known$is_called, ]
    within <- uses$within[i]
    while (within > 0L && !within %in% known$within) {
      within <- parent_function[[as.character(within)]]
    }
    within > 0L
  }, NA)
  data.frame(name = gsub("`", "", uses$text), line = uses$line1)[!is_local, ]
}

tokens <- lapply(file.path("R", files), tokens_of)
bindings <- lapply(tokens, bindings_in)
defined <- do.call(rbind, Map(function(file, bound) {
  data.frame(name = bound$name, file = rep(file, length(bound$name)))[bound$within == 0L, ]
}, files, bindings))
home <- stats::setNames(defined$file, defined$name)
uses <- do.call(rbind, Map(function(file, tokens, bound) {
  used <- uses_in(tokens, bound)
  data.frame(used, file = rep(file, nrow(used)))
}, files, tokens, bindings))
uses$home <- home[uses$name]
upward <- uses[which(layer_of[uses$home] > layer_of[uses$file]), ]

# Only the fitting layer calls the climbs of the core. Layers above call the functions of that
# layer.
climbs <- c("search_each_cpp", "climb_cpp", "climb_each_cpp", "conclude_each_cpp", "em_cpp")
core <- bindings_in(tokens_of("R/RcppExports.R"))$name
uses_of_climbs <- uses[uses$name %in% climbs, ]
past_layer_2 <- uses_of_climbs[which(layer_of[uses_of_climbs$file] != 2L), ]

# CONTRIBUTING.md lists files in the row of their layer.
map <- grep("^\\| [0-9] ", readLines("CONTRIBUTING.md"), value = TRUE)
named <- do.call(rbind, lapply(map, function(row) {
  file <- regmatches(row, gregexpr("[A-Za-z0-9-]+[.]R(?=`)", row, perl = TRUE))[[1L]]
  data.frame(file, layer = rep(as.integer(substr(row, 3L, 3L)), length(file)))
}))
is_misplaced <- !mapply(identical, unname(layer_of[named$file]), named$layer)

# A name that looks like a function of R should be that function.
of_r <- unlist(lapply(c("base", "stats", "utils", "graphics", "grDevices", "methods"),
                      getNamespaceExports))

say <- function(what, which) if (length(which) > 0L) cat(paste0(which, ": ", what, "\n"), sep = "")
breaches <- list(
  "has no layer in scripts/layers.tsv" = setdiff(files, layers$file),
  "stands in scripts/layers.tsv and is no file of R/" = setdiff(layers$file, files),
  "stands twice in scripts/layers.tsv" = layers$file[duplicated(layers$file)],
  "is in another layer in CONTRIBUTING.md" = named$file[is_misplaced],
  "is not in the map of CONTRIBUTING.md" = setdiff(files, named$file),
  "is defined twice" = unique(defined$name[duplicated(defined$name)]),
  "masks a function of R" = intersect(defined$name, of_r),
  "climbs, and is no function of the core" = setdiff(climbs, core),
  "climbs, and is called outside of layer 2" =
    sprintf("R/%s:%d: `%s`", past_layer_2$file, past_layer_2$line, past_layer_2$name)
)
invisible(Map(say, names(breaches), breaches))
cat(sprintf("R/%s:%d: `%s` is above, in %s\n", upward$file, upward$line, upward$name, upward$home),
    sep = "")
cat(nrow(upward), "upward calls\n")
quit(status = sum(lengths(breaches), nrow(upward)) > 0L)
