# How stable the number of components is: the search for the data is repeated for each replicate.

bootstrap_k <- function(fit, times, type) {
  plan <- plan_of_search(fit)
  choices <- map_replicates(times, replicate_drawer(fit, type),
                            function(samples) choices_of(samples, plan), "Bootstrap of k")
  structure(
    list(
      k = vapply(choices, `[[`, 1L, "k"), variance = vapply(choices, `[[`, "", "variance"),
      fit = fit, type = type, R = times
    ),
    class = "gmm1d_bootstrap_k"
  )
}

# The plan by which a fit was chosen.
plan_of_search <- function(fit) {
  k <- sort(unique(fit$selection$k))
  if (length(k) == 1L) {
    abort_gmm1d("argument", "only k = ", k, " was tried for `fit`; `search` needs a fit for which ",
                "`k` was chosen, such as `gmm1d(x, k = 1:9)`.")
  }
  model <- model_of(fit)
  labels <- length(fit$points$label_names)
  model["labels"] <- list(if (labels > 0L) seq_len(labels))
  tried <- unique(fit$selection[intersect(c("variance", "noise"), names(fit$selection))])
  models <- Map(function(variance, noise) {
    model$variance <- variance
    model$noise <- if (noise) fit$noise[2:3] %||% TRUE else FALSE
    with_noise_range(model, fit$points)
  }, tried$variance, tried$noise %||% !is.null(fit$noise), USE.NAMES = FALSE)
  list(k = k, models = models, criterion = fit$criterion, control = fit$control)
}

# The model that the criterion chooses for each sample; NA if none can be fitted.
choices_of <- function(samples, plan) {
  lapply(fit_batch(samples, no_weights(samples), plan), function(outcome) {
    if (has_failed(outcome)) return(list(k = NA_integer_, variance = NA_character_))
    list(k = outcome$result$mixture$k, variance = outcome$result$model$variance)
  })
}

#' @rdname bootstrap
#' @export
print.gmm1d_bootstrap_k <- function(x, ...) {
  check_no_dots(...)
  table <- summary.gmm1d_bootstrap_k(x)
  fit <- x$fit
  cat(capitalised(x$type), " bootstrap, ", count_of(x$R, "replicate"),
      ", of the number of components of ", printable(fit$data_name), "\n", fit$criterion,
      " chose each from k = ", numbers_in_words(table$k), "\n\n", sep = "")
  shown <- table[table$times > 0 | table$is_fit, ]
  print(data.frame(k = shown$k, times = shown$times, share = format_share(shown$share),
                   ` ` = ifelse(shown$is_fit, "<- the fit", ""), check.names = FALSE),
        row.names = FALSE)
  if (x$type != "parametric") {
    cat("\nThese replicates are biased towards larger k; `type = \"parametric\"` is not\n")
  }
  failed <- sum(is.na(x$k))
  if (failed > 0L) cat(count_of(failed, "replicate"), " could not be fitted\n", sep = "")
  invisible(x)
}

format_share <- function(share) paste(formatC(100 * share, digits = 1L, format = "f"), "%")

#' @rdname bootstrap
#' @export
summary.gmm1d_bootstrap_k <- function(object, ...) {
  check_no_dots(...)
  object$fit <- parse_fit(object$fit, "object")
  k <- sort(unique(object$fit$selection$k))
  times <- tabulate(match(object$k, k), length(k))
  data.frame(k = k, times = times, share = times / max(sum(times), 1L),
             is_fit = k == object$fit$k)
}

#' @rdname bootstrap
#' @export
plot.gmm1d_bootstrap_k <- function(x, ...) {
  check_no_dots(...)
  table <- summary.gmm1d_bootstrap_k(x)
  k <- table$k
  graphics::plot.new()
  graphics::plot.window(range(k) + c(-0.5, 0.5), c(0, 1.04 * max(table$share)), yaxs = "i")
  graphics::rect(k - 0.35, 0, k + 0.35, table$share,
                 col = ifelse(table$is_fit, colours_of(1L, NULL), "grey85"), border = NA)
  graphics::axis(1, at = k)
  graphics::axis(2)
  graphics::box(bty = "l")
  write_title("main", paste("Number of components,", count_of(x$R, "replicate")), 3L, NULL)
  graphics::title(xlab = "k (coloured: that of the fit)", ylab = "Share of replicates")
  invisible(x)
}

#' @rdname bootstrap
#' @export
confint.gmm1d_bootstrap_k <- function(object, parm, level = 0.95, ...) {
  abort_gmm1d("argument", "`object` comes from `bootstrap(search = TRUE)`: parameters cannot be ",
              "compared if k differs. Use `confint(bootstrap(fit))`.")
}
