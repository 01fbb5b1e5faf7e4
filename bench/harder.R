# A search that is meant to be hard rather than fast. It finds the best penalised maxima for k = 1
# to `last_k` from hundreds of random and nested starts for each k, hops, and passes up and down.
# The only part of gmm1d that it uses is the climb from a mixture.
harder_search <- function(problem, last_k, starts = 300L, passes = 6L, ahead = 2L, seed = 1L) {
  set.seed(seed)
  problem$grouped <- grouped_points(problem$points)
  end <- min(last_k + ahead, length(problem$points$x))
  pools <- list(list(climb_of(one_normal(problem), problem)))
  for (k in seq_len(end)[-1L]) {
    random <- lapply(seq_len(starts), function(i) random_mixture(problem, k, pools[[k - 1L]]))
    candidates <- c(random, with_one_more(pools[[k - 1L]], problem))
    pools[[k]] <- best_of(candidates, list(), problem)
  }
  # Passes down and up, while something changes.
  seen <- rep(list(NULL), end)
  for (pass in seq_len(passes)) {
    before <- vapply(pools, top, 1)
    for (k in c(rev(seq_len(end)), seq_len(end))[-end]) {
      around <- vapply(pools[max(1L, k - 1L):min(end, k + 1L)], top, 1)
      if (k == 1L || identical(round(around, 3L), seen[[k]])) next
      candidates <- c(hops(pools[[k]], problem), double_hops(pools[[k]], problem),
                      with_one_more(pools[[k - 1L]], problem),
                      if (k < end) with_one_less(pools[[k + 1L]]))
      seen[[k]] <- round(around, 3L)
      pools[[k]] <- best_of(candidates, pools[[k]], problem)
    }
    if (all(vapply(pools, top, 1) < before + 1e-3)) break
  }
  lapply(pools[seq_len(min(last_k, end))], function(pool) {
    best <- climbed_to_end(pool[[1L]]$mixture, problem)
    best[c("mixture", "objective")]
  })
}

top <- function(pool) pool[[1L]]$objective

# The best maxima among those known and those that candidates lead to. All candidates climb a
# little, the better ones further (on grouped values if there are many), and the most promising to
# the end.
best_of <- function(candidates, pool, problem, sizes = c(60L, 10L), keep = 4L) {
  first <- lapply(candidates, climb_of, problem, 4L, problem$grouped)
  second <- lapply(distinct_of(first, sizes[1L]), again, problem, 30L, problem$grouped)
  second <- distinct_of(second, sizes[2L])
  near <- vapply(second, `[[`, 1, "objective") > top(second) - 5
  third <- lapply(second[near], again, problem)
  distinct_of(c(pool, third), keep)
}

again <- function(one, problem, ...) climb_of(one$mixture, problem, ...)

climb_of <- function(mixture, problem, steps = 200L, points = problem$points) {
  options <- problem$options
  options$control$max_iter <- steps
  options$control$tol <- 1e-5
  gmm1d:::em_cpp(points, mixture, options)[c("mixture", "objective")]
}

# Above 1500 distinct values, groups those in cells of a two-hundredth of the scale.
grouped_points <- function(points) {
  if (length(points$x) <= 1500L) return(points)
  cell <- round(points$x / (0.005 * points$scale))
  cell <- match(cell, unique(cell))
  w <- rowsum(points$w, cell)[, 1L]
  points$x <- unname(rowsum(points$w * points$x, cell)[, 1L] / w)
  points$w <- unname(w)
  points
}

# The best of them that are not alike.
distinct_of <- function(found, size) {
  objective <- vapply(found, `[[`, 1, "objective")
  found <- found[order(objective, decreasing = TRUE)]
  objective <- sort(objective, decreasing = TRUE)
  found <- found[c(TRUE, diff(objective) < -1e-4)]
  found[seq_len(min(size, length(found)))]
}

one_normal <- function(problem) {
  list(lambda = 1, mu = mean(problem$x),
       sigma = max(stats::sd(problem$x), problem$control$min_sigma))
}

# A start of one of four kinds: random means and widths; groups of the sorted values; a good mixture
# with one component less, plus one; the same with one component split.
random_mixture <- function(problem, k, pool) {
  less <- any_of(pool)$mixture
  switch(sample.int(4L, 1L),
         random_places(problem, k), random_groups(problem, k), inserted(less, random_one(problem)),
         split_at_random(less))
}

random_places <- function(problem, k) {
  lambda <- stats::rexp(k)
  list(lambda = lambda / sum(lambda), mu = problem$x[sample.int(length(problem$x), k)],
       sigma = problem$points$scale * exp(stats::runif(k, -5, 0.5)))
}

random_groups <- function(problem, k) {
  x <- problem$points$x
  cuts <- sort(sample.int(length(x) - 1L, k - 1L))
  group <- findInterval(seq_along(x), cuts + 1L)
  w <- problem$points$w
  n <- rowsum(w, group)[, 1L]
  mu <- rowsum(w * x, group)[, 1L] / n
  variance <- rowsum(w * (x - mu[group + 1L])^2, group)[, 1L] / n
  list(lambda = n / sum(n), mu = unname(mu),
       sigma = pmax(sqrt(variance), 0.01 * problem$points$scale))
}

random_one <- function(problem) {
  list(lambda = exp(stats::runif(1L, -7, -0.5)),
       mu = problem$x[sample.int(length(problem$x), 1L)],
       sigma = problem$points$scale * exp(stats::runif(1L, -6, 0.5)))
}

inserted <- function(mixture, one) {
  list(lambda = c(mixture$lambda * (1 - one$lambda), one$lambda), mu = c(mixture$mu, one$mu),
       sigma = c(mixture$sigma, one$sigma))
}

split_at_random <- function(mixture) {
  j <- sample.int(length(mixture$mu), 1L)
  split_of(mixture, j, stats::runif(1L, 0.1, 0.9), stats::runif(1L, 0, 1.2),
           exp(stats::runif(2L, -1.5, 0.2)))
}

# Splits component j into two with shares p and 1 - p, which are `apart` of its sigmas from its
# mean.
split_of <- function(mixture, j, p, apart, widths) {
  lambda <- mixture$lambda[j]
  list(lambda = c(mixture$lambda[-j], lambda * p, lambda * (1 - p)),
       mu = c(mixture$mu[-j], mixture$mu[j] + c(-1, 1) * apart * mixture$sigma[j]),
       sigma = c(mixture$sigma[-j], mixture$sigma[j] * widths))
}

# Good mixtures with one more component: where the data are denser than the mixture, at random, and
# by splits of each component.
with_one_more <- function(pool, problem, best = 2L) {
  mixtures <- lapply(pool[seq_len(min(best, length(pool)))], `[[`, "mixture")
  unlist(lapply(mixtures, function(mixture) {
    more <- c(dense_places(mixture, problem), replicate(20L, random_one(problem), simplify = FALSE))
    splits <- lapply(seq_along(mixture$mu), function(j) {
      list(split_of(mixture, j, 0.5, 0.7, c(0.7, 0.7)), split_of(mixture, j, 0.8, 0, c(1, 0.4)),
           split_of(mixture, j, 0.5, 0, c(1.3, 0.5)), split_of(mixture, j, 0.3, 0.7, c(0.5, 0.9)),
           split_of(mixture, j, 0.7, 0.7, c(0.9, 0.5)))
    })
    c(lapply(more, function(one) inserted(mixture, one)), unlist(splits, recursive = FALSE))
  }), recursive = FALSE)
}

# The windows of 1, 2, 3, 4, 6, ... neighbouring values that exceed the mixture most, by the
# likelihood ratio of their counts minus the penalty. Returns the best few of each size, the densest
# first.
dense_places <- function(mixture, problem, of_a_size = 3L, points = problem$points) {
  x <- points$x
  held <- c(0, cumsum(points$w))
  n <- points$n
  sizes <- unique(pmin(c(1, 2, 3, 4, 6, 8, round(12 * 1.6^(0:16))), length(x)))
  edges <- c(x[1L], (x[-1L] + x[-length(x)]) / 2, x[length(x)])
  below <- Reduce(`+`, Map(function(l, m, s) l * stats::pnorm(edges, m, s),
                           mixture$lambda, mixture$mu, mixture$sigma))
  places <- lapply(sizes, function(size) {
    i <- seq_len(length(x) - size + 1L)
    count <- held[i + size] - held[i]
    expected <- pmax(n * (below[i + size] - below[i]), 1e-300)
    narrowest <- problem$points$scale * sqrt(2 * problem$control$penalty / (2 * count))
    sigma <- pmax((x[i + size - 1L] - x[i]) / 3, narrowest, problem$control$min_sigma)
    gain <- count * log(count / expected) - count + expected -
      problem$control$penalty * (problem$points$scale / sigma)^2
    gain[count <= expected] <- -Inf
    chosen <- best_apart(gain, size, of_a_size)
    lapply(chosen, function(at) {
      list(lambda = min(0.9, (count[at] - 0.9 * min(expected[at], count[at])) / n),
           mu = (x[at] + x[at + size - 1L]) / 2, sigma = sigma[at], gain = gain[at])
    })
  })
  places <- unlist(places, recursive = FALSE)
  places[order(vapply(places, `[[`, 1, "gain"), decreasing = TRUE)]
}

best_apart <- function(gain, apart, how_many) {
  chosen <- integer()
  for (i in seq_len(how_many)) {
    at <- which.max(gain)
    if (length(at) == 0L || gain[at] == -Inf) break
    chosen <- c(chosen, at)
    gain[max(1L, at - apart + 1L):min(length(gain), at + apart - 1L)] <- -Inf
  }
  chosen
}

# Removes one component of a good mixture, or merges two, and inserts one elsewhere.
hops <- function(pool, problem, best = 2L) {
  mixtures <- lapply(pool[seq_len(min(best, length(pool)))], `[[`, "mixture")
  unlist(lapply(mixtures, function(mixture) {
    less <- smaller_of(mixture)
    unlist(lapply(less, function(smaller) {
      more <- c(utils::head(dense_places(smaller, problem, 1L, problem$grouped), 8L),
                replicate(3L, random_one(problem), simplify = FALSE))
      c(lapply(more, function(one) inserted(smaller, one)), list(split_at_random(smaller)))
    }), recursive = FALSE)
  }), recursive = FALSE)
}

# Removes two components at random, and inserts two where the data are dense.
double_hops <- function(pool, problem, how_many = 40L) {
  lapply(seq_len(how_many), function(i) {
    mixture <- any_of(pool)$mixture
    less <- min(2L, length(mixture$mu) - 1L)
    for (j in seq_len(less)) mixture <- any_of(smaller_of(mixture))
    for (j in seq_len(less)) {
      mixture <- climb_of(mixture, problem, 2L, problem$grouped)$mixture
      places <- c(dense_places(mixture, problem, 2L, problem$grouped), list(random_one(problem)))
      mixture <- inserted(mixture, any_of(places))
    }
    mixture
  })
}

any_of <- function(list) list[[sample.int(length(list), 1L)]]

with_one_less <- function(pool, best = 3L) {
  unlist(lapply(pool[seq_len(min(best, length(pool)))], function(one) {
    c(smaller_of(one$mixture), merged_all(one$mixture))
  }), recursive = FALSE)
}

# Removes each component in turn, and merges each pair of neighbours.
smaller_of <- function(mixture) {
  k <- length(mixture$mu)
  if (k < 2L) return(list())
  order <- order(mixture$mu)
  c(lapply(seq_len(k), function(j) {
    list(lambda = mixture$lambda[-j] / sum(mixture$lambda[-j]), mu = mixture$mu[-j],
         sigma = mixture$sigma[-j])
  }), lapply(seq_len(k - 1L), function(i) merged(mixture, order[i], order[i + 1L])))
}

merged_all <- function(mixture) {
  pairs <- utils::combn(length(mixture$mu), 2L, simplify = FALSE)
  lapply(pairs, function(pair) merged(mixture, pair[1L], pair[2L]))
}

# Merges two components into one with the same moments.
merged <- function(mixture, i, j) {
  both <- c(i, j)
  p <- mixture$lambda[both] / sum(mixture$lambda[both])
  mu <- sum(p * mixture$mu[both])
  sigma <- sqrt(sum(p * (mixture$sigma[both]^2 + (mixture$mu[both] - mu)^2)))
  list(lambda = c(mixture$lambda[-both], sum(mixture$lambda[both])),
       mu = c(mixture$mu[-both], mu), sigma = c(mixture$sigma[-both], sigma))
}

# The results of the harder search for k = 1 to `last_k`. They are cached in the folder BENCH_CACHE,
# if that is set, under the values, the floor and the penalty.
best_found <- function(problem, last_k, ...) {
  folder <- Sys.getenv("BENCH_CACHE")
  if (!nzchar(folder)) return(harder_search(problem, last_k, ...))
  dir.create(folder, showWarnings = FALSE, recursive = TRUE)
  key <- list(problem$points$x, problem$points$w,
              list(min_sigma = problem$control$min_sigma, penalty = problem$control$penalty,
                   scale = problem$points$scale))
  file <- file.path(folder, paste0(rlang::hash(key), "-", last_k, ".rds"))
  if (!file.exists(file)) saveRDS(harder_search(problem, last_k, ...), file)
  readRDS(file)
}

# Compares the default search with the harder one, with a row for each k.
compared <- function(problem, k, found = found_by_default(problem, k), ...) {
  best <- best_found(problem, max(k), ...)[k]
  holds <- vapply(best, function(one) min(one$mixture$lambda) * problem$points$n, 1)
  cbind(found, harder = vapply(best, `[[`, 1, "objective"), holds = holds)
}
