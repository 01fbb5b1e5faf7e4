# The cells of a table in a database: how they are laid out, how SQL finds them, and which must be
# finer.

# Far from 0, doubles and the 15 digits of dbplyr leave this many bits for the number of a cell.
bits_of_cell <- 48

# The longest table of cells, which still fits in R.
most_cells <- 2^22

# Cells in one standard deviation, as multiples of `cells` in the control.
finer_than_vectors <- 4
# The core of a table reaches this many standard deviations to both sides.
core_reach <- 8
# If the range has more cells than this, those outside the core are coarser, in this many tiers.
most_in_range <- 2^16
most_tiers <- 6

# The regions, each `from` to `to` in cells of `level`, and the level `finer` of their cells.
# Each region surrounds the one before. Its cells are `step` levels coarser and aligned with the
# edges of the inner region. Rounded values have cells of their own, unless there are too many.
layout_of <- function(range, cells, rounding = NULL) {
  low <- min(range$low, Inf)
  high <- max(range$high, -Inf)
  if (!is.finite(low)) low <- high <- 0
  spread <- range$sd[is.finite(range$sd) & range$sd > 0]
  sd <- if (length(spread) > 0L) min(spread) else max((high - low) / 8, abs(low) * 2^-20, 2^-1000)
  first <- max(low, min(range$mean - core_reach * range$sd))
  last <- min(high, max(range$mean + core_reach * range$sd))
  if (!(first < last)) {
    first <- low
    last <- high
  }
  level <- ceiling(log2(finer_than_vectors * cells / sd))
  if (!is.null(rounding)) level <- max(level, level_of_rounded(range, rounding))
  level <- min(level, finest_level(first, last))
  while (sum(pmin(range$n, (range$high - range$low) * 2^level)) > most_cells) level <- level - 1
  if ((high - low) * 2^level <= most_in_range && level <= finest_level(low, high)) {
    return(region(level, -Inf, Inf, level))
  }
  tiers_of(level, first, last, low, high)
}

# The level at which each rounded value has its own cell, -Inf if that would be too many cells.
level_of_rounded <- function(range, rounding) {
  level <- ceiling(1 - log2(rounding))
  if (sum(pmin(range$n, (range$high - range$low) * 2^level)) <= most_in_range) level else -Inf
}

tiers_of <- function(level, first, last, low, high) {
  centre <- first / 2 + last / 2
  half <- max(last / 2 - first / 2, 2^-level)
  ratio <- log2(max(high - centre, centre - low) / half)
  step <- max(3, ceiling(ratio / most_tiers))
  tiers <- lapply(seq_len(max(0, ceiling(ratio / step))) - 1, function(tier) {
    here <- level - step * tier
    width <- 2^(step - here)  # of the cells of the next tier
    from <- floor((centre - half * 2^(step * tier)) / width)
    to <- ceiling((centre + half * 2^(step * tier)) / width)
    region(here, from * 2^step, to * 2^step - 1, here)
  })
  outermost <- level - step * length(tiers)
  do.call(rbind, c(tiers, list(region(outermost, -Inf, Inf, outermost))))
}

region <- function(level, from, to, finer) {
  data.frame(level = level, from = from, to = to, finer = finer)
}

no_regions <- region(0, 0, 0, 0)[0L, ]

finest_level <- function(low, high) {
  largest <- max(abs(low), abs(high))
  if (largest == 0) Inf else bits_of_cell - 1 - floor(log2(largest))
}

# A cell with more than this share of the weight, and more than one value, needs finer cells.
heavy_part <- 1 / 64
# Inside such a cell, a standard deviation gets this many cells, but at most this many more levels
# at once.
cells_in_heavy <- 64
most_levels <- 20
# If the variance, in cells, is below this, it is lost to rounding; the range then gets this many
# cells.
known_spread <- 1e-10
cells_in_range <- 2^10

heavy_regions <- function(part) {
  if (!is_of_cells(part$points)) return(no_regions)
  cells <- part$points$cells
  at <- match(cell_names(cells), cell_names(part$extents))
  extent <- part$extents$high[at] - part$extents$low[at]
  weight <- cells$sums[1L, ]
  variance <- cells$sums[3L, ] / weight - (cells$sums[2L, ] / weight)^2
  heavy <- weight > heavy_part * part$points$n & extent > 0
  by_spread <- ceiling(log2(cells_in_heavy / sqrt(pmax(variance, known_spread))))
  finer <- ifelse(variance > known_spread, cells$level + pmin(by_spread, most_levels),
                  floor(log2(cells_in_range / extent)))
  regions_around(cells, heavy, finer)
}

cell_names <- function(cells) {
  paste(cells$level, format(cells$index, digits = 15L, trim = TRUE, scientific = FALSE))
}

# The cells within reach of components that are too narrow for them: the same that the core refines
# when it squashes a vector again.
reach_of_component <- 9
cells_in_sigma <- 16

narrow_regions <- function(points, mixtures) {
  if (!is_of_cells(points) || length(mixtures) == 0L) return(no_regions)
  cells <- points$cells
  width <- 2^-cells$level
  left <- cells$index * width
  finer <- cells$level
  for (mixture in mixtures) {
    for (j in seq_along(mixture$mu)) {
      reach <- reach_of_component * mixture$sigma[j]
      narrow <- left < mixture$mu[j] + reach & left + width > mixture$mu[j] - reach &
        width > mixture$sigma[j] / cells_in_sigma
      finer[narrow] <- pmax(finer[narrow], ceiling(-log2(mixture$sigma[j] / cells_in_sigma)))
    }
  }
  regions_around(cells, finer > cells$level, finer)
}

# Neighbouring cells of one level form a region.
regions_around <- function(cells, chosen, finer) {
  chosen <- which(chosen)
  begins <- c(TRUE, diff(cells$index[chosen]) != 1 | diff(cells$level[chosen]) != 0)
  number <- cumsum(begins[seq_along(chosen)])
  regions <- lapply(split(chosen, number), function(run) {
    from <- min(cells$index[run])
    to <- max(cells$index[run])
    level <- cells$level[run[1L]]
    finest <- finest_level(from * 2^-level, (to + 1) * 2^-level)
    region(level, from, to, min(max(finer[run]), finest))
  })
  regions <- do.call(rbind, c(list(no_regions), unname(regions)))
  regions[regions$finer > regions$level, ]
}

# The union of the regions of several groups, each as fine as the finest. If there are more than a
# query can hold, the first of them; the others are queried later.
most_regions <- 100

union_of <- function(regions) {
  regions <- unique(do.call(rbind, c(list(no_regions), unname(regions))))
  if (nrow(regions) < 2L) return(regions)
  of_levels <- lapply(split(regions, regions$level), function(some) {
    edges <- sort(unique(c(some$from, some$to + 1)))
    from <- edges[-length(edges)]
    finer <- vapply(from, function(at) max(some$finer[some$from <= at & some$to >= at], -Inf), 1)
    begins <- c(TRUE, diff(finer) != 0)
    last <- c(which(begins)[-1L] - 1L, length(from))
    joined <- data.frame(level = some$level[1L], from = from[begins], to = edges[-1L][last] - 1,
                         finer = finer[begins])
    joined[joined$finer > -Inf, ]
  })
  utils::head(do.call(rbind, unname(of_levels)), most_regions)
}

in_regions <- function(cells, regions) {
  is_in_one <- function(i) {
    cells$level == regions$level[i] & cells$index >= regions$from[i] &
      cells$index <= regions$to[i]
  }
  Reduce(`|`, lapply(seq_len(nrow(regions)), is_in_one))
}
