# The deterministic search on each of many data sets: the best maximum it finds for each of the
# numbers of components, which may be others for each.
search_each <- function(samples, k, model, control) {
  slots <- constraints_for_search(model)
  model <- reordered_model(model, slots$order)
  options <- em_options(control, slots$constraints, model)
  paths <- with_memory(search_each_cpp(samples, k, options, control$threads))
  lapply(paths, lapply, em_result, model)
}

# From the mixtures of results, their components in the order of what is fixed, to the maxima that
# the search would report in their basins.
conclude <- function(points, results, control) {
  options <- lapply(results, function(result) {
    em_options(control, constraints_in_place(result$model, result$mixture$k), result$model)
  })
  found <- conclude_cpp(points, lapply(results, `[[`, "mixture"), options)
  Map(em_result, found, lapply(results, `[[`, "model"))
}

# The user's starting values as a mixture, its components in the order of what is fixed, or NULL.
parse_start <- function(start, fixed) {
  if (is.null(start)) return(NULL)
  if (!is.list(start)) {
    abort_gmm1d("type", "`start` must be a list of `lambda`, `mu` and `sigma`, or a fit, not ",
                describe(start), ".")
  }
  if (inherits(start, "gmm1d")) start <- parse_fit(start, "start")
  mixture <- parse_mixture_list(start, "start")
  if (inherits(start, "gmm1d") && identical(fixed_k(start$fixed), fixed_k(fixed))) {
    mixture <- in_order_of(mixture, start$fixed, fixed)
  }
  mixture
}

# A fit has put its components in order of mu: back to the order in which its fixed values are
# given.
in_order_of <- function(mixture, from, to) {
  if (is.null(fixed_k(to))) return(mixture)
  from <- kinds_of(from, mixture$k)
  to <- kinds_of(to, mixture$k)
  if (!identical(sort(from), sort(to))) return(mixture)
  from_slots <- integer(mixture$k)
  from_slots[order(to)] <- order(from)
  reordered(mixture, from_slots)
}
