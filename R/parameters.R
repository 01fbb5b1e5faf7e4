# The parameters of a fit as one vector, as coef() has them: their names, which of them are fixed,
# and intervals for them.

parameters_of <- function(fit) {
  stats::setNames(c(fit$lambda, fit$mu, fit$sigma, fit$noise[1L]), names_of_coef(fit))
}

names_of_coef <- function(fit) c(coef_names(fit$k), if (!is.null(fit$noise)) "lambda0")

coef_names <- function(k) paste0(rep(c("lambda", "mu", "sigma"), each = k), seq_len(k))

# The numbers of the requested parameters.
parse_parm <- function(parm, names) {
  if (is.null(parm)) return(seq_along(names))
  if (is.character(parm)) {
    kinds <- sub("[0-9]+$", "", names)
    parm <- unlist(lapply(parm, function(one) if (one %in% kinds) names[kinds == one] else one))
    unknown <- setdiff(parm, names)
    if (length(unknown) > 0L) {
      abort_gmm1d("argument", "`parm` must name parameters of the fit (", toString(names),
                  "), not ", dQuote(unknown[1L], FALSE), ".")
    }
    return(match(parm, names))
  }
  parm <- parse_numbers(parm, "parm")
  check_each(parm %in% seq_along(names), parm, "parm",
             paste("be a name, or a number from 1 to", length(names)))
  as.integer(parm)
}

# The number of fixed parameters, mu and sigma, of each component; 2 means that it is known.
fixed_of_each <- function(mixture) {
  fixed <- expand_fixed(mixture$fixed %||% free_model$fixed, mixture$k)
  (!is.na(fixed$mu)) + (!is.na(fixed$sigma))
}

# True for parameters that are known without data: fixed, or determined by fixed ones.
is_fixed <- function(fit) {
  model <- held_model(fit)
  fixed <- expand_fixed(model$fixed, fit$k)
  fixed <- with_known_by_relation(fixed, model, fit)
  is_alone <- sum(is.na(fixed$lambda)) == 1L && is.null(fit$noise)
  if (is_alone) fixed$lambda <- fit$lambda
  c(!is.na(unlist(fixed, use.names = FALSE)), if (!is.null(fit$noise)) FALSE)
}

# The link of a parameter to an unbounded scale, its inverse, and its derivative.
link_of <- function(name, error = 0) {
  if (startsWith(name, "lambda")) {
    list(to = stats::qlogis, back = stats::plogis, slope = function(p) 1 / (p * (1 - p)))
  } else if (startsWith(name, "sigma")) {
    # If values have errors, the observed spread is above 0 even for a sigma of 0.
    list(to = function(sigma) log(spread_of(sigma, error)),
         back = function(value) sigma_of(exp(value), error),
         slope = function(sigma) if (error == 0) 1 / sigma else sigma / (sigma^2 + error^2))
  } else {
    list(to = identity, back = identity, slope = function(mu) 1)
  }
}

# A matrix of intervals in the usual form of confint(). `interval_of` computes the interval of a
# parameter, by its number, if it is not fixed.
interval_matrix <- function(fit, parm, level, interval_of) {
  fixed <- is_fixed(fit)
  rows <- lapply(parm, function(i) if (fixed[i]) c(NA, NA) else interval_of(i))
  percent <- paste(vapply(100 * c((1 - level) / 2, (1 + level) / 2), format, "", digits = 7L,
                          scientific = FALSE), "%")
  matrix(as.numeric(unlist(rows)), length(parm), 2L, byrow = TRUE,
         dimnames = list(names_of_coef(fit)[parm], percent))
}

# The mixture with these parameters.
mixture_of <- function(parameters) {
  parameters <- matrix(parameters[seq_len(length(parameters) %/% 3L * 3L)], ncol = 3L)
  new_mixture(parameters[, 1L], parameters[, 2L], parameters[, 3L])
}
