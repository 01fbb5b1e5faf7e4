# Opens every page of site/ in a headless Chromium, served from this machine. Fails if a page has an
# error in its console, a link or an anchor that leads nowhere within the site, or a picture that is
# not shown. Requests to other machines also fail: the site must work without them.
chromium <- Sys.which(c("chromium", "chromium-browser", "google-chrome"))
Sys.setenv(CHROMOTE_CHROME = chromium[nzchar(chromium)][1L])
chromote::set_chrome_args(c("--headless", "--no-sandbox", "--disable-gpu"))
options(chromote.timeout = 60)

folder <- commandArgs(trailingOnly = TRUE)
if (length(folder) == 0L) folder <- "site"
server <- httpuv::startServer("127.0.0.1", httpuv::randomPort(),
                              list(staticPaths = list("/" = folder)))
root <- sprintf("http://127.0.0.1:%d/", server$getPort())
browser <- chromote::ChromoteSession$new()

# Waits for an answer of the browser while the server keeps running.
await <- function(promise) browser$wait_for(promise)

value <- function(code) {
  await(browser$Runtime$evaluate(code, returnByValue = TRUE, wait_ = FALSE))$result$value
}

found <- character()
invisible(browser$Runtime$enable())
invisible(browser$Log$enable())
invisible(browser$Network$enable())
invisible(browser$Runtime$consoleAPICalled(function(event) {
  if (event$type == "error") found <<- c(found, paste("console:", event$args[[1L]]$value))
}))
invisible(browser$Runtime$exceptionThrown(function(event) {
  found <<- c(found, paste("error:", event$exceptionDetails$exception$description))
}))
invisible(browser$Log$entryAdded(function(event) {
  if (event$entry$level == "error") found <<- c(found, paste("log:", event$entry$text))
}))
invisible(browser$Network$requestWillBeSent(function(event) {
  url <- event$request$url
  if (!startsWith(url, root) && !startsWith(url, "data:")) {
    found <<- c(found, paste("asks another machine:", url))
  }
}))

questions <- list(
  links = "[...document.querySelectorAll('a[href]')].map(a => a.href)",
  anchors = "[...document.querySelectorAll('[id]')].map(e => e.id)",
  unseen = "[...document.images].filter(i => !i.complete || i.naturalWidth == 0 ||
              i.getBoundingClientRect().width == 0).map(i => i.src)",
  pictures = "document.images.length"
)
look_at <- function(page) {
  found <<- character()
  loaded <- browser$Page$loadEventFired(wait_ = FALSE)
  browser$Page$navigate(paste0(root, page), wait_ = FALSE)
  await(loaded)
  seen <- lapply(questions, value)
  later::run_now(0.05)
  seen$errors <- found
  seen
}

pages <- list.files(folder, "[.]html$", recursive = TRUE)
seen <- lapply(stats::setNames(pages, pages), look_at)

# Says what is wrong with a link: the page or file does not exist, or it has no such anchor.
check_link <- function(link) {
  if (!startsWith(link, root)) return(NULL)
  parts <- strsplit(sub(root, "", link, fixed = TRUE), "#", fixed = TRUE)[[1L]]
  path <- utils::URLdecode(sub("[?].*", "", c(parts, "")[1L]))
  if (path == "" || endsWith(path, "/")) path <- paste0(path, "index.html")
  if (!file.exists(file.path(folder, path))) return(paste("leads nowhere:", link))
  anchor <- utils::URLdecode(c(parts, "", "")[2L])
  known <- path %in% pages
  if (nzchar(anchor) && known && !anchor %in% seen[[path]]$anchors) paste("no such anchor:", link)
}

wrong <- unlist(lapply(pages, function(page) {
  one <- seen[[page]]
  texts <- c(one$errors, sprintf("picture not seen: %s", unlist(one$unseen)),
             unlist(lapply(unique(unlist(one$links)), check_link)))
  if (length(texts) > 0L) paste0(page, ": ", unique(texts))
}))
invisible(browser$close())
server$stop()

pictures <- sum(vapply(seen, function(one) one$pictures, 1))
cat(length(pages), "pages,", sum(lengths(lapply(seen, `[[`, "links"))), "links,", pictures,
    "pictures\n")
if (length(pages) == 0L || pictures == 0L) wrong <- c(wrong, "there is nothing to see")
if (length(wrong) > 0L) {
  cat(wrong, sep = "\n")
  quit(status = 1L)
}
cat("site: nothing to say\n")
