# Radial plots need values with errors.
types <- setdiff(eval(formals(gmm1d:::plot.gmm1d)$type), "radial")

test_that("plots look as they should", {
  skip_if_not_installed("vdiffr")
  fit <- gmm1d(~waiting, data = faithful, k = 2)
  vdiffr::expect_doppelganger("two components", function() plot(fit))
  vdiffr::expect_doppelganger("black and white, own breaks", function() {
    plot(fit, breaks = seq(40, 100, 2), col = "black", main = "Old Faithful", legend = FALSE)
  })
  groups <- as.vector(outer(qnorm(ppoints(30)), 10 * 1:7, "+"))
  vdiffr::expect_doppelganger("seven components", function() plot(gmm1d(groups, k = 7)))
  vdiffr::expect_doppelganger("one component", function() plot(gmm1d(as.vector(precip), k = 1)))
  outlier <- quietly(gmm1d(c(faithful$waiting, 1e9), k = 3))
  vdiffr::expect_doppelganger("far outlier", function() plot(outlier))
})

test_that("every type returns the fit and leaves graphics parameters as they were", {
  fit <- gmm1d(faithful$waiting, k = 2)
  withr::with_pdf(NULL, {
    before <- par(no.readonly = TRUE)[c("mar", "mfrow", "cex", "lty", "col", "xpd", "mgp", "las")]
    for (type in types) {
      expect_identical(withVisible(plot(fit, type, las = 1)), list(value = fit, visible = FALSE))
      expect_identical(par(no.readonly = TRUE)[names(before)], before)
    }
  })
})

test_that("no type uses random numbers", {
  fit <- gmm1d(faithful$waiting, k = 2)
  withr::with_pdf(NULL, withr::with_seed(1, {
    before <- .Random.seed
    for (type in types) plot(fit, type)
    expect_identical(.Random.seed, before)
  }))
})

test_that("every type can plot any fit", {
  fits <- quietly(list(
    gmm1d(c(1, 2), k = 1), gmm1d(5, k = 1, control = list(min_sigma = 1)),
    gmm1d(faithful$waiting, k = 2, control = list(max_iter = 1, keep_data = FALSE)),
    gmm1d(faithful$waiting, k = 2, weights = rep(1 / 272, 272)),
    gmm1d(faithful$waiting * 1e-300, k = 2), gmm1d(faithful$waiting * 1e300, k = 2),
    gmm1d(faithful$waiting + 1e9, k = 2), gmm1d(c(faithful$waiting, 1e9), k = 1),
    gmm1d(qnorm(ppoints(500)), k = 1, weights = rep(2e6, 500))
  ))
  withr::with_pdf(NULL, {
    for (fit in fits) for (type in types) expect_silent(plot(fit, type))
  })
})

test_that("every type accepts limits, forwards, backwards and far from the data", {
  fit <- gmm1d(faithful$waiting, k = 2)
  withr::with_pdf(NULL, {
    for (type in types) {
      expect_silent(plot(fit, type, xlim = c(60, 70)))
      expect_silent(plot(fit, type, xlim = c(100, 40), legend = FALSE))
      expect_silent(plot(fit, type, xlim = c(1e6, 2e6)))
      expect_silent(plot(fit, type, ylim = c(1, 2), main = "m", xlab = "x", ylab = "y"))
      lower <- if (type %in% c("uncertainty", "classification")) 1 - 0.28 else 1
      limits <- par("usr")[3:4]
      if (type == "trace") limits <- 10^limits
      if (type == "selection") limits <- expm1(limits)
      expect_equal(limits, c(lower, 2))
    }
  })
})

test_that("unknown arguments are errors", {
  fit <- gmm1d(faithful$waiting, k = 2)
  withr::with_pdf(NULL, {
    expect_error(plot(fit, "nonsense"), class = "gmm1d_error_argument")
    expect_error(plot(fit, tpye = "qq"), class = "gmm1d_error_argument")
    expect_error(plot(fit, legend = NA), class = "gmm1d_error_type")
    expect_error(plot(fit, rug = 1), class = "gmm1d_error_type")
    expect_error(plot(fit, cutpoints = "yes"), class = "gmm1d_error_type")
    expect_error(plot(fit, xlim = 1), class = "gmm1d_error_shape")
    expect_error(plot(fit, xlim = c(1, 1)), class = "gmm1d_error_range")
    expect_error(plot(fit, ylim = c(0, NA)), class = "gmm1d_error_infinite")
    expect_error(plot(fit, "trace", ylim = c(0, 1)), class = "gmm1d_error_range")
    expect_error(plot(fit, breaks = c(50, 60)), class = "gmm1d_error_range")
  })
})

test_that("curves reach every component, however narrow", {
  mixture <- list(lambda = c(0.5, 0.5), mu = c(0, 10), sigma = c(1e-6, 1), k = 2L)
  mixture$points <- squash(1:9)
  curves <- gmm1d:::curves_of(mixture, c(-5, 15))
  expect_equal(max(curves$total), dgmm1d(0, mixture$lambda, mixture$mu, mixture$sigma))
  expect_equal(curves$total, rowSums(curves$components))
})

test_that("cut-points and a rug are drawn on request", {
  skip_if_not_installed("vdiffr")
  fit <- gmm1d(~waiting, data = faithful, k = 2)
  vdiffr::expect_doppelganger("cut-points and rug", function() {
    plot(fit, cutpoints = TRUE, rug = TRUE)
  })
})

test_that("a fit can be added to a histogram, in its unit", {
  skip_if_not_installed("vdiffr")
  fit <- gmm1d(~waiting, data = faithful, k = 2)
  vdiffr::expect_doppelganger("lines in a histogram", function() {
    hist(faithful$waiting, breaks = seq(40, 100, 2))
    lines(fit, components = TRUE, scale = "count", binwidth = 2, lwd = 2)
  })
  withr::with_pdf(NULL, {
    plot(0:100, 0:100)
    expect_identical(withVisible(lines(fit)), list(value = fit, visible = FALSE))
    expect_error(lines(fit, scale = "count"), class = "gmm1d_error_argument")
    expect_error(lines(fit, components = NA), class = "gmm1d_error_type")
  })
})

test_that("with counts, the bars have the number of values", {
  fit <- gmm1d(~waiting, data = faithful, k = 2)
  view <- gmm1d:::density_view(fit, gmm1d:::parse_look(breaks = seq(40, 100, 5), scale = "count"))
  expect_equal(view$bars$height, hist(faithful$waiting, seq(40, 100, 5), plot = FALSE)$counts)
  expect_equal(view$curves$total, 272 * 5 * dgmm1d(view$curves$x, fit))
})

# Fits with errors, through a window, and with noise; and one whose true values vary much less than
# their errors.
fits_observed <- function() {
  waiting <- faithful$waiting
  seen <- waiting[waiting >= 50 & waiting <= 90]
  list(
    errors = gmm1d(waiting, error = 3, k = 2),
    window = gmm1d(seen, within = c(49.5, 90.5), k = 2),
    noise = gmm1d(c(waiting, seq(0, 200, 5)), noise = c(0, 200), k = 2),
    "large errors" = gmm1d(waiting, error = 1, k = 2, fixed = list(sigma = 0.2))
  )
}

test_that("noise and unseen values have curves of their own", {
  skip_if_not_installed("vdiffr")
  fits <- fits_observed()
  for (name in c("window", "noise")) {
    vdiffr::expect_doppelganger(paste("density", name), function() plot(fits[[name]]))
  }
  skip_if_not_installed("ggplot2")
  vdiffr::expect_doppelganger("autoplot density noise", ggplot2::autoplot(fits$noise))
})

test_that("the curves are the densities of noise and of unseen values", {
  fits <- fits_observed()
  curves <- lapply(fits, function(fit) gmm1d:::density_view(fit, gmm1d:::parse_look())$curves)
  expect_identical(unname(unlist(lapply(curves, function(one) names(one$others)))),
                   c("true values", "all values", "noise", "true values"))
  for (name in c("errors", "window")) {
    expect_equal(curves[[name]]$others[[1]], dgmm1d(curves[[name]]$x, fits[[name]]))
  }
  inside <- curves$noise$x > 0 & curves$noise$x < 200
  expect_equal(curves$noise$others$noise[inside], rep(fits$noise$noise[1] / 200, sum(inside)))
  # At most twice as high as the density of what is seen.
  high <- curves[["large errors"]]
  expect_true(anyNA(high$others[[1]]))
  view <- gmm1d:::density_view(fits[["large errors"]], gmm1d:::parse_look())
  expect_equal(view$top, 2 * max(view$bars$height, high$total))
  # If a sigma is 0, the density is infinite.
  peaks <- gmm1d(c(1:9, 21:29), error = 3, k = 2, fixed = list(sigma = 0))
  expect_length(gmm1d:::other_densities(1:30, peaks), 0L)
  expect_length(gmm1d:::other_densities(1:30, gmm1d(c(1:9, 21:29), k = 2)), 0L)
})

test_that("every view can be plotted without data", {
  fit <- gmm1d(faithful$waiting, k = 2)
  withr::with_pdf(NULL, {
    for (type in types) {
      expect_no_condition(plot(fit, type, xlim = c(1000, 2000)))
      skip_if_not_installed("ggplot2")
      expect_no_condition(ggplot2::ggplot_build(ggplot2::autoplot(fit, type, xlim = c(1000, 2000))))
    }
  })
})

test_that("cut-points are also drawn for fits without standard errors", {
  mixture <- list(lambda = c(0.4, 0.6), mu = c(50, 85), sigma = c(12, 12))
  fit <- as_gmm1d(mixture, faithful$waiting)
  withr::with_pdf(NULL, expect_no_condition(plot(fit, cutpoints = TRUE)))
  skip_if_not_installed("ggplot2")
  expect_no_condition(ggplot2::ggplot_build(ggplot2::autoplot(fit, cutpoints = TRUE)))
  expect_no_condition(ggplot2::ggplot_build(ggplot2::autoplot(fit, "trace")))
})

test_that("an open bin is one bar, of the area that it has", {
  set.seed(11)
  x <- c(rnorm(200, 0.9, 0.3), rnorm(60, 2.4, 0.5))
  for (limits in list(c(0.7, NA), c(NA, 2.5), c(0.6, 2.8))) {
    fit <- quietly(gmm1d(pmax(x, limits[1], na.rm = TRUE), k = 2, censored = limits))
    bars_with <- function(breaks = NULL) {
      look <- list(breaks = breaks, scale = "density", cutpoints = FALSE)
      gmm1d:::density_view(fit, look)$bars
    }
    bars <- bars_with()
    ends <- which(bars$open)
    expect_length(ends, sum(!is.na(limits)))
    expect_true(all(ends %in% c(1, nrow(bars))))
    area <- bars$height * (bars$right - bars$left)
    expect_equal(sum(area), 1)
    for (breaks in list(20, 60)) {
      expect_length(which(bars_with(breaks)$open), length(ends))
    }
  }
})
