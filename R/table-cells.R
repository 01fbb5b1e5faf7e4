# The cells of a table in a database: which there are, how SQL finds them, and which must be finer.

# Far from 0 doubles, and the 15 digits of dbplyr, leave so many bits for the number of a cell.
bits_of_cell <- 48

# No table of cells is so long that R cannot hold it.
most_cells <- 2^22

# Cells in one standard deviation, as multiples of `cells` in the control.
finer_than_vectors <- 4
# The core reaches so many standard deviations to both sides ...
core_reach <- 8
# ... and where the range has more cells than this, those outside of the core are coarser.
most_in_range <- 2^16
most_tiers <- 6

# Which cells there are: in each region, `from` to `to` in cells of `level`, of the level `finer`.
# Each region lies about the one before and has cells that are `step` levels coarser, whose edges
# are edges of the region inside.
layout_of <- function(range, cells) {
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
  level <- min(level, finest_level(first, last))
  while (sum(pmin(range$n, (range$high - range$low) * 2^level)) > most_cells) level <- level - 1
  if ((high - low) * 2^level <= most_in_range && level <= finest_level(low, high)) {
    return(region(level, -Inf, Inf, level))
  }
  tiers_of(level, first, last, low, high)
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

finest_level <- function(low, high) {
  largest <- max(abs(low), abs(high))
  if (largest == 0) Inf else bits_of_cell - 1 - floor(log2(largest))
}

# The query for what the cells of a layout hold: j = floor(t), t = x 2^level, and the sums of
# u^p, u = t - j - 1/2. Where not the `rest`, only of the regions.
cells_query <- function(query, layout, rest) {
  x <- rlang::expr(.data$x)
  regions <- lapply(seq_len(nrow(layout)), function(i) is_in(x, layout[i, ]))
  scaled <- lapply(layout$finer, sql_scaled, x = x)
  source <- query$source
  in_one <- Reduce(function(a, b) rlang::expr(!!a | !!b), regions)
  if (!rest) source <- dplyr::filter(source, !!in_one)
  kept <- rlang::syms(c(query$keys, "x", if (!is.null(query$w)) "w"))
  source <- dplyr::transmute(source, !!!kept, t = !!case_of(regions, scaled),
                             level = !!case_of(regions, as.integer(layout$finer)))
  source <- dplyr::transmute(source, !!!kept, level = .data$level, j = floor(.data$t),
                             u = .data$t - floor(.data$t) - 0.5)
  nothing <- dplyr::transmute(query$source, !!!kept, level = 0L, j = .data$x, u = .data$x)
  keys <- rlang::syms(c(query$keys, "level", "j"))
  cells <- dplyr::group_by(fenced(source, nothing, query), !!!keys)
  dplyr::ungroup(dplyr::summarise(
    cells, rows = dplyr::n(), low = min(.data$x, na.rm = TRUE), high = max(.data$x, na.rm = TRUE),
    !!!moments_of(query)
  ))
}

is_in <- function(x, region) {
  if (region$from == -Inf) return(TRUE)
  t <- sql_scaled(x, region$level)
  rlang::expr((!!t >= !!region$from & !!t < !!(region$to + 1)))
}

# The last of the values holds where no other region does.
case_of <- function(regions, values) {
  last <- length(values)
  if (last == 1L) return(values[[1L]])
  cases <- Map(function(region, value) rlang::expr(!!region ~ !!value), regions[-last],
               values[-last])
  rlang::expr(dplyr::case_when(!!!cases, TRUE ~ !!values[[last]]))
}

moments_of <- function(query) {
  u <- rlang::expr(.data$u)
  w <- if (!is.null(query$w)) rlang::expr(.data$w)
  powers <- Reduce(function(power, i) rlang::expr(!!power * !!u), 1:4, u, accumulate = TRUE)
  if (!is.null(w)) powers <- c(w, lapply(powers, function(power) rlang::expr(!!w * !!power)))
  sums <- lapply(powers, function(power) rlang::expr(sum(!!power, na.rm = TRUE)))
  stats::setNames(sums, sprintf("s%d", seq_along(sums) - !is.null(w)))
}

# PostgreSQL expects as many groups as the column has values, and sorts them all; of a union it
# knows nothing, takes the groups for few and hashes them: 2.9 times faster on ten million rows. So
# the rows are put together with none. Of foreign shards it would then hash all rows itself.
fenced <- function(source, nothing, query) {
  if (!is_postgres(source) || "shard" %in% query$keys) return(source)
  dplyr::union_all(source, dplyr::filter(nothing, 0L == 1L))
}

# A cell that holds more than this part of the weight, not all in one place (in variances of cells),
# hides what is inside.
heavy_part <- 1 / 64
spread_of_heavy <- 1e-14
# What is inside gets so many cells in its standard deviation, but not more levels at once than:
cells_in_heavy <- 64
most_levels <- 20

heavy_regions <- function(points) {
  cells <- points$cells
  if (is.null(cells)) return(region(0, 0, 0, 0)[0L, ])
  weight <- cells$sums[1L, ]
  variance <- cells$sums[3L, ] / weight - (cells$sums[2L, ] / weight)^2
  heavy <- weight > heavy_part * points$n & variance > spread_of_heavy
  finer <- cells$level + ceiling(log2(cells_in_heavy / sqrt(pmax(variance, spread_of_heavy))))
  regions_around(cells, heavy, finer)
}

# The cells within reach of components that are narrow for them, as the core of the package takes
# them when it squashes a vector again.
reach_of_component <- 9
cells_in_sigma <- 16

narrow_regions <- function(points, mixtures) {
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

# Neighbours of one level are a region.
regions_around <- function(cells, chosen, finer) {
  chosen <- which(chosen)
  begins <- c(TRUE, diff(cells$index[chosen]) != 1 | diff(cells$level[chosen]) != 0)
  number <- cumsum(begins[seq_along(chosen)])
  regions <- lapply(split(chosen, number), function(run) {
    from <- min(cells$index[run])
    to <- max(cells$index[run])
    level <- cells$level[run[1L]]
    finest <- finest_level(from * 2^-level, (to + 1) * 2^-level)
    region(level, from, to, min(max(finer[run]), level + most_levels, finest))
  })
  regions <- do.call(rbind, c(list(region(0, 0, 0, 0)[0L, ]), unname(regions)))
  regions[regions$finer > regions$level, ]
}

in_regions <- function(cells, regions) {
  is_in_one <- function(i) {
    cells$level == regions$level[i] & cells$index >= regions$from[i] &
      cells$index <= regions$to[i]
  }
  Reduce(`|`, lapply(seq_len(nrow(regions)), is_in_one))
}
