autoplot <- function(...) ggplot2::autoplot(...)
autolayer <- function(...) ggplot2::autolayer(...)
# Radial plots need values with errors.
types <- setdiff(eval(formals(gmm1d:::plot.gmm1d)$type), "radial")

# Makes ggplot2 compute a plot. Any error, warning or message would show here.
built <- function(plot) expect_silent(ggplot2::ggplot_build(plot))$data

test_that("plots of ggplot2 look as they should", {
  skip_if_not_installed("ggplot2")
  skip_if_not_installed("vdiffr")
  fit <- gmm1d(~waiting, data = faithful)
  fit$trace <- fit$loglik - c(9, 0.8, 0.03, 1e-5, 1e-8, 0)  # the smallest depend on the compiler
  # So does where a brief search ends on a ridge.
  numbers <- vapply(fit$selection, is.double, NA)
  fit$selection[numbers] <- lapply(fit$selection[numbers], round, 2)
  for (type in types) vdiffr::expect_doppelganger(paste("autoplot", type), autoplot(fit, type))
  vdiffr::expect_doppelganger("autoplot counts", autoplot(fit, scale = "count", cutpoints = TRUE,
                                                          rug = TRUE))
  fits <- gmm1d_each(faithful$waiting, rep(c("a", "b"), 136), k = 2)
  vdiffr::expect_doppelganger("autoplot panels", autoplot(fits))
})

test_that("every type can plot any fit, and many fits", {
  skip_if_not_installed("ggplot2")
  fits <- quietly(list(
    gmm1d(c(1, 2), k = 1), gmm1d(5, k = 1, control = list(min_sigma = 1)),
    gmm1d(faithful$waiting, k = 2, control = list(max_iter = 1, keep_data = FALSE)),
    gmm1d(faithful$waiting * 1e-300, k = 2), gmm1d(c(faithful$waiting, 1e9), k = 1),
    gmm1d(hist(faithful$waiting, plot = FALSE), k = 2),
    gmm1d(faithful$waiting, k = 1:3, variance = c("free", "equal")),
    gmm1d_each(list(a = faithful$waiting, b = 1, c = c(1, 2, 5)), k = 1:2)
  ))
  for (fit in fits) for (type in types) built(autoplot(fit, type))
  expect_match(autoplot(fits[[8]])$labels$caption, "1 data set")
  expect_match(autoplot(fits[[5]])$labels$caption, "1 value outside")
})

test_that("bars and curves agree with the histogram and the density", {
  skip_if_not_installed("ggplot2")
  fit <- gmm1d(~waiting, data = faithful)
  for (scale in c("density", "count")) {
    layers <- built(autoplot(fit, breaks = seq(40, 100, 4), scale = scale))
    bars <- hist(faithful$waiting, breaks = seq(40, 100, 4), plot = FALSE)
    unit <- if (scale == "count") 272 * 4 else 1
    expect_equal(layers[[1]]$ymax, bars$density * unit)
    mixture <- layers[[2]]
    expect_equal(mixture$y, dgmm1d(mixture$x, fit) * unit)
  }
  expect_error(autoplot(fit, breaks = c(40, 70, 100, 200), scale = "count"),
               class = "gmm1d_error_argument")
})

test_that("a layer fits onto the user's histogram", {
  skip_if_not_installed("ggplot2")
  fit <- gmm1d(~waiting, data = faithful)
  plot <- ggplot2::ggplot(faithful, ggplot2::aes(waiting)) +
    ggplot2::geom_histogram(binwidth = 2) +
    autolayer(fit, scale = "count", binwidth = 2)
  line <- built(plot)[[2]]
  expect_equal(line$y, dgmm1d(line$x, fit) * 272 * 2)
  # With facets by a variable that the fit does not have, the curves are in all panels.
  facets <- ggplot2::ggplot(cbind(faithful, long = faithful$waiting > 70),
                            ggplot2::aes(waiting)) +
    ggplot2::geom_histogram(binwidth = 2) + autolayer(fit, scale = "count", binwidth = 2) +
    ggplot2::facet_wrap("long")
  layers <- built(facets)
  expect_length(layers, 4L)
  for (layer in layers[2:4]) expect_equal(as.vector(table(layer$PANEL)), rep(nrow(layer) / 2, 2))
  expect_error(autolayer(fit, scale = "count"), class = "gmm1d_error_argument")
  expect_error(autolayer(fit, scale = "count", binwidth = 0), class = "gmm1d_error_range")

  fits <- gmm1d_each(iris$Petal.Length, iris$Species, k = 1)
  line <- built(ggplot2::ggplot() + autolayer(fits) + ggplot2::facet_wrap("group"))[[1]]
  expect_identical(nlevels(line$PANEL), 3L)
})

test_that("unknown arguments are errors", {
  skip_if_not_installed("ggplot2")
  fit <- gmm1d(faithful$waiting, k = 2)
  fits <- gmm1d_each(as.list(as.data.frame(matrix(rep(1:4, 101), 4))), k = 1)
  expect_error(autoplot(fit, "nonsense"), class = "gmm1d_error_argument")
  expect_error(autoplot(fit, tpye = "qq"), class = "gmm1d_error_argument")
  expect_error(autoplot(fit, scale = "counts"), class = "gmm1d_error_argument")
  expect_error(autoplot(fits), "at most 100 fits", class = "gmm1d_error_argument")
  expect_error(autoplot(fits[1:2], scales = "nonsense"), class = "gmm1d_error_argument")
})

test_that("each data set has a panel, whatever its key", {
  skip_if_not_installed("ggplot2")
  panels <- function(fits) length(unique(built(autoplot(fits))[[2]]$PANEL))
  x <- seq_len(30)
  for (key in list(as.Date("2020-01-01") + 0:2, c(0.3, 0.1 + 0.2, 1), c("a", NA, "NA"))) {
    expect_identical(panels(gmm1d_each(x, rep(key, 10), k = 1)), 3L)
  }
  expect_identical(panels(gmm1d_each(list(a = 1:9, a = 2:20), k = 1)), 2L)
  expect_identical(panels(gmm1d_each(x, list("my key" = rep(1:3, 10)), k = 1)), 3L)
})

test_that("the number of panel columns is a count, and panels may have two keys", {
  skip_if_not_installed("ggplot2")
  fits <- gmm1d_each(1:40, list(a = rep(1:2, 20), b = rep(1:2, each = 20)), k = 1)
  expect_identical(length(unique(built(autoplot(fits, ncol = 4))[[2]]$PANEL)), 4L)
  expect_error(autoplot(fits, ncol = 0), class = "gmm1d_error_range")
})

test_that("a view is computed once for each picture", {
  skip_if_not_installed("ggplot2")
  fit <- gmm1d(faithful$waiting, k = 2)
  views <- c(density = "histogram_of", selection = "models_of", qq = "qq_view", cdf = "cdf_view",
             rootogram = "rootogram_of", uncertainty = "regions_of", trace = "trace_gaps",
             classification = "regions_of")
  seen <- new.env()
  package <- asNamespace("gmm1d")
  for (type in types) {
    count <- bquote(assign("times", get("times", .(seen)) + 1, .(seen)))
    suppressMessages(trace(views[[type]], count, print = FALSE, where = package))
    assign("times", 0, seen)
    autoplot(fit, type, cutpoints = TRUE)
    suppressMessages(untrace(views[[type]], where = package))
    expect_identical(seen$times, 1, info = type)
  }
})

test_that("a plot has one legend, also with the user's own scale", {
  skip_if_not_installed("ggplot2")
  legends <- function(plot) {
    withr::with_pdf(NULL, {
      table <- ggplot2::ggplotGrob(plot)
      sum(grepl("^guides", table$grobs[[which(table$layout$name == "guide-box")]]$layout$name))
    })
  }
  fit <- gmm1d(faithful$waiting, k = 2)
  for (type in c("density", "classification", "cdf")) {
    plot <- autoplot(fit, type)
    expect_identical(legends(plot), 1L)
    expect_message(changed <- plot + ggplot2::scale_colour_brewer(palette = "Dark2"), "colour")
    expect_identical(legends(changed), 1L)
  }
  expect_identical(legends(autoplot(fit, "uncertainty")), 1L)
  for (type in c("density", "classification", "cdf", "selection")) {
    expect_null(autoplot(fit, type)$labels$colour)
  }
})

test_that("many or narrow bars have no border, and legends have as few rows as they need", {
  border <- function(width) {
    right <- cumsum(width)
    bars <- data.frame(.left = right - width, .right = right, .height = 1)
    gmm1d:::bar_layer(bars)$aes_params$colour
  }
  expect_identical(border(rep(1, 100)), "grey75")
  expect_identical(border(rep(1, 60)), "white")
  expect_identical(border(c(10, 90, 900)), "grey75")
  expect_identical(gmm1d:::rows_of_legend(c(10, 10, 10)), 1L)
  expect_identical(gmm1d:::rows_of_legend(c(12, 16, rep(6, 8))), 3L)
  expect_identical(gmm1d:::rows_of_legend(rep(99, 3)), 3L)
})
