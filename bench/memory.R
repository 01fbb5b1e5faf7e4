# The peak memory of a process that fits ten million values, minus that of one that only holds them.
memory <- function(largest) {
  peaks <- vapply(c("invisible(gmm1d(x, k = 3))", "invisible(mean(x))"), peak_of, 1,
                  setup = "x <- draw(1e7)", USE.NAMES = FALSE)
  record("MB", memory_gmm1d = peaks[1L])
  c(
    "## Memory", "",
    paste0("Peak above the input at 1e7 values: gmm1d(x, k = 3) ", number(peaks[1L]),
           " MB (goal: at most 32); mean(x) ", number(peaks[2L]), " MB.")
  )
}
