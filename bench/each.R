# Twenty thousand groups of 200 values in one call, compared with a loop over Mclust(), of which 500
# groups are timed. Also counts how often EM on the penalised objective, started from the fit of
# Mclust with the same number of components, ends higher than our fit.
each <- function(largest, runs = 5L) {
  groups <- 20000L
  some <- 500L
  data <- lapply(seq_len(groups), two_or_three)
  x <- unlist(data)
  by <- rep(seq_len(groups), lengths(data))
  found <- seconds_beside(
    ours = fits <- gmm1d_each(x, by, k = 1:3),
    theirs = mclusts <- lapply(data[seq_len(some)], Mclust, G = 1:3, verbose = FALSE), runs = runs
  )
  ours <- found$time[["ours"]]
  theirs <- groups / some * found$time[["theirs"]]
  same_k <- vapply(seq_len(some), function(i) mclusts[[i]]$G == fits[[i]]$k, NA)
  higher <- sum(vapply(seq_len(some), function(i) climbs_higher(data[[i]], mclusts[[i]]), NA))
  record("s", each_gmm1d = ours / groups, each_mclust = theirs / groups)
  record("times", each_ratio = groups / some * found$ratio[["theirs"]], goal = "at least 10",
         about = "gmm1d_each(), 20,000 x 200 values, k = 1:3: a loop over Mclust(G = 1:3)")
  record("count", each_higher = higher, goal = "at most 0",
         about = paste("of", some, "of these, from Mclust's fit the objective climbs higher"))
  c(
    "## Twenty thousand groups of 200 values, k = 1:3", "",
    table_of(
      what = c("gmm1d_each(x, by, k = 1:3), 2 threads",
               "Mclust(x, G = 1:3), 500 groups, times 40"),
      time = paste(number(c(ours, theirs)), "s"),
      `a group` = milliseconds(c(ours, theirs) / groups),
      ratio = number(c(ours, theirs) / ours),
      goal = c("", "10")
    ), "",
    paste0("Of the 500 groups, ", sum(same_k), " are given the same k. The penalised objective ",
           "climbed from Mclust's fit ends higher than ours with the same k in ", higher,
           " (goal: none).")
  )
}

# 200 values from one to three components with various degrees of overlap.
two_or_three <- function(seed) {
  set.seed(seed)
  k <- sample(3L, 1L)
  lambda <- rexp(k) + 0.3
  rgmm1d(200, lambda / sum(lambda), rnorm(k, sd = 4), runif(k, 0.5, 1.5))
}

climbs_higher <- function(x, other) {
  k <- other$G
  points <- squash(x)
  options <- gmm1d:::em_options(gmm1d_control())
  objective <- function(start) gmm1d:::em_cpp(points, start, options)$objective
  ours <- path_of(points, k)[[1L]]$mixture
  sigma <- rep_len(sqrt(other$parameters$variance$sigmasq), k)
  theirs <- list(lambda = other$parameters$pro, mu = unname(other$parameters$mean), sigma = sigma)
  objective(theirs) > objective(ours) + 1e-6
}
