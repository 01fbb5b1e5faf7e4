# A reader of record batches as arrow has it, of the rows of a data frame.
record_batches <- function(data, size = 50) {
  at <- 0
  read_next_batch <- function() {
    if (at >= nrow(data)) return(NULL)
    rows <- data[seq_len(nrow(data)) > at & seq_len(nrow(data)) <= at + size, ]
    at <<- at + size
    rows
  }
  structure(list(schema = as.list(data[0L, ]), read_next_batch = read_next_batch),
            class = c("RecordBatchReader", "ArrowObject"))
}

test_that("a stream of record batches gives the fit of the vector", {
  vector <- gmm1d(faithful$waiting, k = 2)
  for (size in c(1, 50, 1000)) {
    expect_identical(gmm1d(record_batches(faithful, size), waiting, k = 2)[1:6], vector[1:6])
  }
  expect_identical(squash(record_batches(faithful), "waiting"), squash(faithful$waiting))
  expect_identical(gmm1d(record_batches(faithful), log(waiting), k = 2)$data_name, "log(waiting)")
})

test_that("batches without rows are not the end", {
  reader <- record_batches(faithful)
  empty <- 2000
  read_next_batch <- function() {
    empty <<- empty - 1
    if (empty > 0) faithful[0L, ] else reader$read_next_batch()
  }
  reader_with_empty <- reader
  reader_with_empty$read_next_batch <- read_next_batch
  expect_identical(squash(reader_with_empty, waiting), squash(faithful$waiting))
})

test_that("weights, errors and rounding go with the stream", {
  data <- transform(iris, w = rep(1:2, 75), s = 0.1)
  expect_identical(squash(record_batches(data), Petal.Length, weights = w),
                   squash(data$Petal.Length, data$w))
  expect_identical(squash(record_batches(data), Petal.Length, error = s),
                   squash(data$Petal.Length, error = data$s))
  expect_identical(squash(record_batches(data), Petal.Length, rounding = 0.1),
                   squash(data$Petal.Length, rounding = 0.1))
})

test_that("groups of a stream are those of the data frame", {
  expect_identical(coef(gmm1d_each(record_batches(iris), Petal.Length, by = Species, k = 1:2)),
                   coef(gmm1d_each(iris, Petal.Length, by = Species, k = 1:2)))
  keys <- "Species"
  expect_identical(coef(gmm1d_each(record_batches(iris), Petal.Length, by = keys, k = 1)),
                   coef(gmm1d_each(iris, Petal.Length, by = Species, k = 1)))
})

test_that("what is wrong is said with the columns there are", {
  expect_error(gmm1d(record_batches(faithful), wait), "it has `eruptions`",
               class = "gmm1d_error_argument")
  expect_error(gmm1d(record_batches(faithful)), "missing", class = "gmm1d_error_argument")
  expect_error(gmm1d(record_batches(iris), Species), "numeric", class = "gmm1d_error_type")
  expect_error(gmm1d(record_batches(iris[0, ]), Petal.Length), class = "gmm1d_error_empty")
  expect_error(gmm1d_each(record_batches(iris), Petal.Length), "`by`",
               class = "gmm1d_error_argument")
})
