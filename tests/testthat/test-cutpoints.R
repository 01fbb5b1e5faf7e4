fit <- gmm1d(faithful$waiting, k = 2)
columns <- c("cutpoint", "from", "to", "posterior_from", "posterior_to", "std.error", "conf.low",
             "conf.high", "inside")

# Mixtures with difficult cut-points.
hard <- list(
  two_crossings = new_mixture(c(0.5, 0.5), c(0, 1), c(1, 3)),
  inside = new_mixture(c(0.3, 0.7), c(0, 0), c(0.1, 1)),
  no_crossing = new_mixture(c(0.02, 0.98), c(0, 0.5), c(1, 1.1)),
  middle_never_wins = new_mixture(c(0.45, 0.1, 0.45), c(-1, 0, 1), c(1, 1, 1)),
  wins_by_a_hair = new_mixture(c(0.36, 0.28, 0.36), c(-1, 0, 1), c(1, 1, 1)),
  empty_between = new_mixture(c(0.5, 0, 0.5), c(0, 1, 2), c(1, 1, 1)),
  empty_and_wide = new_mixture(c(0.6, 0.4, 0), c(0, 2, 3), c(1, 1, 9)),
  twins = new_mixture(c(0.2, 0.3, 0.5), c(0, 0, 3), c(1, 1, 1.001)),
  nested = new_mixture(c(0.5, 0.3, 0.2), c(0, 0.1, 0.2), c(4, 1, 0.2)),
  far_apart = new_mixture(c(0.5, 0.5), c(0, 1e5), c(1, 0.01))
)
all_mixtures <- c(hard, lapply(marron_wand, function(m) new_mixture(m$lambda, m$mu, m$sigma)))

# The component with the highest curve, where it leads by more than rounding errors.
grid_search <- function(m, x) {
  curves <- mapply(function(lambda, mu, sigma) log(lambda) + dnorm(x, mu, sigma, log = TRUE),
                   m$lambda, m$mu, m$sigma)
  best <- max.col(curves, ties.method = "first")
  curves <- curves - curves[cbind(seq_along(x), best)]
  curves[cbind(seq_along(x), best)] <- -Inf
  list(best = best, clear = apply(curves, 1L, max) < -1e-9)
}

grid_of <- function(m) {
  wide <- 12 * max(m$sigma)
  near <- outer(seq(-9, 9, length.out = 500), m$sigma) + rep(m$mu, each = 500)
  sort(c(seq(min(m$mu) - wide, max(m$mu) + wide, length.out = 5000), near))
}

shifted <- function(m, by) replace(m, "mu", list(m$mu + by))
scaled <- function(m, by) new_mixture(m$lambda, m$mu * by, m$sigma * by)
reflected <- function(m) new_mixture(rev(m$lambda), -rev(m$mu), rev(m$sigma))
with_mixture <- function(fit, m) replace(fit, names(m), m)

test_that("with equal sigma and lambda the cut-point is exactly the midpoint", {
  for (unit in c(1e-300, 1e-7, 1, 0.3, 1e11, 1e300)) {
    for (mu in list(c(0, 1), c(-0.7, 0.1), c(1e5, 1e5 + 0.3), c(1 / 3, 100 / 7))) {
      m <- new_mixture(c(0.5, 0.5), unit * mu, unit * c(0.9, 0.9))
      middle <- m$mu[1] / 2 + m$mu[2] / 2
      expect_identical(cuts_of(m), data.frame(cutpoint = middle, from = 1L, to = 2L))
    }
  }
})

test_that("between cut-points the most probable component agrees with a grid search", {
  for (m in all_mixtures) {
    cuts <- cuts_of(m)
    x <- grid_of(m)
    found <- grid_search(m, x)
    winner <- if (nrow(cuts) == 0L) found$best[1L] else c(cuts$from, cuts$to[nrow(cuts)])
    expect_identical(winner[findInterval(x, cuts$cutpoint) + 1L][found$clear],
                     found$best[found$clear])
    expect_identical(cuts$to[-nrow(cuts)], cuts$from[-1L])
    expect_false(is.unsorted(cuts$cutpoint, strictly = TRUE))
  }
})

test_that("there are as many cut-points as changes", {
  number <- vapply(lapply(hard, cuts_of), nrow, 0L)
  expect_identical(number, c(
    two_crossings = 2L, inside = 2L, no_crossing = 0L, middle_never_wins = 1L, wins_by_a_hair = 2L,
    empty_between = 1L, empty_and_wide = 1L, twins = 2L, nested = 4L, far_apart = 2L
  ))
  expect_identical(cuts_of(hard$middle_never_wins)$cutpoint, 0)
  expect_identical(unlist(cuts_of(hard$empty_between)), c(cutpoint = 1, from = 1, to = 3))
  expect_identical(cuts_of(hard$twins)$from, c(3L, 2L))
  expect_identical(nrow(cuts_of(new_mixture(c(0.3, 0.7), c(1, 1), c(2, 2)))), 0L)
})

test_that("three components that meet in one point make one cut-point", {
  lambda <- c(1, exp(-0.5), 1) / (2 + exp(-0.5))
  for (by in c(0, 0.1, 7.3, -1e5)) {
    cuts <- cuts_of(new_mixture(lambda, c(-1, 0, 1) + by, c(1, 1, 1)))
    expect_equal(cuts$cutpoint, rep(by, nrow(cuts)), tolerance = 1e-10)
    expect_identical(c(cuts$from[1L], cuts$to[nrow(cuts)]), c(1L, 3L))
  }
})

test_that("sigmas that differ by rounding create no cut-point far away", {
  m <- new_mixture(c(0.5, 0.5), c(0, 1), c(1, 1 + 4 * .Machine$double.eps))
  expect_equal(cuts_of(m)$cutpoint, 0.5, tolerance = 1e-14)
  m$sigma[2] <- 1 + 1e-9
  expect_equal(cuts_of(m)$cutpoint, c(-1e9, 0.5), tolerance = 1e-6)
})

test_that("cut-points move with the data: shift, scale and reflection", {
  for (m in all_mixtures) {
    cuts <- cuts_of(m)
    narrow <- min(m$sigma)
    moved <- cuts_of(shifted(m, 1e3))
    expect_lt(max(0, abs(moved$cutpoint - 1e3 - cuts$cutpoint) / (narrow + abs(cuts$cutpoint))),
              1e-7)
    for (by in c(2^-900, 2^-3, 2^900)) {
      expect_identical(cuts_of(scaled(m, by)), within(cuts, cutpoint <- cutpoint * by))
    }
    for (by in c(1e-300, 0.1, 1e300 / max(abs(m$mu), 1))) {
      expect_equal(cuts_of(scaled(m, by))$cutpoint / by, cuts$cutpoint, tolerance = 1e-10)
    }
    back <- cuts_of(reflected(m))
    expect_equal(-rev(back$cutpoint), cuts$cutpoint, tolerance = 1e-10)
    # Of two equal components, the first is named in either direction.
    if (anyDuplicated(m$mu) == 0L) expect_identical(m$k + 1L - rev(back$to), cuts$from)
  }
})

test_that("at a cut-point the two posterior probabilities are equal, and largest", {
  for (m in c(hard["nested"], all_mixtures[c("claw", "trimodal", "smooth_comb")])) {
    cuts <- cuts_of(m)
    both <- cut_posterior(cuts, m)
    expect_equal(both$posterior_from, both$posterior_to, tolerance = 1e-10)
    expect_equal(both$posterior_to, largest_of(unname(posterior(cuts$cutpoint, m))),
                 tolerance = 1e-10)
  }
})

test_that("the classes on both sides of a cut-point are those it names, whatever the scales", {
  for (m in wide_scales()) {
    cuts <- cuts_of(m)
    expect_gt(nrow(cuts), 0L)
    off <- small_steps(cuts$cutpoint, m)
    class_at <- function(x) unname(best_of(posterior(x, m)))
    expect_identical(class_at(cuts$cutpoint - off), cuts$from)
    expect_identical(class_at(cuts$cutpoint + off), cuts$to)
    both <- cut_posterior(cuts, m)
    expect_equal(both$posterior_from, both$posterior_to, tolerance = 1e-12)
    # nothing changes between them
    x <- points_around(m)
    winners <- c(cuts$from, cuts$to[nrow(cuts)])
    clear <- vapply(x, function(at) all(abs(at - cuts$cutpoint) > off), NA)
    expect_identical(class_at(x)[clear],
                     winners[findInterval(x, cuts$cutpoint) + 1L][clear])
  }
})

test_that("a distant outlier does not hide other cut-points", {
  x <- withr::with_seed(1, rnorm(20))
  for (far in c(1e35, 1e50, 1e100)) {
    fit <- quietly(gmm1d(c(x, far), k = 2))
    cuts <- quietly(cutpoints(fit))
    expect_identical(cuts$from, 2:1)
    expect_identical(predict(fit, c(-far, 0, far)), c(2L, 1L, 2L))
    # there the narrow one is as many sigmas away as the other
    z <- (cuts$cutpoint - fit$mu[1L]) / fit$sigma[1L]
    expect_equal(abs(z), rep((far - fit$mu[1L]) / fit$sigma[2L], 2L), tolerance = 1e-3)
  }
})

test_that("equal costs change nothing, and only ratios count", {
  expect_identical(cutpoints(fit, cost = c(1, 1)), cutpoints(fit))
  expect_equal(cutpoints(fit, cost = c(5, 5)), cutpoints(fit), tolerance = 1e-12)
  expect_equal(cutpoints(fit, cost = c(2, 6)), cutpoints(fit, cost = c(1, 3)), tolerance = 1e-12)
})

test_that("with equal sigmas a cost moves the cut-point by sigma^2 log(c1 / c2) / (mu2 - mu1)", {
  m <- new_mixture(c(0.2, 0.8), c(1, 4), c(1.5, 1.5))
  for (cost in list(c(1, 3), c(10, 1), c(1e-3, 7))) {
    moved <- cuts_of(m, cost)$cutpoint - cuts_of(m)$cutpoint
    expect_equal(moved, 1.5^2 * log(cost[1] / cost[2]) / 3, tolerance = 1e-12)
  }
})

test_that("at a cut-point the two expected costs are equal", {
  cost <- c(1, 3)
  cuts <- cutpoints(fit, cost = cost)
  # The second lies 7,000 sigmas away, where exponents of 3e7 have errors of 1e-9.
  expect_equal(cuts$posterior_from * cost[cuts$from], cuts$posterior_to * cost[cuts$to],
               tolerance = 1e-8)
  expect_equal(cuts$posterior_from + cuts$posterior_to, rep(1, nrow(cuts)), tolerance = 1e-12)
})

test_that("the gradient agrees with central differences", {
  for (m in c(hard[c("two_crossings", "inside", "nested", "wins_by_a_hair")],
              all_mixtures["trimodal"])) {
    cost <- seq(1, 1.1, length.out = m$k)
    cuts <- cuts_of(m, cost)
    theta <- c(m$lambda, m$mu, m$sigma)
    # Sigmas that are no longer equal create further cut-points, far away.
    nearest <- function(theta) {
      x <- cuts_of(mixture_of(theta), cost)$cutpoint
      vapply(cuts$cutpoint, function(cut) x[which.min(abs(x - cut))], 0)
    }
    numeric <- vapply(seq_along(theta), function(p) {
      step <- replace(numeric(length(theta)), p, 1e-5)
      (nearest(theta + step) - nearest(theta - step)) / 2e-5
    }, numeric(nrow(cuts)))
    expect_equal(cut_gradient(cuts, m), matrix(numeric, nrow(cuts)), tolerance = 1e-6)
  }
})

test_that("the standard error is the delta method's, and the interval normal", {
  cuts <- cutpoints(fit, level = 0.9)
  gradient <- cut_gradient(cuts, fit)
  expect_equal(cuts$std.error, sqrt(diag(gradient %*% vcov(fit) %*% t(gradient))),
               tolerance = 1e-10)
  expect_equal(cuts$conf.high - cuts$cutpoint, qnorm(0.95) * cuts$std.error, tolerance = 1e-12)
  expect_equal(cuts$cutpoint - cuts$conf.low, qnorm(0.95) * cuts$std.error, tolerance = 1e-12)
})

test_that("the standard error agrees with the spread of cut-points over samples", {
  m <- marron_wand$separated
  truth <- gmm1d(draw(m, 600, seed = 1), k = 2)
  cut <- function(fit) with(cuts_of(fit), cutpoint[from == 1L & to == 2L])
  cuts <- vapply(1:200, function(seed) cut(gmm1d(draw(truth, 600, seed), k = 2)), 0)
  error <- cutpoints(truth)$std.error[cuts_of(truth)$from == 1L]
  # A standard deviation of 200 values is within 20 % with probability 0.9999.
  expect_equal(error, sd(cuts), tolerance = 0.2)
})

test_that("a bootstrap gives percentiles over the replicates that have the cut-point", {
  shift <- c(seq(-1, 1, length.out = 41), NA)
  estimates <- t(vapply(shift, function(by) coef(fit) + c(0, 0, by, by, 0, 0), coef(fit)))
  # Two replicates in which one component wins everywhere.
  none <- replace(coef(fit), c("lambda1", "lambda2"), c(0, 1))
  boot <- structure(list(estimates = rbind(estimates, none, none), fit = fit),
                    class = "gmm1d_bootstrap")
  plain <- cutpoints(fit)
  cuts <- cutpoints(fit, boot = boot, level = 0.9)
  expect_identical(cuts[1:5], plain[1:5])
  near <- which.min(abs(cuts$cutpoint - 66))
  expect_equal(cuts$std.error[near], sd(shift, na.rm = TRUE), tolerance = 1e-10)
  expect_equal(cuts$conf.low[near], cuts$cutpoint[near] - 0.9, tolerance = 1e-10)
  expect_equal(cuts$conf.high[near], cuts$cutpoint[near] + 0.9, tolerance = 1e-10)
  costly <- cutpoints(fit, boot = boot, level = 0.9, cost = c(1, 3))
  expect_equal(costly$conf.low[near], costly$cutpoint[near] - 0.9, tolerance = 1e-10)

  boot$estimates <- rbind(none, coef(fit))
  expect_true(all(is.na(cutpoints(fit, boot = boot)[6:8])))
  expect_identical(cutpoints(fit, boot = boot)[1:5], plain[1:5])
})

test_that("without a cut-point there are no rows, but the same columns and types", {
  none <- with_mixture(fit, hard$no_crossing)
  for (empty in list(cutpoints(gmm1d(faithful$waiting, k = 1)), cutpoints(none))) {
    expect_identical(names(empty), columns)
    expect_identical(nrow(empty), 0L)
    expect_identical(vapply(empty, typeof, ""), vapply(cutpoints(fit), typeof, ""))
  }
  boot <- structure(list(estimates = t(coef(none)), fit = none), class = "gmm1d_bootstrap")
  expect_identical(cutpoints(none, boot = boot), empty)
})

test_that("cut-points outside the data are marked, and dropped on request", {
  all <- cutpoints(fit)
  range <- range(faithful$waiting)
  expect_identical(all$inside, all$cutpoint >= range[1L] & all$cutpoint <= range[2L])
  expect_identical(sum(all$inside), 1L)
  kept <- cutpoints(fit, within = TRUE)
  expect_equal(kept, all[all$inside, ], ignore_attr = TRUE)
  expect_identical(cutpoints(fit, within = range), kept)
  expect_identical(cutpoints(fit, within = c(1e9, -1e9)), all)
  expect_identical(nrow(cutpoints(fit, within = c(0, 1))), 0L)
  boot <- withr::with_seed(1, bootstrap(fit, 9))
  expect_identical(cutpoints(fit, boot = boot, within = TRUE)$cutpoint, kept$cutpoint)
  expect_error(cutpoints(fit, within = NA), class = "gmm1d_error_type")
  expect_error(cutpoints(fit, within = 1:3), class = "gmm1d_error_shape")
})

test_that("an invalid fit, level, cost or bootstrap is a classed error", {
  expect_error(cutpoints(faithful$waiting), class = "gmm1d_error_type")
  for (level in list(0, 1, -1, 95)) {
    expect_error(cutpoints(fit, level = level), class = "gmm1d_error_range")
  }
  expect_error(cutpoints(fit, level = c(0.9, 0.95)), class = "gmm1d_error_shape")
  expect_error(cutpoints(fit, level = NA_real_), class = "gmm1d_error_missing")
  expect_error(cutpoints(fit, level = "95%"), class = "gmm1d_error_type")
  expect_error(cutpoints(fit, cost = 1), class = "gmm1d_error_shape")
  expect_error(cutpoints(fit, cost = c(1, 2, 3)), class = "gmm1d_error_shape")
  expect_error(cutpoints(fit, cost = c(1, 0)), class = "gmm1d_error_range")
  expect_error(cutpoints(fit, cost = c(1, -2)), class = "gmm1d_error_range")
  expect_error(cutpoints(fit, cost = c(1, NA)), class = "gmm1d_error_missing")
  expect_error(cutpoints(fit, cost = c(1, Inf)), class = "gmm1d_error_infinite")
  expect_error(cutpoints(fit, cost = c("a", "b")), class = "gmm1d_error_type")
  expect_error(cutpoints(fit, boot = list()), class = "gmm1d_error_type")
  other <- structure(list(estimates = t(coef(gmm1d(faithful$waiting, k = 3)))),
                     class = "gmm1d_bootstrap")
  expect_error(cutpoints(fit, boot = other), class = "gmm1d_error_shape")
  other <- withr::with_seed(1, bootstrap(gmm1d(faithful$eruptions, k = 2), 9))
  expect_error(cutpoints(fit, boot = other), class = "gmm1d_error_argument")
})

test_that("a cut-point that jumps to the other side of both means counts as another one", {
  boot <- withr::with_seed(1, bootstrap(fit, 199))
  cuts <- cutpoints(fit, boot = boot)
  expect_true(all(cuts$conf.low < cuts$cutpoint & cuts$cutpoint < cuts$conf.high |
                    cuts$conf.low > fit$mu[2]))
})

test_that("intervals of the delta method and the bootstrap agree if n is large", {
  x <- draw(list(lambda = c(0.4, 0.6), mu = c(0, 4), sigma = c(1, 1)), 2000)
  fit <- gmm1d(x, k = 2, variance = "equal")
  boot <- withr::with_seed(1, bootstrap(fit, 499))
  delta <- cutpoints(fit)
  replicates <- cutpoints(fit, boot = boot)
  expect_equal(replicates$std.error, delta$std.error, tolerance = 0.1)
  expect_lt(max(abs(replicates[c("conf.low", "conf.high")] - delta[c("conf.low", "conf.high")])),
            0.3 * delta$std.error)
})

# Mixtures with components ordered by mu.
in_order <- lapply(all_mixtures, function(m) reordered(m, order(m$mu, m$sigma)))

test_that("ordered cuts lie between the means, where their components are equally probable", {
  for (m in in_order) {
    cuts <- ordered_cuts_of(m)
    expect_false(is.unsorted(cuts$cutpoint))
    expect_true(all(m$mu[cuts$from] <= cuts$cutpoint & cuts$cutpoint <= m$mu[cuts$to]))
    expect_identical(cuts$to[-nrow(cuts)], cuts$from[-1L])
    expect_true(all(diff(c(cuts$from, cuts$to[nrow(cuts)])) > 0))
    both <- posterior(cuts$cutpoint, m)
    row <- seq_len(nrow(cuts))
    # If components are 1e5 sigmas apart, rounding the cut-point changes the exponents by 1e-5.
    expect_equal(both[cbind(row, cuts$from)], both[cbind(row, cuts$to)], tolerance = 1e-4)
  }
})

test_that("a component has a class if it leads at its mean, beside its neighbours with a class", {
  for (m in in_order) {
    kept <- standing_components(m)
    height <- function(j, at) log(m$lambda[j]) + dnorm(m$mu[at], m$mu[j], m$sigma[j], log = TRUE)
    for (j in which(m$lambda > 0)) {
      beside <- c(rev(kept[kept < j])[1L], kept[kept > j][1L])
      beside <- beside[!is.na(beside)]
      stands_out <- all(height(j, j) > height(beside, j))
      expect_identical(j %in% kept, stands_out)
    }
  }
})

test_that("if all cuts are ordered and between the means, the ordered cuts are the same", {
  same <- 0L
  for (m in in_order) {
    cuts <- cuts_of(m)
    is_ordered <- all(diff(c(cuts$from, cuts$to[nrow(cuts)])) > 0) &&
      all(m$mu[cuts$from] <= cuts$cutpoint & cuts$cutpoint <= m$mu[cuts$to])
    if (is_ordered) expect_equal(ordered_cuts_of(m), cuts, tolerance = 1e-12)
    same <- same + is_ordered
  }
  expect_gte(same, 5L)
})

test_that("ordered cuts move with the data: shift, scale and reflection", {
  for (m in in_order) {
    cuts <- ordered_cuts_of(m)
    for (by in c(2^-900, 2^900)) {
      expect_identical(ordered_cuts_of(scaled(m, by)), within(cuts, cutpoint <- cutpoint * by))
    }
    expect_equal(ordered_cuts_of(shifted(m, 8))$cutpoint - 8, cuts$cutpoint, tolerance = 1e-7)
    back <- ordered_cuts_of(reflected(m))
    expect_equal(-rev(back$cutpoint), cuts$cutpoint, tolerance = 1e-10)
  }
  for (m in wide_scales()) {
    m <- reordered(m, order(m$mu, m$sigma))
    cuts <- ordered_cuts_of(m)
    expect_true(all(m$mu[cuts$from] <= cuts$cutpoint & cuts$cutpoint <= m$mu[cuts$to]))
  }
})

test_that("a wide component does not win again beyond a narrow one", {
  m <- list(lambda = c(0.9, 0.1), mu = c(0, 3), sigma = c(2, 0.3))
  expect_identical(nrow(cutpoints(m)), 2L)
  cut <- cutpoints(m, monotone = TRUE)
  expect_identical(c(cut$from, cut$to), 1:2)
  expect_identical(cut$cutpoint, cutpoints(m)$cutpoint[1L])
  # A component that is hidden below the other at its own mean has no class.
  hidden <- list(lambda = c(0.9, 0.1), mu = c(0, 1), sigma = c(1, 2))
  expect_identical(nrow(cutpoints(hidden, monotone = TRUE)), 0L)
  costly <- cutpoints(hidden, monotone = TRUE, cost = c(1, 15))
  expect_identical(nrow(costly), 1L)
  expect_equal(costly$posterior_from, 15 * costly$posterior_to, tolerance = 1e-10)
})

test_that("the classes of predict(monotone = TRUE) change at these cuts", {
  withr::local_options(warn = 1)
  for (m in in_order) {
    fit <- as_fit(m)
    cuts <- ordered_cuts_of(m)
    x <- sort(c(cuts$cutpoint, grid_of(m)))
    class <- predict(fit, x, monotone = TRUE)
    expect_false(is.unsorted(class))
    winners <- c(cuts$from, cuts$to[nrow(cuts)])
    if (nrow(cuts) == 0L) winners <- standing_components(m)
    expect_identical(class, winners[findInterval(x, cuts$cutpoint) + 1L])
  }
})

test_that("rows far outside the data are noted, and the others stay readable", {
  fit <- gmm1d(faithful$waiting, k = 2)
  all <- cutpoints(fit)
  expect_identical(all$inside, c(TRUE, FALSE))
  printed <- capture.output(print(all))
  alone <- capture.output(print(cutpoints(fit, within = TRUE)))
  first_row <- function(lines) strsplit(grep("^1 ", lines, value = TRUE)[1L], " +")[[1L]]
  expect_identical(first_row(printed), first_row(alone))
  expect_match(printed[length(printed)], "row 2;", fixed = TRUE)
  # Without such rows, or without the column that says so, it is a data frame as any other.
  frame <- as.data.frame(unclass(cutpoints(fit, within = TRUE)))
  expect_identical(alone, capture.output(print(frame)))
  expect_output(print(all["cutpoint"]), "42975")
  expect_output(print(rbind(all, all)), "rows 2, 4;", fixed = TRUE)
  expect_identical(expect_output(print(all[0L, ])), all[0L, ]) |> expect_invisible()
})
