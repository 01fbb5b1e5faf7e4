app_of <- function(x) gmm1d:::explore_app(squash(x), "x")

test_that("what is shown is the fit of the k and the variance that are chosen", {
  skip_if_not_installed("shiny")
  skip_if_not_installed("miniUI")
  shiny::testServer(app_of(faithful$waiting), {
    for (variance in c("free", "equal")) for (k in 1:3) {
      session$setInputs(k = k, variance = variance, cutpoints = TRUE)
      expected <- gmm1d(faithful$waiting, k = k, variance = variance)
      expect_identical(coef(fit()), coef(expected))
      expect_match(output$about, paste("logLik", round(expected$loglik, 2)), fixed = TRUE)
      expect_match(output$components, gmm1d:::component_table(expected, 4)$mu[k], fixed = TRUE)
      expect_match(output$best, "2")
      for (name in c("density", "selection", "uncertainty")) {
        expect_match(output[[name]]$src, "^data:image/png")
      }
    }
    session$setInputs(k = 2)
    expect_match(output$cuts, "66.58")
  })
})

test_that("each fit is made once", {
  fits <- gmm1d:::remembered_fits(squash(faithful$waiting), "x")
  expect_identical(rlang::obj_address(fits(3L, "free")$lambda),
                   rlang::obj_address(fits(3L, "free")$lambda))
  expect_identical(fits(2L, "equal")$variance, "equal")
})

test_that("there are no more components to choose than values, and doubts are shown", {
  skip_if_not_installed("shiny")
  skip_if_not_installed("miniUI")
  shiny::testServer(app_of(c(1, 2, 5)), {
    session$setInputs(k = 3, variance = "free", cutpoints = TRUE)
    expect_match(output$about, "Penalised|Not converged")
  })
  few_bins <- data.frame(lower = 0:4, upper = 1:5, count = c(3, 9, 4, 2, 7))
  shiny::testServer(gmm1d:::explore_app(squash(few_bins), "x"), {
    session$setInputs(k = 2, variance = "free", cutpoints = TRUE, nearest = list(x = 9))
    expect_match(output$best, "BIC chooses 1")
  })
})

test_that("cut-points far from the data are not in the table", {
  fit <- gmm1d(faithful$waiting, k = 2)
  expect_identical(nrow(cutpoints(fit)), 2L)
  expect_identical(nrow(gmm1d:::cut_table(fit)), 1L)
  expect_null(gmm1d:::cut_table(gmm1d(faithful$waiting, k = 1)))
})

# What a series of inputs ends with; "open" if the page is still there.
end_of <- function(app, ...) {
  skip_if_not_installed("shiny")
  skip_if_not_installed("miniUI")
  ended <- "open"
  shiny::testServer(app(function(value) ended <<- value), {
    session$setInputs(cutpoints = TRUE)
    session$setInputs(...)
  })
  ended
}

test_that("the fit that Done returns is identical to that of the call", {
  bins <- data.frame(lower = c(0, 1, 2, 3, 4, 5), upper = c(1, 2, 3, 4, 5, 6),
                     count = c(3, 9, 4, 2, 7, 5))
  set.seed(1)
  narrow <- c(rnorm(20000), rnorm(5000, 3, 0.01))
  sources <- expression(faithful$waiting, squash(faithful$waiting), bins, matrix(narrow),
                        hist(faithful$waiting, plot = FALSE))
  for (source in as.list(sources)) for (variance in c("free", "equal")) {
    x <- eval(source)
    chosen <- end_of(function(finish) gmm1d:::explore_app(squash(x), "x", finish),
                     k = 2, variance = variance, done = 1)
    expect_identical(chosen, list(k = 2L, variance = variance))
    expect_identical(gmm1d:::chosen_fit(x, source, chosen),
                     eval(gmm1d:::explore_call(source, chosen)))
  }
})

test_that("Cancel and a closed window leave nothing", {
  open <- function(finish) gmm1d:::explore_app(squash(c(1, 2, 5, 6)), "x", finish)
  expect_null(end_of(open, k = 2, variance = "free", cancel = 1))
  expect_null(end_of(open, k = 2, variance = "free"))
})

test_that("the data are read when the page opens, and not when k changes", {
  skip_if_not_installed("shiny")
  skip_if_not_installed("miniUI")
  reads <- 0
  count <- bquote(.(function() reads <<- reads + 1)())
  passes <- c("squash_cpp", "squash_finer_cpp")
  namespace <- asNamespace("gmm1d")
  withr::defer(suppressMessages(untrace(passes, where = namespace)))
  suppressMessages(trace(passes, count, where = namespace, print = FALSE))
  set.seed(1)
  app <- app_of(c(rnorm(20000), rnorm(5000, 3, 1e-3)))
  expect_identical(reads, 1)
  shiny::testServer(app, {
    for (k in c(1:4, 2)) {
      session$setInputs(k = k, variance = "free", cutpoints = TRUE)
      output$density
    }
    expect_match(output$about, "narrow for the cells")
  })
  expect_identical(reads, 1)
})

test_that("on a ridge a fit is soon there, and says that it would go on", {
  skip_if_not_installed("shiny")
  skip_if_not_installed("miniUI")
  set.seed(2)
  shiny::testServer(app_of(c(rnorm(3e5), rnorm(2e5, 3))), {
    session$setInputs(k = 9, variance = "equal", cutpoints = TRUE)
    expect_lte(fit()$iterations, 50)
    if (fit()$status == "max_iter") expect_match(output$about, "Done takes all it needs")
    else expect_no_match(output$about, "Done")
  })
})

test_that("the state of the random numbers is as before", {
  skip_if_not_installed("shiny")
  skip_if_not_installed("miniUI")
  set.seed(3)
  before <- .Random.seed
  expect_null(end_of(function(finish) gmm1d:::explore_app(squash(1:20), "x", finish),
                     k = 2, variance = "equal", cancel = 1))
  expect_identical(.Random.seed, before)
})

test_that("the call is that which a user would write, inserted or shown", {
  call <- function(...) gmm1d:::explore_call(quote(faithful$waiting), list(...))
  inserted <- function(call) {
    text <- NULL
    gmm1d:::show_call(call, insert = function(new) text <<- new)
    text
  }
  expect_identical(inserted(call(k = 3L, variance = "free")), "gmm1d(faithful$waiting, k = 3)")
  expect_identical(inserted(call(k = 2L, variance = "equal")),
                   "gmm1d(faithful$waiting, k = 2, variance = \"equal\")")
  expect_message(gmm1d:::show_call(call(k = 3L, variance = "free"), insert = NULL),
                 "gmm1d(faithful$waiting, k = 3)", fixed = TRUE)
})

test_that("a script that nobody watches gets an error, as does nothing to explore", {
  skip_if_not_installed("shiny")
  skip_if_not_installed("miniUI")
  rlang::local_interactive(FALSE)
  expect_error(gmm1d_explore(1:9), class = "gmm1d_error_interactive")
  expect_error(gmm1d_explore(), class = "gmm1d_error_argument")
  rlang::local_interactive(TRUE)
  expect_error(gmm1d_explore("a", viewer = stop), class = "gmm1d_error_type")
  expect_error(gmm1d_explore(function() NULL, viewer = stop), class = "gmm1d_error_type")
  expect_error(gmm1d_explore(c(2, 2), viewer = stop), class = "gmm1d_error_constant")
})

# The gadget in an R of its own, and its page in a browser.
explore_in_browser <- function(code) {
  address <- withr::local_tempfile(.local_envir = parent.frame())
  session <- callr::r_bg(
    function(code, address) {
      options(rlang_interactive = TRUE)
      eval(code, list(viewer = function(url) writeLines(url, address)),
           asNamespace("gmm1d"))
    },
    list(code, address), stderr = "2>&1"
  )
  browser <- chromote::ChromoteSession$new(width = 950, height = 750)
  withr::defer({
    browser$close()
    session$kill()
  }, parent.frame())
  wait_for(file.exists(address) && length(readLines(address)) > 0L)
  list(session = session, browser = browser, url = readLines(address))
}

wait_for <- function(condition) {
  condition <- substitute(condition)
  for (i in 1:600) {
    if (isTRUE(eval(condition, parent.frame()))) return(invisible())
    Sys.sleep(0.1)
  }
  stop("waited 60 seconds for ", deparse(condition)[1L])
}

skip_without_browser <- function() {
  skip_on_cran()
  for (package in c("shiny", "miniUI", "callr", "chromote")) skip_if_not_installed(package)
  chromium <- Sys.which(c("chromium", "chromium-browser", "google-chrome"))
  skip_if(!any(nzchar(chromium)), "there is no Chromium")
  withr::local_envvar(CHROMOTE_CHROME = chromium[nzchar(chromium)][[1L]],
                      .local_envir = parent.frame())
  withr::local_options(chromote.timeout = 60, .local_envir = parent.frame())
  chromote::set_chrome_args(c("--headless", "--no-sandbox", "--disable-gpu"))
}

test_that("in a browser, a change is drawn, and Done returns the fit", {
  skip_without_browser()
  page <- explore_in_browser(quote(gmm1d_explore(faithful$waiting, viewer = viewer)))
  browser <- page$browser
  ask <- function(code) browser$Runtime$evaluate(code)$result$value
  errors <- character()
  browser$Runtime$enable()
  browser$Runtime$exceptionThrown(function(event) {
    errors <<- c(errors, event$exceptionDetails$exception$description)
  })
  browser$Runtime$consoleAPICalled(function(event) {
    if (event$type == "error") errors <<- c(errors, unlist(event$args))
  })

  browser$Page$navigate(page$url)
  picture <- "document.querySelector('#density img') && document.querySelector('#density img').src"
  wait_for(is.character(ask(picture)))
  before <- ask(picture)
  expect_match(ask("document.getElementById('components').innerText"), "54.615")

  ask("$('#k').data('ionRangeSlider').update({from: 3}); $('#k').trigger('change'); ''")
  ask("$('input[name=variance][value=equal]').click(); ''")
  wait_for(grepl("\n3\t", ask("document.getElementById('components').innerText")))
  wait_for(ask("document.getElementById('about').innerText") |> grepl(pattern = "df = 6"))
  wait_for(!identical(ask(picture), before))
  expect_identical(ask("document.querySelectorAll('.shiny-output-error').length"), 0L)

  ask("document.getElementById('done').click(); ''")
  page$session$wait(60000)
  fit <- page$session$get_result()
  expect_identical(fit, gmm1d(faithful$waiting, k = 3, variance = "equal"))
  expect_match(page$session$read_output(), "gmm1d(faithful$waiting, k = 3", fixed = TRUE)
  expect_identical(errors, character())
})

test_that("in a browser, Cancel and closing the window return nothing", {
  skip_without_browser()
  for (way in c("cancel", "close")) {
    page <- explore_in_browser(quote(gmm1d_explore(c(1, 2, 5, 6), viewer = viewer)))
    page$browser$Page$navigate(page$url)
    ask <- function(code) page$browser$Runtime$evaluate(code)$result$value
    wait_for(grepl("component", ask("document.getElementById('components') &&
                                     document.getElementById('components').innerText")))
    if (way == "close") page$browser$close()
    else ask("document.getElementById('cancel').click(); ''")
    page$session$wait(60000)
    expect_null(page$session$get_result())
  }
})

test_that("in a browser, a click on the curve chooses the nearest k", {
  skip_without_browser()
  page <- explore_in_browser(quote(gmm1d_explore(faithful$waiting, viewer = viewer)))
  page$browser$Page$navigate(page$url)
  ask <- function(code) page$browser$Runtime$evaluate(code, returnByValue = TRUE)$result$value
  picture <- "document.querySelector('#selection img')"
  wait_for(isTRUE(ask(paste0("!!", picture, " && ", picture, ".width > 0 && !!",
                             picture, ".src"))))
  # 9 is the rightmost. The page may not listen to the first clicks.
  k_after_click <- function() {
    at <- ask(paste0("(() => { const r = ", picture, ".getBoundingClientRect(); ",
                     "return {x: r.right - 20, y: r.top + r.height / 2} })()"))
    for (type in c("mouseMoved", "mousePressed", "mouseReleased")) {
      page$browser$Input$dispatchMouseEvent(type, x = at$x, y = at$y, button = "left",
                                            clickCount = 1)
    }
    ask("$('#k').val()")
  }
  wait_for(identical(k_after_click(), "9"))
  expect_identical(ask("$('#k').val()"), "9")
})
