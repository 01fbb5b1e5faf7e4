test_that("counts are printed in full", {
  counts <- c(1e5, 3e5, 1e6, 12345678)
  expect_identical(vapply(counts, format_count, ""),
                   c("100,000", "300,000", "1,000,000", "12,345,678"))
  expect_output(print(gmm1d(rep(c(1, 2, 4), 1e5), k = 1)), "n = 300,000", fixed = TRUE)
  expect_output(print(gmm1d_each(list(rep(c(1, 2, 4), 1e5)), k = 1)), "300,000", fixed = TRUE)
})
