# Answers of a function of the user, which runs queries for a table that R has no connection to.

# NULL, or a function that can be called with one argument.
parse_ask <- function(ask) {
  if (is.null(ask)) return(NULL)
  if (!is.function(ask)) {
    abort_gmm1d("type", "`ask` must be a function of a query that returns a data frame, not ",
                describe(ask), ".")
  }
  arguments <- as.list(formals(args(ask)))
  needed <- vapply(arguments, identical, NA, rlang::missing_arg()) & names(arguments) != "..."
  if (!is.primitive(ask) && (length(arguments) == 0L || sum(needed[-1L]) > 0L)) {
    abort_gmm1d("type", "`ask` must be a function of one argument, the query as a string, not of ",
                if (length(arguments) == 0L) "none" else length(arguments), ".")
  }
  ask
}

# The answer to SQL as a data frame, or the error of the function.
answer_elsewhere <- function(ask, sql) {
  answer <- tryCatch(ask(sql), error = identity)
  if (inherits(answer, "error")) answer else parse_frame(answer, "`ask` must return")
}

# A data frame of vectors; whole columns may come as lists, with NULL for what is missing.
parse_frame <- function(answer, must) {
  if (!is.data.frame(answer)) {
    abort_gmm1d("type", must, " a data frame, the answer to the query, not ", describe(answer),
                frame_hint(answer), ".")
  }
  is_list <- vapply(answer, is.list, NA)
  answer[is_list] <- lapply(answer[is_list], function(column) {
    vapply(column, function(value) {
      if (length(value) == 0L) NA_character_ else as.character(value)[1L]
    }, "")
  })
  is_factor <- vapply(answer, is.factor, NA)
  answer[is_factor] <- lapply(answer[is_factor], as.character)
  answer
}

# How to make a data frame of objects that are often returned.
frame_hint <- function(answer) {
  if (inherits(answer, "python.builtin.object")) {
    c(" of Python; for a pandas or PySpark data frame `f` use ",
      "`utils::read.csv(text = f$to_csv(index = FALSE))` or ",
      "`utils::read.csv(text = f$toPandas()$to_csv(index = FALSE))`")
  } else if (inherits(answer, c("tbl_lazy", "arrow_dplyr_query"))) {
    "; `dplyr::collect()` makes it one"
  } else if (is.character(answer)) {
    "; read it, for example by `utils::read.csv(text = )` or `jsonlite::fromJSON()`"
  } else if (is.null(answer)) {
    " (a function returns the value of its last expression)"
  } else if (is.list(answer)) {
    "; `as.data.frame()` makes it one, if it has a vector for each column"
  }
}

# Numbers of an answer as doubles. Engines and clients may write them as texts. NULL if they are not
# numbers.
numbers_of_answer <- function(value, may_be_text) {
  if (inherits(value, "integer64")) return(from_integer64_cpp(value))
  if (is.numeric(value) || all(is.na(value))) return(as.double(value))
  if (!is.character(value) || !may_be_text) return(NULL)
  text <- trimws(value)
  text[text %in% words_for_null] <- NA
  numbers <- suppressWarnings(as.double(text))
  if (!any(is.na(numbers) & !is.na(text) & tolower(text) != "nan")) numbers
}

words_for_null <- c("", "NA", "<NA>", "NULL", "null", "None", "\\N")
