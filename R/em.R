# EM from `start` to a maximum of the likelihood.
climb <- function(points, start, model, control) {
  start <- with_noise(in_order_of_means(start, model), model)
  options <- em_options(control, constraints_in_place(model, start$k), model)
  result <- climb_cpp(points, start, options)
  if (result$loglik == -Inf) {
    abort_gmm1d("range", "`start` must give every value a density above 0; it is too far from the ",
                "data.")
  }
  em_result(result, model)
}

# How EM ended: the mixture, in order of mu, and the model, in the same order; loglik, certificate,
# iterations, status, trace, entropy, and which components are `held` (their sigmas are penalised).
# The certificate includes the width of the cells, in sigmas of the components in them.
em_result <- function(result, model) {
  mixture <- result$mixture
  if (is.unsorted(mixture$mu, strictly = TRUE)) {
    by_mu <- order(mixture$mu, mixture$sigma, method = "radix")
    result$mixture <- reordered(mixture, by_mu)
    model <- reordered_model(model, by_mu)
    result$held <- result$held[by_mu]
  }
  result$model <- model
  result
}

# Errors if the likelihood is not finite: then EM could not start anywhere under the constraints, or
# differences of the data overflow.
check_possible <- function(path) {
  for (result in path) {
    if (is.finite(result$loglik)) next
    if (!all(is.na(unlist(result$model$fixed))) || !is.null(result$model$relate)) {
      abort_out_of_reach()
    }
    abort_gmm1d("range", "the range of `x` must not exceed the largest number, ",
                format(.Machine$double.xmax, digits = 3L), "; divide `x` by 1000.")
  }
}

# Warns if cells are too wide for a component: squashed data cannot be squashed more finely.
warn_if_coarse <- function(result) {
  if (is_too_narrow(result)) {
    warn_gmm1d("cells", "a component is too narrow for the cells of the squashed data (their ",
               "width is ", format(result$certificate$cell_width, digits = 2), " of its `sigma`); ",
               "squash the data again with more `cells` in the control, or give all values.")
  }
}

# A component is too narrow for the cells if their error, which grows with the sixth power of
# their width, may be above 1e-7 standard errors.
is_too_narrow <- function(result) result$certificate$cell_width > 1 / 8

# True if the search ended early, because this number of components is unlikely to be chosen.
is_brief <- function(result) result$brief

# The mixture at which a sigma reached the width of a cell during the last climb, or the estimates
# if none did.
mixture_at_cells <- function(result) result$narrow %||% result$mixture

# What the core needs besides the data: constraints and control (`plain` is without a penalty,
# `certify` to the last digit), the range of the noise, and the components that the labels of the
# data refer to.
em_options <- function(control, constraints = constraints_of(free_model), model = free_model,
                       plain = FALSE, certify = TRUE) {
  labels <- model$labels
  list(constraints = constraints, control = unclass(control), plain = plain, certify = certify,
       noise = if (has_noise(model)) c(noise_at_first, model$noise),
       labelled = if (!is.null(labels)) match(seq_len(max(labels, na.rm = TRUE)), labels))
}

# The mixture with noise added or removed, as in the model.
with_noise <- function(mixture, model) {
  if (!has_noise(model) && !is.null(mixture$noise)) {
    return(new_mixture(mixture$lambda / sum(mixture$lambda), mixture$mu, mixture$sigma))
  }
  if (!has_noise(model) || !is.null(mixture$noise)) return(mixture)
  new_mixture((1 - noise_at_first) * mixture$lambda, mixture$mu, mixture$sigma,
              c(noise_at_first, model$noise))
}

# True for the sigmas that are at the smallest value allowed.
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
# penalised values are fixed, and so are means to which such sigmas are proportional.
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

# Says why a climb runs out of digits: the spread is small compared with the values, or n is large.
stalled_words <- function(points) {
  if (max(abs(points$x)) > 1e6 * points$scale) {
    c("the log-likelihood cannot increase further in double precision, because the values are far ",
      "from 0; subtract their mean first.")
  } else {
    c("the log-likelihood of n = ", format(points$n, digits = 2), " cannot increase further in ",
      "double precision.")
  }
}

# True if some exact values occur more than once.
has_ties <- function(points) are_exact(points) && !is_of_cells(points) && any(points$w > 1)

warn_if_doubtful <- function(result, points, has_start) {
  k <- result$mixture$k
  # Any two values lie on a lattice.
  is_rounded <- points$step > 0 && are_exact(points) && length(points$x) > 2L
  if (result$penalised) {
    held <- which(result$held)
    smallest <- held[which.min(result$mixture$sigma[held])]
    n_held <- format(result$mixture$lambda[smallest] * points$n, digits = 2L)
    warn_gmm1d("penalised", "the likelihood with ", count_of(k, "component"), " has no maximum ",
               "near the best fit: a component contracts onto a few points or the smallest ",
               "`sigma` allowed (component ", smallest, " has about ", n_held,
               " values); penalised estimates are returned.",
               if (is_rounded) {
                 c(" The values lie on a lattice of ", format(points$step, digits = 7),
                   ": `rounding` may help.")
               })
  }
  if (result$penalised && has_ties(points) && result$status %in% c("saddle", "stalled")) {
    warn_gmm1d("not_converged", "EM with ", count_of(k, "component"), " ended before a maximum: a ",
               "step would make a `sigma` smaller than ties among the values allow; `rounding`, ",
               "or `min_sigma` in the control, may help.")
  } else if (result$status == "saddle") {
    warn_gmm1d("not_converged", "EM with ", count_of(k, "component"), " converged to a saddle ",
               "point of the likelihood, not to a maximum; ",
               if (has_start) "give a `start` whose components differ more."
               else "use fewer components.")
  } else if (result$status == "ridge") {
    warn_gmm1d("not_converged", "the likelihood with ", count_of(k, "component"), " is flat here: ",
               "very different parameters fit equally well. The data cannot distinguish so many ",
               "components, or one is not needed (its `lambda` goes to 0)",
               if (has_start) ", or those of `start` are too similar", "; use fewer",
               if (has_start) ", or another `start`",
               if (is_restricted(result$model)) ", or fix other values", ".")
  } else if (result$status != "converged") {
    warn_gmm1d("not_converged", "EM with ", count_of(k, "component"), " did not converge in ",
               count_of(result$iterations, "iteration"), " (predicted gain of one more step: ",
               if (is.finite(result$certificate$gap)) {
                 format(result$certificate$gap, digits = 2)
               } else {
                 "unknown"
               },
               "); ",
               if (result$status == "stalled") {
                 stalled_words(points)
               } else {
                 "raise `max_iter` or `tol` in the control, or use fewer components."
               })
  }
}

# Climbs from the estimates of a fit on each of many data sets.
climb_each <- function(samples, fit) {
  model <- model_of(fit)
  options <- em_options(fit$control, constraints_in_place(model, fit$k), model)
  climbs <- climb_each_cpp(samples, as_mixture(fit), options, fit$control$threads)
  Map(function(climb, sample) c(climb, too_few = length(sample$x) < fit$k), climbs, samples)
}

# Climbs the unpenalised likelihood on the points of a fit, under a model, from a mixture; `noise`
# is its proportion, if given. Without `certify`, the climb ends at the tolerance of the control.
climb_under <- function(fit, model, start, noise = NULL, certify = TRUE) {
  options <- options_of(fit, model)
  options$certify <- certify
  options$constraints$noise <- noise
  em_cpp(fit$points, with_noise(start, model), options)
}
