# Ten million values in chunks, compared with the same values as a vector, and how much R's memory
# grows with the length of a stream.
stream <- function(largest) {
  x <- draw(min(largest, 1e7))
  reader_of <- function(chunks) {
    ends <- round(seq(0, length(x), length.out = chunks + 1))
    i <- 0
    function() {
      i <<- i + 1
      if (i <= chunks) x[(ends[i] + 1):ends[i + 1]]
    }
  }
  chunks <- c(10, 1000)
  vector <- seconds(gmm1d(x, k = 3))
  times <- vapply(chunks, function(count) seconds(gmm1d(reader_of(count), k = 3)), 1)
  sizes <- c(1e7, largest)
  peaks <- vapply(sizes, memory_of_stream, 1)
  record("s", stream_vector = vector, stream_10_chunks = times[1L], stream_1000_chunks = times[2L])
  record("MB", stream_growth = peaks[1L], stream_growth_tenfold = peaks[2L])
  c(
    "## A stream", "",
    table_of(what = c("gmm1d(x, k = 3), a vector", paste("the same in", chunks, "chunks")),
             time = milliseconds(c(vector, times))), "",
    paste0("A process grows by ", number(peaks[1L]), " MB at its peak when it squashes ",
           format(sizes[1L], big.mark = ","), " values, made a million at a time, and by ",
           number(peaks[2L]), " MB with ", format(sizes[2L], big.mark = ","), ".")
  )
}

memory_of_stream <- function(n) {
  peak_of("invisible(squash(reader))", paste(
    "left <-", n, "; reader <- function() { if (left <= 0) return(NULL);",
    "left <<- left - 1e6; rnorm(1e6) }; invisible(squash(c(1, 2)))"
  ))
}
