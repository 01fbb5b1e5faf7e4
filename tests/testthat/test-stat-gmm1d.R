stat_data <- function(plot, layer = 1L) ggplot2::layer_data(plot, layer)

test_that("each panel and group has the curves of its own fit", {
  skip_if_not_installed("ggplot2")
  plot <- ggplot2::ggplot(iris, ggplot2::aes(Petal.Length)) + stat_gmm1d(k = 2) +
    ggplot2::facet_wrap("Species")
  data <- expect_silent(stat_data(plot))
  for (i in 1:3) {
    fit <- gmm1d(iris$Petal.Length[iris$Species == levels(iris$Species)[i]], k = 2)
    panel <- data[data$PANEL == i, ]
    total <- panel[panel$component == "mixture", ]
    expect_equal(total$density, dgmm1d(total$x, fit))
    expect_equal(total$count, 50 * total$density)
    for (j in 1:2) {
      part <- panel[panel$component == j, ]
      expect_equal(part$y, fit$lambda[j] * dnorm(part$x, fit$mu[j], fit$sigma[j]))
      expect_identical(unique(part$mu), fit$mu[j])
    }
    expect_length(unique(panel$group), 3L)
  }
  groups <- ggplot2::ggplot(iris, ggplot2::aes(Petal.Length, colour = Species)) +
    stat_gmm1d(k = 1, variance = "equal", curves = "mixture")
  expect_length(unique(stat_data(groups)$colour), 3L)
})

test_that("a group that cannot be fitted is left out with a warning", {
  skip_if_not_installed("ggplot2")
  data <- data.frame(x = c(faithful$waiting, 3), group = rep(c("a", "b"), c(272, 1)))
  plot <- ggplot2::ggplot(data, ggplot2::aes(x, colour = group)) + stat_gmm1d(k = 2)
  expect_warning(drawn <- stat_data(plot), class = "gmm1d_warning_group")
  expect_equal(max(drawn$density), max(dgmm1d(drawn$x, gmm1d(faithful$waiting, k = 2))))
})

test_that("weights and scales are respected, and curves can be chosen", {
  skip_if_not_installed("ggplot2")
  twice <- data.frame(x = faithful$waiting, w = 2)
  plot <- ggplot2::ggplot(twice, ggplot2::aes(x, weight = w))
  expect_identical(unique(stat_data(plot + stat_gmm1d(k = 2))$n), 544)
  expect_identical(levels(droplevels(stat_data(plot + stat_gmm1d(k = 2, curves = "components"))$
                                       component)), c("1", "2"))
  expect_identical(unique(paste(stat_data(plot + stat_gmm1d(k = 1))$component)), "mixture")
  red <- stat_data(plot + stat_gmm1d(k = 2, curves = "mixture", colour = "red", geom = "area"))
  expect_identical(unique(red$colour), "red")
  logs <- ggplot2::ggplot(data.frame(x = rivers), ggplot2::aes(x)) + stat_gmm1d(k = 2) +
    ggplot2::scale_x_log10()
  total <- stat_data(logs)
  total <- total[total$component == "mixture", ]
  expect_equal(total$density, dgmm1d(total$x, gmm1d(log10(rivers), k = 2)))
})

test_that("invalid arguments are errors when the layer is created", {
  skip_if_not_installed("ggplot2")
  expect_error(stat_gmm1d(k = 0), class = "gmm1d_error_range")
  expect_error(stat_gmm1d(variance = "none"), class = "gmm1d_error_argument")
  expect_error(stat_gmm1d(curves = "none"), class = "gmm1d_error_argument")
  expect_error(stat_gmm1d(criterion = "none"), class = "gmm1d_error_argument")
  expect_error(stat_gmm1d(points = 1), class = "gmm1d_error_range")
})

test_that("the mixture is thicker than its components, unless a width is given", {
  width <- function(...) {
    plot <- ggplot2::ggplot(faithful, ggplot2::aes(waiting)) + stat_gmm1d(k = 2, ...)
    data <- ggplot2::layer_data(plot)
    tapply(data$linewidth, data$component, unique)
  }
  expect_gt(width()[["mixture"]], max(width()[c("1", "2")]))
  expect_true(all(width(linewidth = 2) == 2))
  expect_identical(width(curves = "components")[["1"]], width(curves = "components")[["2"]])
})
