# The bound for values by its definition, l(f) + n log(sup D), where each local maximum of D is
# sought near the points of a grid.
reference_bound <- function(x, f) {
  sigma <- f$sigma[1L]
  density <- reference_density(x, f)
  gradient <- function(m) mean(dnorm(x, m, sigma) / density)
  places <- seq(min(x), max(x), length.out = ceiling(diff(range(x)) / sigma * 8) + 2)
  d <- vapply(places, gradient, 0)
  tops <- which(d > 0.99 & d >= c(-Inf, head(d, -1L)) & d >= c(d[-1L], -Inf))
  highest <- vapply(tops, function(i) {
    ends <- places[pmin(pmax(i + c(-1, 1), 1), length(places))]
    optimize(gradient, ends, maximum = TRUE, tol = 1e-5 * sigma)$objective
  }, 0)
  sum(log(density)) + length(x) * log(max(d, highest))
}

reference_density <- function(x, f) {
  joint <- mapply(function(lambda, mu, sigma) lambda * dnorm(x, mu, sigma), f$lambda, f$mu, f$sigma)
  rowSums(matrix(joint, length(x)))
}

# The log-likelihood of a mixture, for every kind of sample.
loglik_at <- function(fit, mixture) {
  options <- options_of(fit, model_of(fit))
  options$control$max_iter <- 0L
  em_cpp(fit$points, mixture, options)$loglik
}

# A mixture of any number of components, none narrower than sigma: anywhere in the data, or near the
# best mixture.
random_mixture <- function(points, sigma, near = NULL) {
  k <- sample.int(20L, 1L)
  range <- range(points$x)
  noise <- near$noise
  if (is.null(near) || runif(1L) < 0.5) {
    mixture <- list(lambda = rexp(k), mu = runif(k, range[1L], range[2L]))
  } else {
    mixture <- list(lambda = near$lambda * exp(rnorm(near$k, 0, 0.1)),
                    mu = near$mu + rnorm(near$k, 0, 0.1) * sigma)
  }
  k <- length(mixture$mu)
  mixture$sigma <- sigma * exp(rexp(k, sample(c(1, 30), 1L)))
  share <- if (is.null(noise)) 0 else min(noise[1L] * exp(rnorm(1L, 0, 0.3)), 0.9)
  mixture$lambda <- mixture$lambda / sum(mixture$lambda) * (1 - share)
  if (!is.null(noise)) mixture$noise <- c(lambda = share, noise[2:3])
  as_mixture(mixture)
}

test_that("the bounds are those of a prototype in plain R, or lower by up to 0.03", {
  # The prototype's bounds exceed the lowest because of its grid and its few iterations.
  expect_near <- function(bound, prototype) {
    expect_lt(bound, prototype + 0.001)
    expect_gt(bound, prototype - 0.03)
  }
  expect_near(headroom(gmm1d(faithful$waiting))$bound, -1033.830)
  expect_near(headroom(gmm1d(iris$Petal.Length, k = 2))$bound, -194.318)
  expect_near(headroom(gmm1d(iris$Sepal.Length))$bound, -183.935)
  expect_near(headroom(gmm1d(as.vector(precip), k = 2))$bound, -273.075)
  expect_near(headroom(gmm1d(faithful$eruptions, k = 3))$bound, -249.516)
  expect_near(headroom(gmm1d(faithful$waiting, variance = "equal"))$headroom, 0.17)
  al3 <- read.csv(system.file("extdata", "al3.csv", package = "gmm1d"))
  peaks <- gmm1d(log(al3$value), error = al3$error / al3$value, fixed = list(sigma = 0), k = 4)
  expect_near(headroom(peaks)$bound, -8.546)
  ludwig <- read.csv(system.file("extdata", "ludwig.csv", package = "gmm1d"))
  peaks <- gmm1d(ludwig$value, error = ludwig$error, fixed = list(sigma = 0), k = 3)
  expect_near(headroom(peaks)$bound, -43.487)
})

test_that("the bound agrees with its definition, and is the lowest", {
  set.seed(1)
  for (x in c(real_data()[c("waiting", "eruptions", "precip")], list(rt(300, 2)))) {
    fit <- gmm1d(x, k = 2)
    room <- headroom(fit)
    # The bound allows for an excess of 2e-7 in D between places of its grid.
    expect_equal(room$bound, reference_bound(x, room$npmle), tolerance = 1e-3 / abs(room$bound))
    # D is nowhere above 1 by more than 1e-6, so no other estimate has a log-likelihood higher by
    # 1e-6 n.
    expect_lt(room$bound - sum(log(reference_density(x, room$npmle))), 1e-6 * length(x))
  }
})

test_that("no mixture exceeds the bound, whatever was observed", {
  set.seed(2)
  kinds <- sample_kinds()
  kinds <- kinds[!grepl("window|labels", names(kinds))]
  for (name in names(kinds)) {
    points <- kinds[[name]](identity)
    for (noise in list(FALSE, c(-4, 8))) {
      fit <- gmm1d(points, k = 2, noise = noise)
      for (sigma in min(fit$sigma) * c(1, 0.5)) {
        ceiling <- ceiling_of(fit, sigma)
        expect_gte(ceiling$bound, if (sigma > min(fit$sigma)) -Inf else fit$loglik)
        others <- replicate(40L, loglik_at(fit, random_mixture(points, sigma, ceiling$npmle)))
        expect_lte(max(others), ceiling$bound, label = paste(name, "with", toString(noise)))
        # Some come near, so the bound is not trivial.
        expect_equal(loglik_at(fit, ceiling$npmle), ceiling$bound,
                     tolerance = 0.02 / abs(ceiling$bound))
      }
    }
  }
})

test_that("no mixture of up to 20 components exceeds the bound of real data", {
  set.seed(3)
  for (x in real_data()) {
    fit <- suppressWarnings(gmm1d(x, k = 3))
    ceiling <- ceiling_of(fit, min(fit$sigma))
    others <- replicate(1000L, {
      loglik_at(fit, random_mixture(fit$points, ceiling$sigma, ceiling$npmle))
    })
    expect_lte(max(others), ceiling$bound)
  }
})

test_that("with errors the bound for sigma = 0 holds for every fit", {
  al3 <- read.csv(system.file("extdata", "al3.csv", package = "gmm1d"))
  fits <- lapply(1:10, function(k) {
    suppressWarnings(gmm1d(log(al3$value), error = al3$error / al3$value, k = k))
  })
  bound <- headroom(fits[[1L]], sigma = 0)$bound
  expect_lt(max(vapply(fits, `[[`, 0, "loglik")), bound)
})

test_that("the bound does not depend on the order of the data, nor on their unit", {
  bound_of <- function(fit) ceiling_of(fit, min(fit$sigma))$bound
  x <- faithful$eruptions
  fit <- gmm1d(x, k = 3)
  bound <- bound_of(fit)
  expect_identical(bound_of(gmm1d(rev(x), k = 3)), bound)
  # Rounding errors of sums of 272 terms, and of another path to the same maximum.
  expect_equal(bound_of(gmm1d(-x, k = 3)), bound, tolerance = 1e-5)
  expect_equal(bound_of(gmm1d(1e6 + 1000 * x, k = 3)), bound - 272 * log(1000),
               tolerance = 1e-5)
  expect_equal(bound_of(gmm1d(1e-100 * x, k = 3)), bound + 272 * log(1e100),
               tolerance = 1e-5)
  twice <- gmm1d(x, k = 3, weights = rep(2, 272))
  expect_equal(ceiling_of(twice, min(fit$sigma))$bound, 2 * bound, tolerance = 1e-5)
})

test_that("the estimate behind the bound is found if bins hold many values and are open", {
  for (seed in 1:6) {
    x <- withr::with_seed(seed, c(rnorm(2700), rnorm(300, 0, 3)))
    breaks <- c(-Inf, pretty(quantile(x, c(.02, .98)), 40), Inf)
    fit <- gmm1d(data.frame(lower = head(breaks, -1), upper = breaks[-1],
                            count = as.vector(table(cut(x, breaks)))), k = 2)
    for (part in c(0.25, 0.5, 1)) {
      room <- headroom(fit, sigma = part * min(fit$sigma))
      expect_lt(room$bound - loglik_at(fit, room$npmle), 0.01)
    }
  }
})

test_that("squashing moves the bound by no more than its stated error", {
  set.seed(4)
  x <- c(rnorm(9000), rnorm(6000, 4, 0.7))
  fit <- gmm1d(x, k = 2)
  expect_gt(max(fit$points$width), 0)
  for (sigma in c(0.7, 0.2, 0.05)) {
    ceiling <- ceiling_of(fit, sigma)
    # Both exceed the lowest by at most 0.005, plus what D may exceed between places.
    expect_lt(abs(reference_bound(x, ceiling$npmle) - ceiling$bound), ceiling$error + 0.01)
  }
  expect_lt(ceiling_of(fit, 0.2)$error, 0.01)
  expect_identical(headroom(gmm1d(x[1:1000], k = 1))$error, 0)
})

test_that("a bound for a target is on the same side of it as the lowest bound", {
  fits <- withr::with_seed(9, quietly(list(
    gmm1d(c(rnorm(150), rnorm(100, 4)), k = 2), gmm1d(c(rnorm(100), 10^(2:6)), k = 3),
    gmm1d(round(2 * rnorm(400)) / 2, k = 2, rounding = 0.5), gmm1d(rnorm(300), error = 0.5, k = 1),
    # In many points, runs may decide.
    gmm1d(draw(marron_wand$claw, 4000), k = 3), gmm1d(draw(marron_wand$claw, 20000), k = 3),
    gmm1d(rt(3000, 3), error = rexp(3000) / 2, k = 2),
    gmm1d(squash(data.frame(lower = z <- round(rnorm(3000), 2), upper = z + rexp(3000) / 2)), k = 2)
  )))
  for (fit in fits) {
    for (sigma in min(fit$sigma) * c(0.5, 1, 2)) {
      lowest <- gmm1d:::ceiling_of(fit, sigma)$bound
      for (away in c(-5, -0.1, 0.1, 5)) {
        bound <- gmm1d:::ceiling_of(fit, sigma, lowest + away)$bound
        # Both bounds are within 0.005 of the lowest that is possible, or looser.
        expect_gt(bound, lowest - 0.01)
        expect_identical(bound < lowest + away, away > 0)
      }
    }
  }
})

test_that("settled and sigma_star agree with their definitions", {
  fits <- list(gmm1d(faithful$waiting), gmm1d(faithful$eruptions, k = 3), gmm1d(precip, k = 1))
  for (fit in fits) {
    room <- headroom(fit)
    expect_identical(room$settled, room$headroom < room$price)
    expect_identical(room$settled, room$sigma_star <= room$sigma)
    above <- function(sigma) headroom(fit, sigma = sigma)$headroom - room$price
    expect_lt(above(room$sigma_star), 0)
    expect_gte(above(room$sigma_star / 1.006), 0)
    # BIC demands a larger gain than any such mixture has.
    larger <- suppressWarnings(gmm1d(fit$points, k = fit$k + 1:3, control =
      gmm1d_control(min_sigma = room$sigma_star)))
    expect_gt(BIC(larger), BIC(fit))
  }
})

test_that("one narrow component beside wide ones has a bound of its own", {
  fit <- gmm1d(faithful$eruptions, k = 3)
  room <- headroom(fit)
  expect_false(room$settled)
  expect_identical(room$sigma_others, sort(fit$sigma)[2L])
  # No climb finds what is proved not to exist: others of at least that sigma, and one narrower.
  set.seed(6)
  best <- replicate(30L, {
    k <- sample(3:6, 1L)
    start <- list(lambda = rep(1 / k, k), mu = sample(faithful$eruptions, k),
                  sigma = c(runif(1L, room$sigma, 0.3), rep(0.3, k - 1L)))
    for (i in 1:300) {
      start <- reference_mstep(faithful$eruptions, reference_estep(faithful$eruptions, start))
      start$sigma <- pmax(start$sigma, c(room$sigma, rep(room$sigma_others, k - 1L)))
    }
    reference_loglik(faithful$eruptions, start)
  })
  expect_lt(max(best), fit$loglik + room$price)
  expect_gt(max(best), fit$loglik - 1)
  # Two narrow components exceed the one allowed.
  set.seed(7)
  x <- c(rnorm(200), rnorm(50, 1, 0.05), rnorm(50, -1, 0.05))
  narrow <- headroom(suppressWarnings(gmm1d(x, k = 2)), sigma = 0.04)
  expect_false(narrow$settled)
  expect_true(is.na(headroom(suppressWarnings(gmm1d(x, k = 3)))$sigma_others))
})

test_that("the price depends on the criterion and the free parameters", {
  x <- faithful$waiting
  price <- function(...) headroom(gmm1d(x, k = 2, ...), sigma = 6)$price
  expect_equal(price(), 1.5 * log(272))
  expect_equal(price(criterion = "AIC"), 3)
  expect_equal(price(variance = "equal"), log(272))
  expect_equal(price(fixed = list(sigma = 6)), log(272))
  fit <- gmm1d(x, k = 2, criterion = "ICL")
  # A larger k may have an entropy of 0.
  expect_equal(headroom(fit)$price, 1.5 * log(272) - with(fit$selection, ICL - BIC) / 2)
})

test_that("the gradient function of a fit is the slope towards one more component", {
  x <- faithful$waiting
  fit <- gmm1d(x, k = 1)
  room <- headroom(fit, sigma = 5)
  at <- room$gradient$mu[c(1L, 40L, 60L)]
  expect_equal(room$gradient$D[c(1L, 40L, 60L)],
               vapply(at, function(m) mean(dnorm(x, m, 5) / dnorm(x, fit$mu, fit$sigma)), 0),
               tolerance = 1e-9)
  expect_equal(range(room$gradient$mu), range(x))
})

test_that("values that are far apart are fast, and get a bound", {
  set.seed(5)
  x <- c(rnorm(200), 1e3 * 1:5, 1e9)
  room <- headroom(gmm1d(x, k = 1), sigma = 0.5)
  expect_equal(room$bound, reference_loglik(x, room$npmle), tolerance = 1e-6)
  one <- suppressWarnings(gmm1d(c(1, 1, 1, 2), k = 1))
  expect_gt(headroom(one)$headroom, 0)
})

test_that("if there is no bound, an error says why", {
  seen <- gmm1d(faithful$waiting, k = 2, within = c(40, 100))
  expect_error(headroom(seen), class = "gmm1d_error_argument")
  label <- ifelse(faithful$eruptions > 4.5, "long", NA)
  known <- gmm1d(faithful$waiting, k = 2, labels = label)
  expect_error(headroom(known), class = "gmm1d_error_argument")
  fit <- gmm1d(faithful$waiting)
  expect_error(headroom(fit, sigma = 0), class = "gmm1d_error_range")
  expect_error(headroom(fit, sigma = -1), class = "gmm1d_error_range")
  expect_error(headroom(fit, sigma = "a"), class = "gmm1d_error_type")
  expect_error(headroom(faithful$waiting), class = "gmm1d_error_type")
  expect_error(headroom(fit, sigmas = 3), class = "gmm1d_error_argument")
  expect_error(plot(headroom(fit), type = "other"), class = "gmm1d_error_argument")
  expect_true(is.na(glance(seen, headroom = TRUE)$headroom))
})

test_that("print, summary and glance give the result in words and numbers", {
  waiting <- gmm1d(~ waiting, data = faithful)
  expect_snapshot({
    headroom(waiting)
    headroom(gmm1d(~ eruptions, data = faithful, k = 3))
    headroom(waiting, sigma = 8)
  })
  room <- headroom(waiting)
  expect_invisible(print(room)) |> capture.output()
  expect_output(print(summary(waiting, headroom = TRUE)), "Headroom 0.15 .*impossible")
  columns <- c("headroom", "price", "settled", "sigma_star")
  expect_equal(as.list(glance(waiting, headroom = TRUE)[columns]), unclass(room)[columns])
  expect_false(any(columns %in% names(glance(waiting))))
  many <- suppressWarnings(gmm1d_each(list(a = faithful$waiting, b = 1)))
  many <- glance(many, headroom = TRUE)
  expect_equal(many$sigma_star, c(room$sigma_star, NA))
})

test_that("the plots look as they should", {
  skip_on_cran()
  skip_if_not_installed("vdiffr")
  room <- headroom(gmm1d(~ waiting, data = faithful))
  vdiffr::expect_doppelganger("bounds", function() plot(room))
  one <- headroom(gmm1d(~ waiting, data = faithful, k = 1), sigma = 5)
  vdiffr::expect_doppelganger("gradient function", function() plot(one, type = "gradient"))
})
