skip_without_shiny <- function() {
  for (package in c("shiny", "miniUI")) skip_if_not_installed(package)
}

# Tests the page for some data; `finish` is called with what the page returns.
app_of <- function(source, ..., finish = function(value) NULL, envir = parent.frame()) {
  skip_without_shiny()
  fits <- gmm1d:::remembered(gmm1d:::fits_of(eval(source, envir), source, ...))
  gmm1d:::explore_app(fits, fits(NULL, "free")$fit, finish = finish)
}

waiting <- quote(faithful$waiting)

# The inputs that the page sends when it opens.
open_page <- function(session, k = 2, variance = "free") {
  session$setInputs(k = as.character(k), variance = variance, cutpoints = TRUE, view = "qq")
}

test_that("the page shows the fit of the chosen k and variance", {
  shiny::testServer(app_of(waiting), {
    for (variance in c("free", "equal")) for (k in 1:3) {
      open_page(session, k, variance)
      expected <- gmm1d(faithful$waiting, k = k, variance = variance)
      expect_identical(coef(fit()), coef(expected))
      expect_match(output$about$html, gmm1d:::likelihood_line(expected), fixed = TRUE)
      expect_match(output$components, gmm1d:::component_table(expected, 4)$mu[k], fixed = TRUE)
      expect_match(output$best, "BIC chooses 2")
      for (name in c("density", "selection", "check")) {
        expect_match(output[[name]]$src, "^data:image/png")
        expect_match(output[[name]]$alt, "^(Histogram|Criteria|Q-Q plot)")
      }
    }
    session$setInputs(k = "2")
    expect_match(output$cuts, "66.58")
  })
})

test_that("every view is drawn, and the radial plot if there are errors", {
  shiny::testServer(app_of(waiting, error = 1), {
    open_page(session)
    views <- gmm1d:::page_views(fit())
    expect_identical(views[["Radial plot"]], "radial")
    for (view in views) {
      session$setInputs(view = view)
      expect_match(output$check$src, "^data:image/png")
      expect_match(output$check$alt, names(views)[views == view])
    }
  })
  expect_false("radial" %in% gmm1d:::page_views(gmm1d(faithful$waiting, k = 2)))
})

test_that("each fit is made once, and reads the data once", {
  made <- 0
  fits <- gmm1d:::remembered(function(k, variance) {
    made <<- made + 1
    gmm1d(faithful$waiting, k = k, variance = variance)
  })
  for (i in 1:2) for (k in 1:3) expect_identical(fits(k, "equal")$fit$k, k)
  expect_identical(made, 3)
})

test_that("the page says how many values there are, and how many are missing", {
  line <- function(x, ...) gmm1d:::size_line(gmm1d(x, k = 1, ...))
  expect_identical(line(c(1, 2, 5)), "n = 3; no missing values")
  expect_identical(line(c(1, NA, 2, NaN, 5)), "n = 3; 2 missing values dropped")
  expect_identical(line(c(1, 2, 5, NA), weights = c(5, 500, 1000, 1)),
                   "n = 1,505; 1 missing value dropped")
})

test_that("the page opens with what gmm1d() chooses, among the k for which there are data", {
  page <- function(x, ...) {
    skip_without_shiny()
    fits <- gmm1d:::fits_of(x, quote(x), ...)
    as.character(gmm1d:::explore_page(fits(NULL, "free"), "free"))
  }
  expect_match(page(faithful$waiting), "value=\"2\" checked")
  expect_match(page(faithful$waiting, asked = c(3, 12)), "value=\"12\"")
  expect_no_match(page(faithful$waiting, asked = c(3, 12)), "value=\"2\"")
  expect_match(page(c(1, 2, 5)), "value=\"3\"")
  expect_no_match(page(c(1, 2, 5)), "value=\"4\"")
})

test_that("doubts and warnings are shown", {
  shiny::testServer(app_of(quote(c(1, 2, 5))), {
    open_page(session, 3)
    expect_match(output$about$html, "Penalised|Not converged")
    expect_match(output$best, "k = 4")
  })
  shiny::testServer(app_of(waiting, weights = rep(0.01, 272)), {
    open_page(session)
    expect_match(output$about$html, "weights")
  })
})

test_that("if the data do not allow a fit, the page says why and stays open", {
  ended <- "open"
  few_bins <- quote(data.frame(lower = 0:4, upper = 1:5, count = c(3, 9, 4, 2, 7)))
  shiny::testServer(app_of(few_bins, finish = function(value) ended <<- value), {
    open_page(session, 2)
    expect_match(output$about$html, "`k` = 2 has 5 free parameters", fixed = TRUE)
    expect_error(output$density, class = "shiny.silent.error")
    session$setInputs(done = 1)
    expect_identical(ended, "open")
    session$setInputs(nearest = list(x = 9))
    session$setInputs(k = "1")
    expect_match(output$about$html, "logLik")
    session$setInputs(done = 2)
  })
  expect_identical(ended$k, 1L)
  shiny::testServer(app_of(waiting, relate = list(sigma = "proportional")), {
    open_page(session, 2, "equal")
    expect_match(output$about$html, "`variance` must not be given")
  })
})

test_that("the table has neither cut-points far from the data nor NA", {
  fit <- gmm1d(faithful$waiting, k = 2)
  expect_identical(nrow(cutpoints(fit)), 2L)
  expect_identical(nrow(gmm1d:::cut_table(fit)), 1L)
  expect_null(gmm1d:::cut_table(gmm1d(faithful$waiting, k = 1)))
  flat <- suppressWarnings(gmm1d(c(1, 2, 5), k = 3))
  expect_identical(gmm1d:::cut_table(flat)[["95% interval"]], "not available")
})

test_that("noise and names of components have their rows", {
  fit <- gmm1d(c(faithful$waiting, seq(0, 200, 5)), k = 2, noise = TRUE,
               labels = rep(c("long", NA), c(1, 312)))
  expect_identical(gmm1d:::numbered_components(fit)$component, c("1", "2 (long)", "noise"))
})

# What the page returns after a series of inputs; "open" if it is still open.
end_of <- function(source, ..., inputs, envir = parent.frame()) {
  ended <- "open"
  app <- app_of(source, ..., finish = function(value) ended <<- value, envir = envir)
  shiny::testServer(app, {
    open_page(session)
    do.call(session$setInputs, inputs)
  })
  ended
}

test_that("Done returns exactly the fit of the code, also right after a change", {
  bins <- data.frame(lower = c(0, 1, 2, 3, 4, 5), upper = c(1, 2, 3, 4, 5, 6),
                     count = c(3, 9, 4, 2, 7, 5))
  set.seed(1)
  narrow <- c(rnorm(20000), rnorm(5000, 3, 0.01))
  weights <- rep(1:2, 136)
  expect_same <- function(source, ..., given = list()) {
    for (variance in c("free", "equal")) {
      # There is one flush, so Done arrives together with the change.
      fit <- end_of(source, ..., inputs = list(k = "3", variance = variance, done = 1),
                    envir = environment())
      code <- as.call(c(list(quote(gmm1d), source, k = 3), given,
                        if (variance == "equal") list(variance = "equal")))
      expect_identical(fit, suppressWarnings(eval(code)))
      expect_identical(suppressWarnings(eval(str2lang(gmm1d:::code_of(fit)))), fit)
    }
  }
  expect_same(waiting)
  expect_same(quote(squash(faithful$waiting)))
  expect_same(quote(matrix(narrow)))
  expect_same(quote(hist(faithful$waiting, plot = FALSE)))
  expect_same(waiting, weights = weights, criterion = "AIC",
              given = alist(weights = weights, criterion = "AIC"))
  expect_same(waiting, fixed = list(mu = c(80, NA, NA)), within = c(30, 120),
              given = alist(fixed = list(mu = c(80, NA, NA)), within = c(30, 120)))
  fit <- end_of(quote(bins), inputs = list(k = "2", variance = "equal", done = 1))
  expect_identical(fit, gmm1d(bins, k = 2, variance = "equal"))
})

test_that("a formula finds its variables in `data`", {
  fits <- gmm1d:::fits_of(~ waiting, quote(~ waiting), faithful, weights = eruptions)
  fit <- fits(2, "free")
  expect_identical(coef(fit), coef(gmm1d(~ waiting, faithful, k = 2, weights = eruptions)))
  expect_match(gmm1d:::code_of(fit), "gmm1d(~waiting, data = faithful, k = 2, weights = eruptions)",
               fixed = TRUE)
  expect_identical(fit$data_name, "waiting")
})

test_that("Cancel and closing the window return nothing", {
  expect_null(end_of(quote(c(1, 2, 5, 6)), inputs = list(cancel = 1)))
  expect_null(end_of(quote(c(1, 2, 5, 6)), inputs = list(k = "1")))
})

test_that("the state of the random numbers is as before", {
  set.seed(3)
  before <- .Random.seed
  expect_null(end_of(quote(1:20), inputs = list(variance = "equal", cancel = 1)))
  expect_identical(.Random.seed, before)
})

test_that("the code is what a user would write, inserted or shown", {
  code <- function(source, k, variance, ...) {
    gmm1d:::code_of(gmm1d:::fits_of(eval(source), source, ...)(k, variance))
  }
  text <- code(waiting, 3, "free")
  expect_match(text, "gmm1d(faithful$waiting, k = 3)", fixed = TRUE)
  expect_match(code(waiting, 2, "equal", rounding = 1),
               "gmm1d(faithful$waiting, k = 2, variance = \"equal\", rounding = 1)", fixed = TRUE)
  # If a call contains the data themselves, the code has a name instead.
  expect_match(code(faithful$waiting, 2, "free"), "gmm1d(x, k = 2)", fixed = TRUE)
  inserted <- NULL
  gmm1d:::show_code(text, insert = function(new) inserted <<- new)
  expect_identical(inserted, text)
  expect_message(gmm1d:::show_code(text, insert = NULL), text, fixed = TRUE)
})

test_that("a non-interactive session is an error, and so are missing data", {
  skip_without_shiny()
  rlang::local_interactive(FALSE)
  expect_error(gmm1d_explore(1:9), class = "gmm1d_error_interactive")
  expect_error(gmm1d_explore(), class = "gmm1d_error_argument")
  rlang::local_interactive(TRUE)
  expect_error(gmm1d_explore("a", viewer = stop), class = "gmm1d_error_type")
  expect_error(gmm1d_explore(faithful, viewer = stop), class = "gmm1d_error_type")
  expect_error(gmm1d_explore(function() NULL, viewer = stop), class = "gmm1d_error_type")
  expect_error(gmm1d_explore(c(2, 2), viewer = stop), class = "gmm1d_error_constant")
  expect_error(gmm1d_explore(c(1, 2, 5), k = 10, viewer = stop), class = "gmm1d_error_k")
  expect_error(gmm1d_explore(1:9, variance = "none", viewer = stop), class = "gmm1d_error_argument")
  expect_error(gmm1d_explore(1:9, wieghts = 1, viewer = stop), "did you mean `weights`",
               class = "gmm1d_error_argument")
})
