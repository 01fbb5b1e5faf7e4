# Runs the gadget in a separate R process, and its page in a browser.
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
  until <- Sys.time() + 180
  while (Sys.time() < until) {
    if (isTRUE(eval(condition, parent.frame()))) return(invisible())
    Sys.sleep(0.1)
  }
  stop("waited three minutes for ", deparse(condition)[1L])
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

# How far the contents extend beyond the sides of the page, and the width that the page reports.
beyond <- "Math.max(document.documentElement.scrollWidth, document.body.scrollWidth,
  document.querySelector('.explore').scrollWidth,
  ...[...document.querySelectorAll('.gadget-container *')].map(
    e => e.getBoundingClientRect()).filter(r => r.width > 0).map(r => r.right)) - innerWidth"

test_that("in a browser, a change is drawn, all fits in the window, and Done returns the fit", {
  skip_without_browser()
  page <- explore_in_browser(quote(gmm1d_explore(faithful$waiting, viewer = viewer)))
  browser <- page$browser
  ask <- function(code) browser$Runtime$evaluate(code, returnByValue = TRUE)$result$value
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
  expect_identical(ask("[...document.querySelectorAll('img:not([alt])')].length"), 0L)

  # From wide to narrow, because a plot must not keep the page from becoming narrower.
  for (size in list(c(1400, 900), c(950, 750), c(600, 500), c(420, 800))) {
    browser$Emulation$setDeviceMetricsOverride(width = size[1], height = size[2],
                                               deviceScaleFactor = 1, mobile = FALSE)
    wait_for(ask("innerWidth") == size[1])
    expect_lte(ask(beyond), 0)
  }

  ask("document.querySelector('input[name=k][value=\"3\"]').click(); ''")
  ask("document.querySelector('input[name=variance][value=equal]').click(); ''")
  wait_for(grepl("\n3\t", ask("document.getElementById('components').innerText")))
  wait_for(grepl("df = 6", ask("document.getElementById('about').innerText")))
  wait_for(!identical(ask(picture), before))
  expect_identical(ask("document.querySelectorAll('.shiny-output-error').length"), 0L)

  # This holds whether or not the browser lets the page copy.
  ask("document.getElementById('copy').click(); ''")
  expect_match(ask("getSelection().toString()"), "gmm1d(faithful$waiting, k = 3, variance",
               fixed = TRUE)
  expect_match(ask("document.getElementById('copied').textContent"), "Copied|Ctrl")

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
  chosen_k <- "document.querySelector('input[name=k]:checked').value"
  # 9 is the rightmost. The page may miss the first clicks.
  k_after_click <- function() {
    at <- ask(paste0("(() => { const r = ", picture, ".getBoundingClientRect(); ",
                     "return {x: r.right - 20, y: r.top + r.height / 2} })()"))
    for (type in c("mouseMoved", "mousePressed", "mouseReleased")) {
      page$browser$Input$dispatchMouseEvent(type, x = at$x, y = at$y, button = "left",
                                            clickCount = 1)
    }
    # A busy machine needs time to answer; more clicks would only add to its work.
    for (i in 1:30) {
      if (identical(ask(chosen_k), "9")) break
      Sys.sleep(0.1)
    }
    ask(chosen_k)
  }
  wait_for(identical(k_after_click(), "9"))
  wait_for(grepl("\n9\t", ask("document.getElementById('components').innerText")))
  expect_identical(ask(chosen_k), "9")
})
