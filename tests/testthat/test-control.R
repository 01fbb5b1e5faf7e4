test_that("a list of settings is as good as gmm1d_control()", {
  expect_identical(gmm1d(faithful$waiting, k = 2, control = list(tol = 1e-3))$control,
                   gmm1d_control(tol = 1e-3))
})

test_that("a larger tol ends earlier", {
  rough <- gmm1d(faithful$waiting, k = 2, control = list(tol = 1e-2))
  expect_lt(rough$iterations, gmm1d(faithful$waiting, k = 2)$iterations)
  expect_true(rough$converged)
})
