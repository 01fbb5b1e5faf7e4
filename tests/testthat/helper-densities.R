# The test densities of Marron & Wand (1992), Annals of Statistics 20, 712-736, table 1, and the
# sixteenth that Janssen et al. (1995) added.

marron_wand <- local({
  density <- function(lambda, mu, sigma) {
    list(lambda = lambda / sum(lambda), mu = mu, sigma = rep_len(sigma, length(mu)))
  }
  l7 <- 0:7
  l5 <- 0:5
  list(
    gaussian = density(1, 0, 1),
    skewed = density(c(1, 1, 3), c(0, 1 / 2, 13 / 12), c(1, 2 / 3, 5 / 9)),
    strongly_skewed = density(rep(1, 8), 3 * ((2 / 3)^l7 - 1), (2 / 3)^l7),
    kurtotic = density(c(2, 1), c(0, 0), c(1, 1 / 10)),
    outlier = density(c(1, 9), c(0, 0), c(1, 1 / 10)),
    bimodal = density(c(1, 1), c(-1, 1), 2 / 3),
    separated = density(c(1, 1), c(-3 / 2, 3 / 2), 1 / 2),
    skewed_bimodal = density(c(3, 1), c(0, 3 / 2), c(1, 1 / 3)),
    trimodal = density(c(9, 9, 2), c(-6 / 5, 6 / 5, 0), c(3 / 5, 3 / 5, 1 / 4)),
    claw = density(c(5, rep(1, 5)), c(0, 0:4 / 2 - 1), c(1, rep(1 / 10, 5))),
    double_claw = density(c(0.49, 0.49, rep(1 / 350, 7)), c(-1, 1, (0:6 - 3) / 2),
                          c(2 / 3, 2 / 3, rep(1 / 100, 7))),
    asymmetric_claw = density(c(1 / 2, 2^(1 - -2:2) / 31), c(0, -2:2 + 1 / 2),
                              c(1, 2^-(-2:2) / 10)),
    asymmetric_double_claw = density(
      c(0.46, 0.46, rep(1 / 300, 3), rep(7 / 300, 3)), c(-1, 1, -(1:3) / 2, 1:3 / 2),
      c(2 / 3, 2 / 3, rep(1 / 100, 3), rep(7 / 100, 3))
    ),
    smooth_comb = density(2^(5 - l5) / 63, (65 - 96 / 2^l5) / 21, (32 / 63) / 2^l5),
    discrete_comb = density(c(rep(2 / 7, 3), rep(1 / 21, 3)),
                            c((12 * 0:2 - 15) / 7, 2 * 8:10 / 7),
                            c(rep(2 / 7, 3), rep(1 / 21, 3))),
    distant_bimodal = density(c(1, 1), c(-5 / 2, 5 / 2), 1 / 6)
  )
})

# Draws n values from a density. The caller's random numbers are not affected.
draw <- function(density, n, seed = 1) {
  withr::with_seed(seed, rgmm1d(n, density$lambda, density$mu, density$sigma))
}

# A fit with the parameters of a density.
as_fit <- function(density) {
  fit <- gmm1d(1:9, k = 1)
  fit[c("lambda", "mu", "sigma")] <- density[c("lambda", "mu", "sigma")]
  fit$k <- fit$selection$k <- length(density$mu)
  fit
}

# Mixtures whose sigmas and means differ by factors up to 1e60, in units from 1e-200 to 1e200.
wide_scales <- function() {
  ratios <- c(1, 1e3, 1e8, 1e15, 1e31, 1e60)
  pairs <- expand.grid(ratio = ratios, gap = c(0, ratios), flip = c(FALSE, TRUE))
  pairs <- pairs[pairs$ratio > 1 | pairs$gap > 0, ]
  mixtures <- Map(function(ratio, gap, flip) {
    mu <- c(0.3, 0.3 + gap * (if (ratio > 1) ratio else 1))
    m <- gmm1d:::new_mixture(c(0.6, 0.4), mu, c(1, ratio))
    if (flip) gmm1d:::new_mixture(rev(m$lambda), -rev(m$mu), rev(m$sigma)) else m
  }, pairs$ratio, pairs$gap, pairs$flip)
  more <- list(
    gmm1d:::new_mixture(c(20, 1) / 21, c(0.19, 1e35), c(0.89, 1e20)),
    gmm1d:::new_mixture(c(0.2, 0.3, 0.5), c(-1e20, 0, 1e40), c(1e5, 1, 1e30)),
    gmm1d:::new_mixture(rep(0.2, 5), c(-1e50, -1e10, 0, 1e20, 1e45), c(1e45, 1e3, 1, 1e12, 1e33)),
    gmm1d:::new_mixture(rep(0.25, 4), c(0, 0, 0, 0), 10^c(0, 15, 30, 60))
  )
  units <- rep(c(1, 1e-200, 1e200, 1e-30), length.out = length(mixtures) + length(more))
  Map(function(m, unit) gmm1d:::new_mixture(m$lambda, m$mu * unit, m$sigma * unit),
      c(unname(mixtures), more), units)
}

# Points near each component and between components, on the scale of each.
points_around <- function(m) {
  steps <- c(0, 0.3, 1, 3, 10, 1e3, 1e6, 1e12, 1e25, 1e50, 1e70)
  x <- outer(c(-steps, steps), m$sigma) + rep(m$mu, each = 2L * length(steps))
  sort(unique(x[is.finite(x)]))
}

# Steps away from x that doubles can represent, but that are small compared with the distance to the
# nearest mean.
small_steps <- function(x, m, share = 1e-9) {
  nearest <- vapply(x, function(at) min(abs(at - m$mu)), 0)
  pmax(8 * .Machine$double.eps * abs(x), share * nearest)
}
