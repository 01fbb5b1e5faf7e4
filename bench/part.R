# Runs one part of the reports alone, with the first gmm1d that is found (R_LIBS):
#   Rscript bench/part.R real
#   Rscript bench/part.R normal samples=50 k=2 cases=normal.csv
# `name=value` sets an argument of <part>_cases(); `cases` is where its table is stored. MC_CORES=
# sets the number of processes and threads.
suppressPackageStartupMessages(library(gmm1d))
source("bench/helpers.R")
source("bench/objective.R")
source("bench/harder.R")

arguments <- commandArgs(trailingOnly = TRUE)
part <- arguments[1L]
options(bench.record = length(arguments) == 1L)
options <- lapply(sub("^[^=]*=", "", arguments[-1L]), utils::type.convert, as.is = TRUE)
names(options) <- sub("=.*", "", arguments[-1L])
keep_cases_in <- options$cases
options$cases <- NULL
source(file.path("bench", paste0(part, ".R")))

name <- gsub("-", "_", part)
cases <- do.call(paste0(name, "_cases"), options)
if (!is.null(keep_cases_in)) utils::write.csv(cases, keep_cases_in, row.names = FALSE)
writeLines(get(name)(cases))
