#' How much better could another mixture be?
#'
#' An upper bound on the log-likelihood of all mixtures of normal distributions, with any number of
#' components, and its consequences for a fit: whether its maximum is the best there is, and whether
#' more components could be worth their price.
#'
#' @details
#' A search, however thorough, cannot tell what it has missed. This bound can, because it is proved.
#' It holds for every mixture, with any number of components, in which no component is narrower than
#' `sigma` (by default the narrowest of the fit). Some limit is needed, because the likelihood is
#' unbounded for a component that contracts onto a single value.
#'
#' The headroom is the difference between the bound and the log-likelihood of the fit. If it is near
#' 0, no mixture can be much better than the fit. If it is smaller than the price of one more
#' component (for BIC 1.5 log n, or log n with one sigma for all), no larger `k` can have a better
#' criterion, except with components narrower than `sigma`. `sigma_star` is the smallest sigma for
#' which this holds: more components are ruled out unless you believe in components narrower than
#' `sigma_star`. Think of the precision of your instrument, or of the spread within a species, a
#' genotype or an age class.
#'
#' If the headroom is larger than the price, nothing is proved, neither that there are more
#' components nor that there are not; `sigma_star` is then above `sigma`. This often happens if one
#' component is many times narrower than the others, because the bound then allows all components to
#' be that narrow. A second proof then considers mixtures in which all other components are at least
#' as wide as the second narrowest of the fit: boxes of the mean and the sigma of the narrow
#' component are halved until none leaves room for a better criterion (branch and bound). If it
#' succeeds, `sigma_others` is the smallest sigma of these other components. It is abandoned if too
#' many boxes are needed, and not attempted for intervals and squashed values.
#'
#' The bound is the largest log-likelihood of all mixtures whose components have this sigma (the
#' nonparametric maximum likelihood estimate of Lindsay 1983, computed by the method of Wang 2007).
#' A wider component is itself a mixture of narrower ones, so these mixtures include all others. The
#' proof that it is the largest is its gradient function (`gradient` is that of the fit), which is
#' nowhere above 1; any excess over 1, less than 1e-6, is added to the bound. The computation takes
#' milliseconds, or seconds if the range of the data is thousands of `sigma`.
#'
#' For values with errors, the bound applies to components convolved with the errors, so there is
#' one for `sigma = 0` as well. There is no bound for values observed through a window (`within`) or
#' with labels.
#'
#' @param fit A `gmm1d` fit.
#' @param sigma The standard deviation of the narrowest components that are allowed: a number above
#'   0 (at least 0 if all values have errors), in the unit of the data; default the smallest `sigma`
#'   of the fit.
#' @param x The result of `headroom()`.
#' @param type What to plot: `"sigma"` (default), the bound for components of at least each sigma
#'   (on a log scale), with the log-likelihood of the fit, the price above it, and `sigma_star`; or
#'   `"gradient"`, the gradient function of the fit: where it is above 1, an additional component
#'   with this `sigma` would increase the likelihood.
#' @param ... For `plot()`: graphical parameters, such as `main`, `xlab`, `ylab`, `xlim`, `ylim`.
#'   Otherwise not used; an unknown argument is an error.
#'
#' @return A list of class `gmm1d_headroom`:
#'   * `bound`: the log-likelihood that no mixture without components narrower than `sigma` exceeds;
#'   * `headroom`: `bound` minus the log-likelihood of the fit; negative if the fit has narrower
#'     components;
#'   * `sigma`: as given;
#'   * `price`: the gain in log-likelihood that one more component needs for a better criterion
#'     (that of the fit: BIC, AIC or ICL);
#'   * `settled`: `TRUE` if `headroom` is below `price`: no larger `k` can have a better criterion,
#'     except with components narrower than `sigma`;
#'   * `sigma_star`: the smallest sigma for which that holds, to within 0.5 % (it is proved at the
#'     value given), or `NA` if none was found;
#'   * `sigma_others`: `NA`, or, if `settled` is `FALSE`, a sigma such that no larger `k` can have a
#'     better criterion with at most one component narrower than this;
#'   * `error`: the error of `bound` due to squashing, 0 if the points are the data, `NA` if
#'     unknown; `settled` allows for it;
#'   * `gradient`: a data frame with the columns `mu` and `D`, the likelihood of a component with
#'     this `sigma` at `mu` relative to that of the fit: `D` above 1 indicates a missing component;
#'   * `npmle`: the mixture that attains the bound, a list with `lambda`, `mu` and `sigma`;
#'   * `fit`.
#'
#'   `print()` and `plot()` return `x` invisibly.
#'
#' @section Errors:
#' `gmm1d_error_type` if `fit` is not a fit; `gmm1d_error_argument` if its data have labels or were
#' observed through a window; `gmm1d_error_range` if `sigma` is below 0, or 0 and values have no
#' error.
#'
#' @references
#' Lindsay, B. G. (1983). The geometry of mixture likelihoods: a general theory. *Annals of
#' Statistics* 11, 86-94. \doi{10.1214/aos/1176346059}
#'
#' Wang, Y. (2007). On fast computation of the non-parametric maximum likelihood estimate of a
#' mixing distribution. *Journal of the Royal Statistical Society B* 69, 185-198.
#' \doi{10.1111/j.1467-9868.2007.00583.x}
#'
#' @seealso [em_test()] and [boot_lrt()], tests of the number of components;
#'   `vignette("how-many")`
#' @examples
#' fit <- gmm1d(~ waiting, data = faithful)
#' room <- headroom(fit)
#' room
#' plot(room)
#' plot(headroom(gmm1d(~ waiting, data = faithful, k = 1), sigma = 5), type = "gradient")
#' @export
headroom <- function(fit, sigma = min(fit$sigma), ...) {
  check_no_dots(...)
  fit <- parse_fit(fit)
  new_headroom(fit, parse_number(sigma, "sigma", at_least = 0))
}

new_headroom <- function(fit, sigma) {
  check_has_ceiling(fit)
  room <- headroom_of(fit, sigma)
  if (!is.finite(room$bound)) {
    abort_gmm1d("range", "`sigma` must be larger than ", format(sigma), ": the likelihood of ",
                "narrower components is unbounded.")
  }
  room$gradient <- list2DF(gradient_cpp(fit$points, as_mixture(fit), sigma))
  structure(c(room, list(fit = fit)), class = "gmm1d_headroom")
}

headroom_of <- function(fit, sigma) {
  ceiling <- ceiling_of(fit, sigma)
  price <- price_of(fit)
  list(
    bound = ceiling$bound, headroom = ceiling$bound - fit$loglik, sigma = sigma, price = price,
    settled = is_settled(ceiling, fit, price), sigma_star = sigma_star(fit, ceiling, price),
    sigma_others = sigma_others(fit, ceiling, price), error = ceiling$error, npmle = ceiling$npmle
  )
}

check_has_ceiling <- function(fit) {
  why <- why_no_ceiling(fit)
  if (!is.null(why)) abort_gmm1d("argument", "there is no bound for ", why, ".")
}

why_no_ceiling <- function(fit) {
  if (!is.null(fit$points$within)) return("values observed through a window (`within`)")
  if (any(labels_of_points(fit$points) > 0L)) "values whose components are known (`labels`)"
}

# The bound for components no narrower than sigma. With a target, a looser bound on the same side of
# it is enough.
ceiling_of <- function(fit, sigma, target = NaN) {
  ceiling <- ceiling_cpp(fit$points, sigma, target, options_of(fit, model_of(fit)))
  if (is.nan(ceiling$error)) ceiling$error <- NA_real_
  ceiling$npmle <- as_mixture(ceiling$npmle)
  c(ceiling, sigma = sigma)
}

# The gain that one more component needs; only values fixed for all components are fixed for it. A
# larger k may have no entropy, so the price for ICL is reduced by the entropy of the fit.
price_of <- function(fit) {
  model <- model_of(fit)
  model$fixed <- lapply(model$fixed, function(values) if (anyNA(values)) NA_real_ else values[1L])
  model$fixed["lambda"] <- NA_real_
  if (is_by_number(model)) model["relate"] <- list(NULL)
  k <- if (is.null(model$relate)) 1L else fit$k
  df <- degrees_of_freedom(model, k + 1L) - degrees_of_freedom(model, k)
  chosen <- fit$selection[is_chosen(fit), ]
  switch(fit$criterion,
    AIC = df, BIC = df / 2 * log(fit$n),
    ICL = df / 2 * log(fit$n) - (chosen$ICL - chosen$BIC) / 2
  )
}

is_settled <- function(ceiling, fit, price) {
  error <- if (is.na(ceiling$error)) 0 else ceiling$error
  ceiling$bound + error - fit$loglik < price
}

# The smallest sigma that settles k: bracketed by halving or doubling that of the fit, then found by
# bisection on the log scale.
sigma_star <- function(fit, known, price) {
  settles <- function(sigma) {
    is_settled(ceiling_of(fit, sigma, target = fit$loglik + price), fit, price)
  }
  if (all(errors_of_points(fit$points) > 0) && settles(0)) return(0)
  smallest <- min(fit$sigma)
  start <- if (smallest > 0) smallest else min(errors_of_points(fit$points))
  is_low <- if (start == known$sigma) !is_settled(known, fit, price) else !settles(start)
  ends <- if (is_low) c(start, NA) else c(NA, start)
  # Within an interval a component cannot be distinguished from narrower ones.
  bounds <- bounds_of(fit$points)
  least <- min(bounds$upper - bounds$lower) / 4
  for (turn in seq_len(most_turns)) {
    is_low <- is.na(ends[1L])
    sigma <- if (is_low) ends[2L] / 2 else ends[1L] * 2
    if (!anyNA(ends) || sigma < least) break
    if (settles(sigma)) ends[2L] <- sigma else ends[1L] <- sigma
  }
  if (anyNA(ends)) return(ends[2L])
  while (ends[2L] > ends[1L] * 1.005) {
    middle <- sqrt(ends[1L]) * sqrt(ends[2L])
    ends[1L + settles(middle)] <- middle
  }
  ends[2L]
}

# The maximum number of halvings or doublings of sigma.
most_turns <- 40L

# The second narrowest sigma of the fit, if it settles k for mixtures with at most one narrower
# component. Not tried for squashed data.
sigma_others <- function(fit, known, price) {
  others <- sort(fit$sigma)[2L]
  is_of_use <- !is_settled(known, fit, price) && !is.na(others) && others > known$sigma &&
    known$sigma > 0 && identical(known$error, 0)
  if (!is_of_use) return(NA_real_)
  is_below <- is_below_with_one_narrow_cpp(fit$points, known$sigma, others, fit$loglik + price,
                                           options_of(fit, model_of(fit)))
  if (is_below) others else NA_real_
}

#' @rdname headroom
#' @export
print.gmm1d_headroom <- function(x, ...) {
  check_no_dots(...)
  cat_lines(headroom_lines(x))
  invisible(x)
}

headroom_lines <- function(x) {
  fit <- x$fit
  c(
    paste0("Could another mixture be better than this one with ", count_of(fit$k, "component"),
           ",\nfitted to ", printable(fit$data_name), " (n = ", format_count(fit$n, digits = 7L),
           ")?\n"),
    paste0(allowed_words(x), ":"),
    paste0("  * no mixture has a log-likelihood above ", format_fixed(x$bound),
           if (x$headroom >= 0) {
             paste0(",\n    ", format_fixed(x$headroom), " above that of the fit")
           } else {
             ",\n    which is below that of the fit, because the fit has narrower components"
           }, error_words(x$error), ";"),
    paste0("  * one more component needs a gain of ", format_fixed(x$price), " for a better ",
           fit$criterion, ":\n    ", settled_words(x), ".\n"),
    star_words(x)
  )
}

# The same in one line.
headroom_line <- function(x) {
  paste0("Headroom ", format_fixed(x$headroom), " with sigmas of at least ",
         format(x$sigma, digits = 4L), error_words(x$error), "; a larger k needs a gain of ",
         format_fixed(x$price), " for a better ", x$fit$criterion, ": ",
         if (x$settled) "impossible" else if (is.na(x$sigma_others)) "undecided"
         else paste("impossible with only one component below",
                    format(x$sigma_others, digits = 3L)))
}

allowed_words <- function(x) {
  of_fit <- if (identical(x$sigma, min(x$fit$sigma))) ", the narrowest of the fit"
  if (x$sigma == 0) return("With any sigmas")
  paste0("With sigmas of at least ", format(x$sigma, digits = 4L), of_fit)
}

settled_words <- function(x) {
  if (x$settled) return("no larger k can have one")
  if (is.na(x$sigma_others)) return("whether a larger k has one is undecided")
  paste("no larger k can have one if at most one component is narrower\n    than",
        format(x$sigma_others, digits = 4L))
}

error_words <- function(error) {
  if (is.na(error)) return(" (for the squashed data; the error of squashing is unknown)")
  if (error >= 0.005) paste0(" (up to ", format(error, digits = 1L), " of error from squashing)")
}

star_words <- function(x) {
  star <- x$sigma_star
  k <- paste0("k = ", x$fit$k)
  if (is.na(star)) return("No sigma was found that rules out more components.")
  if (star == 0) return(paste0(k, " is enough for any sigmas."))
  at_least <- format(star, digits = 3L)
  if (star > min(x$fit$sigma)) {
    return(paste0(k, " is enough for sigmas of at least ", at_least, "; nothing is proved about ",
                  "more\ncomponents that are narrower, as one of this fit is."))
  }
  paste0(k, " is enough, unless there are components narrower than ", at_least, ".")
}

#' @rdname headroom
#' @export
plot.gmm1d_headroom <- function(x, type = c("sigma", "gradient"), ...) {
  type <- parse_choice(type, c("sigma", "gradient"), "type")
  switch(type, sigma = plot_bounds(x, ...), gradient = plot_gradient(x, ...))
  invisible(x)
}

# The bound as a function of sigma, with the log-likelihood of the fit and the price.
plot_bounds <- function(x, ...) {
  fit <- x$fit
  marks <- c(x$sigma, x$sigma_star, fit$sigma)
  marks <- marks[is.finite(marks) & marks > 0]
  if (length(marks) == 0L) marks <- min(errors_of_points(fit$points))
  sigma <- exp(seq(log(min(marks) / 1.5), log(max(marks) * 1.5), length.out = 33L))
  bound <- vapply(sigma, function(s) ceiling_of(fit, s)$bound, 0)
  limits <- range(fit$loglik - x$price, fit$loglik + 2.5 * x$price)
  draw <- function(main = "What no mixture can exceed", log = "x", col = NULL, lwd = 2, type = "l",
                   xlab = "Smallest sigma allowed", ylab = "Log-likelihood", ylim = limits, ...) {
    graphics::plot(sigma, bound, log = log, type = type, lwd = lwd, ann = FALSE, ylim = ylim,
                   col = col %||% colours_of(1L, NULL), bty = "l", ...)
    write_around(main, xlab, ylab, ...)
  }
  draw(...)
  graphics::abline(h = fit$loglik + c(0, x$price), lty = c(1, 2), col = "grey30")
  at_right <- graphics::par("usr")[2L]
  if (isTRUE(graphics::par("xlog"))) at_right <- 10^at_right
  words <- c(paste0("the fit, k = ", fit$k), "with the price of one more component")
  labels <- text_with_room(words, 0.98 * graphics::par("pin")[1L], 0.8)
  graphics::text(at_right, fit$loglik + c(0, x$price), adj = c(1, -0.4), cex = labels$cex,
                 labels$text)
  graphics::rug(fit$sigma[fit$sigma > 0], lwd = 2)
  if (!is.na(x$sigma_star) && x$sigma_star > 0) {
    graphics::abline(v = x$sigma_star, lty = 3)
    # Inside: in a low margin the title is there.
    is_left <- graphics::grconvertX(x$sigma_star, "user", "npc") < 0.5
    graphics::text(x$sigma_star, graphics::par("usr")[3L], cex = 0.8,
                   paste("sigma* =", format(x$sigma_star, digits = 3L)),
                   adj = c(if (is_left) -0.1 else 1.1, -0.7))
  }
}

# Titles as small as they must be to fit, with the user's graphics parameters for titles.
write_around <- function(main, xlab, ylab, ...) {
  given <- list(...)
  given <- given[grepl("^((cex|col|font)[.](main|lab)|mgp|adj|family|las)$", names(given))]
  write <- function(...) do.call(write_title, c(list(...), given), quote = TRUE)
  write("main", main, 3L, NULL)
  write("xlab", xlab, 1L, NULL)
  write("ylab", ylab, 2L, NULL)
}

# D of the fit: at 1 there is nothing to gain.
plot_gradient <- function(x, ...) {
  draw <- function(main = paste("Gradient function, sigma =", format(x$sigma, digits = 3L)),
                   col = NULL, lwd = 2, type = "l", xlab = x$fit$data_name,
                   ylab = "Gradient function D", ylim = range(0, 1.05, finite_part(x$gradient$D)),
                   ...) {
    graphics::plot(x$gradient$mu, x$gradient$D, type = type, lwd = lwd, ann = FALSE, ylim = ylim,
                   col = col %||% colours_of(1L, NULL), bty = "l", ...)
    write_around(main, xlab, ylab, ...)
  }
  draw(...)
  graphics::abline(h = 1, lty = 2, col = "grey30")
  graphics::rug(x$fit$mu, lwd = 2)
}

finite_part <- function(x) x[is.finite(x)]
