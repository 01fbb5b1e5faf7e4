test_that("classification and uncertainty look as they should", {
  skip_if_not_installed("vdiffr")
  fit <- gmm1d(~waiting, data = faithful, k = 2)
  galaxies <- quietly(gmm1d(MASS::galaxies, k = 6))
  for (type in c("classification", "uncertainty")) {
    vdiffr::expect_doppelganger(type, function() plot(fit, type))
    vdiffr::expect_doppelganger(paste(type, "six components"), function() plot(galaxies, type))
  }
})

test_that("regions meet where two components are equally probable, and cover the limits", {
  fit <- quietly(gmm1d(galaxies, k = 6))
  regions <- gmm1d:::regions_of(fit, c(8000, 40000))
  expect_identical(regions$from[1], 8000)
  expect_identical(regions$to[length(regions$to)], 40000)
  cuts <- regions$from[-1L]
  expect_identical(cuts, regions$to[seq_along(cuts)])
  two <- apply(predict(fit, cuts, "posterior"), 1, sort, decreasing = TRUE)[1:2, ]
  expect_equal(two[1, ], two[2, ], tolerance = 1e-8)
  expect_identical(predict(fit, (regions$from + regions$to) / 2), regions$component)
})

test_that("a wide component around a narrow one has two regions", {
  mixture <- list(lambda = c(0.5, 0.5), mu = c(0, 0), sigma = c(1, 1e-4), k = 2L)
  regions <- gmm1d:::regions_of(mixture, c(-5, 5))
  expect_identical(regions$component, c(1L, 2L, 1L))
  expect_equal(regions$from[2], -regions$from[3])
})

test_that("the strip shows all data within the limits, in the colours of their components", {
  for (x in real_data()) {
    fit <- quietly(gmm1d(x, k = 2))
    xlim <- gmm1d:::default_xlim(fit)
    regions <- gmm1d:::regions_of(fit, xlim)
    bars <- gmm1d:::strip_bars(fit, regions, xlim)
    expect_equal(max(bars$height), 1)
    margin <- 1e-9 * diff(range(x))
    shown <- outer(x, bars$left - margin, ">=") & outer(x, bars$right + margin, "<=")
    expect_true(all(rowSums(shown) >= 1))
    expect_equal(predict(fit, (bars$left + bars$right) / 2), bars$component)
  }
})

test_that("bars of rounded data contain the same number of steps", {
  points <- squash(faithful$waiting)
  for (xlim in list(c(43, 96), c(43, 1000), c(50, 60))) {
    width <- diff(gmm1d:::strip_breaks(points, xlim))
    expect_equal(width, rep(round(width[1]), length(width)))
  }
})

test_that("the strip shows open bins as far as the plot, and marks them", {
  bins <- data.frame(lower = c(-Inf, 46:93, 94), upper = c(46:94, Inf))
  count <- table(cut(faithful$waiting, c(-Inf, 46:94, Inf)))
  fit <- quietly(gmm1d(data.frame(bins, count = as.vector(count)), k = 2))
  xlim <- gmm1d:::default_xlim(fit)
  bars <- gmm1d:::strip_bars(fit, gmm1d:::regions_of(fit, xlim), xlim)
  expect_identical(bars$open, bars$right <= 46 | bars$left >= 94)
  expect_lte(min(bars$left), xlim[1])
  expect_false(any(gmm1d:::strip_bars(gmm1d(faithful$waiting, k = 1),
                                      list(from = 40, to = 100, component = 1L), c(40, 100))$open))
})
