estimates <- list(lambda = c(0.7, 0.3), mu = c(80, 55), sigma = c(6, 5))

test_that("estimates are not changed, only ordered by mean", {
  fit <- as_gmm1d(estimates, x = faithful$waiting)
  expect_identical(as.list(coef(fit)), list(
    lambda1 = 0.3, lambda2 = 0.7, mu1 = 55, mu2 = 80, sigma1 = 5, sigma2 = 6
  ))
  expect_equal(fit$loglik, sum(dgmm1d(faithful$waiting, fit, log = TRUE)))
  expect_false(fit$converged)
  expect_identical(fit$status, "given")
  expect_identical(fit$iterations, 0L)
  expect_output(print(fit), "as given, not at a maximum")
})

test_that("a maximum is certified, whoever found it", {
  for (variance in c("free", "equal")) {
    fit <- gmm1d(faithful$waiting, k = 2, variance = variance)
    again <- as_gmm1d(unclass(fit)[c("lambda", "mu", "sigma")], x = faithful$waiting)
    expect_true(again$converged)
    expect_identical(again$variance, variance)
    expect_equal(parameters(again), parameters(fit), tolerance = 1e-14)
    expect_identical(again$df, fit$df)
    expect_identical(again$n, fit$n)
    expect_equal(again$loglik, fit$loglik, tolerance = 1e-14)
    expect_equal(vcov(again), vcov(fit), tolerance = 1e-8)
  }
})

test_that("the gap predicts what a climb gains", {
  fit <- gmm1d(faithful$waiting, k = 2)
  near <- as_gmm1d(list(lambda = fit$lambda, mu = fit$mu + 0.01, sigma = fit$sigma),
                   x = faithful$waiting)
  expect_equal(near$gap, fit$loglik - near$loglik, tolerance = 0.01)
  expect_equal(coef(gmm1d(faithful$waiting, start = near)), coef(fit), tolerance = 1e-6)
})

test_that("fits of mixtools, mclust and nor1mix keep their estimates", {
  skip_if_not_installed("mixtools")
  skip_if_not_installed("mclust")
  mclustBIC <- mclust::mclustBIC # nolint: object_name_linter. Mclust() looks for it.
  x <- faithful$waiting
  withr::with_seed(1, capture.output(em <- mixtools::normalmixEM(x, k = 2)))
  withr::with_seed(1, capture.output(ratio <- mixtools::normalmixEM(x, k = 2, arbmean = FALSE)))
  free <- mclust::Mclust(x, G = 2, modelNames = "V", verbose = FALSE)
  equal <- mclust::densityMclust(x, G = 3, modelNames = "E", verbose = FALSE, plot = FALSE)
  one <- mclust::Mclust(x, G = 1, verbose = FALSE)
  # Their log-likelihood is that of the parameters before the last step.
  for (other in list(em, ratio, free, equal, one)) {
    expect_equal(as_gmm1d(other)$loglik, other$loglik, tolerance = 1e-4)
  }
  for (other in list(free, equal, one)) {
    fit <- as_gmm1d(other)
    expect_equal(fit$df, other$df)
    expect_equal(BIC(fit), -other$bic, tolerance = 1e-4, ignore_attr = TRUE)
    expect_equal(predict(fit), unname(other$classification))
  }
  expect_identical(as_gmm1d(free)$data_name, "x")
  expect_equal(coef(update(as_gmm1d(em))), coef(gmm1d(x, k = 2)))
})

test_that("a norMix is a mixture without data", {
  skip_if_not_installed("nor1mix")
  other <- nor1mix::norMix(mu = estimates$mu, sigma = estimates$sigma, w = estimates$lambda)
  fit <- as_gmm1d(other, x = faithful$waiting)
  expect_identical(coef(fit), coef(as_gmm1d(estimates, x = faithful$waiting)))
  expect_equal(dgmm1d(60:70, fit), nor1mix::dnorMix(60:70, other))
  expect_error(as_gmm1d(other), class = "gmm1d_error_argument")
})

test_that("methods for fits work on estimates of other packages", {
  fit <- as_gmm1d(estimates, x = faithful$waiting)
  types <- setdiff(eval(formals(gmm1d:::plot.gmm1d)$type), "radial")
  withr::with_pdf(NULL, for (type in types) plot(fit, type))
  expect_identical(length(predict(fit)), 272L)
  expect_true(all(cutpoints(fit)$std.error > 0))
  boot <- withr::with_seed(1, bootstrap(fit, R = 5))
  expect_false(anyNA(boot$estimates))
  expect_identical(as_gmm1d(fit), fit)
})

test_that("no sigma is raised to the smallest that a fit allows", {
  spike <- list(lambda = c(0.5, 0.5), mu = c(70, 75), sigma = c(15, 0.01))
  fit <- as_gmm1d(spike, x = faithful$waiting)
  expect_identical(fit$sigma, c(15, 0.01))
  expect_false(fit$penalised)
})

test_that("squashed and weighted data are accepted", {
  fit <- as_gmm1d(estimates, x = squash(faithful$waiting))
  expect_equal(fit$loglik, as_gmm1d(estimates, x = faithful$waiting)$loglik)
  double <- as_gmm1d(estimates, x = faithful$waiting, weights = rep(2, 272))
  expect_equal(double$loglik, 2 * fit$loglik)
  expect_error(as_gmm1d(estimates, x = squash(1:9), weights = 1:9), class = "gmm1d_error_argument")
})

test_that("anything but a mixture of one variable is an error", {
  expect_error(as_gmm1d(), class = "gmm1d_error_argument")
  expect_error(as_gmm1d(lm(waiting ~ 1, faithful)), class = "gmm1d_error_type")
  expect_error(as_gmm1d(estimates), class = "gmm1d_error_argument")
  expect_error(as_gmm1d(estimates[1:2], x = 1:9), class = "gmm1d_error_argument")
  expect_error(as_gmm1d(estimates, x = 1:9, nonsense = 1), class = "gmm1d_error_argument")
  expect_error(as_gmm1d(structure(list(ft = "regmixEM"), class = "mixEM")),
               class = "gmm1d_error_type")
  expect_error(as_gmm1d(structure(list(d = 2L), class = "Mclust")), class = "gmm1d_error_type")
  noise <- list(d = 1L, G = 1L, data = 1:9,
                parameters = list(pro = c(0.9, 0.1), mean = 1, variance = list(sigmasq = 1)))
  expect_error(as_gmm1d(structure(noise, class = "Mclust")), class = "gmm1d_error_range")
})

test_that("the noise of mclust is kept", {
  skip_if_not_installed("mclust")
  local_mclust()
  set.seed(1)
  x <- c(faithful$waiting, runif(40, 0, 200))
  is_noise <- rep(c(FALSE, TRUE), c(272L, 40L))
  theirs <- mclust::Mclust(x, G = 2, modelNames = "V", verbose = FALSE,
                           initialization = list(noise = is_noise))
  fit <- as_gmm1d(theirs)
  expect_equal(fit$loglik, theirs$loglik, tolerance = 1e-8)
  expect_equal(fit$noise[1], theirs$parameters$pro[3], tolerance = 1e-8)
  expect_gte(update(fit, k = 2)$loglik, theirs$loglik)
})
