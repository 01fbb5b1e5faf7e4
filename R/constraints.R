# A model is a list of
# - `variance`, "free" or "equal";
# - `fixed`, a list of lambda, mu and sigma, NA for free parameters. Each has length k, or length 1
#   if it holds for every component, or less than k if the others are free;
# - `noise`, FALSE, TRUE, or its range;
# - `labels`, the numbers of the labels of the components, NULL if there are none;
# - `relate`, the relations between parameters (relations.R), NULL if there are none.
free_model <- list(variance = "free", fixed = list(lambda = NA_real_, mu = NA_real_,
                                                   sigma = NA_real_), noise = FALSE)

# The models that the user asks for: one for each kind of variance, with and without noise.
parse_models <- function(variance, fixed, noise = FALSE, labels = NULL, relate = NULL) {
  variance <- parse_choices(variance, c("free", "equal"), "variance")
  fixed <- parse_fixed(fixed)
  relate <- parse_relate(relate)
  check_relate_beside(relate, fixed, variance)
  if (identical(relate$sigma, "equal")) variance <- "equal"
  models <- lapply(parse_noise(noise), function(noise) {
    lapply(variance, function(one) {
      list(variance = one, fixed = fixed, noise = noise, labels = labels, relate = relate)
    })
  })
  unlist(models, recursive = FALSE)
}

# The noise to try: a list of FALSE, TRUE or a range.
parse_noise <- function(noise) {
  if (is.logical(noise) && length(noise) > 0L && !anyNA(noise)) return(as.list(unique(noise)))
  if (is.logical(noise)) {
    abort_gmm1d("argument", "`noise` must be TRUE, FALSE, both, or a range, not ",
                describe(noise), ".")
  }
  range <- parse_known_numbers(noise, "noise")
  if (length(range) != 2L || !all(is.finite(range)) || range[1L] >= range[2L]) {
    abort_gmm1d("range", "`noise` must be TRUE, FALSE, or the two ends of a range, not ",
                toString(format(range)), ".")
  }
  list(range)
}

# The model with the range of its noise: that of the data, or the range given, which must contain
# them.
with_noise_range <- function(model, points) {
  if (isFALSE(model$noise)) return(model)
  bounds <- unlist(bounds_of(points), use.names = FALSE)
  of_data <- range(bounds[is.finite(bounds)])
  if (isTRUE(model$noise)) model$noise <- points$within %||% of_data
  if (!all(is.finite(model$noise))) model$noise <- of_data
  if (model$noise[1L] > of_data[1L] || model$noise[2L] < of_data[2L]) {
    abort_gmm1d("range", "the range of `noise` (", format(model$noise[1L]), " to ",
                format(model$noise[2L]), ") must contain the data (", format(of_data[1L]), " to ",
                format(of_data[2L]), ").")
  }
  model
}

has_noise <- function(model) !isFALSE(model$noise)

# The proportion of noise at the start of a climb.
noise_at_first <- 0.1

# The labels of k components, NA for those without.
expand_labels <- function(labels, k) if (!is.null(labels)) c(labels, rep(NA, k))[seq_len(k)]

parse_fixed <- function(fixed) {
  if (is.null(fixed)) return(free_model$fixed)
  names <- c("lambda", "mu", "sigma")
  check_named_list(fixed, "fixed", names)
  fixed <- lapply(stats::setNames(names, names), function(name) {
    value <- fixed[[name]] %||% NA_real_
    value <- parse_numbers(value, paste0("fixed$", name))
    check_each(!is.infinite(value), value, paste0("fixed$", name), "be finite", "infinite")
    value
  })
  k <- setdiff(lengths(fixed), 1L)
  if (length(k) > 1L || 0L %in% k) {
    abort_gmm1d("shape", "`fixed$lambda`, `fixed$mu` and `fixed$sigma` must have one value for ",
                "each component (`mu` and `sigma` may have one for all), not ",
                toString(lengths(fixed)), ".")
  }
  sigma <- fixed$sigma
  check_each(is.na(sigma) | sigma >= 0, sigma, "fixed$sigma", "not be negative, or be NA")
  fixed$lambda <- parse_fixed_lambda(fixed$lambda, if (length(k) == 1L) k else 1L)
  fixed
}

# Errors if `fixed` has a value for each observation instead of each component. `n` are numbers of
# observations; a requested number of components may happen to be the same.
check_fixed_is_of_components <- function(fixed, n, k) {
  for (name in c("lambda", "mu", "sigma")) {
    value <- if (is.list(fixed)) fixed[[name]]
    if (length(value) > 9L && length(value) %in% n && !length(value) %in% k) {
      abort_gmm1d("shape", "`fixed$", name, "` must have one value for each component, or one for ",
                  "all, not one for each of the ", count_of(length(value), "value"), " of `x`",
                  if (name == "sigma") {
                    "; for known errors of the values use `error`"
                  }, ".")
    }
  }
}

parse_fixed_lambda <- function(lambda, k) {
  if (all(is.na(lambda))) return(NA_real_)
  if (length(lambda) != k || (k == 1L && lambda != 1)) {
    abort_gmm1d("shape", "`fixed$lambda` must have one value for each component, not ",
                length(lambda), ".")
  }
  check_each(is.na(lambda) | (lambda > 0 & lambda <= 1), lambda, "fixed$lambda",
             "be above 0 and at most 1, or NA")
  total <- sum(lambda, na.rm = TRUE)
  if (anyNA(lambda) && total >= 1) {
    abort_gmm1d("range", "the sum of `fixed$lambda` must be below 1 if some components are free, ",
                "not ", format(total, digits = 10), ".")
  }
  if (!anyNA(lambda) && abs(total - 1) > 1e-6) {
    abort_gmm1d("range", "`fixed$lambda` must sum to 1 if no component is free, not ",
                format(total, digits = 10), ".")
  }
  if (anyNA(lambda)) lambda else lambda / total
}

# The fixed values of components beyond the ends of the vectors: those fixed for all.
fixed_beyond <- function(fixed) {
  lapply(fixed, function(values) if (length(values) == 1L) values else NA_real_)
}

# True for components with fixed values of their own, not those fixed for all.
has_own_values <- function(fixed, k) {
  differs <- Map(function(values, beyond) !is.na(values) & !values %in% beyond,
                 expand_fixed(fixed, k), fixed_beyond(fixed))
  Reduce(`|`, differs)
}

# The smallest number of components that has room for all fixed values, and for a free proportion
# unless all are fixed.
least_k <- function(fixed) {
  given <- max(0L, which(has_own_values(fixed, fixed_k(fixed) %||% 1L)))
  lambda <- fixed$lambda
  if (all(is.na(lambda))) return(max(given, 1L))
  max(given, if (anyNA(lambda)) which(is.na(lambda))[1L])
}

# True if all proportions are known, and so how many there are.
has_known_lambda <- function(fixed) !anyNA(fixed$lambda)

# The number of components that the fixed values imply, or NULL. A single proportion belongs to one
# component.
fixed_k <- function(fixed) {
  k <- max(lengths(fixed), 0L)
  if (k > 1L || !all(is.na(fixed$lambda))) k
}

is_restricted <- function(model) {
  model$variance != "free" || !all(is.na(unlist(model$fixed))) || !is.null(model$labels) ||
    !is.null(model$relate)
}

# The same model for components in another order.
reordered_model <- function(model, order) {
  several <- lengths(model$fixed) > 1L
  model$fixed[several] <- lapply(model$fixed[several], `[`, order)
  model$relate <- reordered_relate(model$relate, order)
  if (!is.null(model$labels)) model$labels <- expand_labels(model$labels, length(order))[order]
  model
}

# The fixed values of k components: one for all, or the first k.
expand_fixed <- function(fixed, k) {
  lapply(fixed, function(values) if (length(values) == 1L) rep(values, k) else values[seq_len(k)])
}

# The model for k components, if it was given for more or fewer.
sized_model <- function(model, k) {
  several <- lengths(model$fixed) > 1L
  if (!any(several)) return(model)
  model$fixed[several] <- expand_fixed(model$fixed[several], k)
  model
}

# Components with the same fixed values are of one kind; each is a kind of its own if a relation
# distinguishes them.
kinds_of <- function(model, k) {
  kinds <- do.call(paste, expand_fixed(model$fixed, k))
  if (is_by_number(model)) paste(kinds, seq_len(k)) else kinds
}

degrees_of_freedom <- function(model, k) {
  degrees_of_freedom_cpp(k, constraints_in_place(model, k), has_noise(model))
}

# The constraints in the form that the core expects: those of the first components, and those that
# hold for each of the others.
constraints_of <- function(model, own = NULL, other_mu = NA_real_, other_sigma = NA_real_) {
  own <- own %||% list(lambda = numeric(), mu = numeric(), sigma = numeric())
  list(equal_sigma = model$variance == "equal", lambda = own$lambda, mu = own$mu,
       sigma = own$sigma, other_mu = other_mu, other_sigma = other_sigma,
       relation = relation_for_core(model))
}

# Constraints for a mixture whose components are in the order of the fixed values.
constraints_in_place <- function(model, k) {
  if (is_restricted(model)) constraints_of(model, expand_fixed(model$fixed, k))
  else constraints_of(model)
}

# Constraints for a search, which adds components one by one, and the order of the fixed values in
# them. Components with constraints of their own come first; the "others", which are exchangeable,
# follow. Components with a label have their own constraints, in the order of the labels, and so
# have all if a relation depends on their numbers. If there are more or fewer components than fixed
# values, the others have what is fixed for all.
constraints_for_search <- function(model, k) {
  labelled <- length(model$labels)
  given <- relate_k(model$relate) %||% fixed_k(model$fixed)
  if (is.null(given)) {
    fixed <- model$fixed
    own <- if (labelled > 0L) expand_fixed(fixed, labelled)
    return(list(constraints = constraints_of(model, own, fixed$mu, fixed$sigma),
                order = seq_len(max(labelled, 1L))))
  }
  fixed <- expand_fixed(model$fixed, given)
  kind <- kinds_of(model, given)
  exchangeable <- is.na(fixed$lambda) & is.na(fixed$mu) & seq_len(given) > labelled &
    !is_by_number(model)
  others <- list(mu = NA_real_, sigma = NA_real_)
  if (any(k != given)) {
    is_other <- !has_own_values(model$fixed, given) & seq_len(given) > labelled
    others <- fixed_beyond(model$fixed)
  } else {
    commonest <- names(which.max(table(kind[exchangeable])))
    is_other <- exchangeable & kind %in% commonest
    if (any(is_other)) others$sigma <- fixed$sigma[which(is_other)[1L]]
  }
  list(
    constraints = constraints_of(model, lapply(fixed, `[`, which(!is_other)), others$mu,
                                 others$sigma),
    order = c(which(!is_other), which(is_other))
  )
}

abort_out_of_reach <- function() {
  abort_gmm1d("range", "`fixed` and `relate` must give every value a density above 0 in double ",
              "precision; some values are too far from all components.")
}
