test_that("print and summary show what a reader wants", {
  fit <- gmm1d(~waiting, data = rbind(faithful, NA), k = 1:3)
  expect_snapshot(fit)
  expect_snapshot(summary(fit), transform = some_iterations)
})

test_that("doubts about a fit are printed", {
  x <- c(rep(0, 50), draw(marron_wand$gaussian, 200))
  expect_snapshot(quietly(gmm1d(x, k = 2)))
  few <- quietly(gmm1d(c(1, 2, 2, 3.4, 8), k = 1:6, control = list(max_iter = 2)))
  expect_snapshot(summary(few), transform = some_iterations)
})

test_that("print and summary return their objects", {
  fit <- gmm1d(faithful$waiting, k = 2)
  capture.output(expect_identical(withVisible(print(fit)), list(value = fit, visible = FALSE)))
  expect_s3_class(summary(fit), "summary.gmm1d")
  expect_identical(summary(fit)$components, as.data.frame(fit))
})

test_that("data given as values are not printed", {
  fit <- do.call(gmm1d, list(faithful$waiting, k = 2))
  expect_identical(fit$data_name, "x")
  expect_lt(sum(nchar(capture.output(print(fit)))), 400)
})

test_that("means have enough digits to be distinguished, wherever they are", {
  x <- withr::with_seed(1, c(rnorm(200, 0, 1e3), rnorm(200, 1e4, 1e3)))
  fit <- gmm1d(1.7e12 + x, k = 2)
  shown <- grep("^component", capture.output(print(fit)), value = TRUE)
  shown <- as.numeric(vapply(strsplit(shown, " +"), `[`, "", 4L))
  expect_equal(shown - 1.7e12, fit$mu - 1.7e12, tolerance = 1e-3)
})

test_that("if the decimal mark is a comma, points separate thousands", {
  fit <- gmm1d(rep(faithful$waiting, 10), k = 2)
  withr::local_options(OutDec = ",")
  expect_no_warning(shown <- capture.output(print(fit)))
  expect_match(shown[1L], "n = 2.720", fixed = TRUE)
  boot <- withr::with_seed(1, bootstrap(fit, 5))
  expect_no_match(capture.output(print(boot))[-1L], "[0-9]\\.[0-9]")
})

test_that("a choice of the variance alone is reported as such", {
  fit <- gmm1d(faithful$waiting, k = 2, variance = c("free", "equal"))
  expect_match(capture.output(print(fit)), "^BIC chose equal variances \\(tried", all = FALSE)
})

test_that("a summary says what is fixed, and what the points are", {
  fixed <- gmm1d(faithful$waiting, fixed = list(mu = c(55, NA)))
  expect_output(print(summary(fixed)), "Fixed: mu1 = 55")
  expect_output(print(summary(gmm1d(qnorm(ppoints(20000)), k = 1))), "[0-9] points")
})

test_that("each number has as many digits as are known, whatever the scales", {
  table_of <- function(mu, sigma) {
    component_table(list(lambda = rep(1 / length(mu), length(mu)), mu = mu, sigma = sigma), 4L)
  }
  expect_identical(table_of(c(0.547, 12), c(100, 300))$mu[1L], "0.547")
  expect_identical(table_of(c(0.5471234567, 2.1), c(1e-6, 1e3))$mu, c("0.54712346", "2.10"))
  expect_identical(table_of(c(0.19, 1e35), c(0.9, 1e20))$mu[2L], "1e+35")
  for (scale in c(1e-290, 1e-9, 1, 1e5, 1e290)) {
    for (m in list(list(mu = c(-3, 5), sigma = c(1, 1e-7)), list(mu = 1e9, sigma = 1),
                   list(mu = c(0, 1e4), sigma = c(1e-3, 1e3)))) {
      shown <- table_of(m$mu * scale, m$sigma * scale)
      expect_equal(as.numeric(shown$sigma), m$sigma * scale, tolerance = 1e-3)
      expect_lt(max(abs(as.numeric(shown$mu) - m$mu * scale) / abs(m$mu * scale), na.rm = TRUE),
                1e-3)
      digits <- nchar(gsub("e.*|[^0-9]|^-?0[.]0*", "", shown$mu))
      expect_lte(max(digits), 15L)
    }
  }
})

test_that("the summary has the estimates and their standard errors as a matrix", {
  fit <- gmm1d(faithful$waiting, k = 2)
  table <- coef(summary(fit))
  expect_equal(table, cbind(Estimate = coef(fit), "Std. Error" = sqrt(diag(vcov(fit)))))
  fixed <- coef(summary(gmm1d(faithful$waiting, fixed = list(mu = c(55, 80)))))
  expect_identical(unname(is.na(fixed[, 2])), startsWith(rownames(fixed), "mu"))
  start <- list(lambda = c(0.5, 0.5), mu = c(70, 70), sigma = c(9, 9))
  singular <- quietly(gmm1d(faithful$waiting, start = start))
  expect_true(all(is.na(expect_silent(coef(summary(singular)))[, 2])))
  expect_output(print(summary(singular)), "No standard errors: the information is singular")
})
