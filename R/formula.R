# `~ variable` and its data, weights and subset, as model.frame() finds them. Given the terms of
# an earlier frame, what the variable took from its data (as scale() does) stays as it was.
formula_frame <- function(formula, data, weights, subset) {
  if (length(formula) != 2L) {
    abort_gmm1d("argument", "the formula must be one-sided, `~ variable`, not `",
                deparse(formula, nlines = 1L), "`.")
  }
  call <- quote(stats::model.frame(formula, data, na.action = stats::na.pass))
  call$weights <- weights
  call$subset <- subset
  # Weights and subset are the user's expressions: they are looked up in `data`, then where
  # the formula was made.
  frame <- rlang::try_fetch(
    eval(call, list(formula = formula, data = data), environment(formula)),
    error = function(e) {
      with <- c("`weights`"[!is.null(weights)], "`subset`"[!is.null(subset)])
      abort_gmm1d("argument", "the formula `", deparse(formula, nlines = 1L), "`",
                  if (length(with) > 0L) c(" with ", paste(with, collapse = " and ")),
                  " cannot be evaluated: ", conditionMessage(e), ".")
    }
  )
  variable <- setdiff(names(frame), "(weights)")
  if (length(variable) != 1L) {
    abort_gmm1d("argument", "the formula must name one variable, not ", length(variable),
                ": `", deparse(formula, nlines = 1L), "`.")
  }
  if (!is.logical(frame[[variable]])) check_numeric(frame[[variable]], variable)
  list(x = frame[[variable]], weights = frame[["(weights)"]], name = variable,
       terms = attr(frame, "terms"))
}
