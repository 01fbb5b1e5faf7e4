theta <- list(lambda = c(0.3, 0.7), mu = c(4, 0), sigma = c(1.5, 1))
mixture <- gmm1d_mixture(theta, labels = c("positive", "negative"))
fit <- gmm1d(faithful$waiting, k = 2)

test_that("a mixture is ordered by its means, with its names", {
  expect_identical(unclass(mixture)[c("lambda", "mu", "sigma", "labels")],
                   list(lambda = c(0.7, 0.3), mu = c(0, 4), sigma = c(1, 1.5),
                        labels = c("negative", "positive")))
  expect_identical(gmm1d_mixture(c(0.3, 0.7), c(4, 0), c(1.5, 1), c("positive", "negative")),
                   mixture)
  expect_identical(gmm1d_mixture(mixture), mixture)
  expect_identical(unclass(gmm1d_mixture(fit))[c("lambda", "mu", "sigma", "k")],
                   unclass(fit)[c("lambda", "mu", "sigma", "k")])
})

test_that("a list, a mixture and a fit of the same parameters have the same answers", {
  alike <- fit
  alike[c("lambda", "mu", "sigma")] <- unclass(mixture)[c("lambda", "mu", "sigma")]
  with_errors <- c("std.error", "conf.low", "conf.high", "inside", "ashman_d.std.error",
                   "overlap.std.error")
  ask <- list(
    cutpoints, modes, bimodality, function(m) cutpoints(m, monotone = TRUE),
    function(m) cutpoints(m, specificity = 0.99, sensitivity = 0.9, rule = "youden"),
    function(m) cutpoints(m, cost = c(1, 3), within = c(0, 4))
  )
  for (of in ask) {
    whole <- quietly(of(alike))
    rest <- setdiff(names(whole), with_errors)
    given <- of(theta)
    expect_identical(given[rest], whole[rest])
    expect_identical(names(given), names(whole))
    expect_true(all(is.na(given[intersect(names(given), with_errors)])))
    expect_identical(vapply(given, typeof, ""), vapply(whole, typeof, ""))
    expect_identical(of(mixture)[setdiff(rest, c("from", "to"))],
                     given[setdiff(rest, c("from", "to"))])
  }
  expect_identical(cutpoints(mixture)$from, mixture$labels[cutpoints(theta)$from])
  x <- c(-1, 0, 3)
  for (f in list(dgmm1d, pgmm1d)) {
    expect_identical(f(x, theta), f(x, theta$lambda, theta$mu, theta$sigma))
    expect_identical(f(x, mixture), f(x, mixture$lambda, mixture$mu, mixture$sigma))
  }
  expect_identical(qgmm1d(0.3, theta), qgmm1d(0.3, theta$lambda, theta$mu, theta$sigma))
  expect_identical(estep(x, mixture), estep(x, mixture$lambda, mixture$mu, mixture$sigma))
})

test_that("with data a mixture is a fit, and a start", {
  x <- withr::with_seed(1, rgmm1d(200, mixture))
  as_fit <- as_gmm1d(mixture, x = x)
  expect_identical(as_fit$mu, mixture$mu)
  expect_identical(as_fit$labels, mixture$labels)
  expect_identical(as_fit$data_name, "x")
  expect_identical(gmm1d(x, start = mixture)$mu, gmm1d(x, start = theta)$mu)
})

test_that("methods that need data give a classed error", {
  boot <- withr::with_seed(1, bootstrap(fit, 5))
  expect_error(cutpoints(theta, boot = boot), class = "gmm1d_error_argument")
  expect_error(cutpoints(theta, within = TRUE), class = "gmm1d_error_argument")
  expect_error(cutpoints(theta, original = TRUE), class = "gmm1d_error_argument")
  expect_error(cutpoints(theta[1:2]), class = "gmm1d_error_argument")
  expect_error(cutpoints(list(1)), class = "gmm1d_error_type")
  expect_error(modes(replace(theta, "sigma", list(c(1, -1)))), class = "gmm1d_error_range")
  expect_error(dgmm1d(0, theta, 1), class = "gmm1d_error_argument")
  expect_error(gmm1d_mixture(theta, labels = "a"), class = "gmm1d_error_shape")
})

test_that("a mixture is printed and drawn", {
  expect_output(print(mixture), "without data.*component 1 \\(negative\\)")
  view <- mixture_view(parse_drawn_mixture(mixture, "x"), parse_look(cutpoints = TRUE))
  expect_equal(view$curves$total, dgmm1d(view$curves$x, mixture), tolerance = 1e-14)
  expect_equal(rowSums(view$curves$components), view$curves$total, tolerance = 1e-14)
  expect_identical(view$cuts, cutpoints(mixture)$cutpoint)
  withr::local_pdf(NULL)
  expect_identical(plot(mixture, cutpoints = c(1, 2)), mixture)
  expect_error(plot(mixture, breaks = 3), class = "gmm1d_error_argument")
  skip_if_not_installed("ggplot2")
  plot <- ggplot2::autoplot(mixture, cutpoints = TRUE)
  expect_s3_class(ggplot2::ggplot_build(plot)$plot, "ggplot")
})

test_that("a mixture of three vectors needs no names", {
  mixture <- gmm1d_mixture(c(0.3, 0.7), c(3, 0), c(1, 2))
  expect_null(mixture$labels)
  expect_identical(mixture$mu, c(0, 3))
})
