# What a relation says of a fit: its numbers with standard errors, and its words.

# The free numbers of a relation, which replace the means and standard deviations, and their
# derivatives by coef(fit): a list of `estimate` and `gradient`, one row for each number.
relation_numbers <- function(fit) {
  fixed <- expand_fixed(fit$fixed %||% free_model$fixed, fit$k)
  means <- which(is.na(fixed$mu))
  sigmas <- which(is.na(fixed$sigma))
  relate <- fit$relate
  numbers <- c(
    if (!is.null(relate$mu)) numbers_of_means(relate, fit, means),
    if (!is.null(relate$sigma)) number_of_sigmas(relate, fit, sigmas)
  )
  gradient <- matrix(0, length(numbers), 3L * fit$k)
  for (i in seq_along(numbers)) gradient[i, numbers[[i]]$at] <- numbers[[i]]$slope
  list(estimate = vapply(numbers, `[[`, 1, "value"), gradient = gradient)
}

# One number: its value, and its slope in some of the coefficients.
relation_number <- function(name, value, at, slope) {
  stats::setNames(list(list(value = value, at = at, slope = slope)), name)
}

numbers_of_means <- function(relate, fit, means) {
  at <- fit$k + means
  mu <- fit$mu[means]
  size <- length(mu)
  if (is.matrix(relate$mu) || size == 0L) return(NULL)
  if (is.numeric(relate$mu)) {
    most <- which.max(abs(relate$mu))
    offset <- relate$offset %||% numeric(size)
    return(relation_number("mean of ratio 1", (mu[most] - offset[most]) / relate$mu[most], at[most],
                           1 / relate$mu[most]))
  }
  switch(relate$mu,
    equal = relation_number(if (is.null(relate$offset)) "mean" else "mean of offset 0",
                            mu[1L] - (relate$offset[1L] %||% 0), at[1L], 1),
    symmetric = relation_number("centre", mean(mu[c(1L, size)]), at[c(1L, size)],
                                if (size == 1L) 1 else c(1, 1) / 2),
    `equal spacing` = if (size > 1L) {
      relation_number("spacing", (mu[size] - mu[1L]) / (size - 1L), at[c(1L, size)],
                      c(-1, 1) / (size - 1L))
    },
    growth = if (size > 2L) {
      steps <- diff(mu[1:3])
      ratio <- steps[2L] / steps[1L]
      relation_number("ratio of steps", ratio, at[1:3], c(ratio, -1 - ratio, 1) / steps[1L])
    }
  )
}

number_of_sigmas <- function(relate, fit, sigmas) {
  if (length(sigmas) == 0L || !is.null(relate$cv)) return(NULL)
  j <- sigmas[which.max(fit$sigma[sigmas])]
  sigma <- fit$sigma[j]
  at <- 2L * fit$k + j
  if (is.numeric(relate$sigma)) {
    return(relation_number("sigma of ratio 1", sigma / relate$sigma[j], at, 1 / relate$sigma[j]))
  }
  if (relate$sigma == "equal") return(NULL)
  cv <- sigma / abs(fit$mu[j])
  relation_number("coefficient of variation", cv, c(at, fit$k + j),
                  c(1 / abs(fit$mu[j]), -cv / fit$mu[j]))
}

# The relation of a fit in words, with the estimated numbers.
relation_line <- function(fit) {
  relate <- fit$relate
  free <- is.na(expand_fixed(fit$fixed %||% free_model$fixed, fit$k)$mu)
  words <- c(
    if (!is.null(relate$mu)) mean_words(relate, fit$mu[free]),
    if (!is.null(relate$sigma) && fit$variance == "free") sigma_words(relate, fit),
    if (!is.null(relate$lambda)) "equal proportions"
  )
  if (length(words) > 0L) capitalised(paste(words, collapse = "; "))
}

mean_words <- function(relate, mu) {
  number <- function(x) format(x, digits = 4L)
  steps <- diff(mu)
  if (is.matrix(relate$mu)) {
    paste("means by a matrix with", count_of(ncol(relate$mu), "free number"))
  } else if (is.numeric(relate$mu)) {
    paste("means in the ratio", paste(number(relate$mu), collapse = " : "))
  } else if (!is.null(relate$offset)) {
    paste("means at known distances", toString(number(steps)))
  } else {
    switch(relate$mu,
      equal = "one mean",
      symmetric = paste("means symmetric about", number(mean(range(mu)))),
      `equal spacing` = paste0("means equally spaced",
                               if (length(steps) > 0L) paste(" by", number(steps[1L]))),
      growth = paste0("means on a growth curve", if (length(steps) > 1L) {
        paste(", each step", number(steps[2L] / steps[1L]), "times the last")
      })
    )
  }
}

sigma_words <- function(relate, fit) {
  if (is.numeric(relate$sigma)) {
    return(paste("sigmas in the ratio", paste(format(relate$sigma, digits = 4L), collapse = " : ")))
  }
  tied <- is.na(expand_fixed(fit$fixed %||% free_model$fixed, fit$k)$sigma) & fit$mu != 0
  cv <- relate$cv %||% (fit$sigma / abs(fit$mu))[tied][1L]
  paste0(if (!is.null(relate$cv)) "known ", "coefficient of variation ", format(cv, digits = 4L))
}
