if (requireNamespace("testthat", quietly = TRUE)) {
  library(testthat)
  library(gmm1d)

  test_check("gmm1d")
}
