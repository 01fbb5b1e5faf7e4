# A layer of ggplot2 that fits a mixture to each panel and group of the user's plot.

#' Fit and draw mixtures in a ggplot
#'
#' Fits a mixture to the values on the x axis, one for each panel and group, and draws its density.
#' Use it like [ggplot2::geom_density()]: over a histogram, with facets, or with colours for groups.
#' To draw a fit that you already have, use [autolayer.gmm1d()].
#'
#' @details
#' The mixture is fitted on the scale of the plot: with `scale_x_log10()`, to logarithms.
#'
#' The mixture is a thick line, and the components lie on it as thin ones, unless you give
#' `linewidth`.
#'
#' A group that cannot be fitted is left out with a warning of class `gmm1d_warning_group`; the
#' others are drawn.
#'
#' Computed variables, for `after_stat()`:
#' * `density`: the density of the mixture, or of a component times its `lambda`; the default `y`;
#' * `count`: the density times the number of values (the sum of the weights); over bars of width 2,
#'   draw `after_stat(2 * count)`;
#' * `scaled`: the density divided by the maximum of the mixture;
#' * `component`: a factor with the levels `"mixture"`, `"1"`, `"2"`, ...;
#' * `lambda`, `mu`, `sigma`: the parameters of the component, `NA` for the mixture;
#' * `k`, `n`: the number of components and the number of values.
#'
#' The aesthetics are `x` (required), `weight` (a number for each value), and those of
#' [ggplot2::geom_line()]. `colour` is `after_stat(component)` unless the plot maps it to something
#' else, such as groups.
#'
#' @param mapping,data,position,na.rm,show.legend,inherit.aes As for [ggplot2::stat_density()].
#' @param geom The geom that draws: `"line"` (default), `"area"`, ...
#' @param k,variance,criterion,fixed,control As for [gmm1d()].
#' @param curves What to draw: `"all"` (default), `"mixture"` or `"components"`. (With one component
#'   `"all"` draws only the mixture.)
#' @param points Number of points along each curve: a whole number >= 2, default 512.
#' @param ... Other arguments of the layer, such as `linewidth = 1` or `colour = "red"`.
#'
#' @return A layer of ggplot2.
#' @section Errors:
#' `gmm1d_error_argument`, `gmm1d_error_type` and `gmm1d_error_range` for invalid arguments, when
#' the layer is created.
#' @seealso [autoplot.gmm1d()], [gmm1d_each()] for the fits themselves
#' @concept stat for ggplot2
#' @concept density curve in facets
#' @examplesIf requireNamespace("ggplot2", quietly = TRUE)
#' library(ggplot2)
#' ggplot(iris, aes(Petal.Length)) +
#'   geom_histogram(aes(y = ggplot2::after_stat(density)), binwidth = 0.2, fill = "grey80") +
#'   stat_gmm1d(k = 1:3) +
#'   facet_wrap(~Species, scales = "free")
#'
#' ggplot(iris, aes(Petal.Length, colour = Species)) +
#'   stat_gmm1d(k = 1, curves = "mixture")
#' @export
stat_gmm1d <- function(mapping = NULL, data = NULL, geom = "line", position = "identity", ...,
                       k = 1:9, variance = "free", criterion = c("BIC", "AIC", "ICL"),
                       fixed = NULL, control = gmm1d_control(),
                       curves = c("all", "mixture", "components"), points = 512,
                       na.rm = FALSE, show.legend = NA, # nolint: object_name_linter.
                       inherit.aes = TRUE) { # nolint: object_name_linter.
  rlang::check_installed("ggplot2", "to draw layers.")
  criterion <- parse_choice(criterion, c("BIC", "AIC", "ICL"), "criterion")
  curves <- parse_choice(curves, c("all", "mixture", "components"), "curves")
  points <- parse_count(points, "points", at_least = 2)
  na.rm <- parse_flag(na.rm, "na.rm") # nolint: object_name_linter.
  parse_plan(k, variance, criterion, fixed, NULL, control)
  ask <- list(k = k, variance = variance, criterion = criterion, fixed = fixed, control = control)
  ggplot2::layer(
    geom, gmm1d_stat(), data, mapping, position,
    params = list(ask = ask, curves = curves, points = points, na.rm = na.rm, ...),
    inherit.aes = inherit.aes, show.legend = show.legend
  )
}

# Created on demand, because ggplot2 may not be installed.
gmm1d_stat <- function() {
  ggplot2::ggproto(
    "StatGmm1d", ggplot2::Stat,
    required_aes = "x",
    default_aes = ggplot2::aes(
      y = ggplot2::after_stat(!!rlang::sym("density")),
      colour = ggplot2::after_stat(!!rlang::sym("component")),
      group = ggplot2::after_stat(interaction(!!rlang::sym("group"), !!rlang::sym("component"))),
      weight = 1
    ),
    dropped_aes = "weight",
    compute_group = function(data, scales, ask, curves, points, na.rm = FALSE) {
      tryCatch(
        fitted_curves(data, scales$x$dimension(), ask, curves, points),
        gmm1d_error = function(error) {
          warn_gmm1d("group", "a group of ", count_of(nrow(data), "value"), " is left out: ",
                     conditionMessage(error))
          data.frame()
        }
      )
    },
    extra_params = "na.rm"
  )
}

fitted_curves <- function(data, limits, ask, curves, points) {
  fit <- do.call(gmm1d, c(list(data$x, weights = data$weight), ask), quote = TRUE)
  x <- sort(unique(c(seq(limits[1L], limits[2L], length.out = points),
                     fit$mu[fit$mu >= limits[1L] & fit$mu <= limits[2L]])))
  parts <- seen_densities(x, fit)
  total <- list(mixture = parts$total)
  shown <- list(mixture = curves != "components",
                parts = curves == "components" || curves == "all" && fit$k > 1L)
  of <- c(if (shown$mixture) 0L, if (shown$parts) seq_len(fit$k))
  known <- function(values) rep(c(NA, values)[of + 1L], each = length(x))
  density <- unlist(lapply(of, function(j) if (j == 0L) total$mixture else parts$components[, j]))
  names_of_parts <- c("mixture", seq_len(fit$k))
  data.frame(
    x = rep(x, length(of)), density = density, count = density * fit$n,
    scaled = density / max(total$mixture),
    component = factor(rep(names_of_parts[of + 1L], each = length(x)), names_of_parts),
    # The components lie on the mixture, thinner.
    linewidth = if (length(of) > 1L) rep(ifelse(of == 0L, 1.2, 0.5), each = length(x)) else 0.5,
    lambda = known(fit$lambda), mu = known(fit$mu), sigma = known(fit$sigma), k = fit$k, n = fit$n
  )
}
