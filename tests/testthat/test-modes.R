fit <- gmm1d(faithful$waiting, k = 2)
densities <- lapply(marron_wand, function(m) new_mixture(m$lambda, m$mu, m$sigma))
with_mixture <- function(fit, m) replace(fit, names(m), m)
scaled <- function(m, by) new_mixture(m$lambda, m$mu * by, m$sigma * by)

# f'(x) / f(x) by its formula, in units of the smallest sigma.
slope_of <- function(x, m) {
  gamma <- reference_estep(x, m)
  rowSums(gamma * outer(x, m$mu, function(x, mu) mu - x) / rep(m$sigma^2, each = length(x))) *
    min(m$sigma)
}

# The places where the density turns on a fine grid.
grid_search <- function(m) {
  x <- seq(min(m$mu) - 1, max(m$mu) + 1, length.out = 200001L)
  side <- sign(diff(dgmm1d(x, m$lambda, m$mu, m$sigma, log = TRUE)))
  moving <- which(side != 0)
  list(x = x[moving[which(diff(side[moving]) != 0)] + 1L], step = x[2L] - x[1L])
}

test_that("modes and antimodes of the test densities are those of a fine grid", {
  number <- vapply(densities, function(m) length(stationary_points(m)), 0L)
  known <- c(1, 1, 1, 1, 1, 3, 3, 3, 5, 9, 13, 9, 11, 11, 11, 3)
  expect_identical(unname(number), as.integer(known))
  for (m in densities) {
    found <- grid_search(m)
    expect_lt(max(abs(stationary_points(m) - found$x)), 1.01 * found$step)
  }
})

test_that("the slope of the log-density is 0 at modes and antimodes", {
  for (m in densities) {
    expect_lt(max(abs(slope_of(stationary_points(m), m))), 1e-12)
  }
})

test_that("the slope has the sign of the type on both sides of all points", {
  hard <- list(
    needle_on_a_plain = new_mixture(c(0.65, 0.35), c(-13, -4), c(0.0036, 335)),
    barely_visible = new_mixture(c(1 - 7e-16, 7e-16), c(-0.4, 0.07), c(0.01, 4.3)),
    far_apart = new_mixture(c(0.5, 0.5), c(0, 1e5), c(1, 1)),
    hump_in_a_gap = new_mixture(c(1, 900 * exp(-200), 1), c(-20, 0, 20), c(1, 1, 1)),
    all_at_one = new_mixture(c(0.2, 0.3, 0.5), c(5, 5, 5), c(1, 0.1, 0.01)),
    empty = new_mixture(c(0.5, 0, 0.5), c(-3, 0, 3), c(1, 0.1, 1))
  )
  expect_identical(vapply(hard, function(m) length(stationary_points(m)), 0L), c(
    needle_on_a_plain = 3L, barely_visible = 3L, far_apart = 3L, hump_in_a_gap = 5L,
    all_at_one = 1L, empty = 3L
  ))
  for (m in c(hard, densities)) {
    points <- stationary_points(m)
    near <- outer(seq(-9, 9, length.out = 300), m$sigma) + rep(m$mu, each = 300)
    x <- sort(c(seq(min(m$mu) - 1, max(m$mu) + 1, length.out = 5000), near))
    slope <- log_slope(x, m)
    side <- rep_len(c(1, -1), length(points) + 1L)[findInterval(x, points) + 1L]
    apart <- do.call(pmin, lapply(points, function(p) abs(x - p))) > 1e-10
    expect_true(all((slope * side >= 0)[apart]))
  }
})

test_that("two equal components have two modes if they are more than two sigmas apart", {
  at <- function(distance) {
    stationary_points(new_mixture(c(0.5, 0.5), c(-1, 1) * distance / 2, c(1, 1)))
  }
  expect_length(at(1.999999), 1L)
  expect_length(at(2), 1L)
  # The modes are then at -/+ sqrt(3 (distance - 2)) if distance - 2 is small.
  for (excess in c(1e-4, 1e-6, 1e-8, 2e-9)) {
    expect_equal(at(2 + excess), c(-1, 0, 1) * sqrt(3 * excess), tolerance = 1e-3)
  }
  # If the second derivative is 0, too, rounding errors do not count as modes.
  for (by in seq(0.01, 3, length.out = 100)) {
    expect_length(stationary_points(new_mixture(c(0.5, 0.5), c(-1, 1) + by, c(1, 1))), 1L)
  }
})

test_that("a mode is found as soon as there is one", {
  # A component that only just produces a mode: bisection finds the lambda at which it does.
  mixture <- function(lambda) new_mixture(c(lambda, 1 - lambda), c(0, 5), c(1, 0.7))
  has_two <- function(lambda) length(stationary_points(mixture(lambda))) == 3L
  bounds <- c(1e-9, 0.5)
  expect_identical(vapply(bounds, has_two, NA), c(FALSE, TRUE))
  for (i in 1:60) {
    middle <- sqrt(prod(bounds))
    bounds[if (has_two(middle)) 2L else 1L] <- middle
  }
  for (excess in 10^-(2:10)) expect_true(has_two(bounds[2L] * (1 + excess)))
  # At this lambda the curvature is 0 as well.
  m <- mixture(bounds[2L])
  x <- stationary_points(m)[1:2]
  expect_lt(diff(x), 1e-4)
  inflection <- rowSums(reference_estep(x, m) * (outer(x, m$mu, "-")^2 / rep(m$sigma^2, each = 2) -
                                                   1) / rep(m$sigma^2, each = 2))
  expect_lt(max(abs(inflection)), 1e-3)
})

test_that("modes move with the data: shift, scale and reflection", {
  for (m in densities) {
    x <- stationary_points(m)
    shifted <- stationary_points(new_mixture(m$lambda, m$mu + 1000, m$sigma))
    expect_lt(max(abs(shifted - 1000 - x)) / min(m$sigma), 1e-8)
    for (by in c(2^-900, 2^900)) {
      expect_identical(stationary_points(scaled(m, by)), x * by)
    }
    for (by in c(1e-300, 0.1, 1e300)) {
      expect_equal(stationary_points(scaled(m, by)) / by, x, tolerance = 1e-12)
    }
    reflected <- new_mixture(rev(m$lambda), -rev(m$mu), rev(m$sigma))
    expect_equal(-rev(stationary_points(reflected)), x, tolerance = 1e-12)
  }
})

test_that("modes are at the turning points of the density, whatever the scales", {
  for (m in wide_scales()) {
    x <- stationary_points(m)
    is_mode <- seq_along(x) %% 2L == 1L
    off <- pmax(small_steps(x, m), 1e-3 * min(m$sigma))
    middle <- log_density_cpp(x, m)
    rise <- pmax(log_density_cpp(x - off, m), log_density_cpp(x + off, m)) - middle
    fall <- middle - pmin(log_density_cpp(x - off, m), log_density_cpp(x + off, m))
    rounding <- 1e-10 * pmax(1, abs(middle))  # of x, far out
    expect_true(all(ifelse(is_mode, rise, fall) <= rounding))
    # a component that no other reaches has its own mode
    apart <- vapply(seq_len(m$k), function(j) {
      all(abs(m$mu[j] - m$mu[-j]) > 50 * (m$sigma[j] + m$sigma[-j]))
    }, NA)
    nearest <- vapply(m$mu[apart], function(mu) min(abs(x[is_mode] - mu)), 0)
    expect_true(all(nearest <= 1e-8 * m$sigma[apart] + 1e-15 * abs(m$mu[apart])))
  }
})

test_that("a distant outlier does not hide other modes", {
  x <- withr::with_seed(1, rnorm(20))
  for (far in c(1e10, 1e35, 1e100)) {
    found <- quietly(modes(gmm1d(c(x, far), k = 2)))
    expect_identical(found$type, c("mode", "antimode", "mode"))
    expect_equal(found$x[c(1L, 3L)], c(mean(x), far), tolerance = 1e-6)
  }
})

test_that("the gradient agrees with central differences", {
  for (m in densities[c("skewed", "bimodal", "trimodal", "claw")]) {
    x <- stationary_points(m)
    theta <- c(m$lambda, m$mu, m$sigma)
    numeric <- vapply(seq_along(theta), function(p) {
      step <- replace(numeric(length(theta)), p, 1e-5)
      (stationary_points(mixture_of(theta + step)) -
         stationary_points(mixture_of(theta - step))) / 2e-5
    }, numeric(length(x)))
    expect_equal(mode_gradient(x, m), matrix(numeric, length(x)), tolerance = 1e-5)
  }
})

test_that("a data frame has a row per mode and antimode, in order", {
  found <- modes(fit, level = 0.9)
  expect_identical(names(found), c("x", "type", "density", "std.error", "conf.low", "conf.high"))
  expect_identical(found$type, c("mode", "antimode", "mode"))
  expect_identical(found$density, dgmm1d(found$x, fit))
  gradient <- mode_gradient(found$x, fit)
  expect_equal(found$std.error, sqrt(diag(gradient %*% vcov(fit) %*% t(gradient))),
               tolerance = 1e-10)
  expect_equal(found$conf.high - found$x, qnorm(0.95) * found$std.error, tolerance = 1e-12)
  expect_equal(found$x - found$conf.low, qnorm(0.95) * found$std.error, tolerance = 1e-12)
})

test_that("with one component the mode is mu, with its standard error", {
  one <- gmm1d(faithful$waiting, k = 1)
  found <- modes(one)
  expect_equal(found$x, one$mu, tolerance = 1e-15)
  expect_identical(found$type, "mode")
  expect_equal(found$std.error, one$sigma / sqrt(272), tolerance = 1e-6)
})

test_that("bimodality has the measures of each pair of neighbours", {
  m <- new_mixture(c(0.2, 0.3, 0.5), c(0, 2, 9), c(1, 2, 2))
  found <- bimodality(with_mixture(gmm1d(faithful$waiting, k = 3), m))
  expect_identical(names(found), c("component", "neighbour", "ashman_d", "overlap", "bimodal",
                                   "dip", "ashman_d.std.error", "overlap.std.error"))
  expect_identical(found$component, 1:2)
  expect_identical(found$neighbour, 2:3)
  expect_equal(found$ashman_d, sqrt(2) * c(2, 7) / sqrt(c(5, 8)), tolerance = 1e-14)
  expect_equal(found$overlap[2L], 2 * pnorm(-7 / 4), tolerance = 1e-14)
  expect_identical(found$bimodal, c(FALSE, TRUE))
  expect_identical(found$dip[1L], 1)
  pair <- new_mixture(c(3, 5) / 8, c(2, 9), c(2, 2))
  height <- dgmm1d(stationary_points(pair), pair$lambda, pair$mu, pair$sigma)
  expect_equal(found$dip[2L], height[2L] / min(height[-2L]), tolerance = 1e-12)
})

test_that("the overlap is the integral of the lower density", {
  pairs <- list(
    list(mu = c(0, 1), sigma = c(1, 3)), list(mu = c(0, 0), sigma = c(0.1, 1)),
    list(mu = c(-2, 2), sigma = c(0.5, 0.7)), list(mu = c(0, 3), sigma = c(1, 1)),
    list(mu = c(0, 0.5), sigma = c(2, 1))
  )
  for (pair in pairs) {
    lower <- function(x) pmin(dnorm(x, pair$mu[1], pair$sigma[1]),
                              dnorm(x, pair$mu[2], pair$sigma[2]))
    breaks <- c(-20, sort(crossings(c(0, 0), pair$mu, pair$sigma)), 20)
    integral <- sum(mapply(function(from, to) integrate(lower, from, to, rel.tol = 1e-10)$value,
                           breaks[-length(breaks)], breaks[-1L]))
    expect_equal(overlap(pair), integral, tolerance = 1e-9)
    expect_equal(overlap(list(mu = -rev(pair$mu), sigma = rev(pair$sigma))), overlap(pair),
                 tolerance = 1e-14)
  }
  expect_identical(overlap(list(mu = c(1, 1), sigma = c(2, 2))), 1)
  expect_equal(overlap(list(mu = c(0, 40), sigma = c(1, 1))), 2 * pnorm(-20), tolerance = 1e-12)
})

test_that("the gradients of the measures agree with central differences", {
  pairs <- list(c(0, 1, 1, 3), c(-2, 2, 0.5, 0.7), c(0, 3, 1, 1), c(0, 0.5, 2, 1),
                c(0, 0.2, 1, 1.01))
  as_pair <- function(theta) list(mu = theta[1:2], sigma = theta[3:4])
  for (theta in pairs) {
    for (measure in list(list(ashman_d, ashman_d_gradient), list(overlap, overlap_gradient))) {
      numeric <- vapply(1:4, function(p) {
        step <- replace(numeric(4), p, 1e-5)
        (measure[[1]](as_pair(theta + step)) - measure[[1]](as_pair(theta - step))) / 2e-5
      }, 0)
      expect_equal(measure[[2]](as_pair(theta)), numeric, tolerance = 1e-6)
    }
  }
  found <- bimodality(fit)
  gradient <- pair_gradient(list(pair_of(fit, 1L)), 2L, overlap_gradient)
  expect_equal(found$overlap.std.error, sqrt(drop(gradient %*% vcov(fit) %*% t(gradient))),
               tolerance = 1e-10)
})

test_that("the standard errors of the measures agree with the spread over samples", {
  truth <- gmm1d(draw(marron_wand$separated, 600, seed = 1), k = 2)
  measures <- vapply(1:200, function(seed) {
    unlist(bimodality(gmm1d(draw(truth, 600, seed), k = 2))[c("ashman_d", "overlap")])
  }, numeric(2))
  errors <- unlist(bimodality(truth)[c("ashman_d.std.error", "overlap.std.error")])
  # A standard deviation of 200 values is within 20 % with probability 0.9999.
  expect_equal(unname(errors[1L]), sd(measures[1L, ]), tolerance = 0.2)
})

test_that("the measures do not depend on the unit", {
  for (m in densities[c("bimodal", "skewed_bimodal", "claw", "smooth_comb")]) {
    measure <- function(by) bimodality(scaled(m, by))
    for (by in c(1e-300, 0.1, 1e300)) expect_equal(measure(by), measure(1), tolerance = 1e-10)
  }
})

test_that("components without weight and fits without pairs have their rows", {
  m <- new_mixture(c(0, 0, 1), c(0, 1, 2), c(1, 1, 1))
  found <- quietly(bimodality(as_fit(m)))
  expect_identical(found$bimodal, c(NA, FALSE))
  expect_identical(found$dip, c(NA, 1))
  none <- bimodality(gmm1d(faithful$waiting, k = 1))
  expect_identical(nrow(none), 0L)
  expect_identical(vapply(none, typeof, ""), vapply(found, typeof, ""))
})

test_that("an invalid fit or level is a classed error", {
  expect_error(modes(faithful$waiting), class = "gmm1d_error_type")
  expect_error(bimodality(NULL), class = "gmm1d_error_type")
  expect_error(modes(fit, level = 1), class = "gmm1d_error_range")
  expect_error(modes(fit, level = c(0.1, 0.2)), class = "gmm1d_error_shape")
  expect_error(modes(fit, level = NA_real_), class = "gmm1d_error_missing")
})
