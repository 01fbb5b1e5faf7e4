histogram <- function(points, breaks, ...) gmm1d:::histogram_of(points, breaks, NULL, ...)

test_that("the histogram agrees with hist, and weights count", {
  for (x in real_data()) {
    theirs <- hist(x, plot = FALSE)
    ours <- histogram(squash(x), theirs$breaks)
    expect_equal(ours$density, theirs$density)
    expect_equal(ours$count, theirs$counts)
  }
  bars <- histogram(squash(c(1, 2, 3), c(1, 2, 1)), c(0.5, 1.5, 2.5, 3.5))
  expect_equal(bars$density, c(0.25, 0.5, 0.25))
})

test_that("the histogram of squashed data is within half a standard error of that of all", {
  x <- draw(marron_wand$claw, 1e5)
  points <- squash(x)
  expect_false(is.null(points$width))
  theirs <- hist(x, breaks = 60, plot = FALSE)
  ours <- histogram(points, theirs$breaks)
  expect_lt(max(abs(ours$count - theirs$counts) / sqrt(theirs$counts + 10)), 0.5)
  expect_equal(sum(ours$count), 1e5)
})

test_that("the bars of grouped data are the bins; other bars divide them", {
  bins <- squash(data.frame(lower = c(0, 1, 3), upper = c(1, 3, Inf), count = c(2, 4, 3)))
  bins$x[3] <- 5
  bars <- histogram(bins, NULL)
  expect_equal(bars$breaks, c(0, 1, 3, 7))
  expect_equal(bars$count, c(2, 4, 3))
  expect_equal(histogram(bins, c(0, 2, 4, 7))$count, c(2 + 2, 2 + 0.75, 2.25))
})

test_that("weight can be counted up to a number, or below it", {
  points <- squash(c(1, 2, 2, 3))
  expect_equal(gmm1d:::weight_up_to(points, c(0, 1, 2, 3, 4)), c(0, 1, 3, 4, 4))
  expect_equal(gmm1d:::weight_up_to(points, c(0, 1, 2, 3, 4), closed = FALSE), c(0, 0, 1, 3, 4))
})

test_that("all data are shown unless nearly all lie in a twentieth of their range", {
  bulk <- function(x, w = NULL) gmm1d:::bulk_of(squash(x, w))
  for (x in real_data()) expect_equal(bulk(x), range(x))
  x <- qnorm(ppoints(200))
  expect_identical(bulk(x), range(x))
  expect_identical(bulk(c(x, 1e6)), range(x))
  expect_identical(bulk(c(-1e6, x, 1e6, 2e6)), range(x))
  expect_identical(bulk(c(x, 1e6 + x)), range(x, 1e6 + x))
  expect_identical(bulk(1:9), c(1, 9))
  expect_identical(bulk(c(1:8, 1e6)), c(1, 1e6))
  expect_identical(bulk(c(1:9, 1e6)), c(1, 9))
  expect_identical(bulk(c(0, 1e6), c(99, 1)), c(0, 1e6))
  expect_equal(bulk(-7 * c(x, 1e6)), -7 * rev(range(x)))
})

test_that("without breaks, bars suit the data within the limits", {
  fit <- gmm1d(faithful$waiting, k = 2)
  bars <- gmm1d:::histogram_of(fit$points, NULL, fit, c(60, 70))
  width <- diff(bars$breaks[1:2])
  expect_lt(max(abs(range(bars$breaks) - c(60, 70))), width)
  all <- hist(faithful$waiting, c(-Inf, bars$breaks, Inf), plot = FALSE)
  expect_equal(bars$count, all$counts[-c(1, length(all$counts))])
  expect_equal(sum(gmm1d:::histogram_of(fit$points, NULL, fit, c(0, 1))$count), 0)
})

test_that("bars of rounded values have edges between values, the same number of steps apart", {
  for (x in list(faithful$waiting, iris$Petal.Width, quakes$mag, 7 + 3 * (0:20), c(0.25, 2.25))) {
    fit <- quietly(gmm1d(x, k = 1))
    for (breaks in list(NULL, 4, 300)) {
      bars <- gmm1d:::histogram_of(fit$points, breaks, fit)
      steps <- (bars$breaks - x[1]) / fit$points$step
      expect_equal(steps %% 1, rep(0.5, length(steps)), tolerance = 1e-6)
      expect_equal(diff(steps), rep(diff(steps)[1], length(steps) - 1), tolerance = 1e-6)
      expect_equal(sum(bars$count), length(x))
    }
  }
})

test_that("breaks must cover the data", {
  points <- squash(faithful$waiting)
  expect_error(histogram(points, c(50, 60)), class = "gmm1d_error_range")
  expect_error(histogram(points, "many"), class = "gmm1d_error_type")
  expect_error(histogram(points, numeric()), class = "gmm1d_error_shape")
  expect_error(histogram(points, 0), class = "gmm1d_error_range")
  expect_error(histogram(points, c(0, Inf)), class = "gmm1d_error_infinite")
})

test_that("an open bin is drawn as far as the mixture reaches, with the area of its count", {
  truth <- list(lambda = c(0.6, 0.4), mu = c(10, 20), sigma = c(2, 3))
  edges <- c(-Inf, 8:22, Inf)
  p <- diff(pgmm1d(edges, truth$lambda, truth$mu, truth$sigma))
  fit <- gmm1d(data.frame(lower = edges[-17], upper = edges[-1], count = 1e4 * p), k = 2)
  for (scale in c("density", "count")) {
    view <- density_view(fit, parse_look(scale = scale))
    bars <- view$bars
    expect_identical(which(bars$open), c(1L, 16L))
    unit <- if (scale == "count") 1e4 else 1
    expect_equal(bars$height * (bars$right - bars$left) / unit, p, tolerance = 1e-9)
    # A perfect fit looks perfect: no bar is above the highest point of the curve in it.
    highest <- mapply(function(from, to) {
      max(view$curves$total[view$curves$x >= from & view$curves$x <= to])
    }, bars$left, bars$right)
    expect_true(all(bars$height <= highest * 1.01))
  }
  expect_false(any(density_view(gmm1d(faithful$waiting, k = 2), parse_look())$bars$open))
})
