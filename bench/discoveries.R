# How many of the values that fdr() calls are null, and how many of the others it calls.
discoveries <- function(cases = discoveries_cases()) {
  rows <- discoveries_rows()[unique(cases$row)]
  by_row <- split(cases, factor(cases$row, unique(cases$row)))
  mean_of <- function(name) vapply(by_row, function(one) mean(one[[name]]), 1)
  percent <- function(share) ifelse(is.na(share), "", number(100 * share))
  unwarned <- vapply(by_row, function(one) mean(one$false[!one$warned]), 1)
  c(
    "## False discovery rates", "",
    "Values with `q.value <= 0.1` are called. \"false\" is the percentage of them that are null (0 if",
    "none is called), the mean over samples. Goal: at most 11. Beside it the same for `pi0 =",
    "\"fitted\"` and for the true mixture. \"found\" is the percentage of the alternatives that are",
    "called. BIC chooses the number of components among those given. \"warned\" is the percentage of",
    "samples with the warning that another component lies over an empirical null; the last column",
    "has the false ones in all other samples. \"effect 0\": `error = 1`, and the null is a true value",
    "of 0.", "",
    table_of(
      data = vapply(rows, `[[`, "", "data"), null = vapply(rows, `[[`, "", "null"),
      k = vapply(rows, function(row) paste(range(row$k), collapse = " to "), ""),
      samples = vapply(by_row, nrow, 1L), false = percent(mean_of("false")),
      `false, fitted pi0` = percent(mean_of("false_fitted")),
      `false, truth` = percent(mean_of("false_true")), found = percent(mean_of("found")),
      `found, truth` = percent(mean_of("found_true")), `mean pi0` = number(mean_of("pi0")),
      warned = percent(mean_of("warned")), `false, not warned` = percent(unwarned)
    )
  )
}

discoveries_cases <- function(samples = 200L, data = ".") {
  rows <- discoveries_rows()
  rows <- rows[grepl(data, vapply(rows, function(row) paste(row$null, row$data), ""))]
  of_rows <- lapply(names(rows), function(name) {
    data.frame(row = name, each_data_set(samples, function() discoveries_in(rows[[name]])))
  })
  do.call(rbind, of_rows)
}

# For one sample: the share of called values that are null, and the share of non-null values that
# are called.
discoveries_in <- function(row) {
  truth <- row$truth
  component <- sample.int(length(truth$lambda), row$n, replace = TRUE, prob = truth$lambda)
  z <- rnorm(row$n, truth$mu[component], truth$sigma[component])
  is_null <- component == 1L
  judge <- function(q) {
    called <- q <= 0.1
    c(false = if (any(called)) mean(is_null[called]) else 0, found = mean(called[!is_null]))
  }
  fit <- row$fit(z, row$k)
  warned <- FALSE
  rates <- withCallingHandlers(fdr(fit), gmm1d_warning_null = function(w) warned <<- TRUE)
  fitted <- fdr(fit, pi0 = "fitted")
  joint <- mapply(function(lambda, mu, sigma) lambda * dnorm(z, mu, sigma),
                  truth$lambda, truth$mu, truth$sigma)
  true_fdr <- joint[, 1L] / rowSums(joint)
  in_order <- order(true_fdr)
  true_q <- numeric(row$n)
  true_q[in_order] <- cumsum(true_fdr[in_order]) / seq_len(row$n)
  c(judge(rates$values$q.value), stats::setNames(judge(true_q), c("false_true", "found_true")),
    false_fitted = judge(fitted$values$q.value)[["false"]], pi0 = rates$pi0$estimate,
    warned = warned, k = fit$k)
}

discoveries_rows <- function() {
  mixture <- function(lambda, mu, sigma) list(lambda = lambda, mu = mu, sigma = sigma)
  one_thread <- list(threads = 1)
  # The first component is the null.
  known <- function(z, k) {
    gmm1d(z, k, fixed = list(mu = c(0, NA), sigma = c(1, NA)), control = one_thread)
  }
  effects <- function(z, k) {
    gmm1d(z, k, error = 1, fixed = list(mu = c(0, NA), sigma = c(0, NA)), control = one_thread)
  }
  estimated <- function(z, k) gmm1d(z, k, control = one_thread)
  theoretical <- list(
    list("90 % N(0, 1), 5 % each N(-3, 1), N(3, 1)", c(1000, 2000, 5000),
         mixture(c(0.9, 0.05, 0.05), c(0, -3, 3), c(1, 1, 1))),
    list("80 % N(0, 1), 10 % each N(-3, 1), N(3, 1)", 2000,
         mixture(c(0.8, 0.1, 0.1), c(0, -3, 3), c(1, 1, 1))),
    list("95 % N(0, 1), 2.5 % each N(-3, 1), N(3, 1)", 5000,
         mixture(c(0.95, 0.025, 0.025), c(0, -3, 3), c(1, 1, 1))),
    list("90 % N(0, 1), 3 % N(-4, 1), 7 % N(3, 1)", 2000,
         mixture(c(0.9, 0.03, 0.07), c(0, -4, 3), c(1, 1, 1))),
    list("90 % N(0, 1), 10 % N(3, 1)", 2000, mixture(c(0.9, 0.1), c(0, 3), c(1, 1))),
    list("80 % N(0, 1), 20 % N(3, 1)", 2000, mixture(c(0.8, 0.2), c(0, 3), c(1, 1))),
    list("95 % N(0, 1), 5 % N(3, 1)", 5000, mixture(c(0.95, 0.05), c(0, 3), c(1, 1))),
    list("90 % N(0, 1), 10 % N(0, 3)", 2000, mixture(c(0.9, 0.1), c(0, 0), c(1, 3))),
    list("N(0, 1)", 2000, mixture(1, 0, 1))
  )
  empirical <- list(
    list("90 % N(0.1, 1.2), 10 % N(4, 1)", 2000, mixture(c(0.9, 0.1), c(0.1, 4), c(1.2, 1))),
    list("80 % N(0.1, 1.2), 20 % N(4, 1)", 2000, mixture(c(0.8, 0.2), c(0.1, 4), c(1.2, 1))),
    list("95 % N(0.1, 1.2), 5 % N(4, 1)", 5000, mixture(c(0.95, 0.05), c(0.1, 4), c(1.2, 1))),
    list("90 % N(0.1, 1.2), 5 % each N(-4, 1), N(4, 1)", c(1000, 2000, 5000),
         mixture(c(0.9, 0.05, 0.05), c(0.1, -4, 4), c(1.2, 1, 1))),
    list("N(0.1, 1.2)", 2000, mixture(1, 0.1, 1.2))
  )
  rows_of <- function(designs, null, fit, k) {
    unlist(lapply(designs, function(design) {
      lapply(design[[2L]], function(n) {
        list(data = paste0(design[[1L]], ", n = ", number(n)), n = n, truth = design[[3L]],
             null = null, fit = fit, k = k)
      })
    }), recursive = FALSE)
  }
  rows <- c(rows_of(theoretical, "N(0, 1)", known, 1:4),
            rows_of(theoretical[1L], "effect 0", effects, 1:4),
            rows_of(empirical, "empirical", estimated, 1:5),
            rows_of(empirical[4L], "empirical", estimated, 3:5))
  stats::setNames(rows, seq_along(rows))
}
