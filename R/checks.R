# All user errors, and the parsers that raise them. A parser returns a clean value.

# Raises an error of class gmm1d_error_<what>, attributed to the function that the user called. The
# dots are the pieces of its text, in order.
#
# It uses stop(), because the backtrace of rlang::abort() takes milliseconds and thousands of data
# sets may fail.
abort_gmm1d <- function(what, ..., call = user_call()) {
  stop(errorCondition(printable(paste(c(...), collapse = "")), call = call,
                      class = c(paste0("gmm1d_error_", what), "gmm1d_error")))
}

# Map() for many data sets, any of which may fail; the result of one that fails is a list with the
# error message. For speed, errors are caught one by one only if there is one.
map_attempts <- function(f, ...) {
  attempt <- function(...) tryCatch(f(...), gmm1d_error = function(e) list(error = e$message))
  tryCatch(Map(f, ...), gmm1d_error = function(e) Map(attempt, ...))
}

has_failed <- function(outcome) !is.null(outcome$error)

warn_gmm1d <- function(what, ...) {
  rlang::warn(
    printable(paste(c(...), collapse = "")),
    class = c(paste0("gmm1d_warning_", what), "gmm1d_warning")
  )
}

# The outermost call of a function of this package.
user_call <- function() {
  here <- topenv()
  for (i in seq_len(sys.nframe())) {
    if (identical(topenv(environment(sys.function(i))), here)) return(sys.call(i))
  }
  NULL
}

# Errors if `...` is not empty, and suggests the argument that was meant. Arguments that other
# packages pass to all models are accepted: those in `.ignored` with any value, those in `.off` if
# they are NULL or FALSE.
check_no_dots <- function(..., .ignored = character(), .off = character()) {
  if (...length() == 0L) return(invisible())
  known <- setdiff(names(formals(sys.function(sys.parent()))), "...")
  for (i in seq_len(...length())) {
    name <- ...names()[i] %||% ""
    if (name %in% .off) check_is_off(...elt(i), name)
    else if (!name %in% .ignored) abort_unknown(name, known)
  }
}

check_is_off <- function(value, name) {
  if (!is.null(value) && !identical(value, FALSE)) {
    abort_gmm1d("argument", "`", name, "` must be NULL or FALSE: it does nothing for a mixture.")
  }
}

abort_unknown <- function(name, known) {
  if (is.na(name) || !nzchar(name)) {
    abort_gmm1d("argument", "too many arguments without a name.")
  }
  ours <- intersect(words_of_others[[name]], known)
  near <- near_word(name, known)
  abort_gmm1d("argument", "unknown argument `", name, "`; ",
              if (length(ours) > 0L) c("use `", ours, "` here.")
              else if (length(near) > 0L) c("did you mean `", near, "`?")
              else if (length(remedy_for(name, known)) > 0L) c(remedy_for(name, known), ".")
              else c("the arguments are ", toString(paste0("`", known, "`")), "."))
}

# What to do instead, for arguments of fits that no argument of ours replaces: those of other
# models, and those of single fits beside many.
remedy_for <- function(name, known) {
  if (!"fixed" %in% known) return(NULL)
  if (name %in% c("na.rm", "na.action")) "missing values are always dropped"
  else if (name %in% c("seed", "nstart")) "there are no random starts, so it is not needed"
  else if (name %in% c("censored", "labels", "labels_by", "noise", "start") &&
             !"start" %in% known) {
    "it is for single fits; `lapply(split(data, data$group), gmm1d, column, ...)` makes one of each"
  }
}

# Our arguments under the names that other packages use.
words_of_others <- list(
  G = "k", K = "k", n_components = "k", modelNames = "variance", arbvar = "variance",
  lambda = "start", mu = "start", sigma = "start", mean.constr = "fixed", sd.constr = "fixed",
  maxit = "control", epsilon = "control", tol = "control", max_iter = "control",
  what = "type", which = "type", whichplots = "type", B = "R", nboot = "R",
  MARGIN = "margin", log = "original"
)

# The known word that differs from a word by a letter or two, if there is one.
near_word <- function(word, known) {
  away <- as.vector(utils::adist(word, known, ignore.case = TRUE))
  if (min(away, Inf) <= min(2, nchar(word) / 2)) known[which.min(away)]
}

# The choice that was probably meant: other packages use the word for it, or it begins in the same
# way, or it is spelt almost like the word.
meant_choice <- function(word, choices) {
  ours <- intersect(choices_of_others[[tolower(word)]], choices)
  if (length(ours) > 0L) return(ours[1L])
  word <- tolower(word)
  begins <- nzchar(word) & (startsWith(tolower(choices), word) | startsWith(word, tolower(choices)))
  if (any(begins)) choices[begins][1L] else near_word(word, choices)
}

# Our choices under the names that other packages use, in lower case.
choices_of_others <- list(
  prob = "posterior", probs = "posterior", probability = "posterior", probabilities = "posterior",
  z = "posterior", membership = "posterior", responsibilities = "posterior", raw = "posterior",
  cluster = "class", classification = "class", names = "label", factor = "label",
  pdf = "density", loglik = c("logdensity", "trace"), p = "cdf", response = "value",
  hist = "density", histogram = "density", bic = "selection", convergence = "trace",
  ecdf = "cdf", qqplot = "qq", qqnorm = "qq", v = "free", unequal = "free", e = "equal",
  lrt = "boot", frequency = "count", "equally spaced" = "equal spacing"
)

# The end of an error about a choice: a question, if a choice was probably meant.
meant_words <- function(word, choices) {
  meant <- if (is.character(word) && length(word) == 1L && !is.na(word)) meant_choice(word, choices)
  if (length(meant) > 0L) c("; did you mean ", dQuote(meant, FALSE), "?") else "."
}

# `legal` is TRUE for values that are allowed; the first that is not is reported.
check_each <- function(legal, value, name, must, what = "range") {
  if (!all(legal)) abort_value(value, which.min(legal), name, must, what)
}

abort_value <- function(value, at, name, must, what) {
  shown <- if (is.character(value)) dQuote(value[[at]], FALSE) else format(value[[at]], digits = 7)
  abort_gmm1d(what, "`", name, "` must ", must, ", not ", shown,
              if (length(value) > 1L) c(" at position ", at), ".")
}

# The data, without a copy: numbers in a vector or in one column. Their values are checked in the
# one pass that squashes them.
parse_data <- function(x, name = "x") {
  if (is.logical(x) && all(is.na(x))) storage.mode(x) <- "double"
  check_numeric(x, name)
  x
}

# Values as doubles, without attributes; missing values are kept.
parse_values <- function(x, name = "x") {
  check_no_frame(x, name)
  x <- parse_numbers(x, name)
  check_each(!is.infinite(x), x, name, "be finite", "infinite")
  x
}

check_no_frame <- function(x, name) {
  if (is.data.frame(x)) {
    abort_gmm1d("type", "`", name, "` must be a numeric vector, not a data frame; ",
                "give one column of it, or a formula `~ column` and `data`.")
  }
}

# Errors unless `x` is a list whose names are all among `known`; the message mentions those in
# `main`.
check_named_list <- function(x, name, known, main = known) {
  if (!is.list(x) || is.data.frame(x)) {
    abort_gmm1d("type", "`", name, "` must be a list of ", in_words(main), ", not ", describe(x),
                ".")
  }
  unknown <- setdiff(rlang::names2(x), known)
  if (length(unknown) > 0L) {
    abort_gmm1d("argument", "`", name, "` must have ", in_words(known), " only, not ",
                if (nzchar(unknown[1L])) c("`", unknown[1L], "`") else "one without a name", ".")
  }
}

# Row names, which must be unique.
parse_row_names <- function(row_names, rows) {
  if (is.null(row_names)) return(NULL)
  if (!is.atomic(row_names) || length(row_names) != rows) {
    abort_gmm1d("shape", "`row.names` must be ", count_of(rows, "name"), ", not ",
                if (is.atomic(row_names)) length(row_names) else describe(row_names), ".")
  }
  if (anyDuplicated(row_names) > 0L || anyNA(row_names)) {
    abort_gmm1d("range", "`row.names` must be unique and not missing.")
  }
  row_names
}

# Runs code of the core, which may need more memory than there is.
with_memory <- function(code) {
  tryCatch(code, `std::bad_alloc` = function(e) {
    abort_gmm1d("memory", "not enough memory.")
  })
}

parse_complete_values <- function(x) {
  x <- parse_values(x)
  check_each(!is.na(x), x, "x", "have no missing values", "missing")
  x
}

# Numbers as doubles, without attributes. integer64 keeps whole numbers in the bits of
# doubles, so it is converted by value.
parse_numbers <- function(x, name) {
  if (is.logical(x) && all(is.na(x))) storage.mode(x) <- "double"
  check_numeric(x, name)
  if (inherits(x, "integer64")) from_integer64_cpp(x) else as.vector(x, "double")
}

parse_known_numbers <- function(x, name) {
  x <- parse_numbers(x, name)
  check_each(!is.na(x), x, name, "have no missing values", "missing")
  x
}

# A table holds counts, not values, and integer64 stores its numbers in doubles. Dates and factors
# are not numeric for R either, but NA alone is, whatever its type.
check_numeric <- function(x, name) {
  is_integer64 <- inherits(x, "integer64")
  if (!is.numeric(x) || is.table(x) || (is_integer64 && !is.double(x))) {
    abort_gmm1d("type", "`", name, "` must be numeric, not ", describe(x),
                number_hint(x, name), ".")
  }
  if (length(dim(x)) > 1L && !(length(dim(x)) == 2L && ncol(x) == 1L)) {
    abort_gmm1d("shape", "`", name, "` must be a vector or a matrix with one column, not ",
                dimensions(x),
                if (length(dim(x)) == 2L) {
                  "; `gmm1d_each()` fits each column, or with `margin = 1` each row"
                }, ".")
  }
}

number_hint <- function(x, name = "x") {
  if (is.character(x) || is.factor(x)) text_hint(x, name)
  else if (inherits(x, c("Date", "POSIXt", "difftime"))) "; `as.numeric()` converts it"
  else if (inherits(x, "DBIConnection")) "; give `dplyr::tbl(connection, \"table\")` and a column"
  else if (inherits(x, "integer64")) c(" without doubles, in which bit64 stores its numbers")
  else if (is.table(x)) c("; give the values, and the counts as `weights`")
  else if (inherits(x, "gmm1d")) "; if both data and a fit are given, data come first"
}

# Says which entry of a text is not a number, and how to convert the text. An entry such as "<0.15"
# is treated as a limit of detection.
text_hint <- function(x, name) {
  text <- trimws(as.character(x))
  is_number <- is.na(text) | text %in% c("", "NA") | !is.na(suppressWarnings(as.numeric(text)))
  code <- paste0("as.numeric(", if (is.factor(x)) paste0("as.character(", name, ")") else name, ")")
  if (all(is_number)) return(c("; `", code, "` converts it"))
  at <- which.min(is_number)
  remedy <- limits_hint(text, name)
  if (is.null(remedy) && grepl("^-?[0-9]+,[0-9]+$", text[at])) {
    remedy <- "; read decimal commas with `dec = \",\"`"
  }
  if (length(text) == 1L && is.null(remedy)) return(NULL)
  c(": ", dQuote(text[at], FALSE), " at position ", at, " is not a number", remedy)
}

# The remedy for values such as "<0.15" and ">10"; NULL if there are none.
limits_hint <- function(text, name) {
  limits <- vapply(c("^<=?", "^>=?"), limit_of_text, 1, text)
  if (all(is.na(limits))) return(NULL)
  limits <- toString(limits)
  c(". If signs mark limits of detection, convert it by `as.numeric(sub(\"[<>]=?\", \"\", ", name,
    "))` and give `censored = c(", limits, ")`, on the scale of the fit: `log10(c(", limits,
    "))` for `~ log10(titre)`")
}

# The number after a sign, NA if there is none. Of several numbers, the limit that covers all.
limit_of_text <- function(sign, text) {
  values <- suppressWarnings(as.numeric(sub(sign, "", text[grepl(sign, text)])))
  values <- values[!is.na(values)]
  if (length(values) == 0L) NA_real_ else if (startsWith(sign, "^<")) max(values) else min(values)
}

# The weights, without a copy; NULL becomes an empty vector. Their values are checked with the data.
parse_weights <- function(weights, n, name = "weights", of = "x") {
  if (is.null(weights)) return(numeric())
  if (is.logical(weights) && all(is.na(weights))) storage.mode(weights) <- "double"
  check_numeric(weights, name)
  if (length(weights) != n) {
    abort_gmm1d("shape", "`", name, "` must be as long as `", of, "` (", n, "), not ",
                length(weights), ".")
  }
  weights
}

parse_complete_weights <- function(weights, n) {
  if (is.null(weights)) return(rep(1, n))
  weights <- parse_known_numbers(parse_weights(weights, n), "weights")
  check_each(is.finite(weights), weights, "weights", "be finite", "infinite")
  check_each(weights >= 0, weights, "weights", "be non-negative")
  weights
}

parse_choice <- function(choice, choices, name) {
  if (identical(choice, choices)) return(choices[1L])
  if (!is.character(choice) || length(choice) != 1L || !choice %in% choices) {
    abort_gmm1d("argument", "`", name, "` must be one of ",
                toString(dQuote(choices, FALSE)), ", not ",
                if (is.character(choice)) toString(dQuote(choice, FALSE))
                else describe(choice), meant_words(choice, choices))
  }
  choice
}

# One or more of the choices, in the order given.
parse_choices <- function(chosen, choices, name) {
  if (!is.character(chosen) || length(chosen) == 0L || !all(chosen %in% choices)) {
    abort_gmm1d("argument", "`", name, "` must be ", toString(dQuote(choices, FALSE)),
                " or several of these, not ",
                if (is.character(chosen)) toString(dQuote(chosen, FALSE))
                else describe(chosen), meant_words(chosen, choices))
  }
  unique(chosen)
}

parse_number <- function(x, name, at_least = -Inf, above = -Inf) {
  x <- parse_scalar(x, name)
  check_each(x >= at_least, x, name, paste("be at least", at_least))
  check_each(x > above, x, name, paste("be above", above))
  x
}

parse_count <- function(x, name, at_least = 1) {
  x <- parse_scalar(x, name)
  check_each(x >= at_least & x == floor(x) & x <= .Machine$integer.max, x, name,
             paste("be a whole number >=", at_least))
  as.integer(x)
}

parse_scalar <- function(x, name) {
  x <- parse_numbers(x, name)
  if (length(x) != 1L) {
    abort_gmm1d("shape", "`", name, "` must be one number, not ",
                count_of(length(x), "number"), ".")
  }
  check_each(!is.na(x), x, name, "be a number", "missing")
  check_each(is.finite(x), x, name, "be finite", "infinite")
  x
}

parse_flag <- function(x, name) {
  if (!is.logical(x) || length(x) != 1L || is.na(x)) {
    abort_gmm1d("type", "`", name, "` must be TRUE or FALSE, not ",
                if (is.logical(x) && length(x) == 1L) "NA" else describe(x), ".")
  }
  x
}

# A confidence level.
parse_level <- function(level, name = "level") {
  level <- parse_scalar(level, name)
  check_each(level > 0 & level < 1, level, name, "be between 0 and 1")
  level
}
