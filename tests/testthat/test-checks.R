test_that("an error is a single condition with its classes and the user's call", {
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

test_that("an unknown choice suggests the one that was meant", {
  fit <- gmm1d(faithful$waiting, k = 2)
  suggests <- function(call, choice) {
    expect_error(call, paste0("; did you mean \"", choice, "\"?"), fixed = TRUE,
                 class = "gmm1d_error_argument")
  }
  suggests(predict(fit, type = "prob"), "posterior")
  suggests(predict(fit, type = "post"), "posterior")
  suggests(predict(fit, type = "posteriors"), "posterior")
  suggests(predict(fit, type = "desnity"), "density")
  suggests(plot(fit, "hist"), "density")
  suggests(plot(fit, "BIC"), "selection")
  suggests(gmm1d(faithful$waiting, criterion = "bic"), "BIC")
  suggests(gmm1d(faithful$waiting, variance = "E"), "equal")
  # There is no guess if no choice is close, or if the argument is not a word.
  for (type in list("zzzzz", "", NA_character_, 1)) {
    error <- expect_error(predict(fit, type = type), class = "gmm1d_error_argument")
    expect_no_match(conditionMessage(error), "did you mean", fixed = TRUE)
  }
})

test_that("every word of other packages leads to a choice of ours", {
  known <- c(
    eval(formals(gmm1d:::predict.gmm1d)$type), eval(formals(gmm1d:::plot.gmm1d)$type),
    eval(formals(gmm1d:::anova.gmm1d)$test), "free", "equal", "equal spacing", "count"
  )
  expect_identical(setdiff(unlist(gmm1d:::choices_of_others), known), character())
  expect_identical(names(gmm1d:::choices_of_others), tolower(names(gmm1d:::choices_of_others)))
})

test_that("errors show the first entry that is not a number, and their remedy converts the text", {
  od <- c("0.32", NA, "<0.15", "0.4", "< 0.15", "<=0.1", ">5")
  error <- expect_error(gmm1d(~ od), class = "gmm1d_error_type")
  expect_match(conditionMessage(error), "\"<0.15\" at position 3", fixed = TRUE)
  expect_match(conditionMessage(error), "censored = c(0.15, 5)", fixed = TRUE)
  code <- regmatches(conditionMessage(error), regexpr("as.numeric\\(.*od\\)\\)",
                                                      conditionMessage(error)))
  expect_identical(eval(str2lang(code)), c(0.32, NA, 0.15, 0.4, 0.15, 0.1, 5))
  # This includes formulas that compute something, factors, and text that is all numbers.
  expect_error(gmm1d(~ log(od)), "\"<0.15\" at position 3", class = "gmm1d_error_argument")
  expect_error(gmm1d(factor(od)), "at position 3", class = "gmm1d_error_type")
  expect_error(gmm1d(c("1", "NA", "")), "`as.numeric(x)` converts it", fixed = TRUE)
  expect_error(gmm1d(factor(c("1", "2"))), "`as.numeric(as.character(x))` converts it",
               fixed = TRUE)
  expect_error(gmm1d(c("0,5", "1")), "dec = \",\"", fixed = TRUE)
})
