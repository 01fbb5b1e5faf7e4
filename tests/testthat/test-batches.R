test_that("batches cover all items once, in order", {
  for (times in c(0, 1, 5, 600)) {
    seen <- gmm1d:::map_batches(times, function(at) as.list(at), "Counting")
    expect_equal(unlist(seen), if (times > 0) seq_len(times))
  }
})

test_that("no more batches are run than needed", {
  seen <- 0
  some <- gmm1d:::map_batches(1e6, function(at) {
    seen <<- seen + length(at)
    as.list(at)
  }, "Counting", enough = function(results) if (length(results) > 9) 10 else Inf)
  expect_length(some, 10)
  expect_lt(seen, 300)
})

test_that("what takes more than ten seconds is said, in a unit that suits it", {
  says <- function(seconds, text) {
    expect_message(gmm1d:::inform_of_rest("Bootstrap", seconds), text,
                   class = "gmm1d_message_time")
  }
  expect_no_message(gmm1d:::inform_of_rest("Bootstrap", 9))
  says(42, "about 40 seconds to go")
  says(150, "about 2 minutes")
  says(7200, "about 2 hours")
})
