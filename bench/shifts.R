# Checks that shifted, reflected and scaled data get the same maximum.
shifts <- function(cases = shifts_cases()) {
  off <- cases$off > 1e-6
  by <- split(seq_along(off), list(factor(cases$what, unique(cases$what)), cases$kind), drop = TRUE)
  rows <- lapply(by, function(i) {
    data.frame(data = cases$kind[i[1L]], changed = cases$what[i[1L]], objectives = length(i),
               other = sum(off[i]), worst = format(max(cases$off[i]), digits = 2L),
               `other k` = sum(!duplicated(cases$data[i]) & cases$other_choice[i]),
               check.names = FALSE)
  })
  worst <- utils::head(cases[order(-cases$off), ], 10L)
  worst <- worst[worst$off > 1e-6, ]
  c(
    "## Shifts, reflections and scales", "",
    paste("Objectives of the default search, k = 2 to 9, that differ by more than 1e-6 from those",
          "of the unchanged data (less n log of the scale), and data sets that get another k.",
          "Shifts are in standard deviations. Goal: none."), "",
    table_of(do.call(rbind, rows)), "",
    if (nrow(worst) > 0L) table_of(data = worst$data, changed = worst$what, k = worst$k,
                                   off = vapply(worst$off, format, "", digits = 3L))
  )
}

shifts_cases <- function(n = 1e4, data = ".", k = 9L) {
  densities <- densities_of()
  simulated <- lapply(densities, function(density) draw(n, density, 3000))
  source("bench/real.R", local = TRUE)
  sets <- c(simulated, real_sets())
  kind <- rep(c("densities", "real"), c(length(simulated), length(sets) - length(simulated)))
  chosen <- grepl(data, names(sets))
  each_case(changes_of, sets[chosen], names(sets)[chosen], kind[chosen], k)
}

# How far the objectives for changed data are from those for the original data.
changes_of <- function(x, name, kind, last_k) {
  sd <- stats::sd(x)
  shift <- function(by) function(x) x + by * sd
  scale <- function(by) function(x) x * by
  changes <- c(lapply(c(`+ 0.37` = 0.37, `- 0.5` = -0.5, `+ 0.001` = 0.001, `+ 1/3` = 1 / 3,
                        `+ 10.1` = 10.1, `- 777` = -777, `+ 1e6` = 1e6), shift),
               list(`reflected` = function(x) -x),
               lapply(c(`x 0.1` = 0.1, `x 2.54` = 2.54, `x 1000` = 1000, `x 1e-9` = 1e-9,
                        `x pi` = pi), scale))
  logs <- c(rep(0, 8), log(c(0.1, 2.54, 1000, 1e-9, pi)))
  as_is <- path_with_choice(x, last_k)
  rows <- Map(function(change, what, log_scale) {
    now <- path_with_choice(change(x), last_k)
    off <- abs(now$objective + length(x) * log_scale - as_is$objective)
    data.frame(data = name, kind = kind, what = what, k = as_is$k, off = off,
               other_choice = now$chosen != as_is$chosen)
  }, changes, names(changes), logs)
  do.call(rbind, unname(rows))
}

# The objectives for k = 2, 3, ... that the package reports, and the k with the smallest BIC.
path_with_choice <- function(x, last_k) {
  points <- squash(x)
  k <- seq_len(min(last_k, length(points)))
  fit <- suppressWarnings(gmm1d(points, k = k))
  rows <- fit$selection[fit$selection$k > 1L, ]
  list(k = rows$k, objective = rows$objective, chosen = fit$k)
}
