# The way back from the scale of a fit by formula, such as `~ log(titre + 1)`, to the variable. The
# formula is inverted call by call; each call must have one part with the variable, and constants.

# The variable of the fit and the steps back to it, the outermost call of the formula first; no
# steps if the variable was not transformed.
parse_way_back <- function(fit) {
  if (is.null(fit$formula)) {
    abort_gmm1d("argument", "`original` must be FALSE: the fit has no formula. For cut-points of ",
                "`titre`, fit `~ log(titre)`, for example.")
  }
  variable <- formula_variables(fit)
  if (length(variable) != 1L) {
    abort_gmm1d("argument", "`original` must be FALSE: the formula ", formula_text(fit), " has ",
                count_of(length(variable), "variable"), ", not one.")
  }
  variable <- variable[[1L]]
  steps <- list()
  part <- expression_of(fit$terms)
  while (!identical(part, variable)) {
    step <- step_back(part, variable, fit)
    part <- step$rest
    if (!is.null(step$back)) steps <- c(steps, list(step))
  }
  list(variable = deparse1(variable), steps = steps)
}

# The name of the scale of a fit: the text of a formula that transforms the variable, else NULL.
scale_of_fit <- function(fit) {
  if (is.null(fit$formula) || length(formula_variables(fit)) == 0L) return(NULL)
  expression <- expression_of(fit$terms)
  if (is.call(expression) && !is_extraction(expression)) fit$data_name
}

# The step back through one call: `back` and its derivative `slope`, the `image` of the call, and
# the `rest`, in which the variable is still to be found.
step_back <- function(part, variable, fit) {
  frame <- environment(fit$terms) %||% baseenv()
  arguments <- if (is.call(part) && !is_extraction(part)) as.list(part)[-1L]
  has_variable <- vapply(arguments, function(argument) {
    any(vapply(parts_of(argument), identical, NA, variable))
  }, NA)
  if (sum(has_variable) != 1L || !is.name(part[[1L]])) abort_no_way_back(part, fit)
  name <- as.character(part[[1L]])
  constant <- lapply(unname(arguments[!has_variable]), constant_of, part, fit, frame)
  is_known <- identical(get0(name, frame, mode = "function"), get0(name, baseenv()))
  step <- if (is_known && name %in% names(inverses)) {
    do.call(inverses[[name]], c(constant, if (length(constant) == 1L) has_variable[[1L]]))
  }
  if (is.null(step)) abort_no_way_back(part, fit)
  c(step, list(rest = arguments[[which(has_variable)]]))
}

# The value of a part of a formula that does not depend on the variable.
constant_of <- function(argument, part, fit, frame) {
  value <- tryCatch(eval(argument, frame), error = function(e) NULL)
  if (!is_number(value)) abort_no_way_back(part, fit)
  as.double(value)
}

abort_no_way_back <- function(part, fit) {
  abort_gmm1d("argument", "`original` must be FALSE: `", deparse(part, nlines = 1L), "`",
              if (!identical(part, expression_of(fit$terms))) c(" in ", formula_text(fit)),
              " cannot be inverted. Formulas can be inverted if they use only ",
              toString(setdiff(names(inverses), c("(", "I"))), " and constants.")
}

# The inverses of R's functions. Those with a constant take `is_first`, TRUE if the variable comes
# first, as in `x / 2`. NULL if there is no inverse.
inverses <- list(
  "(" = function() list(),
  I = function() list(),
  exp = function() list(back = log, slope = function(y) 1 / y, image = c(0, Inf)),
  expm1 = function() list(back = log1p, slope = function(y) 1 / (1 + y), image = c(-1, Inf)),
  log = function(base = exp(1), is_first = TRUE) inverse_of_log(base, is_first),
  log2 = function() inverse_of_log(2, TRUE),
  log10 = function() inverse_of_log(10, TRUE),
  log1p = function() list(back = expm1, slope = exp),
  sqrt = function() list(back = function(y) y^2, slope = function(y) 2 * y, image = c(0, Inf)),
  asinh = function() list(back = sinh, slope = cosh),
  "+" = function(a = 0, is_first = TRUE) inverse_of_line(a, 1),
  "-" = function(a = 0, is_first = FALSE) {
    if (is_first) inverse_of_line(-a, 1) else inverse_of_line(a, -1)
  },
  "*" = function(b, is_first) if (b != 0) inverse_of_line(0, b),
  "/" = function(b, is_first) if (is_first && b != 0) inverse_of_line(0, 1 / b)
)

inverse_of_log <- function(base, is_first) {
  if (!is_first || base <= 0 || base == 1) return(NULL)
  back <- if (base == exp(1)) exp else function(y) base^y
  list(back = back, slope = function(y) log(base) * back(y), falls = base < 1)
}

# The inverse of a + b x.
inverse_of_line <- function(a, b) {
  list(back = function(y) (y - a) / b, slope = function(y) rep(1 / b, length(y)), falls = b < 0)
}

# Transforms the table of cut-points to the scale of the variable: intervals by their ends, standard
# errors by the delta method. A decreasing function reverses the order, and what is below and above.
on_original_scale <- function(rows, way) {
  at <- rows[c("cutpoint", "conf.low", "conf.high")]
  slope <- rep(1, nrow(rows))
  falls <- FALSE
  for (step in way$steps) {
    image <- step$image %||% c(-Inf, Inf)
    # A cut-point outside the image corresponds to no value; an interval ends at its bounds.
    at$cutpoint[which(at$cutpoint < image[1L] | at$cutpoint > image[2L])] <- NA
    slope <- slope * step$slope(at$cutpoint)
    at[] <- lapply(at, function(y) step$back(pmin(pmax(y, image[1L]), image[2L])))
    falls <- xor(falls, isTRUE(step$falls))
  }
  if (falls) {
    at[c("conf.low", "conf.high")] <- at[c("conf.high", "conf.low")]
    swapped <- c(from = "to", to = "from", posterior_from = "posterior_to",
                 posterior_to = "posterior_from")
    swapped <- swapped[names(swapped) %in% names(rows)]
    rows[names(swapped)] <- rows[swapped]
  }
  rows[names(at)] <- at
  rows$std.error <- abs(slope) * rows$std.error
  # Cut-points stay in increasing order; rules stay in the order given.
  if (falls && is.null(rows$rule)) list2DF(lapply(rows, rev)) else rows
}
