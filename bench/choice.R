# How often the right number of components is chosen, by default and by other formulas applied to
# the same fits.
choice <- function(cases = choice_cases()) {
  names <- setdiff(names(cases), c("data", "right", "least", "most", "seed", "seconds"))
  by_row <- split(cases, factor(cases$data, unique(cases$data)))
  shares <- lapply(by_row, function(rows) {
    vapply(names, function(name) {
      chosen <- rows[[name]]
      right <- mean(chosen >= rows$least & chosen <= rows$most)
      over <- mean(chosen > rows$most)
      paste0(format(right, digits = 2L), if (over > 0) paste0(" (", format(over, digits = 2L), ")"))
    }, "")
  })
  c(
    "## The number of components", "",
    paste("Share of", max(cases$seed), "samples in which the right number of components is chosen",
          "(and, in brackets, more). \"default\" is `gmm1d(x, k)`; the others take a formula of",
          "the fits of the same search: BIC of the plain log-likelihood; of the penalised one; BIC",
          "and twice the sum of log+(s / (k sigma_j))."), "",
    table_of(data = names(by_row), right = vapply(by_row, function(rows) rows$right[1L], ""),
             do.call(rbind, shares))
  )
}

choice_cases <- function(samples = 200L, data = ".", formulas = NULL) {
  rows <- choice_rows()
  rows <- rows[grepl(data, names(rows))]
  given <- choice_formulas
  if (!is.null(formulas)) given <- c(given, formulas_of(formulas))
  of_rows <- lapply(names(rows), function(name) {
    row <- rows[[name]]
    chosen <- each_data_set(samples, function() {
      x <- row$draw()
      c(default = gmm1d(x, k = 1:row$last_k, control = list(threads = 1))$k,
        chosen_by(given, x, 1:row$last_k))
    })
    data.frame(data = name, right = paste(unique(range(row$right)), collapse = " or "),
               least = min(row$right), most = max(row$right), seed = seq_len(samples), chosen,
               check.names = FALSE)
  })
  do.call(rbind, of_rows)
}

# The list `formulas` that a file of R code defines.
formulas_of <- function(file) {
  found <- new.env()
  sys.source(file, found)
  found$formulas
}

# Each formula returns a number for a fit with k components. The k with the smallest is chosen.
choice_formulas <- list(
  `plain BIC` = function(fit) fit$bic,
  penalised = function(fit) fit$bic + 2 * (fit$loglik - fit$objective),
  places = function(fit) {
    real <- fit$mixture$lambda * fit$n > 4.5
    if (!any(real)) return(fit$bic)
    width <- spread_of(lapply(fit$mixture[c("lambda", "mu", "sigma")], `[`, real))
    fit$bic + 2 * sum(pmax(0, log(width / (fit$k * fit$mixture$sigma))))
  }
)

spread_of <- function(mixture) {
  p <- mixture$lambda / sum(mixture$lambda)
  mean <- sum(p * mixture$mu)
  sqrt(sum(p * (mixture$sigma^2 + (mixture$mu - mean)^2)))
}

chosen_by <- function(formulas, x, k) {
  points <- squash(x)
  k <- k[k <= length(points$x)]
  path <- path_of(points, k, gmm1d_control(threads = 1))
  fits <- lapply(path, function(one) {
    k <- length(one$mixture$mu)
    list(k = k, n = points$n, scale = points$scale, step = points$step, mixture = one$mixture,
         loglik = one$loglik, objective = one$objective, penalised = one$penalised,
         bic = -2 * one$loglik + log(points$n) * (3 * k - 1), points = points)
  })
  vapply(formulas, function(f) fits[[which.min(vapply(fits, f, 1))]]$k, 1L)
}

# How data are drawn, which k is right, and the largest k tried.
choice_rows <- function() {
  row <- function(draw, right, last_k = 5L) list(draw = draw, right = right, last_k = last_k)
  normal <- function(n, step = NULL, sd = 1, mean = 0) {
    function() {
      x <- rnorm(n, mean, sd)
      if (is.null(step)) x else round(x / step) * step
    }
  }
  groups_of <- function(n, mu, sigma, step = NULL) {
    function() {
      x <- rnorm(sum(n), rep(mu, n), rep(rep_len(sigma, length(n)), n))
      if (is.null(step)) x else round(x / step) * step
    }
  }
  halves <- function(n, d) function() rnorm(n, d * (runif(n) < 0.5))
  minority <- function(n, share, d, sigma = 1) {
    function() {
      other <- runif(n) < share
      rnorm(n, d * other, ifelse(other, sigma, 1))
    }
  }
  list(
    `N(0, 1), n = 20` = row(normal(20), 1L),
    `N(0, 1), n = 50` = row(normal(50), 1L),
    `N(0, 1), n = 100` = row(normal(100), 1L),
    `N(0, 1), n = 500` = row(normal(500), 1L),
    `3 x 4 values, sd 0.05, 4 apart` = row(groups_of(c(4, 4, 4), c(1, 5, 9), 0.05), 3L),
    `4 x 5 values, sd 0.2, 3 apart` = row(groups_of(rep(5, 4), 3 * 1:4, 0.2), 4L),
    `80 N(0, 1e-4), 20 N(5, 1)` = row(groups_of(c(80, 20), c(0, 5), c(1e-4, 1)), 2L),
    `95 % N(0, 1e-3), 5 % N(5, 1), n = 200` =
      row(groups_of(c(190, 10), c(0, 5), c(1e-3, 1)), 2L),
    `halves 4 apart, n = 40, one at 1e6` = row(function() c(halves(40, 4)(), 1e6), 3L),
    `halves 4 apart, n = 40, three near 1e6` =
      row(function() c(halves(40, 4)(), 1e6 + rnorm(3)), 3L),
    `halves 3 apart, n = 50` = row(halves(50, 3), 2L),
    `halves 4 apart, n = 50` = row(halves(50, 4), 2L),
    `90/10, 5 apart, n = 50` = row(groups_of(c(45, 5), c(0, 5), 1), 2L),
    `2/3 N(0, 1), 1/3 N(0, 0.1), n = 100` = row(groups_of(c(67, 33), c(0, 0), c(1, 0.1)), 2L),
    `30 N(0, 1), 10 N(3, 0.1)` = row(groups_of(c(30, 10), c(0, 3), c(1, 0.1)), 2L),
    `t(5), n = 500` = row(function() rt(500, 5), 1:2),
    `N(0, 1), n = 12` = row(normal(12), 1L),
    `2 x 6 values, sd 0.1, 1 apart` = row(groups_of(c(6, 6), 0:1, 0.1), 2L),
    `3 x 20 values, sd 1e-3, 1 apart` = row(groups_of(rep(20, 3), 1:3, 1e-3), 3L),
    `3 x 20 values, sd 1e-4, 1e-2, 1` =
      row(groups_of(rep(20, 3), c(0, 5, 20), 10^c(-4, -2, 0)), 3L),
    `50 N(0, 1), 50 N(6, 3)` = row(groups_of(c(50, 50), c(0, 6), c(1, 3)), 2L),
    `98/2, 6 apart, n = 500` = row(minority(500, 0.02, 6), 2L),
    `95/5, 5 apart, n = 200` = row(minority(200, 0.05, 5), 2L),
    `97/3, 8 apart, sd 3, n = 1000` = row(minority(1000, 0.03, 8, 3), 2L),
    `N(0, 1), n = 100, one at 20` = row(function() c(rnorm(100), 20), 2L),
    `30 N(0.12, 0.01), 20 N(1.1, 0.08), one at 4` =
      row(function() c(groups_of(c(30, 20), c(0.12, 1.1), c(0.01, 0.08))(), 4), 3L),
    `30 % zeros, 70 % N(5, 1), n = 200` =
      row(function() ifelse(runif(200) < 0.3, 0, rnorm(200, 5)), 2L),
    `N(0, 1) by 0.1, n = 100` = row(normal(100, 0.1), 1L, 9L),
    `N(0, 1) by 0.5, n = 500` = row(normal(500, 0.5), 1L, 9L),
    `N(0, 1) by 1, n = 500` = row(normal(500, 1), 1L, 9L),
    `N(100, 3) by 1, n = 2000` = row(normal(2000, 1, 3, 100), 1L, 9L),
    `N(20, 3), N(40, 4) by 1, n = 1000` =
      row(groups_of(c(500, 500), c(20, 40), c(3, 4), 1), 2L, 9L),
    `log(1 + Poisson(10)), n = 1000` = row(function() log1p(rpois(1000, 10)), 1:2, 9L),
    `sqrt(Poisson(20)), n = 1000` = row(function() sqrt(rpois(1000, 20)), 1L, 9L),
    `log2(1 + counts), humps at 3 and 200, n = 500` = row(function() {
      log2(1 + c(rnbinom(250, 3, mu = 3), rnbinom(250, 3, mu = 200)))
    }, 2:3, 9L)
  )
}
