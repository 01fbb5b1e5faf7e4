narrow_data <- function() c(qnorm(ppoints(9000)), 9 + 1e-4 * qnorm(ppoints(100)))

narrow_mixture <- list(lambda = 1, mu = 9, sigma = 1e-4)

source_in_table <- function(x, frame = parent.frame()) {
  table <- dplyr::copy_to(local_sqlite(frame), data.frame(x = x), "data")
  none <- rlang::quo(NULL)
  ask_database(range_query(table, rlang::quo(x), none, none, none, NULL, gmm1d_control()))
}

test_that("a finer source has the same data, in cells narrow enough for the mixture", {
  x <- narrow_data()
  of_vector <- vector_source(squash(x), x, NULL, gmm1d_control())
  for (source in list(of_vector, source_in_table(x))) {
    before <- points_of(source)
    after <- points_of(finer(source, list(narrow_mixture)))
    expect_equal(after$n, before$n)
    expect_equal(mean(after), mean(before), tolerance = 1e-12)
    expect_lte(max(after$width[abs(after$x - 9) < 5e-4]), 1e-4 / 8)
    expect_gt(max(before$width[abs(before$x - 9) < 1e-2]), 1e-4)
  }
})

test_that("squashed data without a source are not changed", {
  source <- squashed_source(squash(narrow_data()))
  expect_identical(finer(source, list(narrow_mixture)), source)
})

test_that("a source that is fine enough is not changed", {
  source <- source_in_table(narrow_data())
  expect_identical(finer(source, list()), source)
})
