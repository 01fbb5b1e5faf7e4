#' Plots with ggplot2
#'
#' `autoplot()` draws the nine views of [plot.gmm1d()] as ggplot2 objects, to which you can add
#' scales, themes and titles; many fits have a panel each. It also draws [bootstrap()] and [fdr()]
#' results. `autolayer()` adds the components and the mixture to a histogram of your own, and
#' [stat_gmm1d()] fits inside the plot. All draw from the squashed points, so the number of values
#' does not matter. They need the package ggplot2.
#'
#' @details
#' There is one legend, for colours (`fill` for `"uncertainty"`, `colour` and `linetype` for
#' `"selection"`). `+ scale_colour_brewer()` or another scale replaces the colours and keeps
#' everything else. The legend has as many rows as it needs in a picture 320 pixels wide; with more
#' room, `+ guides(colour = guide_legend(nrow = 1))` puts it on one row.
#'
#' `autolayer()` returns a geom for each curve. The curves of one fit are drawn in all panels,
#' whatever the facets.
#'
#' @param object A [gmm1d()] fit, a [gmm1d_each()] result with at most 100 fits, or a [bootstrap()]
#'   or [fdr()] result.
#' @param type,breaks,xlim,cutpoints,rug,scale,original As for [plot.gmm1d()].
#' @param parameters As for `plot()` of a [bootstrap()].
#' @param q As for `plot()` of [fdr()].
#' @param binwidth `autolayer()` with `scale = "count"`: the width of the user's bars, a number
#'   above 0, in the unit of the data.
#' @param ncol Columns of panels: a whole number, or `NULL` (default: ggplot2 chooses).
#' @param scales Limits of the panels' axes: `"free"` (default: each panel has its own), `"fixed"`,
#'   `"free_x"` or `"free_y"`.
#' @param ... For many fits, the arguments of `autoplot()` for one fit. Otherwise not used; an
#'   unknown argument is an error.
#'
#' @return `autoplot()`: a `ggplot` object. `autolayer()`: a list of layers, without a legend; for
#'   many fits, their data have the key columns, which your facets can use.
#'
#' @section Errors:
#' `gmm1d_error_argument` for an unknown word or argument, for more than 100 fits, and for counts
#' without a width; otherwise those of [plot.gmm1d()].
#' @examplesIf requireNamespace("ggplot2", quietly = TRUE)
#' library(ggplot2)
#' fit <- gmm1d(~ waiting, data = faithful)
#' autoplot(fit, scale = "count", cutpoints = TRUE) + theme_minimal()
#' autoplot(fit, "classification")
#'
#' ggplot(faithful, aes(waiting)) +
#'   geom_histogram(binwidth = 2, boundary = 0.5, fill = "grey70") +
#'   autolayer(fit, scale = "count", binwidth = 2)
#'
#' autoplot(gmm1d_each(iris$Petal.Length, iris$Species, k = 1:3))
#' autoplot(gmm1d(~ log10(rivers), k = 2), original = TRUE)
#' @method autoplot gmm1d
#' @rawNamespace S3method(ggplot2::autoplot, gmm1d)
autoplot.gmm1d <- function(object, type = c(
                             "density", "selection", "qq", "cdf", "rootogram", "uncertainty",
                             "trace", "classification", "radial"
                           ), breaks = NULL, xlim = NULL, cutpoints = FALSE, rug = FALSE,
                           scale = c("density", "count"), original = FALSE, ...) {
  check_no_dots(...)
  object <- parse_fit(object, "object")
  type <- parse_choice(type, eval(formals()$type), "type")
  look <- parse_look(breaks, xlim, cutpoints, rug, scale, way = parse_original(original, object))
  view <- view_of(type, object, look)
  draw_layers(type, new_panels(list(object), list(view)), look) +
    titles_of(with_titles(look, type, object, view$style)) +
    if (type != "selection") caption(view$note)
}

#' @rdname autoplot.gmm1d
#' @method autoplot gmm1d_each
#' @rawNamespace S3method(ggplot2::autoplot, gmm1d_each)
autoplot.gmm1d_each <- function(object, type = "density", # nolint: object_name_linter.
                                breaks = NULL, xlim = NULL,
                                cutpoints = FALSE, rug = FALSE, scale = c("density", "count"),
                                ncol = NULL, scales = "free", original = FALSE, ...) {
  check_no_dots(...)
  type <- parse_choice(type, eval(formals(autoplot.gmm1d)$type), "type")
  if (!is.null(ncol)) ncol <- parse_count(ncol, "ncol")
  scales <- parse_choice(scales, c("free", "fixed", "free_x", "free_y"), "scales")
  panels <- panels_of(object, at_most = 100L)
  look <- parse_look(breaks, xlim, cutpoints, rug, scale,
                     way = parse_original(original, panels$fits[[1L]]))
  panels$views <- lapply(panels$fits, function(fit) view_of(type, fit, look))
  draw_layers(type, panels, look) +
    ggplot2::facet_wrap(ggplot2::vars(!!!rlang::syms(names(panels$keys))), scales = scales,
                        ncol = ncol) +
    ggplot2::labs(title = title_words(type),
                  x = cut_text(x_words(type, look$way$variable %||% variable_of(object)), 40L),
                  y = y_words(type, "x", look$scale, common_style(panels$views))) +
    caption(left_out_words(object))
}

# If one panel shows deviations, all do.
common_style <- function(views) {
  styles <- unlist(lapply(views, `[[`, "style"))
  if ("deviations" %in% styles) "deviations"
}

#' @rdname autoplot.gmm1d
#' @method autolayer gmm1d
#' @rawNamespace S3method(ggplot2::autolayer, gmm1d)
autolayer.gmm1d <- function(object, scale = c("density", "count"), binwidth = NULL, ...) {
  check_no_dots(...)
  object <- parse_fit(object, "object")
  curve_layers(new_panels(list(object)), scale, binwidth)
}

#' @rdname autoplot.gmm1d
#' @method autolayer gmm1d_each
#' @rawNamespace S3method(ggplot2::autolayer, gmm1d_each)
autolayer.gmm1d_each <- function(object, # nolint: object_name_linter.
                                 scale = c("density", "count"), binwidth = NULL, ...) {
  check_no_dots(...)
  # The user's facets need the keys unchanged.
  curve_layers(panels_of(object, 100L, keys_of_fits(object)), scale, binwidth)
}

curve_layers <- function(panels, scale, binwidth) {
  panels$views <- lapply(panels$fits, function(fit) curves_of(fit, default_xlim(fit)))
  text <- panel_part_names(panels)
  rows <- panel_rows(panels, function(curves, fit) {
    curve_rows(curves, text, parse_unit(scale, binwidth, fit$n))
  })
  parts <- levels(rows$.part)
  key <- density_key(length(text) - 1L, parse_look(), text = text)
  scale <- scale[1L]  # the name of the column, and so the title of the axis
  rows[[scale]] <- rows$.y
  # Each curve is a layer of its own with constant aesthetics, so it appears in every panel, even if
  # the facets are by a variable that the fit does not have.
  lapply(parts, function(part) {
    at <- match(part, key$text)
    ggplot2::geom_line(
      ggplot2::aes(.data$.x, !!rlang::sym(scale)), rows[rows$.part == part, ], inherit.aes = FALSE,
      colour = key$col[at], linetype = key$lty[at], linewidth = 0.4 * key$lwd[at]
    )
  })
}

# Fits, each with its view and the keys of its panel.
new_panels <- function(fits, views = NULL, keys = list2DF(nrow = length(fits))) {
  list(fits = fits, views = views, keys = keys)
}

# The fits of many data sets, extracted by `take`; failed ones have no panel.
panels_of <- function(fits, at_most, keys = panel_keys(fits), take = parsed_fits) {
  fitted <- has_fit(fits)
  if (!any(fitted)) {
    abort_gmm1d("argument", "no fit to draw: see the `error` column of `glance()`.")
  }
  if (sum(fitted) > at_most) {
    abort_gmm1d("argument", "at most ", at_most, " fits can be drawn, not ", sum(fitted),
                "; select some of them, as in `fits[1:12]`.")
  }
  keys <- lapply(keys, `[`, fitted)
  new_panels(unname(take(fits)[fitted]), keys = list2DF(keys))
}

# The keys as factors in the order of the data sets; each data set has its own panel.
panel_keys <- function(fits) {
  keys <- keys_of_fits(fits)
  if (length(keys) > 1L) return(lapply(keys, as_panel_key))
  text <- make.unique(paste(keys[[1L]]))
  stats::setNames(list(factor(text, text)), names(keys))
}

# Levels are identified by value, because different values may have the same text.
as_panel_key <- function(key) {
  ids <- ids_of(key)
  factor(ids, unique(ids), make.unique(paste(key[!duplicated(ids)])))
}

# All panels share the legend of a fit with the most components. If there are several fits, it does
# not use their names.
largest_mixture <- function(panels) {
  fits <- panels$fits
  if (length(fits) == 1L) return(fits[[1L]][c("k", "labels")])
  list(k = max(vapply(fits, `[[`, 1L, "k")))
}

panel_part_names <- function(panels) part_names(largest_mixture(panels))

# The rows that `rows_of` gives for each view and its fit, with their keys; the names of all other
# columns begin with a dot.
panel_rows <- function(panels, rows_of) {
  rows <- Map(function(view, fit) as.data.frame(rows_of(view, fit)), panels$views, panels$fits)
  of <- rep(seq_along(rows), vapply(rows, nrow, 1L))
  rows <- do.call(rbind, rows)
  cbind(stats::setNames(rows, paste0(".", names(rows))), panels$keys[of, , drop = FALSE])
}
