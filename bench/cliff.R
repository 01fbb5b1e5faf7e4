# Seconds of the default call on data of many shapes, some of which used to take minutes.
cliff <- function(cases = cliff_cases()) {
  shape <- factor(cases$shape, unique(cases$shape))
  by <- split(seq_len(nrow(cases)), list(shape, cases$n), drop = TRUE)
  rows <- lapply(by, function(i) {
    data.frame(values = cases$shape[i[1L]], n = number(cases$n[i[1L]]), data_sets = length(i),
               median = number(stats::median(cases$seconds[i])),
               longest = number(max(cases$seconds[i])),
               `given up` = sum(is.na(cases$k[i])), k = toString(sort(unique(cases$k[i]))),
               check.names = FALSE)
  })
  c(
    "## The longest default calls", "",
    "Seconds of the processor of `gmm1d(squash(x))`, k = 1 to 9. What took longer than allowed is given up.", "",
    table_of(do.call(rbind, rows))
  )
}

# Runs each shape with seed 3, and three of them with seeds 1 to `seeds` at the smallest n. A run
# that takes longer than `limit` seconds of elapsed time is stopped.
cliff_cases <- function(n = c(1e5, 1e6), seeds = 25L, shape = ".", limit = 300) {
  shapes <- cliff_shapes()
  which <- rbind(
    expand.grid(shape = names(shapes), seed = 3L, n = n, stringsAsFactors = FALSE),
    expand.grid(shape = c("norm", "three", "t5"), seed = setdiff(seq_len(seeds), 3L), n = min(n),
                stringsAsFactors = FALSE)
  )
  which <- which[grepl(shape, which$shape), ]
  rows <- Map(function(shape, seed, n) {
    set.seed(seed)
    points <- squash(shapes[[shape]](n))
    k <- NA_integer_
    setTimeLimit(elapsed = limit, transient = TRUE)
    time <- clock_of(try(k <- suppressWarnings(gmm1d(points))$k, silent = TRUE))
    setTimeLimit()
    data.frame(shape = shape, n = n, seed = seed, seconds = time[2L], clock = time[1L], k = k)
  }, which$shape, which$seed, which$n)
  do.call(rbind, unname(rows))
}

cliff_shapes <- function() {
  list(
    norm = function(n) stats::rnorm(n),
    two = function(n) stats::rnorm(n, 3 * (stats::runif(n) < 0.3)),
    three = function(n) {
      z <- sample(3, n, TRUE, c(0.5, 0.3, 0.2))
      stats::rnorm(n, c(0, 4, 9)[z], c(1, 0.5, 2)[z])
    },
    gamma = function(n) stats::rgamma(n, 3),
    lognormal = function(n) stats::rlnorm(n, 0, 0.5),
    t5 = function(n) stats::rt(n, 5),
    unif = function(n) stats::runif(n),
    five = function(n) stats::rnorm(n, 4 * sample(5, n, TRUE))
  )
}
