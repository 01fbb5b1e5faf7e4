autoplot <- function(...) ggplot2::autoplot(...)
built <- function(plot) expect_silent(ggplot2::ggplot_build(plot))$data

test_that("a bootstrap has a panel for each parameter, with its estimate and its interval", {
  skip_if_not_installed("ggplot2")
  fit <- gmm1d(faithful$waiting, k = 2)
  boot <- withr::with_seed(1, bootstrap(fit, R = 30))
  layers <- built(autoplot(boot, parameters = c("mu", "sigma")))
  expect_equal(layers[[2]]$xintercept, c(fit$mu, fit$sigma))
  expect_equal(layers[[3]]$xintercept, as.vector(t(confint(boot, c("mu", "sigma")))))
  expect_equal(as.vector(tapply(layers[[1]]$ymax, layers[[1]]$PANEL, sum)), rep(30, 4))
  expect_error(autoplot(boot, parameters = "nu"), class = "gmm1d_error_argument")
})

test_that("a bootstrap of k has the share of each", {
  skip_if_not_installed("ggplot2")
  boot <- withr::with_seed(1, bootstrap(gmm1d(faithful$waiting, k = 1:3), R = 9, search = TRUE))
  bars <- built(autoplot(boot))[[1]]
  expect_equal(bars$y[order(bars$x)], summary(boot)$share)
})

test_that("false discovery rates agree with those of plot()", {
  skip_if_not_installed("ggplot2")
  rates <- fdr(gmm1d(faithful$waiting, k = 2), null = 1)
  view <- gmm1d:::rates_view(rates, gmm1d:::parse_look(), 0.1)
  layers <- built(autoplot(rates))
  expect_equal(layers[[2]]$y, view$curves$total)
  expect_equal(layers[[3]]$y, view$null)
  expect_equal(layers[[4]]$y, view$rates$fdr)
  expect_equal(layers[[length(layers)]]$xintercept, rep(view$called, 2))
  expect_error(autoplot(rates, q = 2), class = "gmm1d_error_range")
})
