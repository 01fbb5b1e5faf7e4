# What the ceiling proves about fits to real data: the bound for sigmas of at least the smallest in
# the fit, the price of one more component, and the smallest sigma for which k is settled.
source("bench/real.R")

ceiling <- function(cases = ceiling_cases()) {
  shown <- data.frame(
    data = cases$data, n = number(cases$n), k = cases$k, loglik = decimals(cases$loglik, 3),
    sigma = number(cases$sigma), bound = decimals(cases$bound, 3),
    headroom = decimals(cases$headroom, 3), price = decimals(cases$price, 2),
    proved = ifelse(cases$settled, "proved", ifelse(is.na(cases$sigma_others), "open", paste(
      "with one sigma below", number(cases$sigma_others)
    ))), `sigma*` = number(cases$sigma_star),
    `sup D - 1` = format(cases$above, digits = 1L), ms = number(cases$ms), check.names = FALSE
  )
  c(
    "## The ceiling", "",
    paste0("`headroom(gmm1d(x))`: no mixture with sigmas of at least `sigma`, the smallest of the ",
           "fit, has a larger log-likelihood than `bound`. For ", sum(cases$settled), " of ",
           nrow(cases), " fits no larger k has a better BIC there (`price`: what one more component ",
           "must gain), and for ", sum(!cases$settled & !is.na(cases$sigma_others)), " more none has ",
           "if at most one component is narrower than the second narrowest of the fit. For sigmas ",
           "of at least `sigma*` it is proved of all. ms: the median of five computations of the ",
           "bound."), "",
    table_of(shown)
  )
}

decimals <- function(x, digits) formatC(x, digits = digits, format = "f")

ceiling_cases <- function(data = ".", large = 1e7) {
  sets <- c(real_sets(), large_sets(large))
  sets <- sets[grepl(data, names(sets))]
  rows <- lapply(names(sets), function(name) {
    x <- sets[[name]]
    fit <- suppressWarnings(gmm1d(if (is.function(x)) x() else x))
    room <- headroom(fit)
    bound <- function() gmm1d:::ceiling_of(fit, room$sigma)
    seconds <- replicate(5L, system.time(bound())[["elapsed"]])
    found <- bound()
    data.frame(data = name, n = fit$n, k = fit$k, loglik = fit$loglik,
               room[c("sigma", "bound", "headroom", "price", "settled", "sigma_star",
                      "sigma_others")],
               above = found$largest - 1, ms = 1000 * stats::median(seconds))
  })
  do.call(rbind, rows)
}

# A million values from three normal distributions.
large_sets <- function(n) {
  list(`three normals` = function() {
    set.seed(1)
    c(stats::rnorm(0.4 * n), stats::rnorm(0.3 * n, 4, 0.7), stats::rnorm(0.3 * n, 8))
  })
}
