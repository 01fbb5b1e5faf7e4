# The groups of `by`: their keys, a data frame with one row for each, and the group of each
# observation.
parse_groups <- function(by, n) {
  if (inherits(by, "groups_of_rows")) return(by)
  if (inherits(by, "POSIXlt")) by <- as.POSIXct(by)
  variables <- if (is.list(by)) parse_several_by(by) else list(group = by)
  variables <- Map(parse_by, variables, names(variables), n)
  if (length(variables) == 1L) return(groups_of_one(variables))
  ranks <- lapply(variables, function(one) one$rank)
  in_order <- do.call(order, unname(ranks))
  ranks <- lapply(ranks, `[`, in_order)
  is_new <- Reduce(`|`, lapply(ranks, function(rank) {
    c(TRUE, diff(rank) != 0)[seq_along(rank)]
  }))
  of <- integer(n)
  of[in_order] <- cumsum(is_new)
  keys <- Map(function(one, rank) one$values[rank[is_new]], variables, ranks)
  list(keys = list2DF(keys), of = of)
}

# With one variable, levels without observations are groups as well.
groups_of_one <- function(variables) {
  one <- variables[[1L]]
  list(keys = list2DF(lapply(variables, function(one) one$values)), of = one$rank)
}

parse_several_by <- function(by) {
  if (length(by) == 0L) abort_gmm1d("shape", "`by` must have at least one variable.")
  names <- rlang::names2(by)
  unnamed <- names == ""
  names[unnamed] <- paste0("group", which(unnamed))
  stats::setNames(as.list(by), names)
}

# The values of one variable in order, NA last, and the rank of each observation among them.
parse_by <- function(by, name, n) {
  if (!is.atomic(by) || is.null(by) || length(dim(by)) > 1L) {
    abort_gmm1d("type", "`by` must be a vector, a factor or a list of these, not ", describe(by),
                ".")
  }
  if (length(by) != n) {
    abort_gmm1d("shape", "`by` must be as long as `x` (", n, "), not ", length(by), ".")
  }
  if (inherits(by, "integer64")) {
    halves <- halves_of_integer64(by)
    in_order <- order(halves$high, halves$low)
    values <- by[in_order[!duplicated(ids_of(by)[in_order])]]
    rank <- match(ids_of(by), ids_of(by)[in_order[!duplicated(ids_of(by)[in_order])]])
  } else if (is.factor(by)) {
    values <- factor(c(levels(by), if (anyNA(by)) NA), levels(by), exclude = NULL,
                     ordered = is.ordered(by))
    rank <- as.integer(by)
    rank[is.na(rank)] <- length(values)
  } else {
    values <- unique(by)
    values <- values[order(if (is.raw(by)) as.integer(values) else values)]
    rank <- match(by, values)
  }
  list(values = values, rank = rank)
}

# The numbers of each group.
split_by <- function(x, groups) {
  of <- structure(groups$of, levels = as.character(seq_len(nrow(groups$keys))), class = "factor")
  unname(split(x, of))
}
