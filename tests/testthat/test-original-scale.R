x <- withr::with_seed(1, exp(c(rnorm(150, 2, 0.4), rnorm(100, 4, 0.5))))
data <- data.frame(titre = x)
offset <- 3
base <- 2
formulas <- list(
  ~ log(titre), ~ log10(titre), ~ log2(titre), ~ sqrt(titre), ~ log1p(titre), ~ asinh(titre / 5),
  ~ log(titre + 1), ~ log10(titre / 100), ~ log(titre, 2), ~ log(titre, base = base),
  ~ log(titre + offset), ~ I(log(titre) / log(2)), ~ I(2 * (titre - 3)), ~ I((1 + log(titre)) * 3),
  ~ exp(titre / 100), ~ expm1(titre / 100), ~ I(-log10(titre)), ~ I(5 - sqrt(titre)),
  ~ log(titre, 0.5), ~ I(+titre), ~ sqrt(log(titre + 2) / 7)
)

test_that("transforming back, and forward by the formula, changes nothing", {
  for (formula in formulas) {
    fit <- quietly(gmm1d(formula, data, k = 2))
    way <- parse_way_back(fit)
    forward <- function(titre) as.vector(unclass(formula_of_vector(fit, titre)))
    for (rows in list(cutpoints(fit, monotone = TRUE), cutpoints(fit, specificity = 0.9))) {
      back <- on_original_scale(rows, way)
      turned <- forward(2) < forward(1)
      ends <- if (turned) c("conf.high", "conf.low") else c("conf.low", "conf.high")
      expect_equal(forward(back$cutpoint), rows$cutpoint, tolerance = 1e-10)
      kept <- is.finite(back[[ends[1L]]]) & rows$conf.low > forward(if (turned) Inf else 0)
      expect_equal(forward(back[[ends[1L]]])[kept], rows$conf.low[kept], tolerance = 1e-8)
      slope <- (forward(back$cutpoint * (1 + 1e-6)) - forward(back$cutpoint * (1 - 1e-6))) /
        (2e-6 * back$cutpoint)
      expect_equal(back$std.error * abs(slope), rows$std.error, tolerance = 1e-6)
      expect_true(all(back$conf.low <= back$cutpoint & back$cutpoint <= back$conf.high))
      expect_identical(back$from, if (turned) rows$to else rows$from)
    }
    cuts <- cutpoints(fit, monotone = TRUE, original = TRUE)
    expect_identical(unique(cuts$scale), "titre")
  }
})

test_that("values on both sides of a cut-point have the classes it names", {
  for (formula in list(~ log(titre), ~ I(-log10(titre)), ~ I(5 - sqrt(titre)))) {
    fit <- gmm1d(formula, data, k = 2)
    cuts <- cutpoints(fit, original = TRUE, within = range(x))
    expect_gt(nrow(cuts), 0)
    expect_false(is.unsorted(cuts$cutpoint))
    expect_identical(predict(fit, cuts$cutpoint * (1 - 1e-6)), cuts$from)
    expect_identical(predict(fit, cuts$cutpoint * (1 + 1e-6)), cuts$to)
  }
})

test_that("limits are on the scale of the result, and the scale is named", {
  fit <- gmm1d(~ log(titre), data, k = 2)
  expect_identical(unique(cutpoints(fit)$scale), "log(titre)")
  expect_identical(nrow(cutpoints(fit, original = TRUE, within = c(10, 40))), 1L)
  expect_identical(nrow(cutpoints(fit, original = FALSE, within = c(10, 40))), 0L)
  plain <- gmm1d(~ titre, data, k = 2)
  expect_identical(cutpoints(plain, original = TRUE)[names(cutpoints(plain))], cutpoints(plain))
  expect_null(cutpoints(plain)$scale)
  expect_identical(cutpoints(gmm1d(~ log(data$titre), k = 2), original = TRUE)$scale[1L],
                   "data$titre")
})

test_that("results that no value of the variable has are NA, and intervals end where values do", {
  fit <- gmm1d(~ sqrt(titre), data, k = 2)
  fit[c("mu", "sigma", "lambda")] <- list(c(-3, 5), c(1, 4), c(0.5, 0.5))
  cuts <- quietly(cutpoints(fit))
  back <- quietly(cutpoints(fit, original = TRUE))
  expect_true(any(cuts$cutpoint < 0))
  expect_identical(is.na(back$cutpoint), cuts$cutpoint < 0)
  way <- parse_way_back(fit)
  rows <- data.frame(cutpoint = 1, conf.low = -1, conf.high = 3, std.error = 1)
  expect_identical(unlist(on_original_scale(rows, way)),
                   c(cutpoint = 1, conf.low = 0, conf.high = 9, std.error = 2))
})

test_that("a formula that cannot be inverted is a classed error that names it", {
  shift <- 1:250
  for (formula in list(~ I(titre^2), ~ I(1 / titre), ~ I(titre + titre), ~ scale(titre),
                       ~ log(2, titre), ~ I(titre * 0 + titre), ~ abs(titre),
                       ~ log(titre + shift))) {
    fit <- quietly(gmm1d(formula, data, k = 1))
    expect_error(cutpoints(fit, original = TRUE), class = "gmm1d_error_argument")
  }
  expect_error(cutpoints(gmm1d(x, k = 2), original = TRUE), "formula",
               class = "gmm1d_error_argument")
  two <- data.frame(a = x, b = rev(x))
  expect_error(cutpoints(gmm1d(~ log(a / b), two, k = 1), original = TRUE), "2 variables",
               class = "gmm1d_error_argument")
  log10 <- function(x) x^3
  masked <- gmm1d(~ log10(titre), data, k = 1)
  expect_error(cutpoints(masked, original = TRUE), class = "gmm1d_error_argument")
})
