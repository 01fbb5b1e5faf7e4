# Runs one part of the reports alone, with the first gmm1d that is found (R_LIBS):
#   Rscript bench/part.R real
#   Rscript bench/part.R normal samples=50 k=2 cases=normal.csv
#   Rscript bench/part.R small into=bench/RESULTS.md
# `name=value` sets an argument of <part>_cases(); `cases` is where its table is stored. `into` is
# the report in which the section is replaced, with the table of goals. MC_CORES= sets the number of
# processes and threads.
suppressPackageStartupMessages({
  library(gmm1d)
  library(mclust)
})
source("bench/helpers.R")
source("bench/objective.R")
source("bench/harder.R")

arguments <- commandArgs(trailingOnly = TRUE)
part <- arguments[1L]
options <- lapply(sub("^[^=]*=", "", arguments[-1L]), utils::type.convert, as.is = TRUE)
names(options) <- sub("=.*", "", arguments[-1L])
keep_cases_in <- options$cases
report <- options$into
options$cases <- options$into <- NULL
options(bench.record = length(options) == 0L)
source(file.path("bench", paste0(part, ".R")))

name <- gsub("-", "_", part)
section <- if (exists(paste0(name, "_cases"))) {
  cases <- do.call(paste0(name, "_cases"), options)
  if (!is.null(keep_cases_in)) {
    utils::write.csv(if (is.data.frame(cases)) cases else cases[[1L]], keep_cases_in,
                     row.names = FALSE)
  }
  get(name)(cases)
} else {
  get(name)(1e8)
}
writeLines(section)
if (!is.null(report)) {
  replace_section(report, c(section, "", measured_alone(part)))
  replace_section(report, report_of("goals"))
}
