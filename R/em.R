# EM from `start` to a maximum of the likelihood.
climb <- function(points, start, model, control) {
  start <- with_noise(start, model)
  options <- em_options(control, constraints_in_place(model, start$k), model)
  result <- climb_cpp(points, start, options)
  if (result$loglik == -Inf) {
    abort_gmm1d("range", "`start` must give every value a density above 0; it is too far away.")
  }
  em_result(result, model)
}

# How EM ended: mixture, in order of mu, and model, in the same order; loglik, certificate,
# iterations, status, trace, entropy, and which components are `held`: their sigmas are penalised.
# The certificate says how wide the cells are, in sigmas of the components that they hold.
em_result <- function(result, model) {
  mixture <- as_mixture(result$mixture)
  if (is.unsorted(mixture$mu, strictly = TRUE)) {
    by_mu <- order(mixture$mu, mixture$sigma, method = "radix")
    mixture <- reordered(mixture, by_mu)
    model <- reordered_model(model, by_mu)
    result$held <- result$held[by_mu]
  }
  result[c("mixture", "model")] <- list(mixture, model)
  result$certificate$cell_width <- result$cell_width
  result
}

# Without a finite likelihood, no place among what is fixed is one from which EM could begin; or
# differences of the data overflow.
check_possible <- function(path) {
  for (result in path) {
    if (is.finite(result$loglik)) next
    if (!all(is.na(unlist(result$model$fixed))) || !is.null(result$model$relate)) {
      abort_out_of_reach()
    }
    abort_gmm1d("range", "`x` must not span more than the largest number, ",
                format(.Machine$double.xmax, digits = 3L), "; divide it by 1000.")
  }
}

# Squashed data cannot be squashed finer.
warn_if_coarse <- function(result) {
  if (is_too_narrow(result)) {
    warn_gmm1d("cells", "a component is narrower than the cells of the squashed data allow (they ",
               "have ", format(result$certificate$cell_width, digits = 2), " of its `sigma`); ",
               "squash the data with more `cells` in the control, or give all values.")
  }
}

# A component is too narrow for the cells if their error, which grows with the sixth power of
# their width, may be above 1e-7 standard errors.
is_too_narrow <- function(result) result$certificate$cell_width > 1 / 8

# The mixture at which the climb of the plain likelihood met the width of a cell; if it met none,
# the estimates.
mixture_at_cells <- function(result) result$narrow %||% result$mixture

# What the core needs to know of a fit besides the data: constraints and control; `plain` is without
# a penalty. Of a model: the range of noise, and which components the labels of the data stand for.
em_options <- function(control, constraints = constraints_of(free_model), model = free_model,
                       plain = FALSE) {
  labels <- model$labels
  list(constraints = constraints, control = unclass(control), plain = plain,
       noise = if (has_noise(model)) c(noise_at_first, model$noise),
       labelled = if (!is.null(labels)) match(seq_len(max(labels, na.rm = TRUE)), labels))
}

# A mixture that has noise if the model has.
with_noise <- function(mixture, model) {
  if (!has_noise(model) && !is.null(mixture$noise)) {
    return(new_mixture(mixture$lambda / sum(mixture$lambda), mixture$mu, mixture$sigma))
  }
  if (!has_noise(model) || !is.null(mixture$noise)) return(mixture)
  new_mixture((1 - noise_at_first) * mixture$lambda, mixture$mu, mixture$sigma,
              c(noise_at_first, model$noise))
}

# The sigmas that may not become smaller.
is_at_floor <- function(fit) {
  floor <- smallest_sigma_cpp(fit$points, fit$mu, options_of(fit))
  is.na(rep_len(held_model(fit)$fixed$sigma, fit$k)) & fit$sigma <= floor * (1 + 1e-9) &
    fit$sigma > 0
}

# The model that the user asked for.
model_of <- function(fit) {
  list(variance = fit$variance, fixed = fit$fixed %||% free_model$fixed,
       noise = if (is.null(fit$noise)) FALSE else fit$noise[2:3],
       labels = if (!is.null(fit$points$label_names)) {
         match(fit$labels, fit$points$label_names)
       },
       relate = fit$relate)
}

# The model under which the estimates of a fit are a maximum of the likelihood: sigmas held at
# penalised values are fixed, and the means to which such sigmas are proportional.
held_model <- function(fit) {
  model <- model_of(fit)
  if (!fit$penalised) return(model)
  model$fixed <- expand_fixed(model$fixed, fit$k)
  held <- is_held(fit) & is.na(model$fixed$sigma)
  if (is.null(model$relate$sigma) || model$variance == "equal") {
    model$fixed$sigma[held] <- fit$sigma[held]
  } else if (any(held)) {
    model <- with_scale_held(model, fit)
    if (identical(model$relate$sigma, "proportional")) model$fixed$mu[held] <- fit$mu[held]
  }
  model
}

# True for components that are held. The first version penalised all of them together.
is_held <- function(fit) seq_len(fit$k) %in% (fit$held %||% if (fit$penalised) seq_len(fit$k))

options_of <- function(fit, model = held_model(fit)) {
  em_options(fit$control, constraints_in_place(model, fit$k), model, plain = TRUE)
}

# Says why a climb has no more digits: a spread that is small beside the values, or a large n.
stalled_words <- function(points) {
  if (max(abs(points$x)) > 1e6 * points$scale) {
    c("it cannot rise further in double precision: the values are far from 0, so take their mean ",
      "away from them first.")
  } else {
    c("it cannot rise further in double precision, as the log-likelihood of n = ",
      format(points$n, digits = 2), " has no more digits.")
  }
}

warn_if_doubtful <- function(result, points, has_start) {
  k <- result$mixture$k
  # Any two values lie on a lattice.
  is_rounded <- points$step > 0 && are_exact(points) && length(points$x) > 2L
  if (result$penalised) {
    smallest <- which.min(result$mixture$sigma)
    held <- format(result$mixture$lambda[smallest] * points$n, digits = 2L)
    warn_gmm1d("penalised", "the likelihood with ", count_of(k, "component"), " has no maximum ",
               "near the best fit: a component contracts onto a few points or the smallest ",
               "`sigma` allowed (the narrowest, component ", smallest, ", holds ", held,
               " of the values); the penalised estimates are given.",
               if (is_rounded) {
                 c(" The values lie on a lattice of ", format(points$step, digits = 7),
                   ": `rounding` may help.")
               })
  }
  if (result$status == "saddle") {
    warn_gmm1d("not_converged", "EM with ", count_of(k, "component"), " ended at a saddle of the ",
               "likelihood, not at a maximum; ",
               if (has_start) "give a `start` whose components differ more."
               else "ask for fewer components.")
  } else if (result$status == "ridge") {
    warn_gmm1d("not_converged", "EM with ", count_of(k, "component"), " ended on a ridge of the ",
               "likelihood, with no single maximum: the data cannot tell so many components ",
               "apart, or one is not needed (its `lambda` goes to 0)",
               if (has_start) ", or those of `start` were alike", "; ask for fewer",
               if (has_start) ", or start elsewhere",
               if (is_restricted(result$model)) ", or fix other values", ".")
  } else if (result$status != "converged") {
    warn_gmm1d("not_converged", "EM with ", count_of(k, "component"), " ended after ",
               count_of(result$iterations, "iteration"), " with ",
               if (is.finite(result$certificate$gap)) {
                 format(result$certificate$gap, digits = 2)
               } else {
                 "an unknown number of"
               },
               " log-likelihood units still to gain; ",
               if (result$status == "stalled") {
                 stalled_words(points)
               } else {
                 "raise `max_iter` or `tol` in the control, or ask for fewer components."
               })
  }
}

# The climbs from the estimates of a fit on each of many data sets.
climb_each <- function(samples, fit) {
  model <- model_of(fit)
  options <- em_options(fit$control, constraints_in_place(model, fit$k), model)
  climbs <- climb_each_cpp(samples, as_mixture(fit), options, fit$control$threads)
  Map(function(climb, sample) c(climb, too_few = length(sample$x) < fit$k), climbs, samples)
}

# The climb of the plain likelihood on the points of a fit, under a model, from a mixture; `noise`
# is its proportion, if that is given.
climb_under <- function(fit, model, start, noise = NULL) {
  options <- options_of(fit, model)
  options$constraints$noise <- noise
  em_cpp(fit$points, with_noise(start, model), options)
}
