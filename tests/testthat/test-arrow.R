# A reader of record batches like that of arrow, for the rows of a data frame.
record_batches <- function(data, size = 50) {
  at <- 0
  read_next_batch <- function() {
    if (at >= nrow(data)) return(NULL)
    rows <- data[seq_len(nrow(data)) > at & seq_len(nrow(data)) <= at + size, , drop = FALSE]
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

test_that("empty batches do not end a stream", {
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

test_that("weights, errors and rounding also work with a stream", {
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

test_that("errors list the columns of the stream", {
  expect_error(gmm1d(record_batches(faithful), wait), "the columns are `eruptions`",
               class = "gmm1d_error_argument")
  expect_error(gmm1d(record_batches(faithful)), "missing", class = "gmm1d_error_argument")
  expect_error(gmm1d(record_batches(iris), Species), "numeric", class = "gmm1d_error_type")
  expect_error(gmm1d(record_batches(iris[0, ]), Petal.Length), class = "gmm1d_error_empty")
  expect_error(gmm1d_each(record_batches(iris), Petal.Length), "`by`",
               class = "gmm1d_error_argument")
})

test_that("an Arrow table is fitted as a data frame of the columns needed", {
  table <- structure(transform(iris, w = 1, none = "text"), class = c("ArrowTabular", "data.frame"))
  fit <- gmm1d(table, Petal.Length, k = 2)
  expect_identical(fit[1:6], gmm1d(iris$Petal.Length, k = 2)[1:6])
  expect_identical(fit$call, quote(gmm1d(x = table, column = Petal.Length, k = 2)))
  expect_identical(predict(fit, iris), predict(gmm1d(iris, Petal.Length, k = 2), iris))
  expect_identical(squash(table, log(Petal.Length), weights = w), squash(log(iris$Petal.Length)))
  expect_identical(coef(gmm1d_each(table, Petal.Length, by = Species, k = 1)),
                   coef(gmm1d_each(iris, Petal.Length, by = Species, k = 1)))
  expect_error(gmm1d(table, nothing), "the columns are `Sepal.Length`",
               class = "gmm1d_error_argument")
})

# Pretends that a package is installed, with the one function that is called.
install_stub_of_arrow <- function() {
  library_path <- withr::local_tempdir(.local_envir = parent.frame())
  folder <- file.path(library_path, "sources", "arrow")
  dir.create(file.path(folder, "R"), recursive = TRUE)
  writeLines(c("Package: arrow", "Version: 99.0", "Title: Stub", "Description: A stub.",
               "License: GPL-2"), file.path(folder, "DESCRIPTION"))
  writeLines("export(as_record_batch_reader)", file.path(folder, "NAMESPACE"))
  code <- c("as_record_batch_reader <- function(x) record_batches(as.data.frame(x))",
            paste("record_batches <-", paste(deparse(record_batches), collapse = "\n")))
  writeLines(code, file.path(folder, "R", "arrow.R"))
  utils::install.packages(folder, library_path, repos = NULL, type = "source", quiet = TRUE)
  library_path
}

test_that("datasets and queries are read batch by batch, but collected if there are groups", {
  for (package in c("callr", "dplyr")) skip_if_not_installed(package)
  skip_if(rlang::is_installed("arrow"), "arrow itself is installed: see tests/nightly")
  fits <- callr::r(function() {
    dataset <- structure(iris, class = c("Dataset", "data.frame"))
    query <- structure(iris, class = c("arrow_dplyr_query", "data.frame"))
    grouped <- dplyr::group_by(iris, Species)
    class(grouped) <- c("arrow_dplyr_query", class(grouped))
    list(
      dataset = gmm1d::gmm1d(dataset, Petal.Length, k = 2),
      query = gmm1d::gmm1d(query, "Petal.Length", k = 2),
      grouped = gmm1d::gmm1d(grouped, Petal.Length, k = 1),
      each = gmm1d::gmm1d_each(dataset, Petal.Length, by = Species, k = 1)
    )
  }, libpath = c(install_stub_of_arrow(), .libPaths()))
  vector <- gmm1d(iris$Petal.Length, k = 2)
  expect_identical(fits$dataset[1:6], vector[1:6])
  expect_identical(fits$query[1:6], vector[1:6])
  each <- gmm1d_each(iris, Petal.Length, by = Species, k = 1)
  expect_identical(coef(fits$grouped), coef(each))
  expect_identical(coef(fits$each), coef(each))
})
