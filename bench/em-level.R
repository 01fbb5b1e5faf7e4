# How often em_test() at 5 % rejects the true number of components, and one that is too small,
# compared with boot_lrt() on the same data sets.
em_level <- function(data_sets) {
  two <- list(lambda = c(0.4, 0.6), mu = c(0, 4), sigma = c(1, 1))
  from_two <- function(n) rgmm1d(n, two$lambda, two$mu, two$sigma)
  known <- list(mu = c(0, NA), sigma = c(1, NA))
  words <- "0.4 N(0, 1) + 0.6 N(4, 1), n = "
  true <- list(
    list(what = "N(0, 1), n = 50", k0 = 1, draw = function() rnorm(50)),
    list(what = "N(0, 1), n = 100", k0 = 1, draw = function() rnorm(100)),
    list(what = "N(0, 1), n = 500", k0 = 1, draw = function() rnorm(500)),
    list(what = "N(0, 1) rounded to 0.1, n = 100", k0 = 1, draw = function() round(rnorm(100), 1)),
    list(what = paste0(words, 200), k0 = 2, draw = function() from_two(200)),
    list(what = paste0(words, 500), k0 = 2, draw = function() from_two(500)),
    list(what = "N(0, 1), known, n = 50", k0 = 1, draw = function() rnorm(50), fixed = known),
    list(what = "N(0, 1), known, n = 500", k0 = 1, draw = function() rnorm(500), fixed = known),
    list(what = paste0(words, "200, the first known"), k0 = 2, draw = function() from_two(200),
         fixed = known),
    list(what = paste0(words, "500, the first known"), k0 = 2, draw = function() from_two(500),
         fixed = known),
    list(what = "0.5 N(0, 1) + 0.5 N(0, 3), both known, n = 300", k0 = 2,
         draw = function() rnorm(300, 0, sample(c(1, 3), 300, TRUE)),
         fixed = list(mu = c(0, 0), sigma = c(1, 3))),
    list(what = paste0(words, "200, both known"), k0 = 2, draw = function() from_two(200),
         fixed = list(mu = c(0, 4), sigma = c(1, 1)))
  )
  false <- list(
    list(what = "0.5 N(0, 1) + 0.5 N(2.5, 1), n = 100", k0 = 1,
         draw = function() rgmm1d(100, c(0.5, 0.5), c(0, 2.5), c(1, 1))),
    list(what = "0.9 N(0, 1) + 0.1 N(3, 1), n = 100", k0 = 1,
         draw = function() rgmm1d(100, c(0.9, 0.1), c(0, 3), c(1, 1))),
    list(what = "0.7 N(0, 1) + 0.3 N(0, 2.5), n = 100", k0 = 1,
         draw = function() rgmm1d(100, c(0.7, 0.3), c(0, 0), c(1, 2.5))),
    list(what = "N(-2.5, 1), N(0, 1), N(2.5, 1), 1 / 3 each, n = 200", k0 = 2,
         draw = function() rgmm1d(200, rep(1 / 3, 3), c(-2.5, 0, 2.5), c(1, 1, 1)))
  )
  one_thread <- list(threads = 1)
  em <- function(case, x) {
    em_test(x, case$k0, fixed = case$fixed, control = one_thread)$p.value <= 0.05
  }
  boot <- function(case, x) {
    boot_lrt(x, case$k0, R = 199, stop_early = 0.05, control = one_thread)$p.value <= 0.05
  }
  level <- vapply(true, function(case) {
    100 * mean(each_data_set(data_sets, function() em(case, case$draw())))
  }, 1)
  fewer <- ceiling(data_sets / 5)
  power <- vapply(false, function(case) {
    100 * colMeans(each_data_set(fewer, function() {
      x <- case$draw()
      c(em(case, x), boot(case, x))
    }))
  }, c(1, 1))
  x <- faithful$waiting
  c(
    "## The level and the power of em_test()", "",
    "Percent of data sets in which the test at 5 % rejects a true k0. Goal: 4 to 7.", "",
    table_of(data = vapply(true, `[[`, "", "what"), k0 = vapply(true, `[[`, 1, "k0"),
             rejected = number(level)),
    "",
    paste0("And one that is too small, by `em_test()` and, with 199 replicates, `boot_lrt()`, on ",
           "the same ", number(fewer), " data sets. Goal: no more than 3 below `boot_lrt()`."), "",
    table_of(data = vapply(false, `[[`, "", "what"), k0 = vapply(false, `[[`, 1, "k0"),
             em_test = number(power[1L, ]), boot_lrt = number(power[2L, ])),
    "",
    paste0("`em_test(faithful$waiting, 1)`: ", milliseconds(seconds(em_test(x, 1))),
           "; `em_test(faithful$waiting, 2)`: ", milliseconds(seconds(em_test(x, 2))), ".")
  )
}
