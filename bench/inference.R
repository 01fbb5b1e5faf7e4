# Tests and intervals that refit many times: the bootstrap of the likelihood ratio beside mclust's,
# the bootstrap of a fit to a million values, and intervals by the profile likelihood.
inference <- function(cases = inference_cases()) {
  is_lrt <- cases$name == "boot_lrt"
  record("times", boot_lrt_ratio = 1 / cases$relative[is_lrt], goal = "at least 1",
         about = "boot_lrt(faithful$waiting, 1), R = 999: mclustBootstrapLRT()")
  of <- function(pattern, goal) {
    rows <- cases[grepl(pattern, cases$name), ]
    figures <- stats::setNames(1e3 * rows$seconds, rows$name)
    record("ms", figures, goal = goal, about = rows$what)
  }
  of("^bootstrap_", "at most 1")
  of("^profile_", "at most 20")
  c(
    "## Bootstraps and intervals", "",
    table_of(
      what = cases$what, time = milliseconds(cases$seconds),
      `mclustBootstrapLRT()` = ifelse(is_lrt, milliseconds(cases$theirs), ""),
      goal = ifelse(is_lrt, "as fast", ifelse(startsWith(cases$name, "boot"), "1 ms", "20 ms"))
    )
  )
}

inference_cases <- function(replicates = 999L, runs = 5L) {
  suppressPackageStartupMessages(library(mclust))
  x <- faithful$waiting
  lrt <- seconds_beside(
    ours = suppressMessages(boot_lrt(x, 1, R = replicates)),
    theirs = mclustBootstrapLRT(x, "V", nboot = replicates, maxG = 1, verbose = FALSE),
    runs = runs
  )
  many <- draw(1e6)
  fits <- list(`1e6 values` = gmm1d(many, k = 3), `1,000 values` = gmm1d(draw(1000), k = 3),
               `faithful$waiting` = gmm1d(x, k = 3))
  types <- c("parametric", "nonparametric", "weighted")
  boot <- vapply(types, function(type) {
    seconds(suppressMessages(bootstrap(fits[[1L]], replicates, type)), runs) / replicates
  }, 1)
  profile <- vapply(fits, function(fit) {
    seconds(suppressWarnings(confint(fit, method = "profile")), runs)
  }, 1)
  data.frame(
    name = c("boot_lrt", paste0("bootstrap_", types), paste0("profile_", c("many", "some", "few"))),
    what = c(paste0("boot_lrt(faithful$waiting, 1, R = ", replicates, ")"),
             paste0("bootstrap() of 1e6 values, k = 3, ", types, ": a replicate"),
             paste0("confint(method = \"profile\"), k = 3: ", names(fits))),
    seconds = c(lrt$time[["ours"]], boot, profile), theirs = lrt$time[["theirs"]],
    relative = 1 / lrt$ratio[["theirs"]]
  )
}
