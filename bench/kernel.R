# One iteration over a million values without squashing, on one thread; and predictions.
kernel <- function(largest) {
  x <- draw(1e6)
  k <- 3L
  points <- list(x = x, w = rep(1, length(x)), n = 1e6, scale = 1, step = 0, width = NULL,
                 lower = NULL, upper = NULL, base = 0)
  options <- gmm1d:::em_options(gmm1d_control(penalty = 0))
  steps <- function(count) gmm1d:::em_steps_cpp(points, three, count, options)
  ours <- (seconds(steps(11L)) - seconds(steps(1L))) / 10

  z <- unmap(groups(x, k))
  iterations <- function(count) {
    suppressWarnings(me(x, z, modelName = "V", control = emControl(tol = 0, itmax = count)))
  }
  of_mclust <- (seconds(iterations(11)) - seconds(iterations(1))) / 10
  mix <- function(count) {
    suppressWarnings(utils::capture.output(
      mixtools::normalmixEM(x, three$lambda, three$mu, three$sigma, maxit = count, epsilon = 0)
    ))
  }
  of_mixtools <- (seconds(mix(12)) - seconds(mix(2))) / 10

  fit <- gmm1d(x, k = 3)
  theirs <- Mclust(x[1:2000], G = 3, modelNames = "V", verbose = FALSE)
  predict_ours <- seconds(predict(fit, x, type = "posterior"))
  predict_theirs <- seconds(predict(theirs, x), 3L)
  c(
    "## One million values", "",
    table_of(
      what = c("one E-step and M-step: mclust::me", "one E-step and M-step: mixtools::normalmixEM",
               "predict(type = \"posterior\"): predict of Mclust"),
      gmm1d = milliseconds(c(ours, ours, predict_ours)),
      other = milliseconds(c(of_mclust, of_mixtools, predict_theirs)),
      ratio = number(c(of_mclust / ours, of_mixtools / ours, predict_theirs / predict_ours)),
      goal = c("8", "30", "100")
    )
  )
}
