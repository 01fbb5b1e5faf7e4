# Predictions for the rows of a table in a database: columns that the database computes. dplyr's
# verbs make the steps of log-sum-exp nested queries.
predict_table <- function(fit, tbl, type, column) {
  rlang::check_installed(c("dbplyr", "dplyr"), "to predict for a table in a database.")
  if (type == "cdf") {
    abort_gmm1d("argument", "`type` must not be \"cdf\" for a table: SQL has no normal ",
                "distribution function.")
  }
  columns <- colnames(tbl)
  tbl <- dplyr::mutate(tbl, .x = !!parse_column(column_of(fit, column), tbl))
  tbl <- dplyr::mutate(tbl, .x = !!sql_double(tbl)(".x"))
  predicted <- if (type == "class") {
    list(.class = sql_class(fit, seq_len(fit$k)))
  } else {
    tbl <- with_exponentials(tbl, fit)
    sql_predictions(fit, type)
  }
  dplyr::select(dplyr::mutate(tbl, !!!predicted), dplyr::all_of(c(columns, names(predicted))))
}

# The column that is asked for, or that of the fit.
column_of <- function(fit, column) {
  if (!rlang::quo_is_missing(column)) return(column)
  if (is.null(fit$column)) {
    abort_gmm1d("argument", "`column` is missing: the fit was not made from a table, so name the ",
                "column of `newdata` with the data.")
  }
  rlang::new_quosure(rlang::parse_expr(fit$column), globalenv())
}

# The value that belongs to the most probable component, by cut-points. Written so that NaN, the
# largest number to some engines and incomparable to others, has none.
sql_class <- function(fit, values) {
  cuts <- cuts_of(fit)
  if (nrow(cuts) == 0L) cuts <- data.frame(cutpoint = 0, from = which.max(fit$lambda))
  winners <- c(cuts$from, cuts$to[nrow(cuts)] %||% cuts$from)
  cases <- Map(function(cut, winner) {
    rlang::expr(.data$.x < !!sql_number(cut) ~ !!values[[winner]])
  }, cuts$cutpoint, cuts$from)
  last <- rlang::expr(
    -.data$.x <= !!sql_number(-cuts$cutpoint[nrow(cuts)]) ~ !!values[[winners[length(winners)]]]
  )
  rlang::expr(dplyr::case_when(!!!unname(cases), !!last))
}

# Adds the logarithm of each component's part of the density, without that of sqrt(2 pi) (.d1, ...),
# their largest (.m), and exp(.d - .m) (.e1, ...). PostgreSQL takes it for an error that a square or
# an exponential is too large or too small for a double.
with_exponentials <- function(tbl, fit) {
  j <- seq_len(fit$k)
  far <- max(abs(fit$mu)) + 1e140 * min(fit$sigma)
  tbl <- dplyr::mutate(tbl, .x = dplyr::case_when(
    -.data$.x < !!sql_number(-far) ~ !!sql_number(far),
    .data$.x < !!sql_number(-far) ~ !!sql_number(-far), TRUE ~ .data$.x
  ))
  distances <- lapply(j, function(i) {
    rlang::expr(abs(.data$.x - !!sql_number(fit$mu[i])) / !!sql_number(fit$sigma[i]) +
                  !!sql_number(1e-150))
  })
  tbl <- dplyr::mutate(tbl, !!!stats::setNames(distances, paste0(".z", j)))
  logs <- lapply(j, function(i) {
    z <- rlang::sym(paste0(".z", i))
    rlang::expr(!!sql_number(log(fit$lambda[i] / fit$sigma[i])) - 0.5 * !!z * !!z)
  })
  tbl <- dplyr::mutate(tbl, !!!stats::setNames(logs, paste0(".d", j)))
  tbl <- dplyr::mutate(tbl, .m = !!sql_class(fit, rlang::syms(paste0(".d", j))))
  exponentials <- lapply(rlang::syms(paste0(".d", j)), function(d) {
    rlang::expr(dplyr::case_when(!!d - .data$.m <= -700 ~ 0, TRUE ~ exp(!!d - .data$.m)))
  })
  tbl <- dplyr::mutate(tbl, !!!stats::setNames(exponentials, paste0(".e", j)))
  total <- Reduce(function(a, b) rlang::expr(!!a + !!b), rlang::syms(paste0(".e", j)))
  dplyr::mutate(tbl, .total = !!total)
}

sql_predictions <- function(fit, type) {
  j <- seq_len(fit$k)
  parts <- stats::setNames(rlang::syms(paste0(".e", j)), paste0("comp.", j))
  log_density <- rlang::expr(.data$.m + log(.data$.total) - !!sql_number(log(2 * pi) / 2))
  density <- rlang::expr(
    dplyr::case_when(!!log_density <= -700 ~ 0, TRUE ~ exp(!!log_density))
  )
  switch(type,
    posterior = lapply(parts, function(e) rlang::expr(!!e / .data$.total)),
    uncertainty = list(.uncertainty = rlang::expr(1 - 1 / .data$.total)),
    density = list(.density = density),
    logdensity = list(.logdensity = log_density),
    component = lapply(parts, function(e) rlang::expr(!!e / .data$.total * !!density))
  )
}
