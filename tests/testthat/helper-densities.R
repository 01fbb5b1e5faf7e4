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

# n values of a density; the caller's random numbers are left as they were.
draw <- function(density, n, seed = 1) {
  withr::with_seed(seed, rgmm1d(n, density$lambda, density$mu, density$sigma))
}

# A fit that has the parameters of a density.
as_fit <- function(density) {
  fit <- gmm1d(1:9, k = 1)
  fit[c("lambda", "mu", "sigma")] <- density[c("lambda", "mu", "sigma")]
  fit$k <- length(density$mu)
  fit
}
