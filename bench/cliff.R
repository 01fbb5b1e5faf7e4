# Seconds of the default call on data of many shapes, some of which used to take minutes.
cliff <- function(cases = cliff_cases()) {
  shapes <- cases$shapes
  of_kind <- split(shapes, list(shapes$n, shapes$form), drop = TRUE)
  usual <- c("norm", "gamma", "lognormal")
  relative <- unlist(lapply(of_kind, function(rows) {
    rows$seconds / max(rows$seconds[rows$shape %in% usual])
  }))
  by_data <- split(shapes, list(factor(shapes$shape, unique(shapes$shape)), shapes$n), drop = TRUE)
  differing <- sum(vapply(by_data, function(rows) length(unique(rows$k)) > 1L, NA))
  seeds <- cases$seeds
  late <- sum(unlist(tapply(seeds$seconds, seeds$shape, function(s) s > 3 * stats::median(s))))
  ridge <- cases$ridge
  largest <- number(max(shapes$n))
  record("times", cliff_shapes = max(relative), goal = "at most 3",
         about = paste("the slowest of", nrow(shapes), "default calls of 8 shapes: the slowest of",
                       "norm, gamma and lognormal of the same n"))
  record("times", cliff_ridge = max(ridge$seconds[ridge$shape == "three"]) /
           ridge$seconds[ridge$shape == "gamma"], goal = "at most 5",
         about = paste0("k = 4 to 9 alone, ", largest, " values of three: k = 9 of gamma"))
  record("count", cliff_seeds = late, goal = "at most 1",
         about = paste("of", nrow(seeds), "default calls with other seeds, above 3 times the",
                       "median of their shape"))
  record("count", cliff_forms = differing, goal = "at most 0",
         about = "shapes and n for which squashed data and the vector get different k")
  record("count", cliff_threads = sum(!cases$threads$same), goal = "at most 0",
         about = "shapes with other bits on two threads than on one")
  wide <- lapply(by_data, function(rows) {
    squashed <- rows[rows$form == "squashed", ]
    vector <- rows[rows$form == "vector", ]
    data.frame(n = number(squashed$n), values = squashed$shape,
               squashed = number(squashed$seconds), vector = number(vector$seconds),
               k = toString(unique(c(squashed$k, vector$k))))
  })
  of_seeds <- lapply(split(seeds, factor(seeds$shape, unique(seeds$shape))), function(rows) {
    data.frame(values = rows$shape[1L], data_sets = nrow(rows),
               median = number(stats::median(rows$seconds)), longest = number(max(rows$seconds)),
               `above 3 medians` = sum(rows$seconds > 3 * stats::median(rows$seconds)),
               k = toString(sort(unique(rows$k))), check.names = FALSE)
  })
  c(
    "## The longest default calls", "",
    paste("Seconds of the processor, k = 1 to 9, of squashed data and of the vector. What took",
          "longer than allowed is given up, with NA for k."), "",
    table_of(do.call(rbind, wide)), "",
    paste0(number(seeds$n[1L]), " values, other seeds:"), "",
    table_of(do.call(rbind, of_seeds)), "",
    paste0(largest, " values, one k alone:"), "",
    table_of(values = ridge$shape, k = ridge$k, seconds = number(ridge$seconds))
  )
}

# The shapes of each size, drawn one after the other with seed 3; three shapes of `few` values with
# seeds 1 to `seeds`; the shape whose likelihood has a ridge, with each k alone. A run that takes
# longer than `limit` seconds of elapsed time is stopped.
cliff_cases <- function(n = c(1e6, 3e6, 1e7), few = 1e5, seeds = 25L, limit = 300) {
  shapes <- cliff_shapes()
  of_n <- function(n) {
    set.seed(3)
    rows <- Map(function(draw_shape, shape) {
      x <- draw_shape(n)
      points <- squash(x)
      rbind(cliff_row(points, limit, shape = shape, n = n, form = "squashed"),
            cliff_row(x, limit, shape = shape, n = n, form = "vector"))
    }, shapes, names(shapes))
    do.call(rbind, unname(rows))
  }
  of_seeds <- lapply(c("norm", "three", "t5"), function(shape) {
    do.call(rbind, lapply(seq_len(seeds), function(seed) {
      set.seed(seed)
      cliff_row(shapes[[shape]](few), limit, shape = shape, n = few, form = "vector")
    }))
  })
  list(shapes = do.call(rbind, lapply(n, of_n)), seeds = do.call(rbind, of_seeds),
       ridge = cliff_ridge(shapes, max(n), limit), threads = cliff_threads(shapes, few))
}

# The time of a call with the k in the dots (default: those of gmm1d()), and the k that is chosen.
cliff_row <- function(x, limit, ..., k = NULL) {
  found <- NA_integer_
  setTimeLimit(elapsed = limit, transient = TRUE)
  time <- clock_of(try(silent = TRUE, {
    fit <- suppressWarnings(if (is.null(k)) gmm1d(x) else gmm1d(x, k = k))
    found <- fit$k
  }))
  setTimeLimit()
  data.frame(..., seconds = time[2L], clock = time[1L], k = found)
}

cliff_ridge <- function(shapes, n, limit) {
  set.seed(3)
  points <- lapply(shapes, function(draw_shape) squash(draw_shape(n)))
  rbind(
    cliff_row(points$gamma, limit, shape = "gamma", k = 9),
    do.call(rbind, lapply(4:9, function(k) cliff_row(points$three, limit, shape = "three", k = k)))
  )
}

cliff_threads <- function(shapes, n) {
  set.seed(3)
  same <- vapply(shapes, function(draw_shape) {
    x <- draw_shape(n)
    fits <- lapply(1:2, function(threads) {
      suppressWarnings(gmm1d(x, control = list(threads = threads)))
    })
    parts <- c("lambda", "mu", "sigma", "loglik", "certificate")
    identical(unclass(fits[[1L]])[parts], unclass(fits[[2L]])[parts])
  }, NA)
  data.frame(shape = names(shapes), same = same)
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
