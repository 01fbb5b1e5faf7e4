# Times gmm1d, mixtools, mclust, flexmix and scikit-learn in one run, and writes bench/RESULTS.md:
# medians, ratios, and the log-likelihoods that each reaches.
suppressPackageStartupMessages({
  library(gmm1d)
  library(mclust)
})
source("bench/helpers.R")

sizes <- commandArgs(trailingOnly = TRUE)
largest <- if (length(sizes) > 0L) as.numeric(sizes[1L]) else 1e8
options(bench.record = largest == 1e8)

head <- c(
  "# Results", "",
  paste0("Made by `make bench` on ", format(Sys.Date()), " with ", machine(), "."), "",
  "Times are medians; a ratio is the other's time over gmm1d's. Log-likelihoods are of all",
  "values. \"goal\" is what the ratio should be at least.", ""
)
report <- character()
for (part in c("limit", "large", "small", "inference", "each", "genes", "kernel", "memory",
               "accuracy", "stream", "database", "explore", "cost", "cliff")) {
  report <- c(report, report_of(part, largest), "")
  writeLines(c(head, report_of("goals"), "", report), "bench/RESULTS.md")
}
