# All ways to cut sorted values into k runs, and the smallest sum of squares among them.
least_squares <- function(x, w, k) {
  cost <- function(x, w) sum(w * (x - weighted.mean(x, w))^2)
  cuts <- if (k == 1) list(integer()) else combn(length(x) - 1, k - 1, simplify = FALSE)
  min(vapply(cuts, function(cut) {
    group <- findInterval(seq_along(x), cut + 1)
    sum(mapply(cost, split(x, group), split(w, group)))
  }, 1))
}

starting_values <- function(points, k) {
  gmm1d:::starting_values_cpp(points, k, gmm1d:::em_options(gmm1d_control()))
}

# The objectives that the search reaches for each k.
objectives <- function(points, k, starts = "fast") {
  control <- gmm1d_control(starts = starts)
  path <- gmm1d:::search_each(list(points), list(k), gmm1d:::free_model, control)[[1L]]
  vapply(path, `[[`, 1, "objective")
}

test_that("k-means is exact", {
  for (seed in 1:5) {
    x <- draw(marron_wand$claw, 12, seed)
    w <- withr::with_seed(seed, rexp(12))
    points <- squash(x, w)
    for (k in 1:6) {
      start <- starting_values(points, k)$kmeans
      # Between-group sums of squares, computed from the proportions and the means alone.
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
    start <- starting_values(squash(c(groups, outlier)), 3)$kmeans
    expect_equal(sort(start$lambda * 13), c(1, 6, 6))
  }
})

test_that("starting groups are not empty, and have the requested number", {
  for (x in list(1:9, c(rep(0, 1000), 1:8), c(1:8, rep(9, 1000)), c(-1e300, 1:7, 1e300),
                 1:9 * 1e-310)) {
    points <- squash(x)
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

test_that("segments have the largest classification likelihood", {
  x <- c(0, 0.2, 0.4, 3, 3.1, 8, 8.5, 9)
  points <- squash(x)
  likelihood <- function(group) {
    sum(tapply(x, group, function(part) {
      n <- length(part)
      variance <- (sum((part - mean(part))^2) + 2 / 8 * points$scale^2) / (n + 2 / 8)
      n * log(n / 8) - sum((part - mean(part))^2) / (2 * variance) - n / 2 * log(variance) -
        1 / 8 * (points$scale^2 / variance + log(variance))
    }))
  }
  cuts <- combn(7, 2)
  groups <- apply(cuts, 2, function(cut) findInterval(1:8, cut + 1))
  best <- groups[, which.max(apply(groups, 2, likelihood))]
  expect_equal(starting_values(points, 3)$segments$mu, as.vector(tapply(x, best, mean)))
})

test_that("the objective never falls with k, and reaches the best that is known", {
  known <- best_known()
  for (name in intersect(known$data, names(real_data()))) {
    rows <- known[known$data == name, ]
    x <- if (name == "galaxies") galaxies / 1000 else real_data()[[name]]
    control <- gmm1d_control(min_sigma = rows$min_sigma[1])
    objective <- vapply(c(1, rows$k), function(k) {
      fit <- quietly(gmm1d(x, k = k, control = control))
      reference_objective(x, fit, rows$s[1], rows$min_sigma[1])
    }, 1)
    expect_true(all(diff(objective) > -1e-6), label = name)
    expect_true(all(objective[-1] > rows$best_objective - 1e-4), label = name)
  }
})

test_that("a fit does not depend on which other k are tried, and a thorough search finds no less", {
  samples <- c(lapply(marron_wand[c("outlier", "skewed", "claw")], draw, n = 120, seed = 11),
               list(far = c(draw(marron_wand$kurtotic, 60, 2), 80, 90),
                    returns = diff(log(EuStockMarkets[1:301, "DAX"]))))
  for (x in samples) {
    points <- squash(x)
    fast <- objectives(points, 1:5)
    expect_identical(vapply(1:5, function(k) objectives(points, k), 1), fast)
    expect_identical(objectives(points, c(5L, 2L)), fast[c(5, 2)])
    expect_true(all(objectives(points, 1:5, "thorough") >= fast - 1e-6))
    expect_true(all(diff(fast) > -1e-6))
  }
})

test_that("the search moves with the data: shift, scale and reflection", {
  best <- function(x) objectives(squash(x), 2:6)
  # Multiples of 2^-30, which lose no bits.
  for (n in c(150, 3000)) {
    x <- unique(round(draw(marron_wand$asymmetric_claw, n, 3) * 2^30) / 2^30)
    here <- best(x)
    expect_equal(best(-x), here, tolerance = 1e-6 / abs(here[1L]))
    expect_equal(best(x + 64), here, tolerance = 1e-6 / abs(here[1L]))
    expect_equal(best(x * 1024), here - length(x) * log(1024), tolerance = 1e-9)
  }
})

test_that("the outermost values may each be a spike, and are found", {
  # Without them, the wide component is narrower: two insertions, each of which alone gains little.
  x <- c(draw(list(lambda = c(0.9, 0.1), mu = c(0, 0), sigma = c(0.1, 0.8)), 400, 7), -3.4, 3.1)
  fit <- quietly(gmm1d(x, k = 4))
  expect_true(all(c(-3.4, 3.1) %in% round(fit$mu, 6)))
})

test_that("maxima that only an insertion leads to are found", {
  # The best of 300 random and nested starts, without regard to ties.
  fits <- quietly(list(
    gmm1d(sqrt(as.vector(sunspots)), k = 5, control = list(min_sigma = 1e-12)),
    gmm1d(as.vector(volcano), k = 6, control = list(min_sigma = 0.4))
  ))
  found <- vapply(fits, function(fit) fit$selection$objective, 1)
  expect_true(all(found > c(-6994.0061, -23740.5982)))
})

test_that("a narrow component is found and kept", {
  x <- withr::with_seed(1, c(runif(95e3), rnorm(5e3, 0.4321, 1e-4)))
  fit <- quietly(gmm1d(x, k = 2))
  expect_true(fit$converged && !fit$penalised)
  narrow <- which.min(fit$sigma)
  expect_equal(fit$sigma[narrow], 1e-4, tolerance = 0.05)
  expect_equal(fit$mu[narrow], 0.4321, tolerance = 1e-4)
  expect_equal(fit$lambda[narrow], 0.05, tolerance = 0.05)
  expect_lt(fit$certificate$cell_width, 1 / 8)
})

test_that("a component far narrower than the cells is found, in any order", {
  wide <- draw(marron_wand$gaussian, 2e5)
  narrow <- withr::with_seed(2, rnorm(1500, 1, 1e-6))
  fit <- gmm1d(c(wide, narrow), k = 2)
  expect_true(fit$converged && !fit$penalised)
  expect_equal(min(fit$sigma), 1e-6, tolerance = 0.05)
  expect_equal(parameters(gmm1d(c(narrow, wide), k = 2)), parameters(fit), tolerance = 1e-9)
  expect_warning(expect_warning(gmm1d(squash(c(wide, narrow)), k = 2),
                                class = "gmm1d_warning_penalised"),
                 class = "gmm1d_warning_cells")
})

test_that("a lattice of part of the data is not one of the whole", {
  part <- as.numeric(1:5000)
  rest <- 2000 + 0.05 * draw(marron_wand$gaussian, 2e4)
  expect_identical(squash(c(part, rest))$step, 0)
  expect_equal(min(gmm1d(c(part, rest), k = 2)$sigma), 0.05, tolerance = 0.05)
})

test_that("a spike on a few observations is not reported as a maximum", {
  x <- withr::with_seed(16, c(rnorm(200), rnorm(200, 2, 0.6), rexp(200) * 3))
  for (k in 5:8) {
    fit <- quietly(gmm1d(x, k = k))
    expect_true(all(fit$sigma > 0.01 | fit$lambda * 600 > 10), label = k)
  }
})

test_that("one distant outlier does not change the others", {
  x <- draw(marron_wand$bimodal, 2e4)
  fit <- gmm1d(x, k = 2)
  for (outlier in c(1e3, 1e9)) {
    other <- quietly(gmm1d(c(x, outlier), k = 3))
    expect_equal(other$mu[1:2], fit$mu, tolerance = 1e-2)
    expect_equal(other$sigma[1:2], fit$sigma, tolerance = 1e-2)
    expect_equal(other$mu[3], outlier)
  }
})

test_that("quantile groups have equal weight where there are no ties", {
  start <- starting_values(squash(1:100), 4)$quantile
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

test_that("the fit climbs from the given start, a list or a fit", {
  x <- faithful$waiting
  start <- list(sigma = c(5, 5), mu = c(50, 80), lambda = c(0.5, 0.5))
  fit <- gmm1d(x, start = start)
  expect_equal(fit$trace[1], reference_loglik(x, start), tolerance = 1e-12)
  expect_identical(fit$k, 2L)
  again <- gmm1d(x, k = 2, start = fit)
  expect_equal(again$trace[1], fit$loglik, tolerance = 1e-12)
})

test_that("the order of starting components that nothing distinguishes has no effect", {
  x <- draw(list(lambda = c(0.3, 0.4, 0.3), mu = c(0, 3, 7), sigma = c(1, 0.5, 2)), 150, 1)
  start <- list(lambda = c(0.5, 0.2, 0.3), mu = c(1, 2.5, 6), sigma = c(1, 0.7, 1.3))
  orders <- list(c(1, 3, 2), c(2, 1, 3), c(2, 3, 1), c(3, 1, 2), c(3, 2, 1))
  models <- list(
    list(), list(variance = "equal"), list(noise = TRUE), list(relate = list(mu = "symmetric")),
    list(relate = list(sigma = "proportional"))
  )
  fit <- function(model, order) {
    fit <- quietly(do.call(gmm1d, c(list(x, start = lapply(start, `[`, order)), model)))
    unclass(fit)[c("lambda", "mu", "sigma", "loglik", "iterations", "trace")]
  }
  for (model in models) {
    for (order in orders) expect_identical(fit(model, order), fit(model, 1:3))
  }
  # The first component is that of the fixed mean; the others change places.
  first <- list(fixed = list(mu = c(0, NA, NA)))
  expect_identical(fit(first, c(1, 3, 2)), fit(first, 1:3))
})

test_that("the search needs no more groups of data than there are", {
  x <- draw(marron_wand$claw, 300)
  # The errors leave few different observations, a heavy weight few groups for the starts.
  for (n in c(200, 2000)) {
    fit <- quietly(gmm1d(withr::with_seed(2, rnorm(n)), error = 5))
    expect_identical(max(fit$selection$k), 9L)
    expect_true(all(is.finite(fit$selection$loglik)))
  }
  expect_identical(quietly(gmm1d(x, error = 5, k = 12, fixed = list(mu = 1:12 / 4)))$k, 12L)
  heavy <- quietly(gmm1d(x, k = 40, weights = replace(rep(1, 300), 1, 1e6)))
  expect_identical(heavy$k, 40L)
  expect_true(all(is.finite(heavy$sigma)))
})

test_that("values of many scales are searched on few points, however they were observed", {
  # A search on all their points would need more memory than machines have.
  n <- 4e5
  x <- withr::with_seed(1, rnorm(n) * 10^runif(n, -6, 6))
  error <- 0.2 * mad(x)
  labels <- c(rep(1:2, each = 100), rep(NA, n - 200))
  start <- gmm1d(x, k = 2)
  errors <- error * withr::with_seed(2, runif(n, 0.5, 1))
  for (seen in list(list(error = error), list(error = errors), list(error = error, labels = labels),
                    list(error = error, censored = c(-1e4, NA)))) {
    fit <- do.call(gmm1d, c(list(x, k = 2), seen))
    expect_true(fit$converged)
    expect_gte(fit$loglik, do.call(gmm1d, c(list(x, start = start), seen))$loglik - 1e-6)
  }
})

test_that("the fit does not depend on the number of threads, for any kind of data", {
  fits <- function(data, threads, ...) {
    fit <- quietly(gmm1d(data, ..., control = list(threads = threads)))
    unclass(fit)[setdiff(names(fit), c("control", "call"))]
  }
  for (kind in sample_kinds()) {
    data <- kind(identity)
    expect_identical(fits(data, 3, k = 2:5), fits(data, 1, k = 2:5))
  }
  x <- draw(marron_wand$claw, 1200)
  for (relate in list(list(mu = "equal"), list(sigma = "proportional"), list(lambda = "equal")))
    expect_identical(fits(x, 2, k = 4, relate = relate), fits(x, 1, k = 4, relate = relate))
  expect_identical(fits(draw(marron_wand$claw, 2e5), 2), fits(draw(marron_wand$claw, 2e5), 1))
})
