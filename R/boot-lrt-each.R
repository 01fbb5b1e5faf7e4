# The test of many data sets. Data sets whose statistics have the same distribution share its
# replicates.

# True if gmm1d_each() would take x as many data sets, or has fitted them.
are_many <- function(x, arguments) {
  inherits(x, "gmm1d_each") || any(c("by", "margin") %in% arguments) ||
    (is.list(x) && !is.object(x)) || (is.matrix(x) && ncol(x) > 1L) ||
    (inherits(x, "tbl_lazy") && length(dplyr::group_vars(x)) > 0L)
}

boot_lrt_each <- function(x, k0, k1, times, level, k, adjust, ...) {
  are_fits <- inherits(x, "gmm1d_each")
  if (is.null(k0) && !are_fits) abort_no_k0()
  if (!is.null(k0)) k0 <- parse_count(k0, "k0")
  if (!is.null(k1)) k1 <- parse_k1(k1, k0 %||% 0L)
  if (are_fits && !is.null(k)) {
    abort_gmm1d("argument", "`k` must not be given with fits: the `k` of each was chosen already.")
  }
  many <- if (are_fits) parse_many(x) else fit_many(x, k %||% c(k0, k1 %||% (k0 + 1L)), ...)
  fits <- if (are_fits) with_model(parsed_fits(many), ...) else parsed_fits(many)
  k0 <- rep_len(k0 %||% vapply(fits, function(fit) fit$k %||% NA_integer_, 1L), length(fits))
  k1 <- if (is.null(k1)) k0 + 1L else parse_k1_of_each(k1, k0)
  tests <- lr_tests(fits, k0, k1, times, level)
  errors <- errors_of(many)
  errors[is.na(errors)] <- errors_of_answers(tests)[is.na(errors)]
  table_of_tests(many, columns_of_lr_tests(tests, fits, k0, k1), errors, adjust,
                 known = are_fits & !has_fit(many))
}

fit_many <- function(x, k, ...) {
  fit_them <- if (inherits(x, "tbl_lazy")) gmm1d else gmm1d_each
  without_warnings(fit_them(x, ..., k = k))
}

# The fits with the model and the control that the user gives instead of their own.
with_model <- function(fits, ...) {
  changes <- list(...)
  parsers <- list(variance = function(x) parse_choice(x, c("free", "equal"), "variance"),
                  fixed = parse_fixed, control = parse_control)
  for (name in rlang::names2(changes)) {
    if (!name %in% names(parsers)) abort_unknown(name, names(parsers))
    changes[name] <- list(parsers[[name]](changes[[name]]))
  }
  lapply(fits, function(fit) {
    if (!is.null(fit)) fit[names(changes)] <- changes
    fit
  })
}

parse_k1_of_each <- function(k1, k0) {
  most <- max(k0, 0L, na.rm = TRUE)
  if (k1 <= most) parse_k1(k1, most)
  rep_len(k1, length(k0))
}

# Tests each fit; the result is an error if that fails, and NULL if there is no fit. Each null
# distribution has its own random numbers. Those of shared distributions come first, in order of n,
# so that they do not depend on the order of the data sets.
lr_tests <- function(fits, k0, k1, times, level) {
  standards <- Map(standard_of, fits, k0, k1)
  is_shared <- lengths(standards) > 0L
  own <- which(lengths(fits) > 0L & !is_shared)
  groups <- groups_of_standards(standards, k1, which(is_shared))
  seeds <- sample.int(.Machine$integer.max, length(groups) + length(own))
  tests <- vector("list", length(fits))
  for (i in seq_along(groups)) {
    at <- groups[[i]]
    tests[at] <- with_seed(seeds[i], shared_tests(fits[at], standards[[at[1L]]], k1[at[1L]], times,
                                                  level))
  }
  own_test <- function(fit, k0, k1, seed) {
    pair <- lapply(c(k0, k1), function(k) quietly_fit(fit, k))
    withCallingHandlers(with_seed(seed, lr_test(pair, times, level)),
                        gmm1d_message_time = function(m) rlang::cnd_muffle(m))
  }
  for (i in seq_along(own)) {
    at <- own[i]
    tests[at] <- map_attempts(own_test, fits[at], k0[at], k1[at], seeds[length(groups) + i])
  }
  tests
}

# A fit of N(0, 1) with the same n, whose statistics have the same null distribution as those of
# `fit`; NULL if that distribution depends on more than n. It does if values cannot lie anywhere, or
# if a setting in their unit, or their rounding errors, limit how narrow a component may be.
standard_of <- function(fit, k0, k1) {
  if (is.null(fit) || k0 > 1L || length(fit$points$x) < k1) return(NULL)
  control <- fit$control
  has_unit <- !all(is.na(unlist(fit$fixed))) || !is.null(fit$noise) || !is.null(fit$relate) ||
    !is.null(control$min_sigma) || isTRUE(control$penalty == 0)
  if (has_unit || !lie_anywhere(fit$points)) return(NULL)
  n <- size_of(fit)
  fit[c("lambda", "mu", "sigma", "k", "n", "loglik")] <-
    list(1, 0, 1, 1L, n, -n / 2 * (1 + log(2 * pi)))
  fit["fixed"] <- list(NULL)
  fit$points <- new_squashed_values(c(-1, 1), c(1, 1))
  fit
}

# True if the values are known exactly, have whole-number weights and can be any number. A lattice,
# including that of doubles, makes no difference if it is fine compared with the narrowest component
# that the penalty allows on two values, about scale / sqrt(n).
lie_anywhere <- function(points) {
  kind <- setdiff(class(points), c("squashed_lattice", "squashed"))
  step <- max(points$step, .Machine$double.eps * abs(points$x))
  identical(kind, "squashed_values") && is.null(points$within) &&
    all(points$w == round(points$w)) &&
    steps_of_narrowest * step <= points$scale / sqrt(points$n)
}

# If a component is at least this many steps wide, rounding does not change the quantiles of the
# statistics of normal samples of 20 to 300 values.
steps_of_narrowest <- 10

# Groups the data sets that have the same standard: the same n, model and control. In order of n.
groups_of_standards <- function(standards, k1, at) {
  n <- vapply(standards[at], `[[`, 1, "n")
  settings <- vapply(standards[at], function(one) {
    control <- unclass(one$control)
    deparse1(list(one$variance, control[setdiff(names(control), c("threads", "keep_data"))]))
  }, "")
  key <- paste(n, k1[at], settings)
  in_order <- order(n, key, method = "radix")
  unname(split(at[in_order], factor(key[in_order], unique(key[in_order]))))
}

# The tests of one-component fits whose statistics have the distribution of a standard one.
shared_tests <- function(fits, standard, k1, times, level) {
  noise <- lr_noise(standard)
  k <- c(1L, k1)
  observed <- unlist(lr_statistics(lapply(fits, `[[`, "points"), k, standard, noise))
  replicates <- lr_replicates(standard, k, times, observed, level)
  lapply(observed, function(statistic) {
    list(statistic = statistic, replicates = replicates, is_shared = TRUE,
         p.value = p_value(replicates, statistic, noise))
  })
}

columns_of_lr_tests <- function(tests, fits, k0, k1) {
  number <- function(name) vapply(tests, function(test) test[[name]] %||% NA_real_, 1)
  times <- lengths(lapply(tests, `[[`, "replicates"))
  times[times == 0L] <- NA
  shared <- vapply(tests, function(test) isTRUE(test$is_shared), NA)
  shared[is.na(times)] <- NA
  list(
    k0 = k0, k1 = k1, nobs = vapply(fits, function(fit) fit$n %||% NA_real_, 1, USE.NAMES = FALSE),
    statistic = number("statistic"), R = times, shared = shared, p.value = number("p.value")
  )
}
