test_that("an error is one condition, of its classes and from the user's call", {
  seen <- list()
  keep <- function(condition) seen <<- c(seen, list(condition))
  try(withCallingHandlers(gmm1d("a"), condition = keep), silent = TRUE)
  expect_length(seen, 1L)
  expect_identical(class(seen[[1L]]),
                   c("gmm1d_error_type", "gmm1d_error", "error", "condition"))
  expect_identical(conditionCall(seen[[1L]]), quote(gmm1d("a")))
  expect_identical(class(tryCatch(gmm1d("a"), condition = identity)), class(seen[[1L]]))
})

test_that("data sets that fail give a single warning together", {
  classes <- list()
  fits <- withCallingHandlers(
    gmm1d_each(list(1, 1:9, c(1, Inf), 2), k = 1),
    condition = function(condition) {
      classes <<- c(classes, list(class(condition)[1L]))
      if (inherits(condition, "warning")) rlang::cnd_muffle(condition)
    }
  )
  expect_identical(unique(setdiff(classes, c("gmm1d_error_constant", "gmm1d_error_infinite"))),
                   list("gmm1d_warning_failed"))
  expect_identical(is.na(glance(fits)$error), c(FALSE, TRUE, FALSE, FALSE))
})
