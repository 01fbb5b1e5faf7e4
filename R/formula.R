# Evaluates `~ variable`, its weights and its subset as model.frame() does. Given the terms of an
# earlier frame, constants computed from its data (as by scale()) are kept. Messages refer to the
# formula by `words`.
formula_frame <- function(formula, data, weights, subset, others = list(),
                          words = c("the formula `", deparse(formula, nlines = 1L), "`")) {
  if (length(formula) != 2L) {
    abort_gmm1d("argument", "the formula must be one-sided, `~ variable`, not `",
                deparse(formula, nlines = 1L), "`; ",
                if (length(all.vars(formula[[3L]])) > 0L) {
                  c("`gmm1d_each(", deparse(formula, nlines = 1L), ", data)` fits each group.")
                } else {
                  c("write `~ ", deparse(formula[[2L]], nlines = 1L), "`.")
                })
  }
  if (rlang::is_call(formula[[2L]], "|")) {
    parts <- vapply(as.list(formula[[2L]])[-1L], deparse1, "")
    abort_gmm1d("argument", words, " must have no groups; `gmm1d_each(", parts[1L], " ~ ",
                parts[2L], ", data)` fits each group.")
  }
  frame <- model_frame_of(formula, data, weights, subset, others, words)
  variable <- setdiff(names(frame), columns_of_frame)
  if (length(variable) != 1L) {
    abort_gmm1d("argument", "the formula must name one variable, not ", length(variable),
                ": `", deparse(formula, nlines = 1L), "`",
                if (length(variable) > 1L) "; use `I()` for arithmetic, as in `~ I(a / b)`", ".")
  }
  check_variable(frame[[variable]], variable)
  c(list(x = frame[[variable]]), attr(frame, "others"),
    list(name = variable, terms = attr(frame, "terms"),
         variables = variables_of(attr(frame, "terms"), data)))
}

# Evaluates `y ~ g1 + g2`: the values, and the variables whose combinations are the groups.
grouping_frame <- function(formula, data, weights, subset, others) {
  text <- deparse(formula, nlines = 1L)
  if (length(formula) != 3L) {
    abort_gmm1d("argument", "the formula must have the values on its left and the groups on its ",
                "right, `values ~ group` or `values ~ g1 + g2`, not `", text, "`.")
  }
  frame <- model_frame_of(formula, data, weights, subset, others, c("the formula `", text, "`"))
  variables <- setdiff(names(frame), columns_of_frame)
  if (length(variables) < 2L) {
    abort_gmm1d("argument", "the formula must have a variable for the groups on its right, not `",
                text, "`; `gmm1d()` fits all values at once.")
  }
  check_variable(frame[[1L]], variables[1L])
  by <- as.list(frame)[variables[-1L]]
  # Only combinations that occur are groups, so levels that interaction() adds are dropped.
  is_made <- startsWith(names(by), "interaction(")
  by[is_made] <- lapply(by[is_made], droplevels)
  c(list(x = frame[[1L]], by = by, name = variables[1L]), attr(frame, "others"))
}

# The model frame of a formula, with weights and other columns as attribute `others`. Weights and
# subset are the user's expressions, evaluated in `data`, then in the environment of the formula.
model_frame_of <- function(formula, data, weights, subset, others, words) {
  call <- quote(stats::model.frame(formula, data, na.action = stats::na.pass))
  call$weights <- weights
  call$subset <- subset
  # Constants, such as one error for all values, are not columns.
  constant <- others[!vapply(others, is.language, NA)]
  columns <- others[vapply(others, is.language, NA)]
  for (name in names(columns)) call[[name]] <- columns[[name]]
  frame <- rlang::try_fetch(
    eval(call, list(formula = formula, data = data), environment(formula)),
    error = function(e) {
      with <- c("`weights`"[!is.null(weights)], "`subset`"[!is.null(subset)],
                sprintf("`%s`", names(columns)))
      abort_gmm1d("argument", words,
                  if (length(with) > 0L) c(" with ", paste(with, collapse = " and ")),
                  " cannot be evaluated: ", text_variable(formula, data) %||% conditionMessage(e),
                  ".")
    }
  )
  attr(frame, "others") <- list(weights = frame[["(weights)"]],
                                error = frame[["(error)"]] %||% constant$error,
                                labels = frame[["(labels)"]] %||% constant$labels)
  frame
}

columns_of_frame <- c("(weights)", "(error)", "(labels)")

check_variable <- function(x, name) {
  if (!is.logical(x) && !inherits(x, "Surv")) check_numeric(x, name)
}

# Says which variable of a formula is text, more clearly than the errors of R's functions do; NULL
# if none is.
text_variable <- function(formula, data) {
  for (name in all.vars(formula)) {
    x <- tryCatch(eval(as.name(name), data, environment(formula)), error = function(e) NULL)
    if (is.character(x) || is.factor(x)) {
      return(c("`", name, "` must be numeric, not ", describe(x), text_hint(x, name)))
    }
  }
}

# The parts of a formula that represent data: names, and extractions such as `d$x`. They have a
# value for each observation; others, such as an offset, have fewer.
variables_of <- function(terms, data) {
  parts <- unique(parts_of(expression_of(terms)))
  size <- vapply(parts, function(part) {
    tryCatch(NROW(eval(part, data, environment(terms))), error = function(e) 0L)
  }, 1L)
  parts[size == max(size, 1L) & (size > 1L | length(parts) == 1L)]
}

parts_of <- function(part) {
  if (is.name(part) || is_extraction(part)) return(list(part))
  if (is.call(part)) unlist(lapply(as.list(part)[-1L], parts_of))
}

# `d$x`, `d[["x"]]`, `d[rows, "x"]`, but not `log(x)[rows]`.
is_extraction <- function(part) {
  is.call(part) && list(part[[1L]]) %in% expression(`$`, `[[`, `[`, `@`) &&
    (is.name(part[[2L]]) || is_extraction(part[[2L]]))
}

# The expression that the formula computes, with the constants from its original data.
expression_of <- function(terms) (attr(terms, "predvars") %||% attr(terms, "variables"))[[2L]]

# The variables of a fit by formula. (Fits of earlier versions do not store them.)
formula_variables <- function(fit) fit$variables %||% lapply(all.vars(fit$terms), as.name)

# Evaluates the formula of a fit for new values of its one variable.
formula_of_vector <- function(fit, values) {
  variable <- formula_variables(fit)
  if (length(variable) == 0L) return(values)
  text <- formula_text(fit)
  if (length(variable) > 1L) {
    abort_gmm1d("argument", "`newdata` must be a data frame with the columns ",
                toString(paste0("`", vapply(variable, deparse1, ""), "`")), ", the variables of ",
                "the formula ", text, ".")
  }
  part <- with_replaced(expression_of(fit$terms), variable[[1L]], quote(.newdata))
  result <- tryCatch(
    eval(part, list(.newdata = values), environment(fit$terms)),
    error = function(e) {
      abort_gmm1d("type", "`newdata` must be values of `", deparse1(variable[[1L]]),
                  "`, for which the formula ", text, " can be evaluated: ", conditionMessage(e),
                  ".")
    }
  )
  if (NROW(result) != NROW(values)) {
    abort_gmm1d("shape", "the formula ", text, " must give a value for each of `newdata`, not ",
                NROW(result), " for ", NROW(values), ".")
  }
  result
}

# Evaluates the formula of a fit for the rows of a data frame.
formula_of_frame <- function(fit, frame) {
  variables <- vapply(formula_variables(fit), deparse1, "")
  absent <- setdiff(variables, names(frame))
  if (length(absent) > 0L && !all(vapply(formula_variables(fit), is.name, NA))) {
    abort_gmm1d("argument", "`newdata` must be a numeric vector: the formula ", formula_text(fit),
                " extracts its values from an object, not from a data frame.")
  }
  if (length(absent) > 0L) {
    abort_gmm1d("argument", "`newdata` must have the variables of the formula, ",
                toString(paste0("`", variables, "`")), "; it has no `", absent[1L], "`.")
  }
  formula_frame(fit$terms, frame, NULL, NULL)$x
}

formula_text <- function(fit) paste0("`", deparse(fit$formula, nlines = 1L), "`")

# An expression with one of its parts_of() replaced.
with_replaced <- function(part, old, new) {
  if (identical(part, old)) return(new)
  if (is.call(part) && !is_extraction(part)) {
    part[-1L] <- lapply(as.list(part)[-1L], with_replaced, old, new)
  }
  part
}
