# The deterministic search on each of many data sets: the best maximum for each number of
# components. The numbers may differ between data sets. With a criterion, those that it is unlikely
# to choose are searched briefly.
search_each <- function(samples, k, model, control, criterion = NULL) {
  slots <- constraints_for_search(model, unlist(k))
  model <- reordered_model(model, slots$order)
  options <- c(em_options(control, slots$constraints, model), list(criterion = criterion))
  paths <- with_memory(search_each_cpp(samples, k, options, control$threads))
  models <- lapply(seq_len(max(0L, unlist(k))), sized_model, model = model)
  lapply(paths, lapply, function(found) em_result(found, models[[found$mixture$k]]))
}

# Climbs from the mixtures of results, with components in the order of the fixed values, to the
# maxima that the search would report in their basins. Brief results need no certificate, without
# which a ridge may count as converged.
conclude <- function(points, results, control) {
  options <- lapply(results, function(result) {
    em_options(control, constraints_in_place(result$model, result$mixture$k), result$model,
               certify = !is_brief(result))
  })
  found <- conclude_each_cpp(points, lapply(results, `[[`, "mixture"), options, control$threads)
  Map(em_result, found, lapply(results, `[[`, "model"))
}

# The user's starting values as a mixture, with components in the order of the fixed values, or
# NULL.
parse_start <- function(start, model) {
  if (is.null(start)) return(NULL)
  if (!is.list(start)) {
    abort_gmm1d("type", "`start` must be a list of `lambda`, `mu` and `sigma`, or a fit, not ",
                describe(start), ".")
  }
  if (inherits(start, "gmm1d")) start <- parse_fit(start, "start")
  mixture <- parse_mixture_list(start, "start")
  if (inherits(start, "gmm1d")) mixture <- in_order_of(mixture, model_of(start), model)
  mixture
}

# The components of a fit are in order of mu. Puts those that fixed values or relations distinguish
# back in the order in which they were given.
in_order_of <- function(mixture, from, to) {
  k <- mixture$k
  if (is_by_number(to)) {
    if (!identical(relate_k(from$relate), relate_k(to$relate))) return(mixture)
    # Components of a relation are distinguished by their rows in it.
    rows <- function(model) do.call(paste, c(expand_fixed(model$fixed, k),
                                             as.data.frame(rows_of_relate(model$relate))))
    from <- rows(from)
    to <- rows(to)
  } else {
    if (is.null(fixed_k(to$fixed))) return(mixture)
    from <- kinds_of(from, k)
    to <- kinds_of(to, k)
  }
  if (!identical(sort(from), sort(to))) return(mixture)
  from_slots <- integer(k)
  from_slots[order(to)] <- order(from)
  reordered(mixture, from_slots)
}

# Puts components that nothing in the model distinguishes in order of mu, so that their order in
# `start` does not change the last digits of the estimates.
in_order_of_means <- function(mixture, model) {
  kinds <- paste(kinds_of(model, mixture$k), expand_labels(model$labels, mixture$k))
  by_mu <- order(mixture$mu, mixture$sigma, mixture$lambda)
  slots <- integer(mixture$k)
  slots[order(kinds)] <- by_mu[order(kinds[by_mu])]
  reordered(mixture, slots)
}
