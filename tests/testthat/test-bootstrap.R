fit <- gmm1d(faithful$waiting, k = 2)
boot <- function(...) withr::with_seed(1, bootstrap(...))

test_that("results depend on the seed alone", {
  one <- boot(fit, 60)
  expect_identical(boot(fit, 60)$estimates, one$estimates)
  single <- gmm1d(faithful$waiting, k = 2, control = list(threads = 1))
  expect_identical(boot(single, 60)$estimates, one$estimates)
  expect_false(identical(withr::with_seed(2, bootstrap(fit, 60))$estimates, one$estimates))
})

test_that("the spread of estimates agrees with the standard errors", {
  for (type in c("parametric", "nonparametric", "weighted")) {
    b <- boot(fit, 999, type)
    expect_identical(dimnames(b$estimates), list(NULL, names(coef(fit))))
    ratio <- apply(b$estimates, 2, sd) / sqrt(diag(vcov(fit)))
    # the model is misspecified, so the standard errors from the data and from the model differ
    expect_true(all(abs(log(ratio)) < if (type == "parametric") 0.1 else 0.3))
    expect_false(any(apply(b$estimates[, c("mu1", "mu2")], 1, is.unsorted)))
  }
})

test_that("squashed and grouped data, fixed and equal parameters have bootstraps too", {
  large <- gmm1d(draw(marron_wand$bimodal, 1e5), k = 2)
  expect_equal(apply(boot(large, 200)$estimates, 2, sd), sqrt(diag(vcov(large))), tolerance = 0.2)
  grouped <- gmm1d(stamps(), k = 1)
  expect_equal(apply(boot(grouped, 200)$estimates, 2, sd)[2:3], sqrt(diag(vcov(grouped)))[2:3],
               tolerance = 0.2)
  equal <- boot(gmm1d(faithful$waiting, k = 2, variance = "equal"), 50)$estimates
  expect_identical(equal[, "sigma1"], equal[, "sigma2"])
  fixed <- boot(gmm1d(faithful$waiting, fixed = list(mu = c(55, NA))), 50)$estimates
  expect_true(all(fixed[, "mu1"] == 55))
})

test_that("values seen through an improbable window have bootstraps and tests", {
  set.seed(2)
  x <- rexp(300)
  window <- c(quantile(x, 0.1)[[1]], Inf)
  x <- x[x >= window[1]]
  fit <- quietly(gmm1d(x, k = 1, within = window))
  expect_lt(pnorm(window[1], fit$mu, fit$sigma, lower.tail = FALSE), 1e-5)
  expect_true(all(is.finite(boot(fit, 9)$estimates)))
  expect_gt(withr::with_seed(1, gof_test(fit, R = 19))$p.value, 0.05)
  test <- withr::with_seed(1, quietly(boot_lrt(x, k0 = 1, R = 19, within = window)))
  expect_gt(test$p.value, 0.05)
})

test_that("intervals are quantiles, and the summary gives bias and standard error", {
  b <- boot(fit, 99)
  limits <- confint(b, level = 0.9)
  expect_equal(limits["mu1", ], quantile(b$estimates[, "mu1"], c(0.05, 0.95)), ignore_attr = TRUE)
  expect_identical(colnames(limits), c("5 %", "95 %"))
  expect_equal(withr::with_seed(1, confint(fit, level = 0.9, method = "bootstrap", R = 99)), limits)
  table <- summary(b)
  expect_identical(rownames(table), names(coef(fit)))
  expect_equal(table$std.error, apply(b$estimates, 2, sd), ignore_attr = TRUE)
  expect_snapshot(boot(fit, 20))
})

test_that("plots of replicates look as they should, and restore the graphics parameters", {
  skip_if_not_installed("vdiffr")
  b <- boot(fit, 199)
  vdiffr::expect_doppelganger("replicates of mu", function() plot(b))
  vdiffr::expect_doppelganger("replicates of all", function() plot(b, c("lambda", "mu", "sigma")))
  withr::with_pdf(NULL, {
    before <- par("mfrow")
    plot(b)
    expect_identical(par("mfrow"), before)
  })
})

test_that("components that fixed values distinguish do not switch", {
  x <- withr::with_seed(1, c(rnorm(40), rnorm(40, 0.3, 3)))
  wide <- gmm1d(x, fixed = list(lambda = c(0.5, 0.5), sigma = c(1, 3)))
  estimates <- boot(wide, 50)$estimates
  expect_true(all(estimates[, "sigma1"] == wide$sigma[1]))
})

test_that("replicates of too few values are NA; too little weight is a classed error", {
  few <- quietly(gmm1d(c(0, 0, 0, 0, 1, 1.5), k = 2))
  estimates <- boot(few, 200, "nonparametric")$estimates
  expect_gt(sum(is.na(estimates[, 1])), 0)
  light <- quietly(gmm1d(faithful$waiting, k = 2, weights = rep(1e-3, 272)))
  expect_error(bootstrap(light, 9), class = "gmm1d_error_range")
})

test_that("the standard error of values far from 1 is finite", {
  x <- withr::with_seed(1, c(rnorm(50), rnorm(50, 6)))
  errors <- function(unit) {
    withr::with_seed(2, summary(bootstrap(gmm1d(x * unit, k = 2), 20)))$std.error
  }
  of_mu <- 3:6
  expect_equal(errors(2^990)[of_mu] / 2^990, errors(1)[of_mu], tolerance = 1e-6)
  expect_equal(errors(2^-990)[of_mu] * 2^990, errors(1)[of_mu], tolerance = 1e-6)
})

test_that("replicates without a maximum are counted in print", {
  x <- c(withr::with_seed(1, rnorm(30)), 5, 5.001, 5.002)
  boot <- withr::with_seed(1, bootstrap(quietly(gmm1d(x, k = 2)), 30))
  expect_gt(sum(boot$penalised), 0)
  expect_output(print(boot), paste("Penalised estimates in", sum(boot$penalised), "replicate"))
})

test_that("the spread of replicates does not overflow, and is 0 for equal ones", {
  expect_equal(spread(1e300 * 1:5), sd(1:5) * 1e300, tolerance = 1e-14)
  expect_equal(spread(1e-300 * 1:5), sd(1:5) * 1e-300, tolerance = 1e-14)
  expect_identical(spread(c(3, 3)), 0)
})
