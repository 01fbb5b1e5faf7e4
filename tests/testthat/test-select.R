test_that("the criteria are those of stats, and ICL adds twice the entropy", {
  fit <- gmm1d(faithful$waiting, k = 1:4)
  for (k in 1:4) {
    row <- fit$selection[fit$selection$k == k, ]
    single <- gmm1d(faithful$waiting, k = k)
    expect_equal(row$AIC, AIC(single))
    expect_equal(row$BIC, BIC(single))
    gamma <- reference_estep(faithful$waiting, single)
    entropy <- -sum(ifelse(gamma > 0, gamma * log(gamma), 0))
    expect_equal(row$ICL, BIC(single) + 2 * entropy, tolerance = 1e-10)
  }
})

test_that("the criterion chooses k", {
  x <- faithful$eruptions
  for (criterion in c("BIC", "AIC", "ICL")) {
    fit <- quietly(gmm1d(x, criterion = criterion))
    penalised <- fit$selection[[criterion]] + 2 * (fit$selection$loglik - fit$selection$objective)
    expect_identical(fit$k, fit$selection$k[which.min(penalised)])
  }
})

test_that("BIC finds the number of separated components", {
  for (k in 1:4) {
    x <- draw(list(lambda = rep(1 / k, k), mu = 10 * 1:k, sigma = rep(1, k)), 400)
    expect_identical(quietly(gmm1d(x, k = 1:6))$k, k)
  }
})

test_that("the objective is the maximum of the penalised likelihood, and never falls", {
  for (name in names(real_data())) {
    x <- real_data()[[name]]
    selection <- quietly(gmm1d(x, k = 1:5))$selection
    expect_true(all(diff(selection$objective) > -1e-6), label = name)
    expect_true(all(selection$objective <= selection$loglik + 1e-6), label = name)
  }
})

test_that("a spike on a few values is not taken for a component", {
  chosen <- vapply(1:60, function(seed) {
    quietly(gmm1d(draw(marron_wand$gaussian, 50, seed), k = 1:3))$k
  }, 1L)
  # at a rate of 2 % more than 5 of 60 are as rare as 1 in 700
  expect_lte(sum(chosen > 1), 5)
})

test_that("summary says where the penalty decides", {
  expect_snapshot(summary(gmm1d(faithful$waiting, k = 1:5, criterion = "AIC")),
                  transform = some_iterations)
  expect_snapshot(summary(gmm1d(faithful$waiting, k = 1:3, variance = c("free", "equal"))),
                  transform = some_iterations)
  expect_snapshot(gmm1d(faithful$waiting, fixed = list(mu = c(55, NA), sigma = c(NA, 6))))
})

test_that("too few bins are said with what helps", {
  bins <- data.frame(lower = 0:4, upper = 1:5, count = 1:5)
  expect_error(gmm1d(bins, k = 2), "`k` = 2 has 5 free parameters.*5 bins.*a smaller `k`, narrower",
               class = "gmm1d_error_k")
  expect_error(gmm1d(bins[1:2, ], k = 1), "2 bins of `x`: use narrower bins",
               class = "gmm1d_error_k")
  expect_error(gmm1d(c(1, 2, 2, 3, 4), k = 2, rounding = 1),
               "4 rounding intervals.*a smaller `rounding`", class = "gmm1d_error_k")
})
