# Cut-points between a negative and a positive group of components: at a given specificity (the
# share of the negative group on its side), at a given sensitivity (the share of the positive group
# on the other side), or where the sum of both is largest (Youden's rule).

# One row for each cut-point that is wanted: its rule, and the given probability. NULL if no rule is
# given.
parse_rules <- function(specificity, sensitivity, rule) {
  if (is.null(specificity) && is.null(sensitivity) && is.null(rule)) return(NULL)
  if (!is.null(rule) && !identical(rule, "youden")) {
    abort_gmm1d("argument", "`rule` must be NULL or \"youden\", not ",
                if (is.character(rule)) toString(dQuote(rule, FALSE)) else describe(rule), ".")
  }
  specificity <- parse_probabilities(specificity, "specificity")
  sensitivity <- parse_probabilities(sensitivity, "sensitivity")
  list2DF(list(
    rule = c(rep(c("specificity", "sensitivity"), c(length(specificity), length(sensitivity))),
             rule),
    given = c(specificity, sensitivity, if (!is.null(rule)) NA_real_)
  ))
}

parse_probabilities <- function(p, name) {
  if (is.null(p)) return(numeric())
  p <- parse_known_numbers(p, name)
  if (length(p) == 0L) abort_gmm1d("shape", "`", name, "` must have at least one value.")
  check_each(p > 0 & p < 1, p, name, "be between 0 and 1")
  p
}

# The two groups: the numbers of the `negative` and the `positive` components, and whether the
# positive ones lie `above`.
parse_sides <- function(negative, mixture, rules) {
  negative <- parse_components(negative %||% default_negative(mixture), mixture, "negative")
  in_order <- order(mixture$mu, mixture$sigma)
  place <- sort(match(negative, in_order))
  above <- identical(place, seq_along(place))
  if (!above && !identical(place, seq(mixture$k - length(place) + 1L, mixture$k))) {
    abort_gmm1d("argument", "`negative` must be the components with the smallest means, or those ",
                "with the largest, not ", toString(place), " of ", mixture$k,
                ": the positive group must lie on one side.")
  }
  positive <- setdiff(seq_len(mixture$k), negative)
  if (length(positive) == 0L && any(rules$rule != "specificity")) {
    abort_gmm1d("argument", "`negative` must not include all components: without a positive group ",
                "there is a `specificity`, but no sensitivity.")
  }
  list(negative = negative, positive = positive, above = above)
}

# The component named "negative", else the only one that is known, such as a noise floor, else the
# one with the smallest mean.
default_negative <- function(mixture) {
  named <- which(tolower(mixture$labels) == "negative")
  if (length(named) == 1L) return(named)
  known <- which(fixed_of_each(mixture) == 2L)
  if (length(known) == 1L) known else 1L
}

# Components by their numbers or their labels, as numbers.
parse_components <- function(components, mixture, name) {
  if (is.character(components) || is.factor(components)) {
    found <- match(as.character(components), mixture$labels)
    if (anyNA(found)) {
      abort_gmm1d("argument", "`", name, "` must name components of the fit",
                  if (is.null(mixture$labels)) ", which have no names"
                  else c(" (", toString(dQuote(mixture$labels, FALSE)), ")"), ", not ",
                  dQuote(as.character(components)[which(is.na(found))[1L]], FALSE), ".")
    }
  } else {
    found <- parse_known_numbers(components, name)
    check_each(found %in% seq_len(mixture$k), found, name,
               paste("be a name, or a number from 1 to", mixture$k))
  }
  if (length(found) == 0L) abort_gmm1d("shape", "`", name, "` must have at least one component.")
  unique(as.integer(found))
}

# A group of one component takes its name, if it has one.
group_names <- function(mixture, groups) {
  name <- function(group) {
    if (length(groups[[group]]) == 1L && are_named(mixture)) mixture$labels[groups[[group]]]
    else group
  }
  c(name("negative"), name("positive"))
}

# The distribution of a group, with proportions rescaled to sum to 1; NULL if it has no weight.
group_of <- function(mixture, group) {
  group <- group[mixture$lambda[group] > 0]
  if (length(group) == 0L) return(NULL)
  lambda <- mixture$lambda[group]
  new_mixture(lambda / sum(lambda), mixture$mu[group], mixture$sigma[group])
}

# The cut-point of each rule; NA if a group that it needs has no weight.
rule_cuts <- function(mixture, rules, groups) {
  negative <- group_of(mixture, groups$negative)
  positive <- group_of(mixture, groups$positive)
  side <- function(group, given, lower) {
    if (is.null(group)) NA_real_ else quantile_of(given, group, lower)
  }
  cutpoint <- vapply(seq_along(rules$rule), function(i) {
    switch(rules$rule[i],
      specificity = side(negative, rules$given[i], groups$above),
      sensitivity = side(positive, rules$given[i], !groups$above),
      youden = if (is.null(negative) || is.null(positive)) NA_real_
               else youden_cut(negative, positive, groups$above)
    )
  }, 0)
  list2DF(list(cutpoint = cutpoint, rule = rules$rule))
}

# Where the difference of the two distribution functions is largest, which is one of the points
# where the densities are equal. NA if they are equal everywhere.
youden_cut <- function(negative, positive, above) {
  low <- if (above) negative else positive
  high <- if (above) positive else negative
  x <- equal_densities(low, high)
  gain <- cdf_of(x, low) - cdf_of(x, high)
  if (length(x) == 0L || max(gain) <= 0) NA_real_ else x[which.max(gain)]
}

equal_densities <- function(low, high) {
  mu <- c(low$mu, high$mu)
  sigma <- c(low$sigma, high$sigma)
  if (low$k == 1L && high$k == 1L) return(crossings(c(0, 0), mu, sigma))
  lead <- function(x) log_density_cpp(x, low) - log_density_cpp(x, high)
  # A grid around each component, and the crossings of all pairs, including those far out.
  x <- c(outer(seq(-9, 9, by = 1 / 8), sigma) + rep(mu, each = 145L),
         crossings(log(c(low$lambda, high$lambda)), mu, sigma))
  x <- sort(unique(x))
  x <- sort(c(x, x[-1L] / 2 + x[-length(x)] / 2))
  side <- sign(lead(x))
  x <- x[side != 0]
  at <- which(diff(side[side != 0]) < 0)
  bisect(lead, x[at], x[at + 1L])
}

# Specificity and sensitivity at each cut-point: the share of each group on its own side.
rates_at <- function(x, mixture, groups) {
  part <- function(group, lower) {
    group <- group_of(mixture, group)
    if (is.null(group)) rep(NA_real_, length(x)) else cdf_of(x, group, lower)
  }
  list(specificity = part(groups$negative, groups$above),
       sensitivity = part(groups$positive, !groups$above))
}

# dx / dtheta, one row for each rule, columns as in coef(fit): -F_theta / f for a quantile, and
# -g_theta / g_x for Youden's rule, where g is the log of the ratio of the two densities.
rule_gradient <- function(cuts, mixture, groups) {
  rows <- lapply(seq_along(cuts$rule), function(i) {
    x <- cuts$cutpoint[i]
    if (is.na(x)) return(rep(NA_real_, 3L * mixture$k))
    switch(cuts$rule[i],
      specificity = quantile_gradient(x, mixture, groups$negative),
      sensitivity = quantile_gradient(x, mixture, groups$positive),
      youden = {
        low <- density_slopes(x, mixture, groups$negative)
        high <- density_slopes(x, mixture, groups$positive)
        -(low$theta - high$theta) / (low$x - high$x)
      }
    )
  })
  do.call(rbind, rows)
}

quantile_gradient <- function(x, mixture, group) {
  total <- sum(mixture$lambda[group])
  share <- mixture$lambda[group] / total
  sigma <- mixture$sigma[group]
  z <- (x - mixture$mu[group]) / sigma
  below <- stats::pnorm(z)
  density <- stats::dnorm(z) / sigma
  slope <- sum(share * density)
  gradient <- numeric(3L * mixture$k)
  gradient[group] <- -(below - sum(share * below)) / total / slope
  gradient[mixture$k + group] <- share * density / slope
  gradient[2L * mixture$k + group] <- share * density * z / slope
  gradient
}

# The derivatives of the log-density of a group, by x and by the parameters.
density_slopes <- function(x, mixture, group) {
  lambda <- mixture$lambda[group]
  sigma <- mixture$sigma[group]
  z <- (x - mixture$mu[group]) / sigma
  log_parts <- stats::dnorm(z, log = TRUE) - log(sigma)
  parts <- exp(log_parts - max(log_parts))
  whole <- sum(lambda * parts)
  theta <- numeric(3L * mixture$k)
  theta[group] <- parts / whole - 1 / sum(lambda)
  theta[mixture$k + group] <- lambda * parts / whole * z / sigma
  theta[2L * mixture$k + group] <- lambda * parts / whole * (z^2 - 1) / sigma
  list(x = -sum(lambda * parts / whole * z / sigma), theta = theta)
}

# The gradient of the log of the spread to which the standard error of a cut-point is proportional:
# the spread of the group whose quantile it is, or for Youden's rule the geometric mean of both.
spread_gradient <- function(cuts, mixture, groups) {
  negative <- group_spread_gradient(mixture, groups$negative)
  positive <- group_spread_gradient(mixture, groups$positive)
  rows <- lapply(cuts$rule, switch, specificity = negative, sensitivity = positive,
                 youden = (negative + positive) / 2)
  do.call(rbind, rows)
}

group_spread_gradient <- function(mixture, group) {
  gradient <- numeric(3L * mixture$k)
  total <- sum(mixture$lambda[group])
  if (total == 0) return(gradient)
  share <- mixture$lambda[group] / total
  away <- mixture$mu[group] - sum(share * mixture$mu[group])
  sigma <- mixture$sigma[group]
  unit <- max(sigma, abs(away))
  variance <- sum(share * ((sigma / unit)^2 + (away / unit)^2))
  gradient[group] <- (((sigma / unit)^2 + (away / unit)^2) / variance - 1) / (2 * total)
  gradient[mixture$k + group] <- share * (away / unit) / variance / unit
  gradient[2L * mixture$k + group] <- share * (sigma / unit) / variance / unit
  gradient
}
