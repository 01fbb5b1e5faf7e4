# Ten million values: gmm1d compared with reading them, and with other packages.
large <- function(largest) {
  n <- 1e7
  x <- draw(n)
  fit <- gmm1d(x, k = 3)
  ours <- seconds(gmm1d(x, k = 3))
  alone <- seconds(gmm1d(x, k = 3, control = list(threads = 1)))
  mean_seconds <- seconds(mean(x))
  reading <- seconds({
    mean(x)
    var(x)
  })

  # The others start from the same three groups; mixtools gets a tenth of the data.
  small <- x[seq_len(n / 10)]
  membership <- groups(x, 3)
  z <- unmap(membership)
  me_seconds <- seconds(theirs <<- me(x, z, modelName = "V"))
  me_tight <- seconds(
    tight <<- me(x, z, modelName = "V", control = emControl(tol = 1e-12, itmax = 1e4)), 1L
  )
  start <- tapply(small, groups(small, 3), mean)
  utils::capture.output({
    mix_seconds <- 10 * seconds(
      mix <<- mixtools::normalmixEM(small, lambda = rep(1, 3) / 3, mu = start, sigma = rep(1, 3),
                                    maxit = 1e4), 1L
    )
  })
  flex_seconds <- 100 * seconds({
    hundredth <- x[seq_len(n / 100)]
    flex <<- flexmix::flexmix(hundredth ~ 1, k = 3, cluster = groups(hundredth, 3))
  }, 1L)
  sklearn <- sklearn_seconds(x)

  of_mclust <- function(em) {
    loglik(x, em$parameters$pro, em$parameters$mean, sqrt(em$parameters$variance$sigmasq))
  }
  best <- fit$loglik
  below_mclust <- best - of_mclust(theirs)
  record("s", large_gmm1d = ours, large_reading = reading, large_mclust = me_seconds,
         large_sklearn = sklearn$tight, large_mixtools = mix_seconds)
  record("times", large_reading_ratio = reading / ours, large_mclust_ratio = me_seconds / ours,
         large_sklearn_ratio = sklearn$tight / ours, large_mixtools_ratio = mix_seconds / ours)
  record("", large_mclust_below = below_mclust)
  rows <- table_of(
    what = c("gmm1d(x, k = 3), 2 threads, search included", "the same on one thread", "mean(x)",
             "mean(x) and var(x)", "mclust::me, its tolerance 1e-5", "mclust::me, tolerance 1e-12",
             "mixtools::normalmixEM, 1e6 values, times 10", "flexmix, 1e5 values, times 100",
             "scikit-learn, its tolerance 1e-3", "scikit-learn, tolerance 1e-12"),
    time = milliseconds(c(ours, alone, mean_seconds, reading, me_seconds, me_tight, mix_seconds,
                          flex_seconds, sklearn$default, sklearn$tight)),
    ratio = number(c(ours, alone, mean_seconds, reading, me_seconds, me_tight, mix_seconds,
                     flex_seconds, sklearn$default, sklearn$tight) / ours),
    goal = c("", "", "", "1", "80", "", "1500", "", "", "500"),
    `log-likelihood below gmm1d's` = c(
      "", "", "", "", number(below_mclust), number(best - of_mclust(tight)),
      paste(number(gmm1d(small, k = 3)$loglik - mix$loglik), "(on its 1e6)"),
      paste(number(flexmix_below(x[seq_len(n / 100)], flex)), "(on its 1e5)"),
      number(best - sklearn$loglik_default), number(best - sklearn$loglik_tight)
    )
  )
  rm(x, small, z)

  grows <- 10^seq(6, log10(largest))
  growth <- vapply(grows, function(n) {
    x <- draw(n)
    points <- squash(x)
    c(pass = seconds(squash(x)), em = seconds(gmm1d(points, k = 3)), points = length(points))
  }, numeric(3))
  record("s", large_fit_from_points = growth["em", grows == 1e7])
  c(
    "## Ten million values, k = 3", "", rows, "",
    "The pass grows with n, the fit from the squashed points does not:", "",
    table_of(n = number(grows), pass = milliseconds(growth["pass", ]),
             `search and EM` = milliseconds(growth["em", ]),
             points = number(growth["points", ], 5L)), "",
    spread_out(1e6)
  )
}

# With values over many decades, most cells are outside the core and found by hashing.
spread_out <- function(n) {
  set.seed(1)
  normal <- rnorm(n)
  wide <- list("40 decades" = 10^runif(n, -20, 20), "600 decades" = 10^runif(n, -300, 300))
  times <- vapply(wide, function(x) seconds(squash(x)), 0)
  ratio <- times / seconds(squash(normal))
  paste0("Squashing ", number(n), " values that are log-uniform over ",
         paste0(names(wide), " takes ", milliseconds(times), ", ", number(ratio),
                " times as long as normal ones", collapse = "; over "), ".")
}

# scikit-learn in a separate process, on the same values and from the same groups.
sklearn_seconds <- function(x) {
  file <- tempfile()
  on.exit(unlink(file))
  writeBin(x, file)
  means <- tapply(x, groups(x, 3), mean)
  lines <- system2(python_with_sklearn(), c("bench/sklearn_fit.py", file, means), stdout = TRUE)
  values <- as.numeric(strsplit(lines[length(lines)], " ")[[1L]])
  stats::setNames(as.list(values), c("default", "loglik_default", "tight", "loglik_tight"))
}

flexmix_below <- function(x, flex) {
  parameters <- flexmix::parameters(flex)
  theirs <- loglik(x, flexmix::prior(flex), parameters[1L, ], parameters[2L, ])
  gmm1d(x, k = flex@k)$loglik - theirs
}
