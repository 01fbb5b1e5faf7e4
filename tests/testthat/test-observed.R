# Ages with their standard errors: Galbraith's al3, a sample of quartz grains (Galbraith & Green
# 1990), as in numOSL; and Ludwig's zircon ages, as in IsoplotR.
ages <- function(name) {
  utils::read.csv(system.file("extdata", paste0(name, ".csv"), package = "gmm1d", mustWork = TRUE))
}
al3 <- function() {
  grains <- ages("al3")
  list(x = log(grains$value), error = grains$error / grains$value)
}

test_that("peaks of ages with errors agree with numOSL", {
  grains <- al3()
  peaks <- function(k) gmm1d(grains$x, k = k, error = grains$error, fixed = list(sigma = 0))
  fits <- lapply(1:5, peaks)
  expect_equal(vapply(fits, `[[`, 1, "loglik"),
               c(-276.7281882, -71.91306048, -26.95430915, -12.26696028, -9.149891194),
               tolerance = 1e-9)
  expect_equal(vapply(fits, BIC, 1), c(557.88719, 157.11857, 76.062702, 55.549638, 58.177134),
               tolerance = 1e-7)
  expect_equal(exp(fits[[4]]$mu), c(26.39907, 40.12098, 52.62681, 77.92436), tolerance = 1e-6)
  expect_equal(fits[[4]]$lambda, c(.0213385, .3504926, .4081077, .2200612), tolerance = 1e-5)
  expect_identical(peaks(1:9)$k, 4L)
  expect_true(all(vapply(fits, `[[`, NA, "converged")))
})

test_that("a sigma may be free, and be 0 at the maximum", {
  grains <- al3()
  central <- gmm1d(grains$x, k = 1, error = grains$error)
  expect_equal(central$loglik, -15.77915921, tolerance = 1e-9)
  expect_equal(c(exp(central$mu), central$sigma), c(51.80757, .269739), tolerance = 1e-6)
  two <- gmm1d(grains$x, k = 2, error = grains$error)
  expect_equal(two$loglik, -11.33719679, tolerance = 1e-9)
  expect_equal(c(exp(two$mu), two$sigma), c(47.42598, 82.59905, .196371, 0), tolerance = 1e-6)
  expect_identical(two$sigma[2], 0)
  expect_identical(gmm1d(grains$x, error = grains$error)$k, 1L)
  # At a bound there is no standard error, and the interval is one-sided.
  expect_true(is.na(vcov(two)["sigma2", "sigma2"]))
  expect_false(anyNA(vcov(two)[1:5, 1:5]))
  expect_identical(confint(two, "sigma2", method = "profile")[[1]], 0)
  expect_gt(confint(two, "sigma2", method = "profile")[[2]], 0)
})

test_that("peaks of zircon ages agree with IsoplotR", {
  zircon <- ages("ludwig")
  peaks <- lapply(1:3, function(k) {
    gmm1d(zircon$value, k = k, error = zircon$error, fixed = list(sigma = 0))
  })
  expect_equal(vapply(peaks, `[[`, 1, "loglik"), c(-105.9777953, -43.82509279, -43.48911095),
               tolerance = 1e-9)
  expect_equal(peaks[[2]]$mu, c(260.0645742, 263.0917260), tolerance = 1e-9)
  expect_equal(sqrt(diag(vcov(peaks[[2]]))[3:4]), c(mu1 = .198738, mu2 = .179269), tolerance = 1e-5)
  expect_equal(peaks[[3]]$lambda, c(.3792388, .0810756, .5396856), tolerance = 1e-5)
  one <- gmm1d(zircon$value, k = 1, error = zircon$error)
  expect_equal(c(one$loglik, one$mu, one$sigma), c(-52.23489279, 261.8231186, 1.36968),
               tolerance = 1e-6)
})

test_that("one component is the random-effects model of meta-analysis", {
  # From metafor::rma(y, variance, method = "ML"). Its standard errors use the expected information,
  # which for the mean alone equals the observed one.
  known <- utils::read.csv(text = "set,loglik,mu,tau2,se_mu
bcg,-12.66507634752,-0.7111991354092,0.2800281372163,0.1718968087643
normand,-42.08327169030,-15.0100895249711,595.4649476828622,8.3720005824296
raudenbush,-3.12257031249,0.0777365259403,0.0125518947507,0.0474910485208
bangert,-18.26216424740,0.2207088716109,0.0470433996577,0.0452768435111
konst,-16.64595231327,0.1280031706177,0.0865370486494,0.0434658893733")
  trials <- utils::read.csv(test_path("data", "meta.csv"))
  for (i in seq_len(nrow(known))) {
    these <- trials[trials$set == known$set[i], ]
    fit <- gmm1d(these$y, k = 1, error = sqrt(these$variance))
    expect_equal(c(fit$loglik, fit$mu, fit$sigma^2), unlist(known[i, 2:4], use.names = FALSE),
                 tolerance = 1e-8)
    information <- solve(vcov(fit)[-1, -1])
    expect_equal(1 / sqrt(information["mu1", "mu1"]), known$se_mu[i], tolerance = 1e-8)
  }
})

test_that("one component with limits agrees with survreg", {
  skip_if_not_installed("survival")
  set.seed(4)
  x <- rnorm(80, 5, 2)
  data <- list(
    left = survival::Surv(pmax(x, 4), x > 4, type = "left"),
    right = survival::Surv(pmin(x, 7), x < 7),
    interval = survival::Surv(floor(x), floor(x) + 1 + (x > 5), type = "interval2"),
    mixed = survival::Surv(ifelse(x > 6, NA, ifelse(x > 4, x, floor(x))),
                           ifelse(x > 6, 6, ifelse(x > 4, x, floor(x) + 1)), type = "interval2"),
    none = survival::Surv(x, rep(1, 80))
  )
  for (seen in data) {
    fit <- gmm1d(seen, k = 1)
    theirs <- survival::survreg(seen ~ 1, dist = "gaussian",
                                control = survival::survreg.control(rel.tolerance = 1e-14))
    expect_equal(c(fit$mu, fit$sigma, fit$loglik),
                 c(theirs$coefficients[[1]], theirs$scale, theirs$loglik[2]), tolerance = 1e-6)
    expect_equal(unname(vcov(fit)[2, 2]), theirs$var[1, 1], tolerance = 1e-4)
  }
  expect_equal(gmm1d(pmax(x, 4), k = 1, censored = c(4, NA))$loglik, gmm1d(data$left, k = 1)$loglik)
  by_formula <- gmm1d(~ seen, data = data.frame(seen = data$left), k = 1)
  expect_equal(by_formula$mu, gmm1d(data$left, k = 1)$mu)
})

test_that("an EM step leaves no component less than nothing beyond a window", {
  x <- withr::with_seed(5, rt(1500, 2))
  points <- squash(x[x >= -1], within = c(-1, Inf))
  options <- gmm1d:::em_options(gmm1d_control())
  for (lambda in c(1e-200, 1e-43, 1e-17, 1e-9, 1e-3)) {
    for (mu in c(2, 5, 10, 30)) {
      start <- list(lambda = c(0.999 - lambda, 0.001, lambda), mu = c(-34, 0, mu),
                    sigma = c(1, 1, 0.5))
      after <- gmm1d:::em_steps_cpp(points, start, 1L, options)
      expect_true(all(is.finite(unlist(after)), after$lambda >= 0, after$sigma > 0))
    }
  }
})

test_that("values seen through a window give the mixture of all", {
  seen <- faithful$waiting[faithful$waiting >= 50 & faithful$waiting <= 90]
  fit <- gmm1d(seen, k = 2, within = c(49.5, 90.5))
  expect_equal(fit$loglik, -878.7321218, tolerance = 1e-9)
  expect_equal(c(fit$mu, fit$sigma, fit$lambda[1]),
               c(53.498841, 80.283721, 7.448260, 5.718123, .3985892), tolerance = 1e-6)
  expect_equal(gmm1d(seen, k = 2)$loglik, -892.2508107, tolerance = 1e-9)
  # With one component there is no maximum.
  one <- quietly(gmm1d(seen, k = 1, within = c(50, 90)))
  expect_identical(one$status, "ridge")

  # For one normal distribution, the likelihood is maximised directly.
  set.seed(9)
  for (window in list(c(-1, 1), c(-Inf, 0.5), c(0, Inf), c(-0.5, 3), c(-2, 2))) {
    x <- rnorm(400)
    x <- x[x > window[1] & x < window[2]]
    fit <- gmm1d(x, k = 1, within = window)
    minus <- function(p) {
      sum(log(diff(pnorm(window, p[1], exp(p[2])))) - dnorm(x, p[1], exp(p[2]), log = TRUE))
    }
    theirs <- optim(c(mean(x), log(sd(x))), minus, control = list(reltol = 1e-14, maxit = 2000))
    expect_gt(fit$loglik, -theirs$value - 1e-6)
    if (fit$converged) expect_equal(fit$loglik, -theirs$value, tolerance = 1e-7)
  }
})

test_that("noise is a uniform component, chosen if it is one of the models", {
  x <- c(faithful$waiting, seq(0, 200, 5))
  fit <- gmm1d(x, k = 2, noise = c(0, 200))
  expect_equal(fit$loglik, -1327.659955, tolerance = 1e-8)
  expect_equal(c(fit$noise[1], fit$lambda, fit$mu, fit$sigma),
               c(.1294589, .316154, .554387, 54.5299, 80.1129, 6.04343, 5.86551), tolerance = 1e-5)
  expect_identical(fit$df, 6L)
  # Wald and profile intervals for the noise proportion are nearly the same here.
  profile <- confint(fit, "lambda0", method = "profile")
  expect_equal(profile, confint(fit, "lambda0"), tolerance = 0.03)
  expect_identical(predict(fit, c(10, 50, 150)), c(0L, 1L, 0L))
  expect_equal(rowSums(predict(fit, c(10, 50, 150), type = "posterior")), rep(1, 3))
  expect_null(gmm1d(faithful$waiting, noise = c(FALSE, TRUE))$noise)
  expect_false(is.null(gmm1d(x, noise = c(FALSE, TRUE))$noise))
  expect_equal(integrate(function(x) dgmm1d(x, fit), -50, 250, subdivisions = 500L)$value, 1,
               tolerance = 1e-6)
  expect_equal(pgmm1d(qgmm1d(c(.01, .3, .9), fit), fit), c(.01, .3, .9), tolerance = 1e-10)
})

test_that("noise with proportion 0 has no standard error, and others keep theirs", {
  x <- qnorm(ppoints(200)) + rep(c(0, 5), each = 100)
  none <- gmm1d(x, k = 2, noise = c(-50, 50))
  expect_lt(none$noise[1], 1e-4)
  covariance <- vcov(none)
  expect_true(all(is.na(covariance["lambda0", ])))
  expect_equal(covariance[1:6, 1:6], vcov(gmm1d(x, k = 2)), tolerance = 0.05)
})

test_that("labels can be at random or by design", {
  labels <- ifelse(iris$Species == "setosa", "a", "b")
  labels[seq_along(labels) %% 3 != 1] <- NA
  fit <- gmm1d(iris$Sepal.Length, k = 2, labels = labels)
  expect_equal(fit$loglik, -194.5028259, tolerance = 1e-9)
  expect_equal(c(fit$lambda[1], fit$mu, fit$sigma),
               c(.3220252546, 5.042343631, 6.223788379, .3754243740, .6987205164), tolerance = 1e-7)
  expect_identical(fit$labels, c("a", "b"))
  expect_true(all(predict(fit)[which(labels == "a")] == 1L))

  # Controls carry no information about the proportions. Their component is known, so the
  # proportions are those of the others.
  x <- c(rnorm(200, 0), rnorm(100, 4))
  control <- rnorm(300, 0)
  known <- gmm1d(c(x, control), k = 2, labels = rep(c(NA, "negative"), each = 300),
                 labels_by = "design")
  expect_equal(known$lambda[match("negative", known$labels)], 2 / 3, tolerance = 0.1)
  at_random <- gmm1d(c(x, control), k = 2, labels = rep(c(NA, "negative"), each = 300))
  expect_equal(at_random$lambda[match("negative", at_random$labels)], 5 / 6, tolerance = 0.1)
})

test_that("components without a label have NA, wherever the labelled one is", {
  x <- c(qnorm(ppoints(100)), qnorm(ppoints(100), 8), qnorm(ppoints(100), 16))
  for (at in 1:3) {
    labels <- ifelse(seq_along(x) %in% (100 * at - 0:9), "known", NA)
    fit <- gmm1d(x, k = 3, labels = labels)
    expect_identical(fit$labels, ifelse(1:3 == at, "known", NA))
    expect_length(coef(fit), 9L)
  }
})

test_that("without errors, limits, window or noise, it is the exact fit", {
  x <- faithful$waiting
  exact <- gmm1d(x, k = 2, control = gmm1d_control(penalty = 0))
  near <- list(
    # The search finds spikes on tied values, which errors of 1e-6 declare to be different.
    gmm1d(x, error = 1e-6, start = exact), gmm1d(x, k = 2, censored = c(-1e6, 1e6)),
    gmm1d(x, k = 2, within = c(-1e6, 1e6)), gmm1d(x, k = 2, error = 0),
    gmm1d(data.frame(lower = x, upper = x), k = 2)
  )
  for (fit in near) {
    expect_equal(fit$loglik, exact$loglik, tolerance = 1e-7)
    expect_equal(coef(fit), coef(exact), tolerance = 1e-5)
  }
})

test_that("values with errors are drawn to the means, and their errors count", {
  set.seed(3)
  true <- rnorm(2000, 10, 2)
  error <- runif(2000, 0.5, 3)
  fit <- gmm1d(true + error * rnorm(2000), k = 1, error = error)
  value <- predict(fit, type = "value")
  expect_lt(mean((value[, "value"] - true)^2), 0.8 * mean(error^2))
  expect_equal(mean((value[, "value"] - true)^2), mean(value[, "sd"]^2), tolerance = 0.1)
  expect_equal(predict(fit, 12, error = 0, type = "value")[1, ], c(value = 12, sd = 0))
  expect_equal(predict(fit, 12, error = 1e6, type = "value")[[1]], fit$mu, tolerance = 1e-6)
  expect_error(predict(fit, 12), class = "gmm1d_error_argument")
})

test_that("many values with errors, squashed, give the estimates of all", {
  set.seed(8)
  n <- 2e4
  error <- exp(runif(n, log(.1), log(.6)))
  x <- ifelse(runif(n) < .3, rnorm(n, 0, .5), rnorm(n, 3, 1)) + error * rnorm(n)
  squashed <- gmm1d(x, k = 2, error = error)
  all <- new_squashed_observations(list(lower = x, upper = x, w = rep(1, n), error = error))
  exact <- gmm1d(all, k = 2, start = squashed)
  standard_error <- sqrt(diag(vcov(exact)))
  expect_lt(max(abs(coef(squashed) - coef(exact)) / standard_error), 1e-4)
})

test_that("an error whose square underflows is precise enough, and does not affect other values", {
  fit <- gmm1d(c(-1, 0, 1, 5, 5), error = 0.5,
               fixed = list(lambda = c(0.5, 0.5), mu = c(0, 5), sigma = c(1, 0)))
  x <- c(0, 5, 4)
  for (least in c(1e-100, 1e-160, 1e-200, 1e-250)) {
    density <- predict(fit, x, "logdensity", error = c(0.5, least, 0.5))
    alone <- predict(fit, x[-2], "logdensity", error = c(0.5, 0.5))
    expect_equal(density[-2], alone)
    expect_equal(density[2], log(0.5) - log(least) - log(2 * pi) / 2)
    expect_equal(predict(fit, x, "value", error = c(0.5, least, 0.5))[2, "value"], 5,
                 ignore_attr = "names")
  }
})

test_that("many labelled values are searched on runs of each label, to the same maximum", {
  set.seed(5)
  z <- sample(3, 20000, TRUE, c(0.5, 0.3, 0.2))
  truth <- list(lambda = c(0.5, 0.3, 0.2), mu = c(0, 3, 6), sigma = c(1, 0.7, 1.5))
  x <- rnorm(20000, truth$mu[z], truth$sigma[z])
  labels <- ifelse(runif(20000) < 0.1 & z < 3, z, NA)
  for (by in c("random", "design")) for (window in list(NULL, c(-20, 30))) {
    found <- gmm1d(x, k = 3, labels = labels, labels_by = by, within = window)
    from_truth <- gmm1d(x, labels = labels, labels_by = by, within = window, start = truth)
    expect_equal(coef(found), coef(from_truth), tolerance = 1e-6)
    expect_gte(found$loglik, from_truth$loglik - 1e-6)
  }
})

test_that("limits that most values lie beyond are doubted, unless these are recorded alike", {
  x <- withr::with_seed(1, exp(c(rnorm(150, -1.4, 0.4), rnorm(100, 0.6, 0.4))))
  limit <- 0.15
  seen <- pmax(x, limit)
  expect_warning(gmm1d(log(seen), k = 2, censored = c(limit, NA)),
                 "on the scale of the fit", class = "gmm1d_warning_censored") |>
    suppressWarnings(classes = "gmm1d_warning")
  expect_warning(squash(-log(seen), censored = c(NA, -limit)), class = "gmm1d_warning_censored")
  # On the right scale there is nothing to doubt.
  expect_no_warning(squash(log(seen), censored = log(c(limit, NA))))
  # 70 % that are not detected are no mistake, at the limit or at one number below it.
  many <- stats::quantile(x, 0.7, names = FALSE)
  expect_no_warning(squash(pmax(x, many), censored = c(many, NA)))
  expect_no_warning(squash(ifelse(x < many, many / 2, x), censored = c(many, NA)))
  expect_warning(squash(x, censored = c(many, NA)), "70 %", class = "gmm1d_warning_censored")
  # The weights count.
  expect_no_warning(squash(x, weights = ifelse(x < many, 0.1, 1), censored = c(many, NA)))
})
