# data/saved-1.rds was written by saveRDS() of version 0.1.0, with which format 1 began: `fit`, two
# components of faithful$waiting by a formula; `squashed`, the roots of 1 to 20000; `each`, two
# components of faithful$eruptions (a) and what cannot be fitted (b).
test_that("what an earlier version has saved is read", {
  saved <- readRDS(test_path("data", "saved-1.rds"))
  fit <- gmm1d(~waiting, data = faithful, k = 2)
  expect_equal(coef(saved$fit), coef(fit), tolerance = 1e-9)
  expect_identical(predict(saved$fit, data.frame(waiting = c(60, 70))), c(1L, 2L))
  expect_equal(vcov(saved$fit), vcov(fit), tolerance = 1e-6)
  expect_equal(coef(update(saved$fit, k = 3)), coef(update(fit, k = 3)), tolerance = 1e-6)
  withr::with_pdf(NULL, plot(saved$fit))
  expect_identical(saved$squashed$n, 20000)
  expect_equal(c(saved$squashed, squash(sqrt(1:20000)))$n, 40000)
  expect_equal(coef(gmm1d(saved$squashed, k = 1)), coef(gmm1d(sqrt(1:20000), k = 1)),
               tolerance = 1e-9)
  expect_identical(nrow(tidy(saved$each)), 3L)
  expect_identical(names(saved$each), c("a", "b"))
  expect_identical(sapply(saved$each, class), c(a = "gmm1d", b = "NULL"))
  expect_equal(coef(saved$each$a), coef(gmm1d(faithful$eruptions, k = 2)), tolerance = 1e-9)
  expect_length(c(saved$each, saved$each[1]), 3L)
  expect_error(saved$each[["b"]], class = "gmm1d_error_failed")
  expect_equal(coef(quietly(update(saved$each, k = 1)))[["a", "mu1"]], mean(faithful$eruptions))
  expect_identical(weights(saved$fit), rep(1, 272))
})

test_that("a fit is the same when it comes back", {
  fit <- gmm1d(faithful$waiting)
  expect_identical(unserialize(serialize(fit, NULL)), fit)
  expect_silent(gmm1d:::parse_fit(fit))
})

test_that("another format is an error that says what to do", {
  fit <- gmm1d(faithful$waiting, k = 1)
  fit$format <- 3L
  expect_error(predict(fit, 1), "format 3, not 2.*recreate it", class = "gmm1d_error_saved")
  points <- squash(faithful$waiting)
  points$format <- NULL
  expect_error(gmm1d(points), "format unknown", class = "gmm1d_error_saved")
})

test_that("samples of format 1, whose class did not say their kind, are read", {
  for (kind in sample_kinds()) {
    sample <- kind(identity)
    if (inherits(sample, "squashed_observations")) next  # there were none
    before <- structure(unclass(sample), class = "squashed")
    before$format <- 1L
    expect_identical(gmm1d:::parse_squashed(before), sample)
  }
})

test_that("a sample of one kind is none of another", {
  samples <- lapply(sample_kinds(), function(kind) kind(identity))
  for (sample in samples) {
    expect_identical(gmm1d:::parse_squashed(sample), sample)
    for (kind in c(unique(lapply(samples, class)), "squashed", list(c("new_kind", "squashed")))) {
      if (identical(kind, class(sample))) next
      expect_error(gmm1d:::parse_squashed(structure(unclass(sample), class = kind)),
                   class = "gmm1d_error_saved")
    }
  }
})

test_that("each part that does not belong to the others is seen", {
  fit <- gmm1d(faithful$waiting, k = 2)
  points <- squash(qnorm(ppoints(20000)))
  spoil <- function(object, name, value) {
    object[name] <- list(value)
    object
  }
  for (name in c("k", "lambda", "mu", "sigma", "loglik", "n", "n_missing", "df", "selection",
                 "control", "points")) {
    expect_error(gmm1d:::parse_fit(spoil(fit, name, "a")), class = "gmm1d_error_saved")
    expect_error(gmm1d:::parse_fit(spoil(fit, name, NULL)), class = "gmm1d_error_saved")
  }
  for (name in c("x", "w", "n", "n_missing", "scale", "step", "cells")) {
    expect_error(gmm1d:::parse_squashed(spoil(points, name, "a")), class = "gmm1d_error_saved")
  }
  for (name in c("lower", "upper", "width")) {
    expect_error(gmm1d:::parse_squashed(spoil(points, name, 1)), class = "gmm1d_error_saved")
  }
  for (name in c("level", "index", "sums")) {
    expect_error(gmm1d:::parse_squashed(spoil(points, "cells", spoil(points$cells, name, 1))),
                 class = "gmm1d_error_saved")
  }
})

test_that("nothing that comes back from a file is run, and what a user changes is looked at", {
  witness <- withr::local_tempfile()
  code <- function(...) {
    file.create(witness)
    1L
  }
  spoil <- function(object, name, value) {
    object[name] <- list(value)
    object
  }
  for (object in list(gmm1d(faithful$waiting, k = 2), squash(faithful$waiting))) {
    for (name in names(unclass(object))) {
      for (value in list(code, bquote(.(code)()), quote(stop("run")))) {
        class <- oldClass(object)
        spoilt <- structure(spoil(unclass(object), name, value), class = class)
        back <- unserialize(serialize(spoilt, NULL))
        # a call may stand where there is one, and is not run either
        if (name == "call" && is.call(value)) expect_output(print(back))
        else expect_error(print(back), class = "gmm1d_error_saved", label = name)
      }
    }
  }
  expect_false(file.exists(witness))

  fit <- gmm1d(faithful$waiting, k = 2)
  expect_error(predict(spoil(fit, "lambda", c(-0.5, 1.5)), 60), "its `lambda`",
               class = "gmm1d_error_saved")
  expect_error(print(spoil(fit, "penalised", NULL)), "its `penalised`", class = "gmm1d_error_saved")
  many <- gmm1d_each(list(a = faithful$waiting), k = 2)
  attr(many, "keys") <- "a"
  expect_error(print(many), "its `keys`", class = "gmm1d_error_saved")
})

test_that("settings that were changed go through the same door as those that are given", {
  control <- gmm1d_control()
  control$penalty <- NA
  expect_error(gmm1d(faithful$waiting, control = control), "`penalty` must be a number",
               class = "gmm1d_error_missing")
  control <- gmm1d_control()
  control$tol <- quote(stop("run"))
  expect_error(gmm1d(faithful$waiting, control = control), "`tol` must be numeric",
               class = "gmm1d_error_type")
})

test_that("points of another type of number are no points", {
  points <- squash(as.numeric(c(5, 1:20, 1.5)))
  points$x <- as.integer(points$x)
  expect_error(gmm1d(points, k = 2), "its `x`",
               class = "gmm1d_error_saved")
})

test_that("a call looks at a fit once, at its door", {
  fit <- gmm1d(faithful$waiting, k = 2)
  seen <- new.env()
  package <- asNamespace("gmm1d")
  count <- bquote(assign("times", get("times", .(seen)) + 1, .(seen)))
  suppressMessages(trace("parse_fit", count, print = FALSE, where = package))
  withr::defer(suppressMessages(untrace("parse_fit", where = package)))
  calls <- list(
    confint = function() confint(fit, method = "profile"),
    bootstrap = function() withr::with_seed(1, confint(fit, method = "bootstrap", R = 5)),
    gof = function() withr::with_seed(1, gof_test(fit, R = 5)),
    lrt = function() withr::with_seed(1, boot_lrt(fit, k0 = 1, R = 5)),
    residuals = function() residuals(fit, "response"), summary = function() summary(fit),
    simulate = function() simulate(fit, 3), modes = function() modes(fit),
    tidy = function() tidy(fit, conf.int = TRUE), augment = function() augment(fit),
    qq = function() plot(fit, "qq")
  )
  withr::local_pdf(NULL)
  for (name in names(calls)) {
    assign("times", 0, seen)
    calls[[name]]()
    expect_identical(seen$times, 1, info = name)
  }
})
