# Interrupts long calls at random moments, 40 times (or as often as the argument says), and measures
# how long it takes until R responds. On an idle machine this is within 2 s.
suppressPackageStartupMessages(library(callr))

calls <- list(
  search = quote(gmm1d(x, k = 1:40)),
  `many small sets` = quote(gmm1d_each(rep(list(x), 2000), k = 1:9)),
  `few sets, many components` = quote(gmm1d_each(rep(list(x), 4), k = 1:40)),
  `large data` = quote(repeat gmm1d(huge, k = 3)),
  `thorough search` = quote(gmm1d(large, k = 1:20, control = list(starts = "thorough"))),
  stream = quote(gmm1d(function() stats::rnorm(1e5), k = 2)),
  bootstrap = quote(bootstrap(gmm1d(large, k = 6), R = 1e5)),
  boot_lrt = quote(boot_lrt(x, 3, R = 1e5)),
  gof_test = quote(gof_test(gmm1d(x, k = 3), R = 1e6)),
  profile = quote(repeat confint(gmm1d(large, k = 9), method = "profile"))
)

interrupted <- function(code) {
  begun <- tempfile()
  session <- r_bg(function(code, begun) {
    suppressPackageStartupMessages(library(gmm1d))
    set.seed(1)
    x <- c(stats::rnorm(400), stats::rnorm(300, 4))
    large <- c(stats::rnorm(3e4), stats::rexp(3e4))
    huge <- stats::rnorm(2e7)
    file.create(begun)
    tryCatch({
      suppressWarnings(eval(code))
      "it ended"
    }, interrupt = function(i) "interrupted")
  }, list(code, begun))
  on.exit(session$kill())
  while (!file.exists(begun)) Sys.sleep(0.02)
  Sys.sleep(stats::runif(1L, 0.05, 4))
  from <- proc.time()[["elapsed"]]
  session$interrupt()
  session$wait(60000)
  seconds <- proc.time()[["elapsed"]] - from
  state <- if (session$is_alive()) "it hangs"
           else tryCatch(session$get_result(), error = conditionMessage)
  data.frame(seconds, state)
}

argument <- commandArgs(trailingOnly = TRUE)
times <- if (length(argument) > 0L) as.integer(argument[1L]) else 40L
set.seed(1)
of <- rep_len(names(calls), times)
results <- do.call(rbind, lapply(calls[of], interrupted))
by_call <- split(results, factor(of, names(calls)))
for (name in names(by_call)) {
  rows <- by_call[[name]]
  cat(sprintf("%-26s %d of %d interrupted, after at most %.2f s\n", name,
              sum(rows$state == "interrupted"), nrow(rows), max(rows$seconds)))
}
if (!all(results$state == "interrupted")) quit(status = 1L)
