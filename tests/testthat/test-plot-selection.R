# Models with free and with equal sigmas in one table.
both_variances <- function(fit) {
  equal <- fit$selection
  equal$variance <- "equal"
  equal[c("AIC", "BIC", "ICL")] <- equal[c("AIC", "BIC", "ICL")] + 20
  equal$converged[3] <- FALSE
  fit$selection <- rbind(fit$selection, equal)
  fit
}

test_that("selection and trace look as they should", {
  skip_if_not_installed("vdiffr")
  fit <- gmm1d(~waiting, data = faithful, k = 1:5)
  vdiffr::expect_doppelganger("selection", function() plot(fit, "selection"))
  vdiffr::expect_doppelganger("selection of both variances", function() {
    plot(both_variances(fit), "selection")
  })
  fit$trace <- c(-1050, -1040, -1034.5, -1034.1, -1034 - 1e-4, -1034 - 1e-9, -1034, -1034)
  vdiffr::expect_doppelganger("trace", function() plot(fit, "trace"))
  fit$trace <- -1034
  vdiffr::expect_doppelganger("trace without iterations", function() plot(fit, "trace"))
})

test_that("the model that the criterion chose is marked, and no other", {
  for (criterion in c("BIC", "AIC", "ICL")) {
    fit <- gmm1d(faithful$waiting, k = 1:5, criterion = criterion)
    models <- gmm1d:::models_of(both_variances(fit))
    chosen <- models[models$chosen, ]
    expect_identical(chosen$k, fit$k)
    expect_identical(chosen[c("criterion", "variance")],
                     data.frame(criterion = criterion, variance = "free",
                                row.names = rownames(chosen)))
    expect_identical(chosen$value, fit$selection[[criterion]][fit$k])
  }
})

test_that("criteria are differences from the best, on a scale for small and large ones", {
  fit <- gmm1d(faithful$waiting, k = 1:5)
  models <- gmm1d:::models_of(fit)
  for (criterion in c("BIC", "AIC", "ICL")) {
    values <- fit$selection[[criterion]]
    expect_equal(models$difference[models$criterion == criterion], values - min(values))
  }
  expect_equal(models$difference[models$chosen], 0)
  for (most in c(1, 30, 4e5)) {
    axis <- gmm1d:::difference_axis(c(0, most))
    expect_equal(expm1(axis$at), as.numeric(gsub(",", "", axis$labels, fixed = TRUE)))
    expect_gte(length(axis$at), 3)
    expect_true(all(axis$at <= axis$limits[2] * 1.3))
  }
})

test_that("criteria differ by symbol, variances by filling, doubtful models from all", {
  fit <- gmm1d(faithful$waiting, k = 1:5)
  fit$selection$penalised <- c(FALSE, FALSE, FALSE, FALSE, TRUE)
  models <- gmm1d:::models_of(both_variances(fit))
  expect_identical(unique(models$pch[models$k == 5]), 3)
  expect_identical(unique(models$pch[models$k == 3 & models$variance == "equal"]), 4)
  sound <- models[models$k < 3, ]
  expect_identical(anyDuplicated(unique(sound[c("criterion", "variance", "pch")])$pch), 0L)
})

test_that("the legend names the symbols that occur", {
  text <- function(fit) {
    models <- gmm1d:::models_of(fit)
    gmm1d:::selection_key(models, 1:3, c(free = 1, equal = 2), "BIC")$text
  }
  fit <- gmm1d(faithful$waiting, k = 1:3)
  expect_identical(text(fit), c("BIC", "AIC", "ICL", "chosen by BIC"))
  expect_identical(text(both_variances(fit)),
                   c("BIC", "AIC", "ICL", "free sigma", "equal sigma", "chosen by BIC",
                     "not converged"))
})

test_that("gaps are relative to the last value, and rounding errors count as 0", {
  expect_identical(gmm1d:::trace_gaps(c(-12, -10.5, -10)), c(2, 0.5, 0))
  expect_identical(gmm1d:::trace_gaps(c(-10 - 1e-15, -10)), c(0, 0))
  expect_identical(gmm1d:::trace_gaps(-10), 0)
})

test_that("labels of a trace do not touch", {
  withr::with_pdf(NULL, width = 3.5, height = 2.8, {
    plot.new()
    plot.window(c(0, 1), c(1e-14, 1), log = "y")
    labels <- as.expression(lapply(-14:0, gmm1d:::power_of_ten))
    shown <- gmm1d:::ticks_with_room(-14:0, labels)
    expect_identical(shown[1], 1L)
    apart <- diff(shown) * par("pin")[2] / diff(par("usr")[3:4])
    expect_gt(min(apart), max(strwidth(labels, "inches")))
    expect_gte(length(shown), 2)
  })
})
