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

test_that("NA in, NA out, same length, for every type", {
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

test_that("without newdata the data of the fit are taken, in their order", {
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
