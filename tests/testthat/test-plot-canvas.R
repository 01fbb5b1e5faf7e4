test_that("values outside the default limits are counted, not those outside the user's", {
  fit <- quietly(gmm1d(c(faithful$waiting, -1e9, 1e9), k = 2))
  note <- function(xlim = NULL) {
    gmm1d:::outside_note(fit, list(xlim = xlim), xlim %||% gmm1d:::default_xlim(fit))
  }
  expect_identical(note(), "2 values outside")
  expect_null(note(c(50, 60)))
  fit <- gmm1d(faithful$waiting, k = 2)
  expect_null(note())
})

test_that("a legend gets the room it needs", {
  withr::with_pdf(NULL, {
    key <- gmm1d:::density_key(9L, list())
    look <- list(legend = TRUE)
    gmm1d:::open_plot(look, key, c(0, 1), c(0, 1))
    drawn <- gmm1d:::draw_legend(key, gmm1d:::legend_layout(key))$rect
    expect_gte(drawn$top - drawn$h, 1)
  })
})

test_that("a legend shrinks if it would take half of the plot", {
  cex <- function(k, size) {
    withr::with_pdf(NULL, width = size, height = size, {
      plot.new()
      gmm1d:::legend_layout(gmm1d:::density_key(k, list()))$cex
    })
  }
  expect_identical(cex(2L, 7), 0.85)
  expect_lt(cex(30L, 4), 0.85)
})

test_that("thirty components differ by colour or line type", {
  key <- gmm1d:::density_key(30L, list())
  expect_identical(anyDuplicated(data.frame(key$col, key$lty)), 0L)
})

test_that("a tint lies between white and the colour", {
  expect_identical(gmm1d:::tint(c("black", "red"), 0), c("#FFFFFF", "#FFFFFF"))
  expect_identical(gmm1d:::tint(c("black", "red"), 1), c("#000000", "#FF0000"))
})

test_that("titles run along their axes, whatever par(\"las\") is", {
  # Text in the margin that is drawn with the user's `las` changes with it.
  texts <- function(draw, las) {
    withr::with_pdf(NULL, {
      grDevices::dev.control("enable")
      graphics::par(las = las)
      draw()
      steps <- grDevices::recordPlot()[[1L]]
    })
    in_margin <- vapply(steps, function(step) identical(step[[2L]][[1L]]$name, "C_mtext"), NA)
    lapply(steps[in_margin], function(step) step[[2L]]$las)
  }
  fits <- gmm1d_each(iris[1:2], k = 1)
  fit <- quietly(gmm1d(c(faithful$waiting, -1e9, 1e9), k = 2))
  for (draw in list(function() plot(fits), function() plot(fdr(fit)), function() plot(fit))) {
    las <- texts(draw, 1)
    expect_gt(length(las), 0)
    for (each in las) expect_equal(each, 0)
  }
})
