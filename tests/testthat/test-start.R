# Every way to cut sorted values into k runs, and the least sum of squares among them.
least_squares <- function(x, w, k) {
  cost <- function(x, w) sum(w * (x - weighted.mean(x, w))^2)
  cuts <- if (k == 1) list(integer()) else combn(length(x) - 1, k - 1, simplify = FALSE)
  min(vapply(cuts, function(cut) {
    group <- findInterval(seq_along(x), cut + 1)
    sum(mapply(cost, split(x, group), split(w, group)))
  }, 1))
}

starting_values <- function(points, k) {
  gmm1d:::starting_values_cpp(points, k, gmm1d:::em_options(points, gmm1d_control(), k))
}

test_that("k-means is exact", {
  for (seed in 1:5) {
    x <- draw(marron_wand$claw, 12, seed)
    w <- withr::with_seed(seed, rexp(12))
    points <- gmm1d:::squash(x, w)
    for (k in 1:6) {
      start <- starting_values(points, k)$kmeans
      # Between-group sums of squares, from the proportions and the means alone.
      total <- sum(points$w * (points$x - weighted.mean(points$x, points$w))^2)
      centre <- weighted.mean(points$x, points$w)
      within <- total - sum(points$n * start$lambda * (start$mu - centre)^2)
      expect_equal(within, least_squares(points$x, points$w, k), tolerance = 1e-10)
    }
  }
})

test_that("an outlier costs k-means no digits", {
  groups <- c(0:5, 5e3 + 0:5)
  for (outlier in c(-1e100, 1e100)) {
    start <- starting_values(gmm1d:::squash(c(groups, outlier)), 3)$kmeans
    expect_equal(sort(start$lambda * 13), c(1, 6, 6))
  }
})

test_that("starting groups are not empty, and are as many as asked for", {
  for (x in list(1:9, c(rep(0, 1000), 1:8), c(1:8, rep(9, 1000)), c(-1e300, 1:7, 1e300),
                 1:9 * 1e-310)) {
    points <- gmm1d:::squash(x)
    for (k in 1:9) {
      for (start in starting_values(points, k)) {
        expect_length(start$mu, k)
        expect_true(all(diff(start$mu) > 0))
        expect_true(all(start$lambda > 0) && abs(sum(start$lambda) - 1) < 1e-12)
        expect_true(all(start$sigma > 0) && all(is.finite(start$sigma)))
      }
    }
  }
})

test_that("the better of the two starts is taken", {
  better <- character()
  for (case in list(list("galaxies", 3), list("galaxies", 4), list("depth", 5))) {
    x <- real_data()[[case[[1]]]]
    starts <- starting_values(gmm1d:::squash(x), case[[2]])
    loglik <- vapply(starts, function(start) gmm1d(x, start = start)$loglik, 1)
    expect_gte(gmm1d(x, k = case[[2]])$loglik, max(loglik) - 1e-6)
    expect_gt(diff(range(loglik)), 1)
    better <- c(better, names(which.max(loglik)))
  }
  expect_setequal(better, c("quantile", "kmeans"))
})

test_that("quantile groups have equal weight where there are no ties", {
  start <- starting_values(gmm1d:::squash(1:100), 4)$quantile
  expect_equal(start$lambda, rep(0.25, 4))
  expect_equal(start$mu, c(13, 38, 63, 88))
})

test_that("no random numbers are drawn", {
  withr::with_seed(1, {
    before <- .Random.seed
    gmm1d(faithful$waiting)
    expect_identical(.Random.seed, before)
  })
  withr::with_preserve_seed({
    rm(".Random.seed", envir = globalenv())
    gmm1d(faithful$waiting, k = 3)
    expect_false(exists(".Random.seed", globalenv()))
  })
})

test_that("the fit climbs from the start that is given, a list or a fit", {
  x <- faithful$waiting
  start <- list(sigma = c(5, 5), mu = c(50, 80), lambda = c(0.5, 0.5))
  fit <- gmm1d(x, start = start)
  expect_equal(fit$trace[1], reference_loglik(x, start), tolerance = 1e-12)
  expect_identical(fit$k, 2L)
  again <- gmm1d(x, k = 2, start = fit)
  expect_equal(again$trace[1], fit$loglik, tolerance = 1e-12)
})
