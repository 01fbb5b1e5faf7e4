# Predictions for the rows of a table in a database, as columns that the database computes. dplyr's
# verbs turn the steps of log-sum-exp into nested queries.
predict_table <- function(fit, tbl, type, column, error, monotone = FALSE) {
  rlang::check_installed(c("dbplyr", "dplyr"), "to predict for a table in a database.")
  if (type == "cdf") {
    abort_gmm1d("argument", "`type = \"cdf\"` is not available for a table: SQL has no normal ",
                "distribution function.")
  }
  tbl <- with_quotes(tbl)
  kept <- colnames(tbl)
  column <- column_of(fit, column, tbl)
  error <- error_column_of(fit, error, tbl)
  # Monotone classes do not depend on the noise.
  is_plain <- is.null(error) && (is.null(fit$noise) || monotone) &&
    is.null(fit$observed$censored) && type != "value"
  if (monotone && !is_plain) {
    abort_gmm1d("argument", "`monotone` must be FALSE for a table with errors or limits of ",
                "detection; it is available for values in memory.")
  }
  safe <- with_safe_names(tbl)
  tbl <- safe$tbl
  column <- safe$renamed_in(column)
  name <- own_names(c(kept, colnames(tbl)))
  build_query({
    tbl <- dplyr::mutate(tbl, !!name("x") := !!column)
    tbl <- dplyr::mutate(tbl, !!name("x") := !!sql_double(tbl)(name("x")))
    predicted <- if (!is_plain) {
      error <- if (is.name(error) || is.call(error)) safe$renamed_in(error)
               else sql_number(error %||% 0)
      tbl <- dplyr::mutate(tbl, !!name("error") := !!error)
      tbl <- dplyr::mutate(tbl, !!name("error") := !!sql_double(tbl)(name("error")))
      seen <- seen_predictions(tbl, fit, type, name)
      tbl <- seen$tbl
      with_limits(seen$predicted, fit, type, sql_x(name))
    } else if (type %in% c("class", "label")) {
      stats::setNames(list(sql_class(fit, class_values(fit, type), name, monotone)),
                      paste0(".", type))
    } else {
      tbl <- with_exponentials(tbl, fit, name)
      difference_predictions(fit, type, name)
    }
    check_free_names(names(predicted), kept)
    shown <- replace(kept, match(safe$names, kept), names(safe$names))
    names(shown) <- kept
    dplyr::select(dplyr::mutate(tbl, !!!predicted), dplyr::all_of(c(shown, names(predicted))))
  })
}

# Names for the steps that the table does not have: ".x", or "._x" and so on.
own_names <- function(taken) {
  prefix <- "."
  while (any(startsWith(taken, prefix))) prefix <- paste0(prefix, "_")
  function(name, j = "") paste0(prefix, name, j)
}

check_free_names <- function(names, taken) {
  clash <- intersect(names, taken)
  if (length(clash) > 0L) {
    abort_gmm1d("argument", "`newdata` must not have a column `", clash[1L], "` already.")
  }
}

# The column given, or that of the fit, as an expression. For a fit by formula it is the variable.
column_of <- function(fit, column, tbl) {
  is_given <- !rlang::quo_is_missing(column)
  if (is_given) column <- parse_column(column, "column", tbl)
  if (!is.null(fit$formula)) return(formula_of_table(fit, if (is_given) column, tbl))
  if (is_given) return(column)
  if (is.null(fit$column)) {
    abort_gmm1d("argument", "`column` is missing: name the column of `newdata` with the data, ",
                "because the fit was not made from a table.")
  }
  parse_column(rlang::new_quosure(fit$column, globalenv()), "column", tbl)
}

# The column of errors, or the one number for all, given or from the fit; NULL if there is none.
error_column_of <- function(fit, error, tbl) {
  has_errors <- any(errors_of_points(fit$points) > 0)
  if (rlang::quo_is_null(error)) {
    if (!has_errors) return(NULL)
    if (is.null(fit$error_column)) {
      abort_gmm1d("argument", "`error` is missing: name the column of `newdata` with the errors ",
                  "(0 for exact values).")
    }
    if (is.numeric(fit$error_column)) return(fit$error_column)
    error <- rlang::new_quosure(fit$error_column, globalenv())
  }
  error <- parse_column(error, "error", tbl, may_be_number = TRUE)
  if ((!is.null(fit$observed$censored) || !is.null(fit$noise)) && !identical(error, 0)) {
    abort_gmm1d("argument", "`error` cannot be combined with `noise` or `censored` for a table: ",
                "SQL has no normal distribution function.")
  }
  error
}

# The formula of a fit as an expression of a table's columns, with the values of constants and
# without I(), which SQL does not know.
formula_of_table <- function(fit, column, tbl) {
  variables <- formula_variables(fit)
  names <- vapply(variables, deparse1, "")
  if (!is.null(column) && length(variables) != 1L) {
    abort_gmm1d("argument", "`column` must not be given: the formula ", formula_text(fit),
                " has more than one variable.")
  }
  if (is.null(column) && !all(names %in% colnames(tbl))) {
    abort_gmm1d("argument", "`column` is missing: name the column of `newdata` with the data",
                if (length(names) > 1L) ", or give it the variables of the formula", ", ",
                toString(paste0("`", names, "`")), ".")
  }
  expression <- without_identity(expression_of(fit$terms))
  for (constant in setdiff(parts_of(expression), variables)) {
    expression <- with_replaced(expression, constant, eval(constant, environment(fit$terms)))
  }
  if (!is.null(column)) expression <- with_replaced(expression, variables[[1L]], column)
  expression
}

without_identity <- function(expression) {
  if (!is.call(expression)) return(expression)
  if (identical(expression[[1L]], quote(I))) return(without_identity(expression[[2L]]))
  expression[-1L] <- lapply(as.list(expression)[-1L], without_identity)
  expression
}

# The value that a database returns for each component: its number or its name.
class_values <- function(fit, type) {
  if (type == "label") label_levels(fit)[seq_len(fit$k)] else seq_len(fit$k)
}

sql_x <- function(name) rlang::expr(.data[[!!name("x")]])

# The value for the most probable component, by cut-points. NaN, the largest number for some
# databases and incomparable for others, gets none.
sql_class <- function(fit, values, name, monotone = FALSE) {
  x <- sql_x(name)
  regions <- classes_along(fit, monotone)
  cuts <- regions$cutpoint
  winners <- regions$component
  if (length(cuts) == 0L) {
    cuts <- 0
    winners <- rep(winners, 2L)
  }
  last <- length(winners)
  cases <- Map(function(cut, winner) {
    rlang::expr(!!x < !!sql_number(cut) ~ !!values[[winner]])
  }, cuts, winners[-last])
  last <- rlang::expr(-!!x <= !!sql_number(-cuts[last - 1L]) ~ !!values[[winners[last]]])
  rlang::expr(dplyr::case_when(!!!unname(cases), !!last))
}

# Adds, for each component j with a proportion above 0, the difference (d1, ...) between the
# logarithm of its part of the density and that of the widest component r. With z = (x - mu) /
# sigma, a = z_j - z_r and b = z_j + z_r, it is a constant minus a b / 2, where a and b come from
# differences to the nearer mean, which keep their digits far out. Then adds the largest difference
# (m), exp(d - m) (e1, ...), and their sum (total). In PostgreSQL a product or an exponential that
# overflows or underflows is an error.
with_exponentials <- function(tbl, fit, name) {
  x <- sql_x(name)
  r <- widest_of(fit)
  far <- min(max(abs(fit$mu)) + min(1e140 * fit$sigma[r], 1e300 * min(fit$sigma)),
             .Machine$double.xmax / 2)
  # Numbers that are never huge are not tested, because each test doubles the query.
  may_be_huge <- function(j) (far + max(abs(fit$mu))) / fit$sigma[j] > 1e149
  added <- added_to(name)
  add <- function(tbl, what, of_each) add_steps(tbl, name, what, present_in(fit), of_each)
  tbl <- dplyr::mutate(tbl, !!name("x") := dplyr::case_when(
    -!!x < !!sql_number(-far) ~ !!sql_number(far),
    !!x < !!sql_number(-far) ~ !!sql_number(-far), TRUE ~ !!x
  ))
  tbl <- add(tbl, "c", function(j) {
    sql_not_tiny(rlang::expr(!!x - !!sql_number(fit$mu[j])), 1e-150 * max(fit$sigma))
  })
  tbl <- add(tbl, "z", function(j) {
    z <- rlang::expr(!!added("c", j) / !!sql_number(fit$sigma[j]))
    if (may_be_huge(j)) sql_not_huge(z) else z
  })
  tbl <- add(tbl, "a", function(j) {
    slope <- 1 / fit$sigma[j] - 1 / fit$sigma[r]
    gap <- fit$mu[r] - fit$mu[j]
    # The difference is to one of the two means; the sigma is that of the other.
    about <- function(from, other) {
      shift <- sql_number(gap / fit$sigma[other])
      if (slope == 0) shift else rlang::expr(!!added("c", from) * !!sql_number(slope) + !!shift)
    }
    a <- if (slope == 0 || abs(gap) < 1e3 * fit$sigma[j]) {
      about(r, j)
    } else {
      middle <- sql_number(fit$mu[j] / 2 + fit$mu[r] / 2)
      lower <- if (gap > 0) about(j, r) else about(r, j)
      upper <- if (gap > 0) about(r, j) else about(j, r)
      rlang::expr(dplyr::case_when(!!x < !!middle ~ !!lower, TRUE ~ !!upper))
    }
    sql_not_tiny(if (may_be_huge(j)) sql_not_huge(a) else a)
  })
  tbl <- add(tbl, "b", function(j) {
    sql_not_tiny(rlang::expr(!!added("z", j) + !!added("z", r)))
  })
  tbl <- add(tbl, "d", function(j) {
    height <- log(fit$lambda[j] / fit$lambda[r]) - log(fit$sigma[j] / fit$sigma[r])
    rlang::expr(!!sql_number(height) - 0.5 * !!added("a", j) * !!added("b", j))
  })
  logs <- lapply(seq_len(fit$k), function(j) added("d", j))
  tbl <- dplyr::mutate(tbl, !!name("m") := !!sql_class(fit, logs, name))
  with_total(tbl, name, "d", present_in(fit))
}

# A column that a step has added to the table, for component j if there is one for each.
added_to <- function(name) function(what, j = "") rlang::expr(.data[[!!name(what, j)]])

add_steps <- function(tbl, name, what, components, of_each) {
  dplyr::mutate(tbl, !!!stats::setNames(lapply(components, of_each), name(what, components)))
}

# Adds the part of each component relative to the largest (e1, ...), from their logarithms and the
# largest of these (m); 0 if the difference is `least` or below. Then adds their sum (total).
with_total <- function(tbl, name, logs, components, least = -700) {
  added <- added_to(name)
  tbl <- add_steps(tbl, name, "e", components, function(j) {
    sql_exp(rlang::expr(!!added(logs, j) - !!added("m")), least)
  })
  dplyr::mutate(tbl, !!name("total") := !!sql_total(lapply(components, added, what = "e")))
}

sql_total <- function(terms) Reduce(function(a, b) rlang::expr(!!a + !!b), terms)

present_in <- function(fit) which(fit$lambda > 0)

widest_of <- function(fit) {
  j <- present_in(fit)
  j[which.max(fit$sigma[j])]
}

# Replaces numbers by 0 if their products may be too small for a double.
sql_not_tiny <- function(number, tiny = 1e-150) {
  rlang::expr(dplyr::case_when(abs(!!number) < !!sql_number(tiny) ~ 0, TRUE ~ !!number))
}

# The nearest number whose square is a double.
sql_not_huge <- function(number, huge = 1e150) {
  rlang::expr(dplyr::case_when(
    !!number > !!sql_number(huge) ~ !!sql_number(huge),
    !!number < !!sql_number(-huge) ~ !!sql_number(-huge), TRUE ~ !!number
  ))
}

sql_exp <- function(log, least = -700) {
  rlang::expr(dplyr::case_when(!!log <= !!least ~ 0, TRUE ~ exp(!!log)))
}

difference_predictions <- function(fit, type, name) {
  added <- added_to(name)
  r <- widest_of(fit)
  z <- sql_not_tiny(added("z", r))
  height <- sql_number(log(fit$lambda[r]) - log(fit$sigma[r]) - log(2 * pi) / 2)
  of_widest <- rlang::expr(!!height - 0.5 * (!!z) * (!!z))
  sql_predictions(fit, type, name, present_in(fit),
                  rlang::expr(!!of_widest + !!added("m") + log(!!added("total"))),
                  function(j) rlang::expr(!!of_widest + !!added("d", j)))
}

# Predictions from the parts e1, ..., their total, the log-density, and the logarithm of the part of
# each component.
sql_predictions <- function(fit, type, name, components, log_density, log_part) {
  added <- added_to(name)
  total <- added("total")
  of_each <- function(f) {
    all <- components_of(fit)
    parts <- lapply(all, function(j) {
      # NULL where x is NULL, like the others.
      if (j %in% components) f(j) else rlang::expr(0 * !!total)
    })
    stats::setNames(parts, paste0("comp.", all))
  }
  switch(type,
    posterior = of_each(function(j) rlang::expr(!!added("e", j) / !!total)),
    uncertainty = list(.uncertainty = rlang::expr(1 - 1 / !!total)),
    density = list(.density = sql_exp(log_density)),
    logdensity = list(.logdensity = log_density),
    component = of_each(function(j) sql_exp(log_part(j)))
  )
}
