# The peak memory of a process that fits ten million values, minus that of one that only holds them.
memory <- function(largest) {
  peak <- function(code) number(peak_of(code, "x <- draw(1e7)"))
  c(
    "## Memory", "",
    paste0("Peak above the input at 1e7 values: gmm1d(x, k = 3) ", peak("invisible(gmm1d(x, k = 3))"),
           " MB (goal: at most 32); mean(x) ", peak("invisible(mean(x))"), " MB.")
  )
}
