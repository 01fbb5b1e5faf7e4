#' Relations between parameters
#'
#' The argument `relate` of [gmm1d()] ties the parameters of the components to each other: means in
#' equal steps, standard deviations proportional to the means, equal proportions.
#'
#' @details
#' `relate` is a list with any of
#'   * `mu`: `"equal"` (one unknown mean), `"equal spacing"`, `"symmetric"` (about an unknown
#'     centre), `"growth"` (each step between neighbours is r times the last, as on the growth curve
#'     of von Bertalanffy, with r > 0 unknown), a numeric vector of ratios (`c(1, 2)`: the second
#'     mean is twice the first), or a numeric matrix A with a row for each component: `mu = A b`
#'     with b unknown;
#'   * `offset`: with `"equal"`, ratios or a matrix, a number for each component that is added to
#'     its mean: `mu = "equal", offset = c(0, 10)` for means that are 10 apart;
#'   * `sigma`: `"equal"` (as `variance = "equal"`), `"proportional"` (`sigma = cv abs(mu)`, a
#'     constant coefficient of variation), or a numeric vector of ratios;
#'   * `cv`: the coefficient of variation, if it is known;
#'   * `lambda`: `"equal"`.
#'
#' Words apply to any number of components, so the criterion may choose `k`; vectors and matrices
#' determine it. A relation holds among the components whose parameter is not `fixed`. `"equal
#' spacing"`, `"symmetric"` and `"growth"` are in order of `mu`; ratios, offsets and rows belong to
#' the components in the order given, whatever their estimated means.
#'
#' The number of free parameters (`df`) counts the unknowns of the relation. Standard errors,
#' intervals, bootstraps and tests are those of the model with the relation, which the estimates
#' satisfy exactly. The search starts from the maxima without the relation and continues among the
#' mixtures that satisfy it. Relations between lengths at age are those of Macdonald and Pitcher
#' (1979).
#'
#' @references
#' Macdonald, P. D. M. and Pitcher, T. J. (1979). Age-groups from size-frequency data: a versatile
#' and efficient method of analyzing distribution mixtures. *Journal of the Fisheries Research Board
#' of Canada* 36, 987-1001. \doi{10.1139/f79-137}
#'
#' @seealso [gmm1d()], [summary.gmm1d()] for the estimated numbers of a relation
#' @concept equality constraints
#' @concept lengths at age
#' @concept constant coefficient of variation
#' @concept length-frequency
#' @concept cohort
#' @concept growth curve
#' @concept DNA content
#' @concept cell cycle
#' @concept ploidy
#' @concept copy number
#' @examples
#' # peaks at one and two units, as in DNA content; a constant coefficient of variation
#' set.seed(1)
#' content <- c(rnorm(700, 50, 2.5), rnorm(200, 100, 5))
#' gmm1d(content, relate = list(mu = c(1, 2), sigma = "proportional"))
#' @name gmm1d_relations
NULL

# Relations between parameters, `relate` of a model: a list with any of `mu`, `offset`, `sigma`,
# `cv` and `lambda` as the user gives them, vectors and rows of matrices in the order of the
# components; NULL if there is none. One sigma for all is a `variance`.

relation_names <- c("mu", "offset", "sigma", "cv", "lambda")
mean_relations <- c("equal", "equal spacing", "symmetric", "growth")

# Parses `relate`, without regard to `fixed`; check_relate_beside() checks both together.
parse_relate <- function(relate) {
  if (is.null(relate)) return(NULL)
  check_named_list(relate, "relate", relation_names, main = c("mu", "sigma", "lambda"))
  if (anyDuplicated(names(relate)) > 0L) {
    abort_gmm1d("argument", "`relate` must have each name once; it has `",
                names(relate)[anyDuplicated(names(relate))], "` twice.")
  }
  relate <- Filter(Negate(is.null), relate)
  if (length(relate) == 0L) return(NULL)
  relate$mu <- parse_mean_relation(relate$mu)
  relate$offset <- parse_offset(relate$offset, relate$mu)
  relate$sigma <- parse_sigma_relation(relate$sigma)
  relate$cv <- parse_cv(relate$cv, relate$sigma)
  if (!is.null(relate$lambda)) {
    relate$lambda <- parse_choice(relate$lambda, "equal", "relate$lambda")
  }
  k <- relation_sizes(relate)
  if (length(unique(k)) > 1L) {
    abort_gmm1d("shape", "all parts of `relate` must have the same number of components, not ",
                toString(paste0(k, " (`", names(k), "`)")), ".")
  }
  relate
}

parse_mean_relation <- function(mu) {
  if (is.null(mu)) return(NULL)
  if (is.matrix(mu)) return(parse_design(mu))
  if (is.character(mu)) return(parse_choice(mu, mean_relations, "relate$mu"))
  mu <- parse_relation_numbers(mu, "relate$mu")
  if (all(mu == 0)) abort_gmm1d("range", "`relate$mu` must not be all 0.")
  mu
}

# A ratio for each component.
parse_relation_numbers <- function(x, name) {
  x <- parse_numbers(x, name)
  if (length(x) == 0L) abort_gmm1d("shape", "`", name, "` must have one number for each component.")
  check_each(!is.na(x), x, name, "have no missing values", "missing")
  check_each(is.finite(x), x, name, "be finite", "infinite")
  x
}

parse_design <- function(design) {
  if (!is.numeric(design) || nrow(design) == 0L || ncol(design) == 0L) {
    abort_gmm1d("type", "`relate$mu` must be a numeric matrix with a row for each component and a ",
                "column for each free number, not ", describe(design), ".")
  }
  check_each(is.finite(design), as.vector(design), "relate$mu", "be finite", "infinite")
  storage.mode(design) <- "double"
  unit <- apply(abs(design), 2L, max)
  if (any(unit == 0) || qr(design / rep(unit, each = nrow(design)))$rank < ncol(design)) {
    abort_gmm1d("range", "`relate$mu` must have columns that are linearly independent.")
  }
  unname(design)
}

parse_offset <- function(offset, mu) {
  if (is.null(offset)) return(NULL)
  if (is.null(mu) || (is.character(mu) && mu != "equal")) {
    abort_gmm1d("argument", "`relate$offset` needs a `relate$mu` that is \"equal\", ratios or a ",
                "matrix.")
  }
  parse_relation_numbers(offset, "relate$offset")
}

parse_sigma_relation <- function(sigma) {
  if (is.null(sigma)) return(NULL)
  if (is.character(sigma)) return(parse_choice(sigma, c("equal", "proportional"), "relate$sigma"))
  sigma <- parse_relation_numbers(sigma, "relate$sigma")
  check_each(sigma > 0, sigma, "relate$sigma", "be positive")
  sigma
}

parse_cv <- function(cv, sigma) {
  if (is.null(cv)) return(NULL)
  if (!identical(sigma, "proportional")) {
    abort_gmm1d("argument", "`relate$cv`, a known coefficient of variation, needs ",
                "`sigma = \"proportional\"`.")
  }
  cv <- parse_known_numbers(cv, "relate$cv")
  if (length(cv) != 1L || !is.finite(cv) || cv <= 0) {
    abort_gmm1d("range", "`relate$cv` must be a number above 0, not ", toString(format(cv)), ".")
  }
  cv
}

# The numbers of components that the vectors and matrices of a relation imply.
relation_sizes <- function(relate) {
  sizes <- c(mu = if (is.numeric(relate$mu)) NROW(relate$mu), offset = length(relate$offset),
             sigma = if (is.numeric(relate$sigma)) length(relate$sigma))
  sizes[sizes > 0L]
}

# The number of components that a relation implies, or NULL.
relate_k <- function(relate) {
  sizes <- relation_sizes(relate)
  if (length(sizes) > 0L) sizes[[1L]]
}

# True if it matters which component has which number.
is_by_number <- function(model) !is.null(relate_k(model$relate))

# Errors if a relation and fixed values concern the same parameters: a relation holds among
# components whose parameter is not fixed.
check_relate_beside <- function(relate, fixed, variance) {
  if (is.null(relate)) return(invisible())
  of_means <- is.numeric(relate$mu) || !is.null(relate$offset)
  clash <- function(name, values, for_some) {
    if (is.null(relate[[name]])) return(FALSE)
    if (for_some) !all(is.na(values)) else !anyNA(values)
  }
  for (name in c("mu", "sigma", "lambda")) {
    for_some <- switch(name, mu = of_means, sigma = is.numeric(relate$sigma), lambda = FALSE)
    if (clash(name, fixed[[name]], for_some)) {
      abort_gmm1d("argument", "`relate$", name, "` and `fixed$", name, "` must not concern the ",
                  "same components.")
    }
  }
  if (!is.null(relate$sigma) && !identical(variance, "free")) {
    abort_gmm1d("argument", "`variance` must not be given with `relate$sigma`, which already ",
                "relates the standard deviations.")
  }
}

# The same relation for components in another order.
reordered_relate <- function(relate, order) {
  if (is.matrix(relate$mu)) relate$mu <- relate$mu[order, , drop = FALSE]
  for (name in c("mu", "offset", "sigma")) {
    if (is.numeric(relate[[name]]) && !is.matrix(relate[[name]])) {
      relate[[name]] <- relate[[name]][order]
    }
  }
  relate
}

# The numbers that a relation assigns to each component, one row for each.
rows_of_relate <- function(relate) {
  do.call(cbind, Filter(is.numeric, relate[c("mu", "offset", "sigma")]))
}

# The matrix of a relation by which the means are a linear function of free numbers; NULL if they
# are not, or if the relation applies to any number of components.
design_of_means <- function(relate) {
  if (is.matrix(relate$mu)) return(relate$mu)
  if (is.numeric(relate$mu)) return(matrix(relate$mu))
  if (!is.null(relate$offset)) matrix(1, length(relate$offset))
}

# The relation in the form that the core expects, with parameters pinned for a profile.
relation_for_core <- function(model) {
  relate <- model$relate
  if (is.null(relate)) return(NULL)
  design <- design_of_means(relate)
  list(
    mu = if (!is.null(design)) "linear" else relate$mu %||% "free",
    design = design, offset = relate$offset %||% numeric(NROW(design)),
    sigma = if (is.numeric(relate$sigma)) "ratios"
            else if (identical(relate$sigma, "proportional")) "proportional"
            else "free",
    ratios = if (is.numeric(relate$sigma)) relate$sigma else numeric(),
    scale = relate$cv %||% model$pinned$scale %||% NA_real_,
    equal_lambda = !is.null(relate$lambda),
    pinned_mu = model$pinned$mu, pinned_sigma = model$pinned$sigma
  )
}

# The model with one parameter of a component pinned at a value, while the relation still holds;
# NULL if the parameter is not part of a relation.
pinned_model <- function(model, place, j, value, fit) {
  relate <- model$relate
  if (place == "mu" && !is.null(relate$mu)) {
    model$pinned$mu <- c(j, value)
  } else if (place == "sigma" && is.numeric(relate$sigma)) {
    model$pinned$scale <- value / relate$sigma[j]
  } else if (place == "sigma" && !is.null(relate$cv)) {
    return(with_mean_at(model, j, sign(fit$mu[j]) * value / relate$cv, fit))
  } else if (place == "sigma" && identical(relate$sigma, "proportional")) {
    model$pinned$sigma <- c(j, value)
  } else {
    return(NULL)
  }
  model
}

# The model in which the common scale of the sigmas is known, with its value in a fit.
with_scale_held <- function(model, fit) {
  j <- which.max(fit$sigma)
  if (is.numeric(model$relate$sigma)) return(pinned_model(model, "sigma", j, fit$sigma[j], fit))
  model$relate$cv <- fit$sigma[j] / abs(fit$mu[j])
  model
}

with_mean_at <- function(model, j, value, fit) {
  pinned <- pinned_model(model, "mu", j, value, fit)
  if (is.null(pinned)) {
    pinned <- model
    pinned$fixed$mu <- expand_fixed(model$fixed, fit$k)$mu
    pinned$fixed$mu[j] <- value
  }
  pinned
}

# The fixed values, and those that follow from them and the relation alone.
with_known_by_relation <- function(fixed, model, fit) {
  relate <- model$relate
  design <- design_of_means(relate)
  if (!is.null(design)) {
    known <- rowSums(design != 0) == 0
    fixed$mu[known] <- fit$mu[known]
  }
  if (identical(relate$sigma, "proportional")) {
    fixed$sigma[!is.na(fixed$mu) & fit$mu == 0 & is.na(fixed$sigma)] <- 0
  }
  if (!is.null(relate$cv)) {
    known <- !is.na(fixed$mu) & is.na(fixed$sigma)
    fixed$sigma[known] <- fit$sigma[known]
  }
  if (!is.null(model$pinned$scale)) fixed$sigma <- fit$sigma
  if (!is.null(relate$lambda) && is.null(fit$noise)) {
    fixed$lambda[is.na(fixed$lambda)] <- fit$lambda[is.na(fixed$lambda)]
  }
  fixed
}

# Errors if a sigma would be 0 because it is proportional to a mean of 0.
check_sigma_above_0 <- function(model, points) {
  if (!identical(model$relate$sigma, "proportional") || has_errors(points)) return(invisible())
  design <- design_of_means(model$relate)
  is_0 <- model$fixed$mu %in% 0 & is.na(rep_len(model$fixed$sigma, length(model$fixed$mu)))
  if (!is.null(design)) is_0 <- rowSums(design != 0) == 0 & model$relate$offset %||% 0 == 0
  if (any(is_0)) {
    abort_gmm1d("range", "`relate` must give every component a `sigma` above 0: one that is ",
                "proportional to a mean of 0 is allowed only if every value has an `error`.")
  }
}
