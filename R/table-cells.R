# The cells of a table in a database: how they are laid out.

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

# Zeros have a cell of their own, so that the smallest and largest value of the cell around them say
# in which octaves the others lie.
level_of_zero <- 1000L

zeros_apart <- function(layout) rbind(region(level_of_zero, 0, 0, level_of_zero), layout)

# Zeros are in the first place of a cell of any level.
with_zeros_back <- function(cells, layout) {
  others <- layout$level != level_of_zero
  at_zero <- layout$from <= 0 & layout$to >= 0
  cells$level[cells$level == level_of_zero] <- layout$finer[others & at_zero][1L]
  cells
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
  zeros_apart(do.call(rbind, c(tiers, list(region(outermost, -Inf, Inf, outermost)))))
}

region <- function(level, from, to, finer) {
  data.frame(level = level, from = from, to = to, finer = finer)
}

no_regions <- region(0, 0, 0, 0)[0L, ]

finest_level <- function(low, high) {
  largest <- max(abs(low), abs(high))
  if (largest == 0) Inf else bits_of_cell - 1 - floor(log2(largest))
}
