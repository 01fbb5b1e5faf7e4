# data/bad-input.tsv has a row for each mistake: a call, and the class of its error, or "answer" if
# the call is odd but valid. The calls use these objects.
x <- c(1, 2, 3, 4, 5, 9)
fit <- gmm1d(faithful$waiting, k = 2)
start <- list(lambda = c(0.5, 0.5), mu = c(1, 2), sigma = c(1, 1))
no_data <- gmm1d(x, k = 1, control = list(keep_data = FALSE))
other <- withr::with_seed(1, bootstrap(gmm1d(faithful$eruptions, k = 2), 5))
several <- quietly(gmm1d_each(list(a = 1:9, b = 1), k = 1))
bins <- function(...) {
  utils::modifyList(data.frame(lower = c(0, 1), upper = c(1, 2), count = c(3, 4)), list(...))
}
s4 <- methods::getClass("numeric")  # an S4 object

changed <- function(object, name, value) {
  object[name] <- list(value)
  object
}
points <- squash(x)
old <- changed(points, "format", NULL)
damaged <- list(
  w = changed(points, "w", 1), x = changed(points, "x", NULL),
  order = changed(points, "x", rev(x)), type = changed(points, "x", letters[1:6]),
  na = changed(points, "w", NA_real_ * x),
  cells = changed(squash(qnorm(ppoints(20000))), "cells", list())
)
broken <- list(
  sigma = changed(fit, "sigma", NULL), mu = changed(fit, "mu", 1:3),
  type = changed(fit, "lambda", c("a", "b")), points = changed(fit, "points", NULL),
  old = changed(fit, "format", 0L)
)
unread <- structure(several, format = 99L)

cases <- utils::read.delim(test_path("data", "bad-input.tsv"), quote = "")
cases$call <- lapply(cases$call, str2lang)
errors <- split(cases$call, cases$class)
answers <- errors$answer
errors$answer <- NULL

test_that("every mistake gives an error of its class, which names what was wrong", {
  for (what in names(errors)) {
    for (case in errors[[what]]) {
      error <- tryCatch(eval(case), error = identity)
      expect_true(all(c(paste0("gmm1d_error_", what), "gmm1d_error") %in% class(error)),
                  label = paste(deparse1(case), "gives", class(error)[1L]))
      expect_match(conditionMessage(error), "`|formula|could not be fitted|a name",
                   label = deparse1(case))
    }
  }
})

test_that("odd but valid calls give answers without NaN", {
  for (case in answers) {
    answer <- quietly(eval(case))
    numbers <- if (inherits(answer, "gmm1d")) unlist(answer[c("lambda", "mu", "sigma", "loglik")])
               else if (!inherits(answer, "gmm1d_each")) answer
    expect_false(any(is.nan(numbers)), label = deparse1(case))
  }
})

test_that("no mistake changes data, options, random numbers or graphics", {
  withr::local_pdf(NULL)
  set.seed(1)
  state <- function() {
    list(options = options(), seed = .Random.seed, par = graphics::par(no.readonly = TRUE),
         search = base::search(), data = list(x, fit, start, points, several, faithful))
  }
  before <- state()
  for (case in unlist(errors, recursive = FALSE)) try(eval(case), silent = TRUE)
  after <- state()
  for (part in names(before)) expect_identical(after[[part]], before[[part]], label = part)
})

test_that("error messages say what is wrong and where", {
  text_of <- function(case) {
    error <- tryCatch(eval(case), error = identity)
    c(deparse1(case), paste0("  ", rlang::as_label(conditionCall(error)[[1L]]), "(): ",
                             conditionMessage(error)))
  }
  for (what in names(errors)) {
    texts <- unlist(lapply(errors[[what]], text_of))
    expect_snapshot_output(writeLines(texts))
  }
})
