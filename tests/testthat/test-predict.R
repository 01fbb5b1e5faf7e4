fit <- gmm1d(faithful$waiting, k = 2)
x <- c(a = 50, b = NA, c = 67, d = 90)

test_that("posterior is the E-step, and class and uncertainty follow from it", {
  gamma <- predict(fit, x, "posterior")
  expect_identical(dimnames(gamma), list(names(x), c("comp.1", "comp.2")))
  expect_equal(unname(gamma[-2, ]), estep(x[-2], fit))
  expect_identical(predict(fit, x), c(a = 1L, b = NA, c = 2L, d = 2L))
  expect_equal(predict(fit, x, "uncertainty"), 1 - apply(gamma, 1, max))
})

test_that("densities and the distribution function are dgmm1d and pgmm1d", {
  expect_identical(predict(fit, x, "density"), dgmm1d(x, fit))
  expect_identical(predict(fit, x, "logdensity"), dgmm1d(x, fit, log = TRUE))
  expect_identical(predict(fit, x, "cdf"), pgmm1d(x, fit))
  expect_equal(rowSums(predict(fit, x, "component")), dgmm1d(x, fit))
})

test_that("NA gives NA, at the same length, for every type", {
  for (type in c("class", "posterior", "density", "logdensity", "component", "cdf",
                 "uncertainty")) {
    result <- predict(fit, x, type)
    expect_identical(NROW(result), 4L)
    expect_identical(which(is.na(as.matrix(result)[, 1])), c(b = 2L))
    expect_identical(NROW(predict(fit, numeric(), type)), 0L)
    expect_true(all(is.na(predict(fit, NA, type))))
  }
})

test_that("infinite values have the limits of the distribution", {
  expect_identical(predict(fit, c(-Inf, Inf), "density"), c(0, 0))
  expect_identical(predict(fit, c(-Inf, Inf), "cdf"), c(0, 1))
  expect_identical(predict(fit, c(-Inf, Inf), "uncertainty"), c(0, 0))
})

test_that("without newdata, predictions are for the data of the fit, in their order", {
  expect_identical(predict(fit), predict(fit, faithful$waiting))
  expect_identical(predict(gmm1d(c(NA, faithful$waiting), k = 2))[2:273], predict(fit))
  one <- gmm1d(faithful$waiting, k = 1)
  expect_identical(predict(one), rep(1L, 272))
  expect_identical(dim(predict(one, type = "component")), c(272L, 1L))
})

test_that("fitted values are posterior means of mu", {
  expect_equal(fitted(fit), drop(estep(faithful$waiting, fit) %*% fit$mu))
  expect_equal(mean(fitted(fit)), mean(faithful$waiting), tolerance = 1e-5)
})

test_that("a data frame is for fits by formula", {
  by_formula <- gmm1d(~waiting, data = faithful, k = 2)
  expect_identical(unname(predict(by_formula, faithful[5:1, ])), predict(fit)[5:1])
  expect_error(predict(fit, faithful), class = "gmm1d_error_type")
})

test_that("a fit by formula takes a vector as values of its variable", {
  data <- withr::with_seed(1, data.frame(titre = 10^c(rnorm(80, 1, 0.3), rnorm(60, 2.3, 0.2)),
                                         weight = runif(140)))
  offset <- 3
  titre <- data$titre
  formulas <- list(
    ~titre, ~ log(titre), ~ log10(titre), ~ I(titre^2), ~ log(titre + offset), ~ scale(titre),
    ~ I(titre - mean(data$titre[1:3])), ~ I(log(titre) / log(2)),
    ~ vapply(titre, function(value) log(value + offset), 1)
  )
  new <- c(a = 5, b = NA, c = 60, d = 500)
  frame <- data.frame(titre = new)
  types <- eval(formals(gmm1d:::predict.gmm1d)$type)
  for (formula in formulas) {
    # The data may be passed, or found by name.
    fits <- list(gmm1d(formula, data, k = 2), gmm1d(formula, k = 2),
                 gmm1d(formula, data, k = 2, weights = weight, subset = weight > 0.3))
    for (fit in fits) {
      for (type in types) {
        expect_identical(unname(predict(fit, new, type)), unname(predict(fit, frame, type)))
        expect_identical(NROW(predict(fit, numeric(), type)), 0L)
      }
      expect_identical(names(predict(fit, new)), names(new))
      expect_identical(unname(predict(fit, cbind(new))), unname(predict(fit, new)))
    }
    expect_identical(unname(predict(fits[[1L]], data$titre)), unname(predict(fits[[1L]])))
  }
})

test_that("an expression that extracts from an object can be the variable", {
  new <- c(50, 66, 90)
  for (formula in list(~ faithful$waiting, ~ faithful[["waiting"]], ~ faithful[, "waiting"])) {
    fit <- gmm1d(formula, k = 2)
    expect_identical(predict(fit, new), predict(gmm1d(faithful$waiting, k = 2), new))
    expect_error(predict(fit, faithful), class = "gmm1d_error_argument")
  }
  fit <- gmm1d(~ log(faithful$waiting), k = 2)
  expect_identical(predict(fit, new, "cdf"), pgmm1d(log(new), fit))
})

test_that("several variables need a data frame with all of them", {
  fit <- gmm1d(~ I(eruptions / waiting), faithful, k = 2)
  expect_identical(unname(predict(fit, faithful[3:1, ])), unname(predict(fit)[3:1]))
  expect_error(predict(fit, 1:3), "`eruptions`, `waiting`", class = "gmm1d_error_argument")
  eruptions <- faithful$eruptions
  expect_error(predict(fit, faithful["waiting"]), "`eruptions`", class = "gmm1d_error_argument")
  # An equal number of rows does not replace a missing variable.
  expect_error(predict(gmm1d(~eruptions, k = 2), data.frame(other = faithful$waiting)),
               "`eruptions`", class = "gmm1d_error_argument")
})

test_that("a formula without data takes values as they are", {
  fit <- gmm1d(~ c(1, 2, 3, 8, 9, 10), k = 2)
  expect_identical(predict(fit, c(1, 9)), c(1L, 2L))
})

test_that("ordered classes of values with errors use the cuts for their errors", {
  x <- c(withr::with_seed(1, rnorm(100)), withr::with_seed(2, rnorm(60, 5, 0.4)))
  error <- rep(c(0.1, 0.8), 80)
  label <- ifelse(seq_along(x) == 160, "low", NA)
  fit <- gmm1d(x, error = error, k = 2, labels = label)
  class <- predict(fit, monotone = TRUE)
  expected <- vapply(seq_along(x), function(i) {
    seen <- new_mixture(fit$lambda, fit$mu, sqrt(fit$sigma^2 + error[i]^2))
    1L + (x[i] >= ordered_cuts_of(seen)$cutpoint)
  }, 1L)
  expected[160] <- match("low", fit$labels)
  # Values without a label are not assigned to the component without a label.
  expect_identical(predict(fit)[-160], predict(fit, x, error = error)[-160])
  expect_identical(class, expected)
  expect_identical(predict(fit, c(a = 0, b = NA), error = 0.1, monotone = TRUE), c(a = 1L, b = NA))
  limited <- gmm1d(pmax(faithful$waiting, 50), censored = c(50, NA), k = 2)
  expect_error(predict(limited, monotone = TRUE), class = "gmm1d_error_argument")
})
