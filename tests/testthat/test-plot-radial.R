ages <- function(name) {
  utils::read.csv(system.file("extdata", paste0(name, ".csv"), package = "gmm1d", mustWork = TRUE))
}

# Peaks of logarithms; zircon ages on their own scale, with a sigma; five groups of many values of
# both signs; long labels.
fits_with_errors <- function() {
  error <- rep(seq(0.1, 2, length.out = 61), 5)
  groups <- rep(c(-20, -9, 0, 3, 11), each = 61)
  list(
    peaks = gmm1d(~ log(value), data = ages("al3"), error = error / value, k = 4,
                  fixed = list(sigma = 0)),
    "one component" = gmm1d(~value, data = ages("ludwig"), error = error, k = 1),
    "five components" = gmm1d(groups + error * qnorm(ppoints(61)), error = error, k = 5),
    "long labels" = gmm1d(123456.7 + qnorm(ppoints(40)) / 100, error = rep(c(0.01, 0.02), 20),
                          k = 1)
  )
}

test_that("radial plots look as they should", {
  skip_if_not_installed("vdiffr")
  fits <- fits_with_errors()
  for (name in names(fits)[-2]) {
    vdiffr::expect_doppelganger(paste("radial", name), function() plot(fits[[name]], "radial"))
  }
  skip_if_not_installed("ggplot2")
  for (name in names(fits)[1]) {
    vdiffr::expect_doppelganger(paste("autoplot radial", name),
                                ggplot2::autoplot(fits[[name]], "radial"))
  }
})

view_of_radial <- function(fit, ...) gmm1d:::radial_view(fit, gmm1d:::parse_look(...))

test_that("a value is the slope of the line to its point, and its distance is in standard errors", {
  for (fit in fits_with_errors()) {
    view <- view_of_radial(fit)
    points <- fit$points
    centre <- points$x[1] - view$data$y[1] * points$error[1]
    expect_equal(1 / view$data$x, points$error)
    expect_equal(centre + view$data$y / view$data$x, points$x)
    # A ray has the value of its mean, and a tick that of its label.
    expect_equal(centre + view$rays$yend / view$rays$xend, fit$mu)
    value <- as.numeric(view$labels$text)
    if (fit$data_name == "log(value)") value <- log(value)
    expect_equal(centre + view$ticks$yend / view$ticks$xend, value)
    expect_equal(1 / view$errors$x, as.numeric(view$errors$text))
  }
})

test_that("the centre of one component is its mean", {
  fit <- fits_with_errors()[["one component"]]
  view <- view_of_radial(fit)
  expect_equal(view$data$y, (fit$points$x - fit$mu) / fit$points$error)
  expect_equal(view$rays$yend, 0)
  # If there is no variation beyond the errors, this is the mean with weights 1 / error^2.
  zircon <- ages("ludwig")
  exact <- gmm1d(zircon$value, error = zircon$error, k = 1, fixed = list(sigma = 0))
  expect_equal(exact$mu, weighted.mean(zircon$value, 1 / zircon$error^2))
  two <- gmm1d(zircon$value, error = zircon$error, k = 2)
  expect_equal(gmm1d:::radial_centre(two), exact$mu)
})

test_that("all points lie inside the scale, and its labels do not overlap", {
  for (fit in fits_with_errors()) {
    view <- view_of_radial(fit)
    frame <- gmm1d:::radial_frame(view$data, fit$mu, gmm1d:::radial_centre(fit), list())
    on_scale <- function(x, y) (x / frame$radius)^2 + (y / frame$height)^2
    expect_true(all(on_scale(view$data$x, view$data$y) <= 1 + 1e-9))
    expect_equal(on_scale(view$arc$x, view$arc$y), rep(1, nrow(view$arc)))
    expect_gte(nrow(view$labels), 4)
    # The height of a line of text, or the width of two characters.
    apart <- pmax(dist(view$labels$y) / diff(view$ylim) / 0.05,
                  dist(view$labels$x) / diff(view$xlim) / 0.03)
    expect_gt(min(apart), 1)
  }
})

test_that("the band of two errors about the centre contains 95 % of equal ages", {
  error <- rep(1:4, 1000)
  x <- 50 + error * rep(qnorm(ppoints(1000)), each = 4)
  view <- view_of_radial(gmm1d(x, error = error, k = 1, fixed = list(sigma = 0)))
  # For each error there are a thousand quantiles, of which at most two are misplaced.
  expect_equal(mean(abs(view$data$y) <= 2), diff(pnorm(c(-2, 2))), tolerance = 2e-3)
})

test_that("radial plots accept the arguments of other plots, and values of any size", {
  fit <- fits_with_errors()$peaks
  sizes <- 10^seq(0, 5, length.out = 60)
  fits <- quietly(list(
    gmm1d(sizes, error = sizes / 10, k = 2), gmm1d(c(1, 2), error = 1, k = 1),
    gmm1d(faithful$waiting * 1e-100, error = 3e-100, k = 2),
    gmm1d(c(faithful$waiting, 1e9), error = 3, k = 2),
    gmm1d(seq_len(5000), error = seq(1, 2, length.out = 5000), k = 1)
  ))
  withr::with_pdf(NULL, {
    expect_identical(withVisible(plot(fit, "radial", las = 1)), list(value = fit, visible = FALSE))
    expect_silent(plot(fit, "radial", xlim = c(0, 10)))
    expect_silent(plot(fit, "radial", xlim = c(10, 0), legend = FALSE))
    expect_silent(plot(fit, "radial", xlim = c(1e6, 2e6)))
    expect_silent(plot(fit, "radial", ylim = c(1, 2), col = "black", lty = 1))
    expect_equal(par("usr")[3:4], c(1 - gmm1d:::radial_strip, 2))
    for (one in fits) expect_silent(plot(one, "radial"))
    # Points that are too precise for the limits would lie beyond the scale.
    expect_lte(max(view_of_radial(fit, xlim = c(0, 10))$data$x), 10)
    skip_if_not_installed("ggplot2")
    for (one in fits) expect_silent(ggplot2::ggplot_build(ggplot2::autoplot(one, "radial")))
  })
})

test_that("only values with errors have a radial plot", {
  x <- faithful$waiting
  fits <- list(
    gmm1d(x, k = 2), gmm1d(x, k = 1, error = rep(0:1, 136)),
    gmm1d(x, k = 2, error = 1, censored = c(50, NA))
  )
  for (fit in fits) {
    expect_error(plot(fit, "radial"), "errors above 0", class = "gmm1d_error_argument")
    skip_if_not_installed("ggplot2")
    expect_error(ggplot2::autoplot(fit, "radial"), class = "gmm1d_error_argument")
  }
})
