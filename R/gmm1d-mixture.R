#' A mixture without data
#'
#' Creates a mixture from given parameters (from a paper or a simulation), to plot it or to find its
#' cut-points. There are no data, and so no standard errors.
#'
#' @details
#' [cutpoints()], [modes()], [bimodality()], [dgmm1d()] and related functions, and `start` of
#' [gmm1d()] accept such an object, and also a plain list of `lambda`, `mu` and `sigma`. Only
#' `plot()`, `autoplot()` and `print()` need the class. If you have the data, [as_gmm1d()] makes a
#' complete fit.
#'
#' @param lambda Mixing proportions: k numbers, not negative, with sum 1. Or a list with the numeric
#'   vectors `lambda`, `mu` and `sigma`, or a `gmm1d` fit, without `mu` and `sigma`.
#' @param mu Means: k numbers.
#' @param sigma Standard deviations: k positive numbers.
#' @param labels Names of the components in the order given: k different texts, or `NULL`
#'   (default: those of the fit or the list, if there are any).
#' @param x,object The result of `gmm1d_mixture()`.
#' @param cutpoints Draw dashed lines at the [cutpoints()]? `FALSE` (default), `TRUE`, or where to
#'   draw them: numbers, or the result of `cutpoints()`.
#' @param col,lty,legend,main,xlab,ylab,xlim,ylim As for [plot.gmm1d()].
#' @param digits As for [print.gmm1d()].
#' @param ... `plot()`: graphics parameters, as for [plot.gmm1d()]. Otherwise not used; an unknown
#'   argument is an error.
#'
#' @return `gmm1d_mixture()`: a list of class `gmm1d_mixture` with `lambda`, `mu`, `sigma` and
#'   `labels` (`NULL`, or names), each of length k and in order of `mu`, and `k`. `print()` and
#'   `plot()` return `x` invisibly, `autoplot()` a `ggplot` object.
#'
#' @section Errors:
#' Invalid parameters, and `labels` that are not k different names, are a `gmm1d_error_range`,
#' `gmm1d_error_shape`, `gmm1d_error_type`, `gmm1d_error_missing` or `gmm1d_error_argument`.
#'
#' @seealso [distribution] for densities, probabilities and random numbers; [as_gmm1d()]
#' @examples
#' mixture <- gmm1d_mixture(c(0.7, 0.3), c(0, 4), c(1, 1.5), labels = c("negative", "positive"))
#' mixture
#' plot(mixture, cutpoints = cutpoints(mixture, specificity = 0.99))
#'
#' # without a plot, a list is enough
#' cutpoints(list(lambda = c(0.7, 0.3), mu = c(0, 4), sigma = c(1, 1.5)), rule = "youden")
#' @concept mixture from given parameters
#' @concept theoretical mixture
#' @export
gmm1d_mixture <- function(lambda, mu, sigma, labels = NULL) {
  mixture <- parse_mixture(lambda, mu, sigma)
  labels <- if (!is.null(labels)) parse_component_names(labels, mixture, "labels")
            else if (are_named(lambda)) parse_component_names(lambda[["labels"]], mixture, "labels")
  in_order <- order(mixture$mu, mixture$sigma)
  structure(c(reordered(mixture, in_order), list(labels = labels[in_order])),
            class = "gmm1d_mixture")
}

#' @rdname gmm1d_mixture
#' @export
print.gmm1d_mixture <- function(x, digits = max(3L, getOption("digits") - 3L), ...) {
  check_no_dots(...)
  x <- parse_fit_or_mixture(x, "x")
  cat("Gaussian mixture with ", count_of(x$k, "component"), if (!is.null(x$noise)) " and noise",
      ", without data\n\n", sep = "")
  print(component_table(x, parse_count(digits, "digits")))
  invisible(x)
}

#' @rdname gmm1d_mixture
#' @export
plot.gmm1d_mixture <- function(x, cutpoints = FALSE, col = NULL, lty = NULL, legend = TRUE,
                               main = NULL, xlab = NULL, ylab = NULL, xlim = NULL, ylim = NULL,
                               ...) {
  mixture <- parse_drawn_mixture(x, "x")
  look <- parse_look(xlim = xlim, cutpoints = cutpoints, col = col, lty = lty, legend = legend,
                     main = main, xlab = xlab, ylab = ylab, ylim = ylim)
  check_graphics(...)
  plot_density(mixture_view(mixture, look), mixture, look, ...)
  invisible(x)
}

#' @rdname gmm1d_mixture
#' @method autoplot gmm1d_mixture
#' @rawNamespace S3method(ggplot2::autoplot, gmm1d_mixture)
autoplot.gmm1d_mixture <- function(object, xlim = NULL, # nolint: object_name_linter.
                                   cutpoints = FALSE, ...) {
  check_no_dots(...)
  mixture <- parse_drawn_mixture(object, "object")
  look <- parse_look(xlim = xlim, cutpoints = cutpoints)
  draw_layers("density", new_panels(list(mixture), list(mixture_view(mixture, look))), look) +
    ggplot2::labs(title = title_words("density", mixture), x = mixture$data_name,
                  y = y_words("density", mixture$data_name))
}

parse_drawn_mixture <- function(x, name) {
  mixture <- parse_fit_or_mixture(x, name)
  check_has_density(mixture)
  mixture$data_name <- "x"
  mixture
}

# A density_view() without bars.
mixture_view <- function(mixture, look) {
  xlim <- look$xlim %||% range(mixture$mu - 4 * mixture$sigma, mixture$mu + 4 * mixture$sigma)
  x <- grid_along(mixture$mu, mixture$sigma, xlim)
  parts <- component_density(x, mixture)
  components <- parts[, components_of(mixture) > 0L, drop = FALSE]
  total <- rowSums(parts)
  others <- if (!is.null(mixture$noise)) list(noise = total - rowSums(components)) else list()
  list(
    bars = data.frame(left = numeric(), right = numeric(), height = numeric(), open = logical()),
    curves = list(x = x, components = components, total = total, others = others),
    top = max(total), cuts = cuts_shown(mixture, look$cutpoints), xlim = xlim
  )
}
