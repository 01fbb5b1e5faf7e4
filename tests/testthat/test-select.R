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
    expect_identical(fit$k, fit$selection$k[which.min(fit$selection[[criterion]])])
  }
})

test_that("BIC finds the number of separated components", {
  for (k in 1:4) {
    x <- draw(list(lambda = rep(1 / k, k), mu = 10 * 1:k, sigma = rep(1, k)), 400)
    expect_identical(quietly(gmm1d(x, k = 1:6))$k, k)
  }
})
