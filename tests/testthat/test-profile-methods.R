fit <- gmm1d(~waiting, data = faithful, k = 2)

test_that("each point of a profile is the best fit with the parameter held there", {
  curves <- profile(fit, c("mu1", "sigma2"))
  expect_named(curves, c("mu1", "sigma2"))
  for (name in names(curves)) {
    curve <- curves[[name]]
    expect_identical(colnames(curve$par.vals), names(coef(fit)))
    expect_false(is.unsorted(curve$par.vals[, name]))
    place <- sub("[0-9]", "", name)
    j <- as.integer(sub("[a-z]*", "", name))
    for (i in c(1L, nrow(curve))) {
      value <- curve$par.vals[i, name]
      fixed <- stats::setNames(list(replace(c(NA_real_, NA_real_), j, value)), place)
      there <- gmm1d(faithful$waiting, fixed = fixed, k = 2, start = fit)
      expect_equal(curve$z[i]^2, 2 * (fit$loglik - there$loglik), tolerance = 1e-6)
      expect_equal(curve$par.vals[i, ], coef(there), tolerance = 1e-5)
    }
    at_0 <- which(curve$z == 0)
    expect_equal(curve$par.vals[at_0, ], coef(fit))
    expect_true(all(curve$z[seq_len(at_0 - 1L)] < 0))
  }
})

test_that("the curves reach the quantile, and cross it at the limits of confint()", {
  curves <- profile(fit, level = 0.99)
  limits <- confint(fit, method = "profile")
  expect_identical(confint(curves), limits)
  expect_identical(confint(curves, "mu"), limits[c("mu1", "mu2"), ])
  for (name in names(curves)) {
    curve <- curves[[name]]
    expect_gt(min(abs(range(curve$z))), qnorm(0.995))
    crossing <- stats::spline(curve$z, curve$par.vals[, name], xout = c(-1, 1) * qnorm(0.975))$y
    expect_equal(crossing, unname(limits[name, ]), tolerance = 1e-3)
  }
})

test_that("a profile is a table, prints and draws", {
  curves <- profile(fit, "mu")
  rows <- as.data.frame(curves)
  expect_named(rows, c("term", "value", "z", "logLik"))
  expect_equal(rows$logLik[rows$z == 0], rep(fit$loglik, 2))
  expect_snapshot(print(curves))
  withr::with_pdf(NULL, {
    before <- graphics::par("mfrow")
    expect_invisible(plot(curves, lines = c(0.9, 0.99)))
    expect_identical(graphics::par("mfrow"), before)
  })
})

test_that("fixed parameters have no profile, and curves end if the likelihood is flat", {
  fixed <- gmm1d(faithful$waiting, fixed = list(mu = c(55, NA)))
  expect_named(profile(fixed, "mu"), "mu2")
  expect_false("mu1" %in% names(profile(fixed)))
  expect_error(profile(fixed, "mu1"), class = "gmm1d_error_argument")
  expect_error(profile(fit, "nu"), class = "gmm1d_error_argument")
  expect_error(profile(fit, level = 1), class = "gmm1d_error_range")
  expect_error(profile(fit, whch = "mu1"), class = "gmm1d_error_argument")
  flat <- profile(gmm1d(faithful$waiting, k = 3))
  expect_true(all(is.finite(as.data.frame(flat)$value)))
  noisy <- gmm1d(c(faithful$waiting, seq(0, 200, 5)), k = 2, noise = TRUE)
  expect_named(profile(noisy, "lambda0"), "lambda0")
})
