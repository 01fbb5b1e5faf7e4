# Predictions for tables that need more than cut-points and differences: with errors, noise, or
# limits of detection.

# Predictions for observations with the errors in column `error`.
seen_predictions <- function(tbl, fit, type, name) {
  added <- added_to(name)
  parts <- components_of(fit)
  parts <- parts[c(if (!is.null(fit$noise)) fit$noise[1L], fit$lambda) > 0]
  # Products of two probabilities must be doubles.
  tbl <- with_log_parts(tbl, fit, parts, name, if (type == "value") -150 else -700)
  predicted <- switch(type,
    class = ,
    label = stats::setNames(list(sql_class_of_parts(fit, type, parts, added)), paste0(".", type)),
    value = sql_values(fit, parts, added),
    sql_predictions(fit, type, name, parts, rlang::expr(!!added("m") + log(!!added("total"))),
                    function(j) added("l", j))
  )
  list(tbl = tbl, predicted = predicted)
}

sql_class_of_parts <- function(fit, type, parts, added) {
  values <- class_values(fit, type)
  of_noise <- if (type == "label") "noise" else 0L
  rlang::expr(dplyr::case_when(!!!lapply(parts, function(j) {
    rlang::expr(!!added("l", j) >= !!added("m") ~ !!(if (j == 0L) of_noise else values[[j]]))
  })))
}

# Adds for each component its observed standard deviation (s1, ...), the logarithm of its part of
# the density (l1, ...), the largest of these (m), and the columns of with_total(). Databases inline
# each step into the next, so no step should use an earlier one often.
with_log_parts <- function(tbl, fit, parts, name, least) {
  added <- added_to(name)
  unit <- unit_of_seen(fit)
  far <- max(abs(fit$mu)) + 1e100 * unit
  tbl <- dplyr::mutate(tbl, !!name("x") := !!sql_within(added("x"), far),
                       !!name("error") := !!sql_error(added("error"), 1e-60 * unit, 1e60 * unit))
  components <- parts[parts > 0L]
  # In this unit neither squares nor quotients run over.
  tbl <- add_steps(tbl, name, "s", components, function(j) {
    square <- sql_number(max(fit$sigma[j] / unit, 1e-40)^2)
    error <- rlang::expr((!!added("error") / !!sql_number(unit)))
    rlang::expr(sqrt(!!square + !!error * !!error))
  })
  tbl <- add_steps(tbl, name, "z", components, function(j) {
    away <- rlang::expr((!!added("x") - !!sql_number(fit$mu[j])) / !!sql_number(unit))
    rlang::expr(!!sql_not_tiny(away, 1e-60) / !!added("s", j))
  })
  tbl <- add_steps(tbl, name, "l", parts, function(j) {
    if (j == 0L) return(sql_log_noise(added("x"), fit$noise))
    height <- sql_number(log(fit$lambda[j]) - log(unit) - log(2 * pi) / 2)
    rlang::expr(!!height - log(!!added("s", j)) - 0.5 * !!added("z", j) * !!added("z", j))
  })
  logs <- lapply(parts, added, what = "l")
  largest <- if (length(logs) > 1L) rlang::expr(pmax(!!!logs, na.rm = TRUE)) else logs[[1L]]
  with_total(dplyr::mutate(tbl, !!name("m") := !!largest), name, "l", parts, least)
}

unit_of_seen <- function(fit) max(fit$sigma, if (all(fit$sigma == 0)) fit$points$scale)

# NaN, which some databases take for the largest number, matches none of these.
sql_within <- function(number, huge) {
  rlang::expr(dplyr::case_when(
    -!!number < !!sql_number(-huge) ~ !!sql_number(huge),
    !!number < !!sql_number(-huge) ~ !!sql_number(-huge), !!number <= !!sql_number(huge) ~ !!number
  ))
}

# A negative error counts as missing.
sql_error <- function(error, tiny, huge) {
  rlang::expr(dplyr::case_when(
    !!error < 0 ~ NA_real_, !!error < !!sql_number(tiny) ~ 0, -!!error < !!sql_number(-huge) ~
      !!sql_number(huge), !!error <= !!sql_number(huge) ~ !!error
  ))
}

# Outside its range noise has density 0; the logarithm needs a very small number instead.
sql_log_noise <- function(x, noise) {
  inside <- sql_number(log(noise[1L]) - log(noise[3L] - noise[2L]))
  rlang::expr(dplyr::case_when(
    !!x < !!sql_number(noise[2L]) ~ !!sql_number(-1e306),
    !!x > !!sql_number(noise[3L]) ~ !!sql_number(-1e306), !!x >= !!sql_number(noise[2L]) ~ !!inside
  ))
}

# The expected true value and its standard deviation: see true_values(). The variance is the sum of
# that within the components and that between all pairs of them.
sql_values <- function(fit, parts, added) {
  x <- added("x")
  error <- added("error")
  unit <- unit_of_seen(fit)
  posterior <- function(j) rlang::expr(!!added("e", j) / !!added("total"))
  # What is seen is so much that of the true value.
  kept <- function(j) {
    ratio <- rlang::expr((!!sql_number(max(fit$sigma[j] / unit, 1e-40)) / !!added("s", j)))
    rlang::expr((!!ratio * !!ratio))
  }
  mean <- function(j) {
    if (j == 0L) return(x)
    mu <- sql_number(fit$mu[j])
    rlang::expr((!!mu + !!kept(j) * (!!x - !!mu)))
  }
  within <- lapply(parts[parts > 0L], function(j) {
    rlang::expr(!!posterior(j) * !!kept(j) * !!error * !!error)
  })
  between <- unlist(lapply(parts, function(i) {
    lapply(parts[parts > i], function(j) {
      away <- rlang::expr((!!mean(i) - !!mean(j)))
      rlang::expr(!!posterior(i) * !!posterior(j) * !!away * !!away)
    })
  }))
  values <- lapply(parts, function(j) rlang::expr(!!posterior(j) * !!mean(j)))
  list(.value = sql_total(values), .sd = rlang::expr(sqrt(!!sql_total(c(within, between)))))
}

# All values at or beyond a limit have the same prediction.
with_limits <- function(predicted, fit, type, x) {
  limits <- fit$observed$censored
  if (is.null(limits)) return(predicted)
  if (type == "value") {
    abort_gmm1d("argument", "`type = \"value\"` needs exact observations, not intervals.")
  }
  cases <- function(i) {
    cut <- sql_number(limits[i])
    there <- if (i == 1L) rlang::expr(!!x <= !!cut) else rlang::expr(-!!x <= -!!cut)
    beyond <- as.matrix(predict.gmm1d(fit, limits[i], type, error = 0))
    lapply(seq_along(predicted), function(column) {
      value <- beyond[1L, column]
      value <- switch(type, class = as.integer(value), label = value, sql_number(value))
      rlang::expr(!!there ~ !!value)
    })
  }
  at_limits <- lapply(which(is.finite(limits)), cases)
  Map(function(expression, column) {
    rlang::expr(dplyr::case_when(!!!lapply(at_limits, `[[`, column), TRUE ~ !!expression))
  }, predicted, seq_along(predicted))
}
