# How many components are chosen for rounded values, counts and their transformations.
ties <- function(cases = ties_cases()) {
  wrong <- cases$k < cases$least | cases$k > cases$most
  by_kind <- split(seq_along(wrong), factor(cases$kind, unique(cases$kind)))
  tables <- lapply(names(by_kind), function(kind) {
    i <- by_kind[[kind]]
    spread <- factor(cases$spread[i], unique(cases$spread[i]))
    cells <- tapply(i, list(cases$n[i], spread), function(i) {
      if (!any(wrong[i])) return("all")
      chosen <- toString(sort(unique(cases$k[i][wrong[i]])))
      paste0(sum(!wrong[i]), " of ", length(i), " (k = ", chosen, ")")
    })
    c(paste0(kind, ":"), "",
      table_of(n = number(as.numeric(rownames(cells))),
               as.data.frame(ifelse(is.na(cells), "", cells))), "")
  })
  c(
    "## Ties", "",
    paste("Components that `gmm1d(x)` chooses for normal samples rounded to a step, by their",
          "standard deviation in steps, in several units; and for counts, of which at most as many",
          "are right as if each count is an interval. \"all\": right in all units."), "",
    paste0("Wrong in ", sum(wrong), " of ", length(wrong), " cases."), "",
    unlist(tables)
  )
}

ties_cases <- function(n = c(20, 100, 1e3, 1e4, 1e5, 1e6), sd = c(0.5, 1, 1.5, 3, 10, 30),
                       samples = 1L, kind = ".") {
  ways <- tie_ways()
  ways <- ways[grepl(kind, names(ways))]
  which <- expand.grid(way = names(ways), n = n, spread = sd, sample = seq_len(samples),
                       stringsAsFactors = FALSE)
  counts <- grepl("Poisson", which$way)
  which <- which[!counts | which$spread %in% sd[1:3], ]
  each_case(function(way, n, spread, sample) {
    set.seed(8000 + sample)
    found <- suppressWarnings(ways[[way]]$k(n, spread))
    right <- ways[[way]]$right
    data.frame(kind = way, n = n, spread = ways[[way]]$label(spread), least = right,
               most = attr(found, "most") %||% right, unit = names(found), k = found)
  }, which$way, which$n, which$spread, which$sample)
}

# How data are drawn, for n and a spread; which k is right; and the k chosen in each unit.
tie_ways <- function() {
  one <- function(n, sd) round(stats::rnorm(n, 100.2, sd))
  two <- function(n, sd) round(stats::rnorm(n, rep(c(100.2, 100.2 + 12 * sd), length.out = n), sd))
  in_units <- function(draw) {
    function(n, sd) vapply(units_of(draw(n, sd)), function(x) gmm1d(x)$k, 1L)
  }
  way <- function(k, right, label = function(spread) paste("sd", spread)) {
    list(k = k, right = right, label = label)
  }
  # For counts, their mean takes the place of a standard deviation. The right k is the one chosen if
  # each count is known to be an interval, or a smaller one.
  mean_of <- function(spread) unname(c(`0.5` = 3, `1` = 10, `1.5` = 100)[as.character(spread)])
  of_counts <- function(f) {
    function(n, spread) {
      x <- stats::rpois(n, mean_of(spread))
      count <- table(x)
      at <- as.numeric(names(count))
      bins <- data.frame(lower = f(pmax(at - 0.5, 0)), upper = f(at + 0.5),
                         count = as.vector(count))
      structure(c(counts = gmm1d(f(x))$k), most = max(2L, gmm1d(bins, k = 1:4)$k))
    }
  }
  label <- function(spread) paste("mean", mean_of(spread))
  list(
    `One normal, rounded` = way(in_units(one), 1L),
    `Two normals 12 sd apart, rounded` = way(in_units(two), 2L),
    `One normal, rounded, counts as weights` = way(function(n, sd) {
      counts <- table(one(n, sd))
      c(weights = gmm1d(as.numeric(names(counts)), weights = as.vector(counts))$k)
    }, 1L),
    `One normal and two, rounded, in gmm1d_each()` = way(function(n, sd) {
      fits <- gmm1d_each(list(one = one(n, sd), two = two(n, sd)))
      c(each = if (fits[[2L]]$k == 2L) fits[[1L]]$k else 10L * fits[[2L]]$k)
    }, 1L),
    `Counts, Poisson` = way(of_counts(identity), 1L, label),
    `log(1 + Poisson)` = way(of_counts(log1p), 1L, label),
    `sqrt(Poisson)` = way(of_counts(sqrt), 1L, label)
  )
}

units_of <- function(x) {
  list(`1` = x, `0.1` = x / 10, `2.54` = x * 2.54, `1e-3` = x * 1e-3, offset = x * 0.1 + 1e4)
}
