# Predictions for tables of what does not follow from cut-points and differences alone: values with
# errors, beside noise, or beyond limits of detection.

# What an observation with the error in column `e`, or with none, is to a fit.
seen_predictions <- function(tbl, fit, type, name) {
  column <- function(what, j = "") rlang::expr(.data[[!!name(what, j)]])
  parts <- components_of(fit)
  parts <- parts[c(if (!is.null(fit$noise)) fit$noise[1L], fit$lambda) > 0]
  total <- rlang::expr(.data[[!!name("total")]])
  of_each <- function(f) {
    all <- components_of(fit)
    stats::setNames(lapply(all, function(j) if (j %in% parts) f(j) else rlang::expr(0 * !!total)),
                    paste0("comp.", all))
  }
  posterior <- function(j) rlang::expr(!!column("q", j) / !!total)
  # Products of two probabilities must be doubles.
  tbl <- with_log_parts(tbl, fit, parts, name, if (type == "value") -150 else -700)
  predicted <- switch(type,
    class = list(.class = rlang::expr(dplyr::case_when(!!!lapply(parts, function(j) {
      rlang::expr(!!column("l", j) >= !!column("m") ~ !!as.integer(j))
    })))),
    posterior = of_each(posterior),
    uncertainty = list(.uncertainty = rlang::expr(1 - 1 / !!total)),
    density = list(.density = sql_exp(rlang::expr(!!column("m") + log(!!total)))),
    logdensity = list(.logdensity = rlang::expr(!!column("m") + log(!!total))),
    component = of_each(function(j) sql_exp(column("l", j))),
    value = sql_values(fit, parts, posterior, column)
  )
  list(tbl = tbl, predicted = predicted)
}

# Adds of each component the standard deviation of what is seen of it (s1, ...), the logarithm of
# its part of the density (l1, ...), the largest of them (m), exp(l - m) (q1, ...), which is 0 where
# l - m is `least` or below, and their sum (total). Engines put each step into the next: no step may
# use one before it often.
with_log_parts <- function(tbl, fit, parts, name, least) {
  column <- function(what, j = "") rlang::expr(.data[[!!name(what, j)]])
  add <- function(tbl, what, of_each, j = parts) {
    dplyr::mutate(tbl, !!!stats::setNames(lapply(j, of_each), name(what, j)))
  }
  unit <- unit_of_seen(fit)
  far <- max(abs(fit$mu)) + 1e100 * unit
  tbl <- dplyr::mutate(tbl, !!name("x") := !!sql_within(column("x"), far),
                       !!name("e") := !!sql_error(column("e"), 1e-60 * unit, 1e60 * unit))
  components <- parts[parts > 0L]
  # In this unit neither squares nor quotients run over.
  tbl <- add(tbl, "s", function(j) {
    square <- sql_number(max(fit$sigma[j] / unit, 1e-40)^2)
    e <- rlang::expr((!!column("e") / !!sql_number(unit)))
    rlang::expr(sqrt(!!square + !!e * !!e))
  }, components)
  tbl <- add(tbl, "z", function(j) {
    away <- rlang::expr((!!column("x") - !!sql_number(fit$mu[j])) / !!sql_number(unit))
    rlang::expr(!!sql_not_tiny(away, 1e-60) / !!column("s", j))
  }, components)
  tbl <- add(tbl, "l", function(j) {
    if (j == 0L) return(sql_log_noise(column("x"), fit$noise))
    height <- sql_number(log(fit$lambda[j]) - log(unit) - log(2 * pi) / 2)
    rlang::expr(!!height - log(!!column("s", j)) - 0.5 * !!column("z", j) * !!column("z", j))
  })
  logs <- lapply(parts, column, what = "l")
  tbl <- dplyr::mutate(tbl, !!name("m") := !!(if (length(logs) > 1L) rlang::expr(
    pmax(!!!logs, na.rm = TRUE)
  ) else logs[[1L]]))
  tbl <- add(tbl, "q", function(j) {
    sql_exp(rlang::expr(!!column("l", j) - !!column("m")), least)
  })
  total <- Reduce(function(a, b) rlang::expr(!!a + !!b), lapply(parts, column, what = "q"))
  dplyr::mutate(tbl, !!name("total") := !!total)
}

unit_of_seen <- function(fit) max(fit$sigma, if (all(fit$sigma == 0)) fit$points$scale)

# NaN, the largest number to some engines, is none of these.
sql_within <- function(number, huge) {
  rlang::expr(dplyr::case_when(
    -!!number < !!sql_number(-huge) ~ !!sql_number(huge),
    !!number < !!sql_number(-huge) ~ !!sql_number(-huge), !!number <= !!sql_number(huge) ~ !!number
  ))
}

# A negative error is none.
sql_error <- function(error, tiny, huge) {
  rlang::expr(dplyr::case_when(
    !!error < 0 ~ NA_real_, !!error < !!sql_number(tiny) ~ 0, -!!error < !!sql_number(-huge) ~
      !!sql_number(huge), !!error <= !!sql_number(huge) ~ !!error
  ))
}

# Outside of its range noise has no density: next to nothing, for a logarithm.
sql_log_noise <- function(x, noise) {
  inside <- sql_number(log(noise[1L]) - log(noise[3L] - noise[2L]))
  rlang::expr(dplyr::case_when(
    !!x < !!sql_number(noise[2L]) ~ !!sql_number(-1e306),
    !!x > !!sql_number(noise[3L]) ~ !!sql_number(-1e306), !!x >= !!sql_number(noise[2L]) ~ !!inside
  ))
}

# The expected true value and its standard deviation: see true_values(). The variance is that within
# the components, and that between each two of them.
sql_values <- function(fit, parts, posterior, column) {
  x <- column("x")
  e <- column("e")
  # What is seen is so much that of the true value.
  kept <- function(j) {
    sigma <- max(fit$sigma[j], 1e-40 * unit_of_seen(fit)) / unit_of_seen(fit)
    ratio <- rlang::expr((!!sql_number(sigma) / !!column("s", j)))
    rlang::expr((!!ratio * !!ratio))
  }
  mean <- function(j) {
    if (j == 0L) return(x)
    mu <- sql_number(fit$mu[j])
    rlang::expr((!!mu + !!kept(j) * (!!x - !!mu)))
  }
  components <- parts[parts > 0L]
  within <- lapply(components, function(j) rlang::expr(!!posterior(j) * !!kept(j) * !!e * !!e))
  between <- unlist(lapply(parts, function(i) {
    lapply(parts[parts > i], function(j) {
      away <- rlang::expr((!!mean(i) - !!mean(j)))
      rlang::expr(!!posterior(i) * !!posterior(j) * !!away * !!away)
    })
  }))
  values <- lapply(parts, function(j) rlang::expr(!!posterior(j) * !!mean(j)))
  sum_of <- function(terms) Reduce(function(a, b) rlang::expr(!!a + !!b), terms)
  list(.value = sum_of(values), .sd = rlang::expr(sqrt(!!sum_of(c(within, between)))))
}

# Values at a limit or beyond are all predicted alike.
with_limits <- function(predicted, fit, type, x) {
  limits <- fit$observed$censored
  if (is.null(limits)) return(predicted)
  if (type == "value") {
    abort_gmm1d("argument", "`type = \"value\"` is of values, not of intervals.")
  }
  cases <- function(i) {
    cut <- sql_number(limits[i])
    there <- if (i == 1L) rlang::expr(!!x <= !!cut) else rlang::expr(-!!x <= -!!cut)
    beyond <- as.matrix(predict.gmm1d(fit, limits[i], type, error = 0))
    lapply(seq_along(predicted), function(column) {
      value <- beyond[1L, column]
      rlang::expr(!!there ~ !!(if (type == "class") as.integer(value) else sql_number(value)))
    })
  }
  at_limits <- lapply(which(is.finite(limits)), cases)
  Map(function(expression, column) {
    rlang::expr(dplyr::case_when(!!!lapply(at_limits, `[[`, column), TRUE ~ !!expression))
  }, predicted, seq_along(predicted))
}
