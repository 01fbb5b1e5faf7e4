editor_with <- function(text) list(selection = list(list(range = NULL, text = text)))

workspace <- function() {
  list2env(list(waiting = faithful$waiting, faithful = faithful, name = "a", one = 1,
                `two words` = c(1, 2, 4), iris = iris, f = mean, m = matrix(1:4, 2)),
           parent = globalenv())
}

no_question <- function(sources) stop("a question")

test_that("the selection is the expression for the data", {
  select <- function(text) gmm1d:::addin_source(editor_with(text), no_question, workspace())
  expect_identical(select("waiting"), quote(waiting))
  expect_identical(select("  faithful$waiting\n"), quote(faithful$waiting))
  expect_identical(select("log(waiting[waiting > 50])"), quote(log(waiting[waiting > 50])))
})

test_that("without a selection, the user chooses among numeric vectors and columns", {
  asked <- NULL
  ask <- function(sources) {
    asked <<- vapply(sources, deparse1, "", backtick = TRUE)
    sources[[2L]]
  }
  for (editor in list(NULL, editor_with(""), editor_with(" \n"))) {
    expect_identical(gmm1d:::addin_source(editor, ask, workspace()), quote(faithful$waiting))
    expect_setequal(asked, c("faithful$eruptions", "faithful$waiting", "waiting", "`two words`",
                             paste0("iris$", names(iris)[1:4])))
  }
  expect_identical(gmm1d:::addin_source(editor_with("iris"), ask, workspace()),
                   quote(iris$Sepal.Width))
  expect_identical(asked, paste0("iris$", names(iris)[1:4]))
})

test_that("every expression offered gives numbers", {
  for (source in gmm1d:::numeric_sources(workspace())) {
    expect_type(as.double(eval(source, workspace())), "double")
  }
})

test_that("a single vector needs no question, and none is an error", {
  expect_identical(gmm1d:::ask_which(list(quote(waiting))), quote(waiting))
  expect_error(gmm1d:::ask_which(list()), class = "gmm1d_error_argument")
})

test_that("the error names a selection that is not data", {
  for (text in c("waiting <-", "nowhere_to_be_found", "1 2")) {
    expect_error(gmm1d:::addin_source(editor_with(text), no_question, workspace()),
                 paste0("the selection, `", text, "`, cannot be evaluated"), fixed = TRUE,
                 class = "gmm1d_error_argument")
  }
})

test_that("the question returns the index of the answer, or nothing", {
  skip_if_not_installed("shiny")
  skip_if_not_installed("miniUI")
  answer <- function(...) {
    given <- "open"
    app <- gmm1d:::which_app(list(quote(a), quote(b)), function(value) given <<- value)
    shiny::testServer(app, {
      session$setInputs(...)
    })
    given
  }
  expect_identical(answer(data = "2", done = 1), 2L)
  expect_null(answer(data = "2", cancel = 1))
})

test_that("RStudio knows the addin", {
  file <- system.file("rstudio", "addins.dcf", package = "gmm1d")
  addin <- read.dcf(file)
  expect_true(is.function(getExportedValue("gmm1d", addin[, "Binding"])))
})
