test_that("every method that is registered late exists", {
  for (generic in unlist(gmm1d:::methods_for_others)) {
    expect_true(is.function(get(paste0(generic, ".gmm1d"), asNamespace("gmm1d"))))
  }
})

test_that("a package without the generic causes no error, and one with it finds the method", {
  register <- gmm1d:::register_late("stats", c("no_such_generic", "median"))
  expect_silent(register())
  expect_false(exists("no_such_generic.gmm1d", asNamespace("gmm1d")))
  for (package in names(gmm1d:::methods_for_others)) {
    if (!requireNamespace(package, quietly = TRUE)) next
    for (generic in gmm1d:::methods_for_others[[package]]) {
      # In earlier versions it may be an ordinary function, or missing.
      theirs <- get0(generic, asNamespace(package), mode = "function", inherits = FALSE)
      if (is.null(theirs) || !utils::isS3stdGeneric(theirs)) next
      expect_false(is.null(getS3method(generic, "gmm1d", TRUE, asNamespace(package))))
    }
  }
})
