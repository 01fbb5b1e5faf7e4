# The goals and what was measured for them, from the figures that the parts have kept.
goals <- function(cases = goals_cases()) {
  reached <- c("no", "yes", "not measured")[1L + ifelse(is.na(cases$reached), 2L, cases$reached)]
  c(
    "## Goals", "",
    paste("Ratios of times are medians over five runs, each of which has one of both. \"at",
          "least\": the other's time over gmm1d's; \"at most\": gmm1d's time over the other's, or",
          "what is named."), "",
    table_of(goal = cases$about, `must be` = paste(cases$goal, cases$words), is = cases$quoted,
             reached = reached, measured = cases$measured)
  )
}

goals_cases <- function() {
  cases <- figures_kept()
  cases <- cases[nzchar(cases$goal), ]
  value <- suppressWarnings(as.numeric(cases$value))
  bound <- as.numeric(sub("^at (least|most) ", "", cases$goal))
  cases$reached <- ifelse(startsWith(cases$goal, "at least"), value >= bound, value <= bound)
  cases$words <- unname(c(times = "x", ms = "ms", count = "")[cases$unit])
  cases
}
