test_that("the division of a stream into chunks does not matter", {
  set.seed(1)
  x <- c(rnorm(3e6), rnorm(1e6, 5, 0.3))
  whole <- gmm1d(x, k = 2)
  error <- sqrt(diag(vcov(whole)))
  for (chunks in c(1, 7, 1000)) {
    fit <- gmm1d(reader_of(x, chunks), k = 2)
    expect_lt(max(abs(coef(fit) - coef(whole)) / error), 1e-6)
    expect_identical(fit$n, whole$n)
  }
  fit <- gmm1d(reader_of(sort(x), 7), k = 2)
  expect_lt(max(abs(coef(fit) - coef(whole)) / error), 1e-6)
})

test_that("few distinct values are kept exactly, and missing ones are counted", {
  x <- c(NA, faithful$waiting, NA)
  expect_identical(squash(reader_of(x, 10)), squash(x))
  chunks <- list(NA_real_, numeric(), 1:3, NULL)
  i <- 0
  squashed <- squash(function() chunks[[i <<- i + 1]])
  expect_identical(squashed, squash(c(NA, 1:3)))
})

test_that("chunks may have weights, and be integer64", {
  chunks <- list(data.frame(x = c(1, 2), weights = c(3, 1)), list(x = 2L), NULL)
  i <- 0
  squashed <- squash(function() chunks[[i <<- i + 1]])
  expect_identical(squashed, squash(c(1, 2), weights = c(3, 2)))
  skip_if_not_installed("bit64")
  chunks <- list(bit64::as.integer64(1:5), 6:9, NULL)
  i <- 0
  expect_identical(squash(function() chunks[[i <<- i + 1]]), squash(as.numeric(1:9)))
})

test_that("update() adds a chunk, as if the data had come at once", {
  first <- squash(faithful$waiting[1:100])
  expect_identical(update(first, faithful$waiting[101:272]), squash(faithful$waiting))
  expect_identical(update(first, NA)$n_missing, 1)
})

test_that("a squashed object is the same after saving and loading", {
  squashed <- squash(qnorm(ppoints(1e5)))
  file <- withr::local_tempfile()
  saveRDS(squashed, file)
  expect_identical(readRDS(file), squashed)
})

test_that("a stream without values, or of text, is a classed error; a reader's is passed on", {
  expect_error(squash(function() NULL), class = "gmm1d_error_empty")
  expect_error(squash(reader_of(c(NA, NA), 1)), class = "gmm1d_error_empty")
  expect_error(squash(function() "a"), class = "gmm1d_error_type")
  expect_error(squash(function() list(y = 1)), class = "gmm1d_error_type")
  expect_error(squash(function() stop("no such file")), "no such file")
})

test_that("a chunk is checked like a vector", {
  s <- squash(c(1, 2, 3))
  expect_error(update(s, s), class = "gmm1d_error_type")
  expect_error(update(s, c(NA, NA), weights = c(NA, -1)), class = "gmm1d_error_missing")
  expect_error(update(s), class = "gmm1d_error_argument")
  expect_error(update(squash(1:10, rounding = 1), 1:10 + 0.5), class = "gmm1d_error_range")
})

test_that("a function of R is not taken for a stream", {
  for (f in list(df, data, c, mean, sum, stats::time)) {
    expect_error(gmm1d(f), "function of R", class = "gmm1d_error_type")
    expect_error(squash(f), "function of R", class = "gmm1d_error_type")
  }
  expect_error(gmm1d(function(size) size), "`size`", class = "gmm1d_error_type")
  chunks <- list(1:4, 5:9)
  reader <- function(at = 1, ...) {
    chunk <- if (length(chunks) > 0L) chunks[[1L]]
    chunks <<- chunks[-1L]
    chunk
  }
  expect_identical(gmm1d(reader, k = 1)$n, 9)
})

test_that("empty chunks at the end stop a stream, some in between do not", {
  path <- withr::local_tempfile()
  x <- as.double(faithful$waiting)
  writeBin(x, path)
  file <- file(path, "rb")
  withr::defer(close(file))
  expect_identical(squash(function() readBin(file, "double", 50)), squash(x))
  chunks <- c(list(numeric(), x[1:100]), rep(list(numeric()), 900), list(x[101:272]))
  at <- 0
  expect_identical(squash(function() if ((at <<- at + 1) <= length(chunks)) chunks[[at]])$n, 272)
  expect_error(squash(function() numeric()), class = "gmm1d_error_empty")
  expect_error(squash(sin), "data, not a function of R", class = "gmm1d_error_type")
  expect_error(squash(function(x) x), "called without any", class = "gmm1d_error_type")
})

test_that("values come with their errors", {
  set.seed(7)
  error <- runif(3000, 0.2, 1)
  x <- rnorm(3000, 5) + error * rnorm(3000)
  at <- split(seq_along(x), rep(1:3, each = 1000))
  chunks <- lapply(at, function(at) data.frame(x = x[at], error = error[at]))
  reader <- function() {
    chunk <- if (length(chunks) > 0L) chunks[[1L]]
    chunks <<- chunks[-1L]
    chunk
  }
  expect_equal(coef(gmm1d(reader, k = 1)), coef(gmm1d(x, error = error, k = 1)), tolerance = 1e-9)
  half <- squash(x[1:1500], error = error[1:1500])
  whole <- update(half, list(x = x[1501:3000], error = error[1501:3000]))
  expect_equal(coef(gmm1d(whole, k = 1)), coef(gmm1d(x, error = error, k = 1)), tolerance = 1e-9)
  mixed <- list(list(x = 1:3, error = 1), 4:6)
  expect_error(gmm1d(function() {
    chunk <- if (length(mixed) > 0L) mixed[[1L]]
    mixed <<- mixed[-1L]
    chunk
  }), class = "gmm1d_error_argument")
})
