# Simulates data sets by the thousand to check gmm1d's statements about uncertainty, and writes
# bench/SIMULATIONS.md. Each data set has its own seed, so the table is the same on any machine.
library(gmm1d)
source("bench/helpers.R")

sizes <- commandArgs(trailingOnly = TRUE)
data_sets <- if (length(sizes) > 0L) as.integer(sizes[1L]) else 1000L
options(bench.record = data_sets >= 1000L)

report <- c(
  "# Simulations", "",
  paste0("Made by `make simulate` on ", format(Sys.Date()), ": ", number(data_sets),
         " data sets for each row, unless it says otherwise. The standard error of a rate of 5 % ",
         "is then ",
         number(100 * sqrt(0.05 * 0.95 / data_sets), 2L), " %."), ""
)
for (part in c("false-discovery", "choice", "ties", "outlier", "ise", "coverage",
               "cutpoint-coverage", "observed-coverage", "level", "em-level", "discoveries")) {
  report <- c(report, report_of(part, data_sets, data_sets / 1000), "")
  writeLines(report, "bench/SIMULATIONS.md")
}
