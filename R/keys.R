# The keys of data sets: their names, and numbers that identify the values of a key.

# Keys for the elements of a list: their names, or 1, 2, ...
keys_of <- function(names, n, column) {
  list2DF(stats::setNames(list(names %||% seq_len(n)), column))
}

# One name for each group: its keys, as interaction() joins them.
labels_of <- function(keys) do.call(paste, c(unname(lapply(keys, as.character)), sep = "."))

# Numbers that identify the distinct values of a vector. They are compared by value, because numbers
# and times may lose digits as text.
ids_of <- function(x) {
  values <- if (inherits(x, "integer64")) do.call(paste, halves_of_integer64(x))
            else if (is.numeric(unclass(x)) && !is.factor(x)) as.vector(unclass(x))
            else as.character(x)
  match(values, unique(values))
}

# The upper and lower 32 bits of integer64, because doubles cannot hold all of its numbers.
halves_of_integer64 <- function(x) {
  halves <- readBin(writeBin(as.vector(unclass(x)), raw(), endian = "little"), "integer",
                    2L * length(x), endian = "little")
  low <- as.double(halves[c(TRUE, FALSE)])
  low[is.na(low)] <- -2^31
  list(high = halves[c(FALSE, TRUE)], low = ifelse(low < 0, low + 2^32, low))
}
