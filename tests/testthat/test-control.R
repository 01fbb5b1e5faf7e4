test_that("a list of settings is equivalent to gmm1d_control()", {
  expect_identical(gmm1d(faithful$waiting, k = 2, control = list(tol = 1e-3))$control,
                   gmm1d_control(tol = 1e-3))
})

test_that("without settings a fit has those of gmm1d_control(), as options are at the time", {
  for (cores in list(1L, 3, "all", NULL)) {
    withr::local_options(mc.cores = cores)
    expect_identical(gmm1d(faithful$waiting, k = 1)$control, gmm1d_control())
  }
})

test_that("a larger tol ends earlier", {
  start <- list(lambda = c(0.5, 0.5), mu = c(60, 75), sigma = c(10, 10))
  rough <- gmm1d(faithful$waiting, start = start, control = list(tol = 1))
  expect_lt(rough$iterations, gmm1d(faithful$waiting, start = start)$iterations)
  expect_true(rough$converged)
})

test_that("a thorough search is no worse", {
  x <- draw(marron_wand$kurtotic, 500)
  objective <- vapply(c("fast", "thorough"), function(starts) {
    fit <- quietly(gmm1d(x, k = 5, control = list(starts = starts)))
    reference_objective(x, fit, min(sd(x), IQR(x) / 1.349), 1e-12)
  }, 1)
  expect_gte(objective[["thorough"]], objective[["fast"]] - 1e-6)
})
