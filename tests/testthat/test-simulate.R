fit <- gmm1d(faithful$waiting, k = 2)

test_that("simulate gives nsim columns of n values", {
  sims <- simulate(fit, nsim = 3, seed = 1)
  expect_identical(dim(sims), c(272L, 3L))
  expect_named(sims, c("sim_1", "sim_2", "sim_3"))
  expect_identical(dim(simulate(fit, nsim = 0)), c(272L, 0L))
})

test_that("a seed reproduces and leaves the random state as it was", {
  withr::with_seed(5, {
    before <- .Random.seed
    first <- simulate(fit, seed = 1)
    expect_identical(.Random.seed, before)
    expect_identical(simulate(fit, seed = 1), first)
  })
  expect_identical(withr::with_seed(1, simulate(fit)$sim_1), first$sim_1)
})

test_that("a fit to simulated data recovers the mixture", {
  sims <- unlist(simulate(fit, nsim = 20, seed = 1))
  again <- gmm1d(sims, k = 2)
  expect_equal(again$mu, fit$mu, tolerance = 0.01)
  expect_equal(again$sigma, fit$sigma, tolerance = 0.05)
})

test_that("simulate works before any random number was drawn", {
  withr::local_preserve_seed()
  rm(".Random.seed", envir = globalenv())
  expect_identical(nrow(simulate(gmm1d(1:9, k = 1), seed = 1)), 9L)
})
