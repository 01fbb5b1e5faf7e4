# Columns of a data frame are named like those of a table in a database: bare, as strings, by
# `.data` or `{{ }}`, or in expressions.

# Evaluates `column` in `data`. Returns what formula_frame() returns for `~ column`, with this
# formula and the expression.
column_frame <- function(data, column) {
  expression <- column_expression(column, names(data))
  # A string is quoted in the empty environment.
  environment <- rlang::quo_get_env(innermost(column))
  if (identical(environment, emptyenv())) environment <- globalenv()
  if (is.name(expression)) check_column(data[[as.character(expression)]], as.character(expression))
  formula <- rlang::new_formula(NULL, as_term(expression), environment)
  frame <- formula_frame(formula, data, NULL, NULL,
                         words = c("`column`, `", rlang::as_label(expression), "`,"))
  if (NROW(frame$x) != nrow(data)) {
    abort_gmm1d("shape", "`column` must have a value for each row (", nrow(data), "), but `",
                rlang::as_label(expression), "` has ", NROW(frame$x), ".")
  }
  frame$name <- deparse1(expression)
  c(frame, list(formula = formula, expression = expression))
}

# Protects operators that have another meaning in formulas.
as_term <- function(expression) {
  is_operator <- is.call(expression) && rlang::as_label(expression[[1L]]) %in% formula_operators
  if (is_operator) call("I", expression) else expression
}

formula_operators <- c("+", "-", "*", "/", "^", ":", "(", "|", "%in%", "~")

# Errors for columns that cannot be fitted: lists and matrices.
check_column <- function(value, name) {
  if (is.list(value) && !is.data.frame(value)) {
    abort_gmm1d("type", "`", name, "` must be a numeric column, not a list",
                if (all(vapply(value, is.numeric, NA))) {
                  paste0(" of vectors; `gmm1d_each(data$", name, ")` fits each")
                }, ".")
  }
  if (length(dim(value)) == 2L && ncol(value) > 1L) {
    abort_gmm1d("shape", "`", name, "` must be one column of numbers, not ", dimensions(value),
                "; choose one, such as `data$", name, "[, 1]`.")
  }
}

# Unwraps nested quosures, which wrappers create with `{{ }}`.
innermost <- function(column) {
  while (rlang::is_quosure(rlang::quo_get_expr(column))) column <- rlang::quo_get_expr(column)
  column
}

# Turns `column` into a plain expression of the columns.
column_expression <- function(column, names) {
  if (rlang::quo_is_missing(column)) {
    abort_gmm1d("argument", "`column`, the second argument, is missing: name the column to fit.")
  }
  column <- innermost(column)
  expression <- plain_expression(column, names)
  if (!is.name(expression) && !is.call(expression)) {
    abort_gmm1d("argument", "`column` must be a name, a string or an expression of columns, not ",
                describe(expression), k_hint(expression), ".")
  }
  if (rlang::is_call(expression, "~")) abort_formula_as_column(expression)
  several <- columns_of_call(expression, names)
  if (length(several) > 1L) {
    abort_gmm1d("argument", "`column` must be one column, not ", length(several), " (",
                toString(paste0("`", several, "`")), "); `gmm1d_each(data[c(",
                toString(dQuote(several, FALSE)), ")])` fits each.")
  }
  if (is.name(expression)) check_is_column(as.character(expression), names, column)
  if (!any(all.vars(expression) %in% names)) {
    abort_gmm1d("argument", "`column` must use a column of the data, but `",
                rlang::as_label(expression), "` does not; ", which_columns(names),
                k_hint(tryCatch(rlang::eval_tidy(column), error = function(e) NULL)), ".")
  }
  expression
}

# In calls by formula the formula comes first.
abort_formula_as_column <- function(formula) {
  f <- if (length(formula) == 2L) "gmm1d" else "gmm1d_each"
  abort_gmm1d("argument", "`column` must be a name, a string or an expression of columns, not a ",
              "formula; write `", f, "(", deparse(formula, nlines = 1L), ", data)`.")
}

# A second column without a name, as in `gmm1d(data, y, group)`, would be sought as `k`.
check_no_third_column <- function(dots, names) {
  if (length(dots) == 0L || nzchar(rlang::names2(dots)[1L])) return(invisible())
  name <- rlang::quo_get_expr(dots[[1L]])
  if (is.name(name) && as.character(name) %in% names &&
        !exists(as.character(name), rlang::quo_get_env(dots[[1L]]))) {
    abort_gmm1d("argument", "`k` must be numbers of components, not the column `", name,
                "`; `gmm1d_each(data, column, by = ", name, ")` fits each group.")
  }
}

# True if numbers were given instead of a column, as in `gmm1d(bins, 2)`: they are meant as `k`.
are_numbers <- function(column, names) {
  if (rlang::quo_is_missing(column)) return(FALSE)
  column <- innermost(column)
  if (rlang::quo_is_missing(column) || any(all.vars(rlang::quo_get_expr(column)) %in% names)) {
    return(FALSE)
  }
  is.numeric(tryCatch(rlang::eval_tidy(column), error = function(e) NULL))
}

k_hint <- function(value) {
  if (is.numeric(value)) "; give numbers of components by name, `k = 2`"
}

check_is_column <- function(name, names, column = NULL) {
  if (name %in% names) return(invisible())
  held <- if (!is.null(column)) {
    tryCatch(get(name, rlang::quo_get_env(column), mode = "character"), error = function(e) NULL)
  }
  abort_gmm1d("argument", "the data must have a column `", name, "`; ",
              if (rlang::is_string(held) && held %in% names) {
                c("if `", name, "` holds its name, give `.data[[", name, "]]`")
              } else {
                which_columns(names)
              }, ".")
}

which_columns <- function(names) {
  if (length(names) == 0L) return("there are no columns")
  shown <- utils::head(names, most_named)
  paste0(if (length(names) == 1L) "the only column is " else "the columns are ",
         toString(paste0("`", shown, "`")),
         if (length(names) > most_named) paste(" and", length(names) - most_named, "more"))
}

most_named <- 12L

# The columns in `c(a, b)` or `c("a", "b")`.
columns_of_call <- function(expression, names) {
  if (!rlang::is_call(expression, "c")) return(NULL)
  parts <- as.list(expression)[-1L]
  is_column <- vapply(parts, function(part) {
    (is.name(part) || rlang::is_string(part)) && as.character(part) %in% names
  }, NA)
  if (all(is_column)) vapply(parts, as.character, "", USE.NAMES = FALSE)
}

# Turns a string into a name and `.data$a` into `a`. Variables of quosures from other environments
# are replaced by their values.
plain_expression <- function(column, names) {
  home <- rlang::quo_get_env(column)
  expression <- rlang::quo_get_expr(column)
  if (rlang::is_string(expression) && nzchar(expression)) return(as.name(expression))
  plain <- function(part, env) {
    if (rlang::is_missing(part)) return(part)
    if (rlang::is_quosure(part)) return(plain(rlang::quo_get_expr(part), rlang::quo_get_env(part)))
    if (is_of_pronoun(part, ".data")) return(as.name(name_in_pronoun(part, env)))
    if (is_of_pronoun(part, ".env")) return(get(name_in_pronoun(part, env), env))
    if (is.name(part) && !identical(env, home)) return(value_elsewhere(part, env, names))
    if (is.call(part)) for (i in seq_along(part)[-1L]) part[i] <- list(plain(part[[i]], env))
    part
  }
  plain(expression, home)
}

is_of_pronoun <- function(part, pronoun) {
  rlang::is_call(part, c("$", "[["), n = 2L) && identical(part[[2L]], as.name(pronoun))
}

name_in_pronoun <- function(part, env) {
  if (rlang::is_call(part, "$")) return(as.character(part[[3L]]))
  name <- tryCatch(eval(part[[3L]], env), error = function(e) NULL)
  if (!rlang::is_string(name)) {
    abort_gmm1d("argument", "`column` must have a string in `", rlang::as_label(part), "`.")
  }
  name
}

value_elsewhere <- function(name, env, names) {
  if (as.character(name) %in% names) return(name)
  tryCatch(get(as.character(name), env), error = function(e) name)
}

# Evaluates an argument with a value for each row, such as `weights`: a column, or values from
# outside the data.
values_among <- function(data, asked, name) {
  asked <- innermost(asked)
  if (rlang::quo_is_missing(asked) || rlang::quo_is_null(asked)) return(NULL)
  expression <- rlang::quo_get_expr(asked)
  if (rlang::is_string(expression)) {
    check_is_column(expression, names(data))
    return(data[[expression]])
  }
  rlang::try_fetch(rlang::eval_tidy(asked, data), error = function(e) {
    abort_gmm1d("argument", "`", name, "` cannot be evaluated in the data: ",
                conditionMessage(e), ".")
  })
}

# Evaluates several such arguments, to a named list.
said_of_rows <- function(data, asked) {
  stats::setNames(Map(values_among, list(data), asked, names(asked)), names(asked))
}

# Turns `by` into a list of variables. It may be one column, several in `c()`, strings, or vectors
# from outside the data.
groups_among <- function(data, by) {
  by <- innermost(by)
  expression <- plain_expression(by, names(data))
  if (is.name(expression) && !exists(as.character(expression), rlang::quo_get_env(by))) {
    check_is_column(as.character(expression), names(data))
  }
  parts <- parts_of_by(expression)
  is_column <- vapply(parts, function(part) any(all.vars(part) %in% names(data)), NA)
  is_text <- vapply(parts, rlang::is_string, NA)
  if (!all(is_column | is_text)) {
    value <- values_among(data, by, "by")
    if (!is.character(value) || length(value) == nrow(data)) return(value)
    parts <- as.list(value)
  }
  variables <- lapply(groups_asked(parts, by, names(data)), values_among, data = data, name = "by")
  labels <- vapply(parts, function(part) if (is.character(part)) part else deparse1(part), "")
  stats::setNames(variables, ifelse(nzchar(rlang::names2(parts)), rlang::names2(parts), labels))
}

# The groups of dplyr::group_by(): their keys, and the group of each row; NULL if there are none.
groups_of_rows <- function(data) {
  groups <- attr(data, "groups", exact = TRUE)
  if (!inherits(data, "grouped_df") || !is.data.frame(groups)) return(NULL)
  of <- rep(NA_integer_, nrow(data))
  of[unlist(groups$.rows)] <- rep(seq_along(groups$.rows), lengths(groups$.rows))
  keys <- as.list(groups)[setdiff(names(groups), ".rows")]
  structure(list(keys = list2DF(keys), of = of), class = "groups_of_rows")
}

# The groups of a table in a database, as arguments of dplyr::group_by().
table_groups <- function(tbl, by) {
  by <- innermost(by)
  names <- colnames(tbl)
  groups_asked(parts_of_by(plain_expression(by, names)), by, names)
}

# The variables in `by = c(a, b)`, `list(a, b)` or `a`.
parts_of_by <- function(expression) {
  if (rlang::is_call(expression, c("c", "list"))) as.list(expression)[-1L] else list(expression)
}

# These variables as quosures; names and strings must be columns.
groups_asked <- function(parts, by, names) {
  lapply(parts, function(part) {
    part <- if (rlang::is_string(part)) as.name(part) else part
    if (is.name(part)) check_is_column(as.character(part), names)
    rlang::new_quosure(part, rlang::quo_get_env(by))
  })
}

# The names of the columns that these quosures use. Other columns need not be read.
names_asked <- function(asked, names) {
  used <- lapply(asked, function(one) {
    if (rlang::quo_is_missing(one)) return(NULL)
    one <- innermost(one)
    expression <- plain_expression(one, names)
    elsewhere <- setdiff(all.vars(expression), names)
    held <- lapply(elsewhere, get0, rlang::quo_get_env(one), mode = "character")
    c(all.vars(expression), strings_in(expression), unlist(held))
  })
  intersect(names, unlist(used))
}

strings_in <- function(part) {
  if (rlang::is_string(part)) part
  else if (is.call(part)) unlist(lapply(as.list(part)[-1L], strings_in))
}
