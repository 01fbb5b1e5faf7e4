# Peak memory of a process that fits ten million values, above that of one that only has them.
memory <- function(largest) {
  peak <- function(code) {
    script <- paste("library(gmm1d); source('bench/helpers.R'); x <- draw(1e7);",
                    "invisible(gc(reset = TRUE)); writeLines('5', '/proc/self/clear_refs');",
                    "peak <- function() as.numeric(gsub('[^0-9]', '', grep('VmHWM',",
                    "readLines('/proc/self/status'), value = TRUE))) / 1024;",
                    "before <- peak();", code, "; cat(peak() - before)")
    as.numeric(system2("Rscript", c("-e", shQuote(script)), stdout = TRUE))
  }
  c(
    "## Memory", "",
    paste0("Peak above the input at 1e7 values: gmm1d(x, k = 3) ",
           number(peak("invisible(gmm1d(x, k = 3))")), " MB (goal: at most 32); mean(x) ",
           number(peak("invisible(mean(x))")), " MB.")
  )
}
