test_that("ticks are at round values of the variable", {
  data <- list(x = exp(seq(1, 9, length.out = 50)), y = seq(2, 3, length.out = 50))
  forwards <- list(
    "log(x)" = log, "log10(x + 1)" = function(x) log10(x + 1), "sqrt(x)" = sqrt,
    "I(-x)" = function(x) -x, "I(1 - log2(x))" = function(x) 1 - log2(x)
  )
  for (text in names(forwards)) {
    fit <- quietly(gmm1d(stats::as.formula(paste("~", text)), data = data, k = 1))
    way <- gmm1d:::parse_original(TRUE, fit)
    limits <- gmm1d:::default_xlim(fit)
    at <- gmm1d:::original_ticks(limits, way, fit)
    expect_gte(length(at), 3)
    expect_true(all(at >= limits[1] - 1e-9 & at <= limits[2] + 1e-9))
    number <- as.numeric(gmm1d:::original_labels(at, way))
    expect_equal(forwards[[text]](number), at)
    # one or two digits
    expect_equal(signif(number, 2), number)
  }
})

test_that("axes are labelled with values of the variable, and their title is its name", {
  fit <- gmm1d(~ log10(rivers), k = 2)
  withr::with_pdf(NULL, {
    for (type in setdiff(eval(formals(gmm1d:::plot.gmm1d)$type), "radial")) {
      expect_silent(plot(fit, type, original = TRUE))
    }
    expect_error(plot(gmm1d(rivers, k = 2), original = TRUE), class = "gmm1d_error_argument")
    expect_error(plot(fit, log = "x"), "`original`", class = "gmm1d_error_argument")
  })
  skip_if_not_installed("ggplot2")
  plot <- ggplot2::autoplot(fit, original = TRUE)
  expect_identical(plot$labels$x, "rivers")
  shown <- ggplot2::ggplot_build(plot)$layout$panel_params[[1]]$x
  labels <- shown$get_labels()
  expect_equal(log10(as.numeric(labels[!is.na(labels)])), shown$get_breaks()[!is.na(labels)])
  expect_silent(ggplot2::ggplot_build(ggplot2::autoplot(fit, "qq", original = TRUE)))
})
