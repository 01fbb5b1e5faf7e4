# Words for messages: numbers and nouns, descriptions of objects, text that is safe to print.

# Describes an object: "a factor", "NULL", "an integer vector".
describe <- function(x) {
  if (is.null(x)) return("NULL")
  if (inherits(x, "squashed")) return("squashed data")
  kind <- if (is.object(x)) class(x)[1L]
          else if (is.function(x)) "function"
          else if (is.matrix(x)) paste(typeof(x), "matrix")
          else if (is.atomic(x)) paste(typeof(x), "vector")
          else typeof(x)
  paste(if (grepl("^[aeiou]", kind)) "an" else "a", kind)
}

dimensions <- function(x) paste(c("one of", paste(dim(x), collapse = " x ")), collapse = " ")

# "1 component", "2 components".
count_of <- function(n, noun) paste0(format_count(n), " ", noun, if (n != 1) "s")

# Whole numbers in order: "1 to 9", or a list if there are gaps or only two numbers.
numbers_in_words <- function(k) {
  if (length(k) > 2L && all(diff(k) == 1L)) paste(k[1L], "to", k[length(k)]) else toString(k)
}

# Names of arguments: `a`, `b` and `c`.
in_words <- function(names) {
  names <- paste0("`", names, "`")
  paste(toString(names[-length(names)]), "and", names[length(names)])
}

capitalised <- function(text) paste0(toupper(substr(text, 1L, 1L)), substring(text, 2L))

# A number in full, never as 3e+05, with a thousands separator that differs from the decimal mark.
format_count <- function(n, ...) {
  mark <- if (getOption("OutDec") == ",") "." else ","
  format(n, big.mark = mark, scientific = is_huge(n), ...)
}

# Sums of weights may have hundreds of digits.
is_huge <- function(n) max(abs(n), 0, na.rm = TRUE) >= 1e15

cat_lines <- function(lines) cat(paste0(printable(lines), "\n", recycle0 = TRUE), sep = "")

# Names may contain anything, including escape sequences that a terminal would obey, and invalid
# bytes. These are escaped.
printable <- function(text) {
  text <- as.character(text)
  bad <- !validUTF8(text)
  text[bad] <- iconv(text[bad], "latin1", "ASCII", sub = "byte")
  odd <- grepl(control_character, text, perl = TRUE)
  text[odd] <- vapply(strsplit(text[odd], ""), function(characters) {
    is_control <- grepl(control_character, characters, perl = TRUE)
    characters[is_control] <- encodeString(characters[is_control])
    paste(characters, collapse = "")
  }, "")
  text
}

# Line breaks and tabs are kept.
control_character <- "(?![\n\t])[[:cntrl:]]"
