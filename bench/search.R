# Measures how often the search misses the best maximum that a harder search finds, and whether the
# same data in other units get the same maximum. Writes bench/SEARCH.md. An argument of 0.1 draws a
# tenth of the samples.
library(gmm1d)
source("bench/helpers.R")
source("bench/objective.R")
source("bench/harder.R")

arguments <- commandArgs(trailingOnly = TRUE)
share <- if (length(arguments) > 0L) as.numeric(arguments[1L]) else 1

report <- c(
  "# The search", "",
  paste0("Made by `make search` on ", format(Sys.Date()), ". Objectives are compared with scale, ",
         "penalty and floor given; they are computed in plain R, of all values."), ""
)
for (part in c("real", "normal", "marron-wand", "shifts", "observed-search", "relations-search")) {
  report <- c(report, report_of(part, share = share), "")
  writeLines(report, "bench/SEARCH.md")
}
