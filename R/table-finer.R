# Which cells of a table in a database must be finer: those with too many values, and those that are
# too wide for a component.

# A cell with more than this share of the weight, and more than one value, needs finer cells.
heavy_part <- 1 / 64
# Inside such a cell, a standard deviation gets this many cells, but at most this many more levels
# at once.
cells_in_heavy <- 64
most_levels <- 20
# Cells beside it, in which few values may be far apart, get at most this many more levels.
most_levels_beside <- 12
# If the variance, in cells, is below this, it is lost to rounding; the range then gets this many
# cells.
known_spread <- 1e-10
cells_in_range <- 2^10

# If the magnitudes of values beside 0 differ by more than this factor, a heavy cell is divided into
# so many tiers at most, from its largest to its smallest value, each with cells of its own.
most_ratio <- 2^24
most_tiers_in_heavy <- 24
most_octaves_in_tier <- 16

# The regions of cells that must be finer because one cell holds too many values, with the `layout`
# of the finer ones.
heavy_regions <- function(parts) {
  extents <- extents_over(parts)
  contents <- Filter(Negate(is.null), lapply(parts, contents_of))
  tiered <- unique(do.call(rbind, lapply(contents, function(cells) {
    cells[cells$is_heavy & is_scattered(cells), c("level", "index")]
  })))
  regions <- union_of(lapply(contents, spread_regions, extents))
  for (i in seq_len(NROW(tiered))) {
    regions <- without_cell(regions, tiered$level[i], tiered$index[i])
  }
  tiers <- lapply(seq_len(NROW(tiered)), function(i) {
    tiers_in_cell(tiered$level[i], tiered$index[i], extents)
  })
  whole <- lapply(seq_len(NROW(tiered)), function(i) {
    region(tiered$level[i], tiered$index[i], tiered$index[i], max(tiers[[i]]$finer))
  })
  list(regions = do.call(rbind, c(list(regions), whole)),
       layout = do.call(rbind, c(list(regions), tiers)))
}

# The cells of a group: their values, moments and weight. NULL for exact values.
contents_of <- function(part) {
  if (!is_of_cells(part$points)) return(NULL)
  cells <- part$points$cells
  extents <- extents_in(part)
  at <- match(cell_names(cells), cell_names(extents))
  weight <- cells$sums[1L, ]
  away <- cells$sums[2L, ] / weight
  variance <- cells$sums[3L, ] / weight - away^2
  low <- extents$low[at]
  high <- extents$high[at]
  several <- !is.na(low) & (low < high | extents$zeros[at])
  data.frame(
    level = cells$level, index = cells$index, low = low, high = high, several = several,
    is_heavy = several & weight > heavy_part * part$points$n & !is.null(part$extents),
    mean = (cells$index + 0.5 + away) * 2^-cells$level,
    spread = ifelse(variance > known_spread, sqrt(pmax(variance, 0)), NA)
  )
}

# True for cells beside 0 with values of very different magnitudes.
is_scattered <- function(cells) {
  least <- pmin(abs(cells$low), abs(cells$high))
  most <- pmax(abs(cells$low), abs(cells$high))
  cells$index %in% c(0, -1) & least > 0 & (is.na(cells$spread) | least * most_ratio < most)
}

# The regions around heavy cells, as far as their values may reach into other cells.
spread_regions <- function(cells, extents) {
  heavy <- which(cells$is_heavy & !is_scattered(cells))
  is_known <- !is.na(cells$spread)
  by_spread <- pmin(ceiling(log2(cells_in_heavy / cells$spread)), most_levels)
  finest <- ifelse(is_known, cells$level + by_spread,
                   floor(log2(cells_in_range / (cells$high - cells$low))))
  finer <- cells$level
  finer[heavy] <- pmax(finer[heavy], finest[heavy])
  width <- 2^-cells$level
  left <- cells$index * width
  for (i in heavy[is_known[heavy]]) {
    reach <- core_reach * cells$spread[i] * width[i]
    near <- cells$several & !cells$is_heavy & left < cells$mean[i] + reach &
      left + width > cells$mean[i] - reach
    finer[near] <- pmax(finer[near], pmin(finest[i], cells$level[near] + most_levels_beside))
  }
  regions_around(cells, finer > cells$level, finer, extents)
}

# The cell beside 0 in tiers of some octaves, from the largest value down; the last region has the
# smallest value, or all that are smaller than the tiers.
tiers_in_cell <- function(level, index, extents) {
  here <- extents$level == level & extents$index == index
  magnitudes <- range(abs(c(extents$low[here], extents$high[here])))
  octaves <- floor(log2(magnitudes))
  top <- min(octaves[2L] + 1, -level)
  step <- min(max(1, ceiling((top - octaves[1L]) / most_tiers_in_heavy)), most_octaves_in_tier)
  above <- utils::head(seq(top, octaves[1L] + 1, by = -step), most_tiers_in_heavy)
  bottom <- pmax(above - step, octaves[1L])
  in_tier <- 2^(above - bottom)
  finer <- pmax(log2(cells_in_range) - above, -bottom)
  lowest <- -min(bottom)
  if (index == 0) rbind(region(-bottom, 1, in_tier - 1, finer), region(lowest, 0, 0, lowest))
  else rbind(region(-bottom, -in_tier, -2, finer), region(lowest, -1, -1, lowest))
}

# (Adding 0 turns -0 into 0.)
cell_names <- function(cells) paste(cells$level, sprintf("%.0f", cells$index + 0))

# The smallest and largest value in each cell. Rounded values, which the database has returned one
# by one, may be anywhere in their cells.
extents_in <- function(part) {
  if (!is.null(part$extents) || !is_of_cells(part$points)) return(part$extents)
  cells <- part$points$cells
  width <- 2^-cells$level
  data.frame(level = cells$level, index = cells$index, low = cells$index * width,
             high = (cells$index + 1) * width, zeros = FALSE)
}

# The smallest and largest value in each cell of any group.
extents_over <- function(parts) {
  all <- do.call(rbind, lapply(parts, extents_in))
  if (is.null(all)) return(joined_extents(numeric(), numeric(), numeric(), numeric()))
  joined_extents(all$level, all$index, all$low, all$high)
}

# `zeros` is TRUE for a cell that also has zeros, which `low` and `high` leave out.
joined_extents <- function(level, index, low, high) {
  names <- cell_names(list(level = level, index = index))
  first <- !duplicated(names)
  at <- match(names, names[first])
  data.frame(level = level[first], index = index[first], low = as.vector(tapply(low, at, min)),
             high = as.vector(tapply(high, at, max)), zeros = rep(FALSE, sum(first)))
}

# The cells within reach of components that are too narrow for them: the same that the core refines
# when it squashes a vector again.
reach_of_component <- 9
cells_in_sigma <- 16

narrow_regions <- function(part, mixtures, extents) {
  cells <- contents_of(part)
  if (is.null(cells) || length(mixtures) == 0L) return(no_regions)
  width <- 2^-cells$level
  left <- cells$index * width
  finer <- cells$level
  for (mixture in mixtures) {
    for (j in seq_along(mixture$mu)) {
      reach <- reach_of_component * mixture$sigma[j]
      narrow <- cells$several & left < mixture$mu[j] + reach &
        left + width > mixture$mu[j] - reach & width > mixture$sigma[j] / cells_in_sigma
      finer[narrow] <- pmax(finer[narrow], ceiling(-log2(mixture$sigma[j] / cells_in_sigma)))
    }
  }
  regions_around(cells, finer > cells$level, finer, extents)
}

# Neighbouring cells of one level form a region. How fine its cells can be depends on the values in
# it, of all groups.
regions_around <- function(cells, chosen, finer, extents) {
  chosen <- which(chosen)
  begins <- c(TRUE, diff(cells$index[chosen]) != 1 | diff(cells$level[chosen]) != 0)
  number <- cumsum(begins[seq_along(chosen)])
  regions <- lapply(split(chosen, number), function(run) {
    from <- min(cells$index[run])
    to <- max(cells$index[run])
    level <- cells$level[run[1L]]
    inside <- extents$level == level & extents$index >= from & extents$index <= to
    finest <- finest_level(min(extents$low[inside]), max(extents$high[inside]))
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

# The regions without one cell, which may divide one of them.
without_cell <- function(regions, level, index) {
  hit <- regions$level == level & regions$from <= index & regions$to >= index
  left <- right <- regions[hit, ]
  left$to <- rep(index - 1, nrow(left))
  right$from <- rep(index + 1, nrow(right))
  all <- rbind(regions[!hit, ], left, right)
  all[all$from <= all$to, ]
}

# True for cells that are in a region or in one of its cells. (Negative numbers that underflow are
# in cell -1.)
in_regions <- function(cells, regions) {
  highest <- ifelse(cells$index < 0, -1, Inf)
  is_in_one <- function(i) {
    index <- pmin(floor(cells$index * 2^(regions$level[i] - cells$level)), highest)
    cells$level >= regions$level[i] & index >= regions$from[i] & index <= regions$to[i]
  }
  Reduce(`|`, lapply(seq_len(nrow(regions)), is_in_one))
}
