# A mixture is a value, independent of any fit: a list of lambda, mu, sigma and k; a fit has the
# same fields. `noise`, a proportion and a range, adds a uniform component, number 0.
new_mixture <- function(lambda, mu, sigma, noise = NULL) {
  mixture <- list(lambda = lambda, mu = mu, sigma = sigma, k = length(lambda))
  if (!is.null(noise)) mixture$noise <- noise
  mixture
}

as_mixture <- function(object) {
  new_mixture(object$lambda, object$mu, object$sigma, object$noise)
}

reordered <- function(mixture, order) {
  new_mixture(mixture$lambda[order], mixture$mu[order], mixture$sigma[order], mixture$noise)
}

# The mixture that a user gives: a fit or a list as `lambda`, or three vectors of the same length.
parse_mixture <- function(lambda, mu, sigma, prefix = "", may_be_0 = FALSE) {
  if (missing(lambda)) abort_gmm1d("argument", "`lambda` is missing, with no default.")
  if (is_whole_mixture(lambda)) {
    if (!missing(mu) || !missing(sigma)) {
      abort_gmm1d("argument", "`mu` and `sigma` must not be given with a fit",
                  if (!inherits(lambda, "gmm1d")) " or a mixture", ".")
    }
    if (inherits(lambda, "gmm1d")) return(as_mixture(parse_fit(lambda, "lambda")))
    return(parse_mixture_list(lambda, "lambda", may_be_0))
  }
  if (missing(mu)) abort_gmm1d("argument", "`mu` is missing, with no default.")
  if (missing(sigma)) abort_gmm1d("argument", "`sigma` is missing, with no default.")
  name <- function(what) paste0(prefix, what)
  lambda <- parse_parameter(lambda, name("lambda"))
  mu <- parse_parameter(mu, name("mu"))
  sigma <- parse_parameter(sigma, name("sigma"))
  if (length(unique(lengths(list(lambda, mu, sigma)))) > 1L) {
    abort_gmm1d("shape", "`", name("lambda"), "`, `", name("mu"), "` and `", name("sigma"),
                "` must have the same length, not ", length(lambda), ", ", length(mu),
                " and ", length(sigma), ".")
  }
  check_each(lambda >= 0, lambda, name("lambda"), "not be negative")
  if (abs(sum(lambda) - 1) > 1e-6) {
    abort_gmm1d("range", "`", name("lambda"), "` must sum to 1, not ",
                format(sum(lambda), digits = 10), ".")
  }
  check_each(sigma > 0 | (sigma == 0 & may_be_0), sigma, name("sigma"), "be positive")
  new_mixture(lambda / sum(lambda), mu, sigma)
}

# True for a fit, or a list with some of the three vectors of a mixture, but not for a data frame.
is_whole_mixture <- function(object) {
  is.list(object) && (inherits(object, c("gmm1d", "gmm1d_mixture")) ||
                        (!is.object(object) && any(mixture_fields %in% names(object))))
}

mixture_fields <- c("lambda", "mu", "sigma")

# A fit, or a mixture without data, with its components in order of mu.
parse_fit_or_mixture <- function(fit, name = "fit") {
  if (inherits(fit, "gmm1d") || !is_whole_mixture(fit)) return(parse_fit(fit, name))
  mixture <- parse_mixture_list(fit, name)
  in_order <- order(mixture$mu, mixture$sigma)
  labels <- fit[["labels"]]
  mixture <- reordered(mixture, in_order)
  if (!is.null(labels)) mixture$labels <- parse_component_names(labels, mixture, "labels")[in_order]
  mixture
}

# The mixture in a list of its three vectors.
parse_mixture_list <- function(list, name, may_be_0 = TRUE) {
  absent <- setdiff(mixture_fields, names(list))
  if (length(absent) > 0L) {
    abort_gmm1d("argument", "`", name, "` must have `lambda`, `mu` and `sigma`; it has no `",
                absent[1L], "`.")
  }
  prefix <- paste0(name, "$")
  noise <- list$noise
  if (!is_noise(noise)) {
    return(parse_mixture(list$lambda, list$mu, list$sigma, prefix, may_be_0))
  }
  share <- 1 - noise[1L]
  lambda <- parse_parameter(list$lambda, paste0(prefix, "lambda"))
  mixture <- parse_mixture(lambda / share, list$mu, list$sigma, prefix, may_be_0)
  new_mixture(mixture$lambda * share, mixture$mu, mixture$sigma, noise)
}

# The proportion of noise and the ends of its range.
is_noise <- function(noise) {
  is_numbers(noise, 3L) && noise[1L] >= 0 && noise[1L] < 1 && noise[2L] < noise[3L]
}

parse_parameter <- function(value, name) {
  value <- parse_numbers(value, name)
  if (length(value) == 0L) abort_gmm1d("shape", "`", name, "` must have at least one value.")
  check_each(!is.na(value), value, name, "have no missing values", "missing")
  check_each(is.finite(value), value, name, "be finite", "infinite")
  value
}

# Names of components, which must be unique.
parse_component_names <- function(value, mixture, name = "value") {
  if (is.null(value)) return(NULL)
  if (is.factor(value)) value <- as.character(value)
  if (!is.character(value)) {
    abort_gmm1d("type", "`", name, "` must be names of components, not ", describe(value), ".")
  }
  if (length(value) != mixture$k) {
    abort_gmm1d("shape", "`", name, "` must have one name for each of the ",
                count_of(mixture$k, "component"), ", not ", length(value), ".")
  }
  value <- as.vector(value)
  check_each(!is.na(value), value, name, "have no missing names", "missing")
  check_each(nzchar(value), value, name, "have no empty names")
  check_each(!duplicated(value), value, name, "have unique names")
  of_noise <- if (!is.null(mixture$noise)) "noise"
  check_each(!value %in% of_noise, value, name, "differ from that of the noise")
  value
}
