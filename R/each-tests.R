# Tests of many data sets. All return tables of the same shape.

# `columns` have the hypothesis, the statistic and the p-value for each data set. `known` is TRUE
# for data sets without a fit that the user has already been warned of.
table_of_tests <- function(fits, columns, errors, adjust, known = FALSE) {
  warn_of_unanswered(errors, fits, known, "tested")
  k <- vapply(unname(as.list(fits)), function(fit) fit$k %||% NA_integer_, 1L)
  p <- columns$p.value
  with_keys_first(fits, seq_along(k), c(
    list(k = k), columns[names(columns) != "p.value"],
    list(p.value = p, p.adjusted = stats::p.adjust(p, adjust), error = errors)
  ))
}

parse_adjust <- function(adjust) parse_choice(adjust, stats::p.adjust.methods, "p.adjust")

#' @rdname em_test
#' @export
em_test.gmm1d_each <- function(x, k0, ..., p.adjust = "BH") {
  check_no_dots(...)
  x <- parse_many(x)
  k0 <- if (!missing(k0)) parse_count(k0, "k0")
  adjust <- parse_adjust(p.adjust)
  fits <- fits_with(x, c("lambda", "mu", "sigma", "variance", "selection", "fixed", "noise",
                         "control"))
  parse_points <- function(fit) {
    fit$points <- parse_squashed(fit$points, "x$points")
    fit
  }
  em_table(x, lapply(fits, function(fit) if (!is.null(fit)) parse_points(fit)), k0, adjust,
           known = !has_fit(x))
}

# The table for data that are not fitted yet, or for a grouped table.
em_test_each <- function(x, k0, k, adjust, ...) {
  if (is.null(k0)) abort_no_k0()
  k0 <- parse_count(k0, "k0")
  many <- fit_many(x, k %||% c(k0, k0 + 1), ...)
  em_table(many, as.list(many), k0, adjust)
}

em_table <- function(many, fits, k0, adjust, known = FALSE) {
  sets <- sets_to_test(unname(fits), k0, unname(errors_of(many)))
  controls <- lapply(unname(fits), `[[`, "control")
  for (at in split(seq_along(sets), match(controls, unique(controls)))) {
    control <- controls[[at[1L]]]
    test <- function(some) test_batch(sets[at[some]], control)
    if (!is.null(control)) sets[at] <- map_batches(length(at), test, "EM-tests")
  }
  field <- function(name, default) vapply(sets, function(one) one[[name]] %||% default, default)
  k0 <- field("k0", NA_integer_)
  statistic <- field("statistic", NA_real_)
  columns <- list(k0 = k0, statistic = statistic, df = 2L * k0,
                  p.value = em_p_value(statistic, k0))
  columns$df[is.na(statistic)] <- NA
  table_of_tests(many, columns, errors_of_answers(sets), adjust, known)
}

# For each data set its points, and the mixture of its fit if that is the null; or the reason why it
# cannot be tested.
sets_to_test <- function(fits, k0, errors) {
  sets <- map_attempts(function(fit, error) {
    if (is.null(fit)) return(list(error = error))
    check_testable(fit, some_known = FALSE)
    k0 <- k0 %||% fit$k
    distinct <- length(fit$points$x)
    check_each(k0 <= distinct, k0, "k0",
               paste0("be at most the number of distinct values, ", distinct), "k")
    c(list(points = fit$points), if (fit$k == k0) list(mixture = as_mixture(fit)))
  }, fits, errors)
  Map(function(set, fit) c(set, list(k0 = k0 %||% fit$k %||% NA_integer_)), sets, fits)
}

test_batch <- function(sets, control) {
  found <- search_sets(sets, control)
  done <- !vapply(found, has_failed, NA)
  if (!any(done)) return(found)
  tests <- em_tests(lapply(found[done], `[[`, "points"), lapply(found[done], `[[`, "mixture"),
                    control)
  found[done] <- Map(function(set, test) list(k0 = set$k0, statistic = test$statistic),
                     found[done], tests)
  found
}

# Adds the mixtures found by the search to the data sets that need one, or the reason of a failure.
search_sets <- function(sets, control) {
  asked <- vapply(sets, function(set) !has_failed(set) && is.null(set$mixture), NA)
  if (!any(asked)) return(sets)
  paths <- search_each(lapply(sets[asked], `[[`, "points"), lapply(sets[asked], `[[`, "k0"),
                       free_model, control)
  found <- map_attempts(function(path) {
    check_possible(path)
    list(mixture = path[[1L]]$mixture)
  }, paths)
  sets[asked] <- Map(c, sets[asked], found)
  sets
}

# nolint start: object_name_linter.
#' @rdname gof_test
#' @export
gof_test.gmm1d_each <- function(fit, statistic = c("AD", "KS"), R = 999, ..., p.adjust = "BH") {
  # nolint end
  check_no_dots(...)
  fit <- parse_many(fit, "fit")
  statistic <- parse_choice(statistic, c("AD", "KS"), "statistic")
  times <- parse_count(R, "R")
  adjust <- parse_adjust(p.adjust)
  fits <- unname(parsed_fits(fit, "fit"))
  tests <- gof_tests(fits, unname(errors_of(fit)), statistic, times)
  errors <- errors_of_answers(tests)
  field <- function(name) vapply(tests, function(one) one[[name]] %||% NA_real_, 1)
  columns <- list(statistic = field("statistic"), R = rep(times, length(tests)),
                  p.value = field("p.value"))
  columns$R[!is.na(errors)] <- NA
  table_of_tests(fit, columns, errors, adjust, known = !has_fit(fit))
}

# All data sets use the same random numbers, so that none depends on the others. All fits with one
# component can then share replicates of the standard normal distribution, up to location and scale.
gof_tests <- function(fits, errors, statistic, times) {
  distance <- gof_distance(statistic)
  seed <- sample.int(.Machine$integer.max, 1L)
  replicates <- vector("list", length(fits))
  standards <- lapply(fits, function(fit) standard_of(fit, fit$k, 1L))
  is_shared <- lengths(standards) > 0L
  for (at in groups_of_standards(standards, rep(1L, length(fits)), which(is_shared))) {
    replicates[at] <- list(with_seed(seed, gof_replicates(standards[[at[1L]]], statistic, times)))
  }
  map_attempts(function(fit, error, replicates) {
    if (is.null(fit)) return(list(error = error))
    observed <- distance(fit$points, as_seen(fit, fit$points))
    replicates <- replicates %||% with_seed(seed, gof_replicates(fit, statistic, times))
    list(statistic = observed, p.value = p_value(replicates, observed))
  }, fits, errors, replicates)
}
