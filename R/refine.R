# Fits on finer points, where cells are too wide for a component.

# Replaces fits with components too narrow for their cells by fits on finer points: all, or, if
# reading the data takes long or the search was brief, those that may still be chosen.
refine_path <- function(set, path, plan) {
  check_possible(path)
  source <- set$source
  points <- set$points
  narrow_ones <- function() {
    narrow <- vapply(path, is_too_narrow, NA)
    if (!any(narrow)) return(narrow)
    matters <- points$n <= quickly_read & !vapply(path, is_brief, NA)
    narrow & (matters | may_be_chosen(path, points, plan))
  }
  while (any(narrow <- narrow_ones())) {
    source <- finer(source, lapply(path[narrow], mixture_at_cells))
    if (identical(points_of(source)$grid, points$grid)) break
    points <- points_of(source)
    path[narrow] <- fit_again(path[narrow], points, plan)
    path <- at_length(path, points, plan)
  }
  list(points = points, path = path)
}

# Searches at length for what has become the best on finer points.
at_length <- function(path, points, plan) {
  repeat {
    table <- selection_table(path, rep(list(points), length(path)))
    best <- chosen_row(table, plan$criterion)
    if (!table$brief[best]) return(path)
    path[best] <- search_each(list(points), list(table$k[best]), path[[best]]$model,
                              plan$control)[[1L]]
  }
}

# This many values are read again in a few milliseconds.
quickly_read <- 1e6

# Continues fits from their estimates, on other points.
fit_again <- function(results, points, plan) {
  if (is.null(plan$start)) {
    of_search <- c("brief", "limit")
    return(Map(function(one, before) replace(one, of_search, before[of_search]),
               conclude(points, results, plan$control), results))
  }
  lapply(results, function(result) climb(points, result$mixture, result$model, plan$control))
}
