# A plan holds what the user asks for, for every data set: numbers of components, models, starting
# values, criterion and control.
parse_plan <- function(k, variance, criterion, fixed, start, control, noise = FALSE, labels = 0L,
                       relate = NULL) {
  control <- parse_control(control)
  criterion <- parse_choice(criterion, criteria, "criterion")
  models <- parse_models(variance, fixed, noise, if (labels > 0L) seq_len(labels), relate)
  model <- models[[1L]]
  start <- parse_start(start, model)
  k <- k %||% start$k %||% relate_k(model$relate) %||% fixed_k(model$fixed) %||%
    seq(max(labels, 1L), max(labels, 9L))
  k <- parse_k(k, start, model)
  if (k[1L] < labels) {
    abort_gmm1d("k", "`k` must be at least the number of components named by `labels` (", labels,
                "), not ", k[1L], ".")
  }
  list(k = k, models = models, start = start, criterion = criterion, control = control)
}

parse_k <- function(k, start, model) {
  k <- parse_numbers(k, "k")
  if (length(k) == 0L) abort_gmm1d("shape", "`k` must have at least one value.")
  check_each(!is.na(k), k, "k", "have no missing values", "missing")
  check_each(k >= 1 & k == floor(k) & k <= .Machine$integer.max, k, "k",
             "be a whole number >= 1")
  k <- sort(unique(as.integer(k)))
  if (!is.null(start) && !identical(k, start$k)) {
    abort_gmm1d("shape", "`start` must have as many components as `k` (", toString(k),
                "), not ", start$k, ".")
  }
  check_k_beside(k, model)
  k
}

# Fixed or related parameters may determine the number of components.
check_k_beside <- function(k, model) {
  fixed <- model$fixed
  given <- fixed_k(fixed)
  related <- relate_k(model$relate)
  if (!is.null(related) && (!identical(k, related) || !identical(given %||% related, related))) {
    abort_gmm1d("shape", "`relate` must have one value for each component (`k` is ", toString(k),
                "), not ", related, "; omit `k`.")
  }
  if (is.null(given) || identical(k, given)) return(invisible())
  if (has_known_lambda(fixed)) {
    abort_gmm1d("shape", "`fixed` must have one value for each component (`k` is ", toString(k),
                "), or one for all, not ", given, ".")
  }
  if (k[1L] < least_k(fixed)) {
    abort_gmm1d("shape", "`k` must be at least ", least_k(fixed), ", the number of components ",
                "with `fixed` values, not ", k[1L], ".")
  }
}

# The time of a search grows with the third power of k, to a minute for 120 components.
many_components <- 50L

inform_of_time <- function(k) {
  if (k <= many_components) return(invisible())
  rlang::inform(
    paste0("The search for ", format_count(k), " components goes through all smaller numbers, ",
           "which may take a minute or more; starting values (`start`) avoid the search."),
    class = c("gmm1d_message_time", "gmm1d_message")
  )
}

# The numbers of components for which there are enough data.
k_for <- function(points, plan) {
  k <- plan$k
  distinct <- length(points$x)
  may_be_0 <- has_errors(points) || !is.null(plan$control$min_sigma)
  if (distinct == 1L && (!may_be_0 || k[1L] > 1L)) {
    abort_gmm1d("constant", "`x` has only one distinct value (", format(points$x, digits = 7),
                "); to fit `k = 1`, set `min_sigma` in the control.")
  }
  if (k[1L] > distinct) {
    abort_gmm1d("k", "`k` must be at most the number of distinct values in `x` (", distinct,
                "), not ", k[1L], ".")
  }
  too_many <- k > distinct
  places <- places_of(points)
  if (is.finite(places)) {
    df <- vapply(k, function(one) min(vapply(plan$models, degrees_of_freedom, 1L, one)), 1L)
    too_many <- too_many | df >= places
    if (too_many[1L]) abort_too_few_places(k[1L], df[1L], places, sample_words(points))
  }
  k <- k[!too_many]
  for (model in plan$models) {
    sigma <- model$fixed$sigma
    if (any(sigma == 0, na.rm = TRUE) && !has_errors(points)) abort_sigma_0("fixed")
    check_sigma_above_0(model, points)
    if (!all(is.na(sigma)) && all(errors_of_points(points) == 0)) {
      check_within_reach(points$x, k[1L], model$fixed)
    }
  }
  if (any(plan$start$sigma == 0) && !has_errors(points)) abort_sigma_0("start")
  k
}

abort_sigma_0 <- function(name) {
  abort_gmm1d("range", "`", name, "$sigma` must be above 0; it may be 0 only if every value has ",
              "an `error` above 0.")
}

# Errors if all sigmas are fixed and k components cannot reach all data.
check_within_reach <- function(x, k, fixed) {
  sigma <- expand_fixed(fixed, k)$sigma
  if (anyNA(sigma)) return(invisible())
  last <- 0L
  for (j in seq_len(k)) {
    last <- findInterval(x[last + 1L] + 2 * reach * max(sigma), x)
    if (last == length(x)) return(invisible())
  }
  abort_out_of_reach()
}

# Beyond this distance from the mean, in sigmas, densities are 0 in double precision.
reach <- 40

abort_too_few_places <- function(k, df, places, words) {
  abort_gmm1d("k", "`k` = ", k, " has ", count_of(df, "free parameter"), ", which needs more than ",
              "the ", count_of(places, words$place), " of `x`: use ",
              if (k > 1L) "a smaller `k`, ", words$more,
              ", or fewer free parameters (`fixed`", if (k > 1L) ", `variance = \"equal\"`", ").")
}

# For each data set, picks the fit that the criterion chooses and keeps the table of all. Failed
# data sets pass through.
choose_fits <- function(tried, plan) {
  paths <- lapply(tried, `[[`, "path")
  of <- rep(seq_along(paths), lengths(paths))
  points <- lapply(tried[of], `[[`, "points")
  table <- selection_table(unlist(paths, recursive = FALSE), points)
  rows <- split(seq_along(of), of)
  tried[unique(of)] <- Map(function(one, rows) {
    selection <- lapply(table, `[`, rows)
    chosen <- chosen_row(selection, plan$criterion)
    list(points = one$points, result = one$path[[chosen]], selection = selection, chosen = chosen)
  }, tried[unique(of)], rows)
  tried
}

# True for fits that may be chosen once the cells are fine enough. If a sigma has reached the width
# of a cell, each observation in narrow components may gain the log of `narrowing`; otherwise little
# changes.
may_be_chosen <- function(path, points, plan) {
  selection <- selection_table(path, rep(list(points), length(path)))
  choice <- choice_of(selection, plan$criterion)
  gain <- vapply(path, function(result) {
    least <- result$narrow$sigma < points$scale / narrowing
    2 * log(narrowing) * points$n * sum(result$narrow$lambda[least])
  }, 1)
  choice - gain <= min(choice) + out_of_reach
}

# A component so much narrower than the data may be narrower than its cells.
narrowing <- 16

# A fit whose criterion is worse by more than this is not chosen, however fine the cells are.
out_of_reach <- 10

# The columns of a table with one row per fitted model, for one data set or many.
selection_table <- function(path, points) {
  field <- function(name, type, of = path) vapply(of, `[[`, type, name)
  models <- lapply(path, `[[`, "model")
  k <- field("k", 1L, lapply(path, `[[`, "mixture"))
  loglik <- field("loglik", 1)
  n <- field("n", 1, points)
  variance <- field("variance", "", models)
  noise <- vapply(models, has_noise, NA)
  kind <- paste(variance, k, noise)
  first <- which(!duplicated(kind))
  df <- vapply(first, function(i) degrees_of_freedom(models[[i]], k[i]), 1L)
  df <- df[match(kind, kind[first])]
  bic <- -2 * loglik + log(n) * df
  limits <- lapply(path, `[[`, "limit")
  is_limited <- lengths(limits) > 0L
  limit <- function(i) {
    result <- rep(NA_real_, length(path))
    result[is_limited] <- field(i, 1, limits[is_limited])
    result
  }
  list(
    k = k, variance = variance, noise = noise,
    loglik = loglik, objective = field("objective", 1), df = df,
    AIC = -2 * loglik + 2 * df, BIC = bic, ICL = bic + 2 * field("entropy", 1),
    price = field("price", 1), converged = field("status", "") == "converged",
    penalised = field("penalised", NA), brief = field("brief", NA), bound = limit(1L),
    bound_sigma = limit(2L)
  )
}

# The row with the smallest criterion, including the price of narrow components.
chosen_row <- function(selection, criterion) which.min(choice_of(selection, criterion))

choice_of <- function(selection, criterion) selection[[criterion]] + selection$price

# True for the row of the selection table that belongs to the fit.
is_chosen <- function(x) {
  noise <- x$selection[["noise"]] %||% FALSE
  x$selection$k == x$k & x$selection$variance == x$variance & noise == !is.null(x$noise)
}

# True if the criterion alone, without the price of narrow components, would choose another model.
price_decides <- function(x) !is_chosen(x)[lowest_row(x)]

lowest_row <- function(x) which.min(x$selection[[x$criterion]])

k_tried <- function(fit) sort(unique(c(fit$selection$k, fit$k_left_out)))
