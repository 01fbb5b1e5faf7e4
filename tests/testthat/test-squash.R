test_that("points are the sorted distinct values with their counts", {
  points <- squash(c(3, 1, 2, 3, NA, 3, NaN))
  expect_identical(points$x, c(1, 2, 3))
  expect_identical(points$w, c(1, 1, 3))
  expect_identical(points$n, 5)
  expect_identical(points$n_missing, 2)
})

test_that("weights of equal values add up, and weight 0 is absent", {
  points <- squash(c(2, 1, 2, 5), c(0.5, 1, 0.25, 0))
  expect_identical(points$x, c(1, 2))
  expect_identical(points$w, c(1, 0.75))
})

test_that("the order of the rows changes nothing", {
  x <- round(draw(marron_wand$claw, 500), 1)
  w <- withr::with_seed(1, rexp(500))
  order <- withr::with_seed(2, sample(500))
  expect_identical(squash(x[order]), squash(x))
  expect_equal(squash(x[order], w[order]), squash(x, w), tolerance = 1e-14)
})

test_that("the scale is min(sd, IQR / 1.349), and sd where the IQR is 0", {
  for (x in real_data()) {
    expect_equal(squash(x)$scale, min(sd(x), IQR(x) / 1.349), tolerance = 1e-12)
  }
  x <- c(rep(0, 10), 1, 5)
  expect_equal(squash(x)$scale, sd(x), tolerance = 1e-12)
  expect_equal(squash(2^990 * x)$scale / 2^990, sd(x), tolerance = 1e-12)
})

test_that("the step of a lattice is found, and none where there is none", {
  steps <- c(waiting = 1, eruptions = 0.001, galaxies = 1, precip = 0.1, depth = 1)
  for (name in names(steps)) {
    expect_equal(squash(real_data()[[name]])$step, steps[[name]], tolerance = 1e-6)
  }
  expect_identical(squash(draw(marron_wand$gaussian, 100))$step, 0)
  expect_equal(squash(c(10, 16, 31) * 1e-200)$step, 3e-200, tolerance = 1e-9)
})

test_that("integer64 is converted by value", {
  skip_if_not_installed("bit64")
  x <- bit64::as.integer64(c(5, NA, -3, 2^40))
  points <- squash(x)
  expect_identical(points$x, c(-3, 5, 2^40))
  expect_identical(points$n_missing, 1)
  expect_identical(squash(1:3, bit64::as.integer64(c(1, 2, 3)))$w, c(1, 2, 3))
})

test_that("the data are not changed", {
  x <- c(3, 1, 2)
  squash(x)
  expect_identical(x, c(3, 1, 2))
})

moments_of <- function(x, w, about) colSums(w * outer(x - about, 0:5, "^"))

test_that("cells keep n, and the moments of order 0 to 5", {
  for (name in names(marron_wand)) {
    x <- draw(marron_wand[[name]], 2e4)
    points <- squash(x)
    expect_lt(length(points), 8192)
    expect_equal(points$n, 2e4, tolerance = 1e-14)
    expect_equal(moments_of(points$x, points$w, 0), moments_of(x, 1, 0), tolerance = 1e-12)
    expect_false(is.unsorted(points$x))
    expect_true(all(points$w > 0))
  }
})

test_that("one, two or three values in a cell are kept exactly", {
  cells <- function(x, w) gmm1d:::points_of_cells_cpp(gmm1d:::cells_of_values_cpp(x, w, 0L))
  for (x in list(0.2, c(0.1, 0.7), c(0.05, 0.4, 0.9))) {
    w <- seq_along(x) + 0.5
    expect_equal(cells(x, w)[c("x", "w")], list(x = x, w = w), tolerance = 1e-10)
  }
})

test_that("sums of smooth functions are those of the data within the bound", {
  x <- draw(marron_wand$gaussian, 2e4)
  points <- squash(x)
  width <- 2^-points$grid$level
  # |d^6/dx^6 sin(3 x)| is at most 3^6
  bound <- 2e4 * 3^6 * width^6 / 737280
  expect_lt(abs(sum(points$w * sin(3 * points$x)) - sum(sin(3 * x))), bound + 1e-10)
})

test_that("results are bitwise identical for any number of threads", {
  x <- draw(marron_wand$claw, 3e5)
  w <- withr::with_seed(1, rexp(3e5))
  one <- gmm1d_control(threads = 1)
  two <- gmm1d_control(threads = 2)
  expect_identical(squash(x, control = one), squash(x, control = two))
  expect_identical(squash(x, w, control = one), squash(x, w, control = two))
  rounded <- round(x, 2)
  expect_identical(squash(rounded, control = one), squash(rounded, control = two))
  fit <- gmm1d(x, k = 2, control = one)
  expect_identical(gmm1d(x, k = 2, control = two)[1:10], fit[1:10])
})

test_that("parts squashed separately and merged give the fit of the whole", {
  x <- draw(marron_wand$trimodal, 3e4)
  whole <- gmm1d(x, k = 3)
  cuts <- list(c(5e3, 25e3), c(100, 29900), c(29000, 1000))  # 100 values are kept exactly
  for (cut in cuts) {
    # a part that is far narrower than the whole has finer cells
    sorted <- if (cut[1] == 29000) sort(x) else x
    parts <- split(sorted, rep(1:2, cut))
    merged <- c(squash(parts[[1]]), squash(parts[[2]]))
    expect_equal(merged$n, 3e4)
    fit <- gmm1d(merged, k = 3)
    expect_close_fits(fit, whole, 1e-5)
  }
  far <- c(whole$points, squash(1e307))
  expect_identical(far$x[length(far)], 1e307)
  few <- c(squash(c(1, 2, NA)), squash(c(2, 3)), squash(5))
  expect_identical(as.data.frame(few), data.frame(x = c(1, 2, 3, 5), w = c(1, 2, 1, 1)))
  expect_identical(few$n_missing, 1)
  expect_error(c(few, 1), class = "gmm1d_error_type")
})

test_that("weights that sum to 1 have the quantiles of counts", {
  x <- draw(marron_wand$trimodal, 400)
  expect_equal(quietly(squash(x, rep(1 / 400, 400)))$scale, squash(x)$scale, tolerance = 0.01)
})

test_that("coarser cells keep n and the moments", {
  x <- draw(marron_wand$gaussian, 2e4)
  points <- squash(x)
  coarse <- gmm1d:::coarsen(points, points$grid$level - 3L)
  expect_lt(length(coarse), length(points) / 4)
  expect_equal(moments_of(coarse$x, coarse$w, 0), moments_of(x, 1, 0), tolerance = 1e-12)
})

test_that("squashed data print, and are data frames", {
  expect_snapshot(squash(c(faithful$waiting, NA)))
  expect_snapshot(squash(qnorm(ppoints(20000))))
  expect_s3_class(as.data.frame(squash(1:3)), "data.frame")
})

test_that("vectors that R computes on request give the same points", {
  expect_identical(squash(1:20000), squash(as.double(1:20000)))
  expect_identical(squash(c(3L, NA, 5L)), squash(c(3, NA, 5)))
})

test_that("far outliers take few cells and change nothing else", {
  x <- draw(marron_wand$gaussian, 2e4)
  points <- squash(x)
  for (outlier in c(1e6, -1e300)) {
    with_outlier <- squash(c(x, outlier))
    expect_identical(with_outlier$n, 20001)
    inside <- abs(with_outlier$x) < 100
    expect_equal(moments_of(with_outlier$x[inside], with_outlier$w[inside], 0),
                 moments_of(x, 1, 0), tolerance = 1e-12)
    expect_equal(with_outlier$x[!inside], outlier, tolerance = 1e-14)
    expect_lt(length(with_outlier), 1.2 * length(points))
  }
  cauchy <- squash(withr::with_seed(1, rcauchy(1e5)))
  expect_lt(length(cauchy), 2e4)
})

test_that("values over many decades, and few bits, keep n and their moments", {
  n <- 2e4
  data <- withr::with_seed(1, list(
    decades_40 = 10^runif(n, -20, 20), decades_600 = 10^runif(n, -300, 300),
    both_signs = 10^runif(n, -100, 100) * sample(c(-1, 1), n, TRUE),
    whole = floor(10^runif(n, 0, 15)), multiples = 2^-500 * sample(1e6, n, TRUE),
    eight_bits = sample(outer(8:15, 2^(-500:500)), n, TRUE), small_p = rbeta(n, 1e-3, 1),
    sizes = floor(2^rnorm(n, 12, 6)), incomes = ifelse(runif(n) < 0.3, 0, rlnorm(n, 10, 2))
  ))
  for (x in data) {
    points <- squash(x)
    expect_equal(sum(points$w), n, tolerance = 1e-14)
    unit <- max(abs(x))
    raised <- function(x, power) (x / unit)^power
    for (power in 1:5) {
      error <- sum(points$w * raised(points$x, power)) - sum(raised(x, power))
      expect_lt(abs(error), 1e-11 * sum(abs(raised(x, power))))
    }
    # cells no wider than a power of two have it as an edge
    edge <- 2^seq(1010, -1000, by = -10)
    wide <- points$width > 0 & abs(points$x) < points$width
    edge <- edge[edge > max(0, points$width[wide])]
    above <- vapply(edge, function(e) sum(points$w[points$x >= e]), 0)
    expect_equal(above, vapply(edge, function(e) sum(x >= e), 0), tolerance = 1e-12)
  }
})

test_that("the error gives the position of a bad value", {
  expect_error(squash(c(1, Inf, 2)), "`x` must be finite, not Inf at position 2",
               class = "gmm1d_error_infinite")
  expect_error(squash(1:3, c(1, NA, 1)), "`weights` .* not NA at position 2",
               class = "gmm1d_error_missing")
  expect_error(squash(1:3, c(1, 1, -2)), "`weights` .* not -2 at position 3",
               class = "gmm1d_error_range")
  x <- replace(draw(marron_wand$gaussian, 2e5), 150000, -Inf)
  expect_error(squash(x), "position 150000", class = "gmm1d_error_infinite")
})

test_that("values that look equal beside a distant one do not lie on a lattice", {
  expect_identical(squash(c(0.3, 1, 2.2, 3.5e14, -1.3e27))$step, 0)
  fit <- quietly(gmm1d(c(qnorm(ppoints(100)), -1.3e27), k = 1:2))
  expect_gt(diff(fit$selection$loglik), 0)
})

test_that("a fit of squashed data is named after them", {
  points <- squash(faithful$waiting)
  expect_identical(gmm1d(points, k = 1)$data_name, "points")
  expect_identical(gmm1d(squash(faithful$waiting), k = 1)$data_name, "squash(faithful$waiting)")
})

test_that("parts on different lattices, merged in cells, lie on none", {
  expect_identical(c(squash(1:20000), squash(0.3 * (1:20000)))$step, 0)
})

test_that("summary() of squashed data is what print() shows", {
  expect_identical(summary(squash(1:9)), squash(1:9))
  expect_error(summary(squash(1:9), 3), class = "gmm1d_error_argument")
})

test_that("squashed data have the mean of the data, and the weights of their points", {
  x <- draw(marron_wand$skewed, 20000)
  expect_equal(mean(squash(x)), mean(x), tolerance = 1e-12)
  expect_equal(mean(squash(c(1, 2, 7), weights = c(1, 2, 3))), 26 / 6)
  expect_identical(weights(squash(c(1, 2, 2, 7))), c(1, 2, 1))
  expect_error(median(squash(x)), class = "gmm1d_error_argument")
})

test_that("over many scales, on both sides of 0, cells contain their values and no others", {
  set.seed(1)
  wide <- 10^runif(3e4, -300, 300)
  for (x in list(10^runif(3e4, -20, 20), -10^runif(3e4, -20, 20), c(wide, -wide / 3, 0, 5e-324),
                 1e6 + 10^runif(3e4, -12, 2), rt(3e4, 0.3))) {
    cells <- unclass(squash(x))$cells
    left <- cells$index * 2^-cells$level
    expect_false(is.unsorted(left, strictly = TRUE))
    held <- tabulate(findInterval(x, left), length(left))
    expect_identical(as.double(held), cells$sums[1L, ])
  }
})
