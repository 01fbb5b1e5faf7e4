x <- c(1, 2, 3, 4, 5, 9)
fit <- gmm1d(faithful$waiting, k = 2)
start <- list(lambda = c(0.5, 0.5), mu = c(1, 2), sigma = c(1, 1))
no_data <- gmm1d(x, k = 1, control = list(keep_data = FALSE))

# What a user gets wrong, and the class of the error that says so.
other <- withr::with_seed(1, bootstrap(gmm1d(faithful$eruptions, k = 2), 5))
several <- quietly(gmm1d_each(list(a = 1:9, b = 1), k = 1))
bins <- function(...) {
  utils::modifyList(data.frame(lower = c(0, 1), upper = c(1, 2), count = c(3, 4)), list(...))
}

cases <- list(
  type = list(
    quote(gmm1d(x, fixed = 5)), quote(squash(faithful)), quote(c(squash(bins()), squash(x))),
    quote(squash(bins(lower = c("a", "b")))), quote(bootstrap(faithful)),
    quote(boot_lrt("x", 1)), quote(gof_test(x)), quote(cutpoints(x)),
    quote(cutpoints(fit, boot = fit)),
    quote(gmm1d(factor(x))), quote(gmm1d("a")), quote(gmm1d(c(TRUE, FALSE))),
    quote(gmm1d(list(1, 2))), quote(gmm1d(NULL)), quote(gmm1d(faithful)),
    quote(gmm1d(1i)), quote(gmm1d(Sys.Date())), quote(gmm1d(quote(x))), quote(gmm1d(table(x))),
    quote(gmm1d(x, k = "two")),
    quote(gmm1d(x, weights = "a")), quote(gmm1d(x, start = 1)), quote(gmm1d(x, control = 1)),
    quote(gmm1d_control(keep_data = 1)), quote(gmm1d_control(tol = "a")),
    quote(estep(x, "a", 0, 1)), quote(mstep(x, 1)), quote(predict(fit, "a")),
    quote(predict(fit, faithful)), quote(dgmm1d("a", 1, 0, 1)),
    quote(qgmm1d("a", 1, 0, 1)),
    quote(pgmm1d(1, 1, 0, 1, lower.tail = 1)), quote(dgmm1d(1, 1, 0, 1, log = NA)),
    quote(gmm1d_each(letters, letters)), quote(gmm1d_each(x, mean)), quote(gmm1d_each(iris)),
    quote(gmm1d_each(list(x, b = "a"))), quote(gmm1d_each(list(x), weights = x)),
    quote(gmm1d_each(matrix("a"))), quote(gmm1d_each(squash(x), x))
  ),
  shape = list(
    quote(gmm1d(x, fixed = list(lambda = 0.5), k = 2)),
    quote(gmm1d(x, fixed = list(mu = c(1, 2), sigma = c(1, NA, 2)))),
    quote(gmm1d(x, k = 3, fixed = list(mu = c(1, NA)))), quote(cutpoints(fit, cost = 1:3)),
    quote(gmm1d(matrix(1:6, 3))), quote(gmm1d(array(1:8, c(2, 2, 2)))),
    quote(gmm1d(x, weights = 1:2)), quote(gmm1d(x, k = integer())),
    quote(gmm1d(x, k = 3, start = start)), quote(gmm1d(x, k = 2:3, start = start)),
    quote(gmm1d(x, start = list(lambda = 1, mu = 1:2, sigma = 1))),
    quote(estep(x, c(0.5, 0.5), 1, 1)), quote(estep(x, numeric(), numeric(), numeric())),
    quote(mstep(x, matrix(1, 3))), quote(gmm1d_control(tol = 1:2)),
    quote(gmm1d_each(x, 1:2)), quote(gmm1d_each(x, list(x, 1:2))), quote(gmm1d_each(x, list())),
    quote(gmm1d_each(list(x), weights = list())), quote(gmm1d_each(list(x), weights = list(1:2))),
    quote(gmm1d_each(matrix(x, 2), weights = x)), quote(gmm1d_each(x, x, weights = 1))
  ),
  infinite = list(
    quote(gmm1d(x, fixed = list(mu = c(Inf, NA)))), quote(squash(bins(count = c(Inf, 0)))),
    quote(gmm1d(c(1, Inf))), quote(gmm1d(c(1, NA, -Inf))), quote(gmm1d(x, weights = c(1:5, Inf))),
    quote(estep(Inf, 1, 0, 1)), quote(estep(1, 1, Inf, 1)), quote(gmm1d_control(tol = Inf))
  ),
  missing = list(
    quote(squash(bins(count = c(NA, 4)))),
    quote(gmm1d(x, weights = c(1:5, NA))), quote(gmm1d(x, k = NA_real_)),
    quote(estep(NA_real_, 1, 0, 1)),
    quote(mstep(c(1, NA), matrix(1, 2))), quote(dgmm1d(1, 1, NA_real_, 1)),
    quote(gmm1d_control(tol = NA_real_))
  ),
  range = list(
    quote(gmm1d(x, fixed = list(lambda = c(0.6, 0.6, NA)))),
    quote(gmm1d(x, fixed = list(lambda = c(0.6, 0.6)))),
    quote(gmm1d(x, fixed = list(sigma = -1))), quote(squash(bins(lower = c(0, 2)))),
    quote(squash(bins(upper = c(1.5, 2)))), quote(squash(bins(count = c(-1, 4)))),
    quote(squash(bins(lower = c(-Inf, 1), upper = c(Inf, 2)))),
    quote(squash(bins(lower = c(-Inf, 1), upper = c(1, Inf)))), quote(squash(x, rounding = 0)),
    quote(squash(x, rounding = 2)), quote(gmm1d_each(x, x, k = -1)),
    quote(confint(fit, 7)), quote(confint(fit, level = 1)), quote(bootstrap(fit, 1)),
    quote(boot_lrt(x, 2, 2)), quote(boot_lrt(x, 0)), quote(boot_lrt(x, 1, R = 0)),
    quote(boot_lrt(x, 1, stop_early = 2)), quote(gof_test(fit, R = 0)),
    quote(cutpoints(fit, cost = c(1, -1))),
    quote(gmm1d(x, weights = c(1, 2, -1, 1, 1, 1))), quote(gmm1d(x, k = 0)),
    quote(gmm1d(x, weights = rep(1e308, 6))), quote(gmm1d(x, k = -1)),
    quote(gmm1d(x, k = 1.5)), quote(gmm1d(x, k = 1e10)),
    quote(estep(x, c(0.5, 0.4), 1:2, c(1, 1))), quote(estep(x, c(1.5, -0.5), 1:2, c(1, 1))),
    quote(estep(x, 1, 0, 0)), quote(estep(x, c(0.5, 0.5), 1:2, c(1, -1))),
    quote(mstep(1:2, matrix(c(1, NA)))), quote(mstep(1:2, matrix(c(1, 0.5)))),
    quote(mstep(1:2, cbind(c(1, 1), 0))), quote(gmm1d_control(tol = -1)),
    quote(gmm1d_control(max_iter = 0)), quote(gmm1d_control(max_iter = 1.5)),
    quote(gmm1d_control(min_sigma = 0)), quote(gmm1d_control(penalty = -1)),
    quote(rgmm1d(-1, 1, 0, 1)), quote(rgmm1d(1.5, 1, 0, 1)), quote(simulate(fit, nsim = -1)),
    quote(plot(fit, breaks = 1e9)),
    quote(gmm1d_control(threads = 0)), quote(gmm1d_control(cells = 0.5)),
    quote(squash(x, rep(1e308, 6)))
  ),
  empty = list(
    quote(squash(bins(count = c(0, 0)))),
    quote(gmm1d(numeric())), quote(gmm1d(NA)), quote(gmm1d(x, weights = rep(0, 6))),
    quote(gmm1d(matrix(1, 0, 1)))
  ),
  constant = list(quote(gmm1d(c(2, 2, 2), k = 2)), quote(gmm1d(1))),
  k = list(quote(gmm1d(bins(), k = 1)), quote(gmm1d(x, k = 7)), quote(gmm1d(x, k = 8:9))),
  argument = list(
    quote(gmm1d(x, fixed = list(nu = 5))), quote(gmm1d(x, variance = "some")),
    quote(confint(fit, "nu")), quote(boot_lrt(x)),
    quote(boot_lrt(x, 1, variance = c("free", "equal"))), quote(cutpoints(fit, boot = other)),
    quote(confint(fit, method = "bayes")),
    quote(bootstrap(fit, 9, "jackknife")), quote(gof_test(fit, "CvM")),
    quote(plot(fit, type = "pie")),
    quote(gmm1d()), quote(gmm1d(formula = ~speed, data = cars)),
    quote(gmm1d(x, kk = 2)), quote(gmm1d(x, 2, NULL, "free", "BIC", NULL, NULL, NULL, list(), 7)),
    quote(gmm1d(x, criterion = "bic")), quote(gmm1d(x, criterion = 1)),
    quote(gmm1d(x, start = list(lambda = 1, mu = 1))),
    quote(gmm1d(x, control = list(tolerance = 1))),
    quote(gmm1d(x, control = list(1))), quote(gmm1d_control(starts = "slow")),
    quote(squash(x, NULL, NULL, list(), 2)), quote(gmm1d(squash(x), weights = 1)),
    quote(gmm1d(a ~ b)), quote(gmm1d(~ speed + dist, cars)), quote(gmm1d(~nowhere)),
    quote(gmm1d(~1)), quote(estep(x)), quote(estep(x, 1)), quote(estep(x, 1, 0)),
    quote(estep(x, fit, 1)), quote(predict(fit, x, "classes")), quote(predict(no_data)),
    quote(fitted(no_data)), quote(predict(fit, x, typo = 1)), quote(update(fit, 3)),
    quote(summary(fit, 3)), quote(gmm1d_each()), quote(gmm1d_each(x)),
    quote(gmm1d_each(x, x, kk = 1)), quote(gmm1d_each(iris[1:2], by = x)),
    quote(gmm1d_each(list(squash(x)), weights = list(x))), quote(several[["c"]]),
    quote(several[3]), quote(several[[1:2]]), quote(tidy(fit, 3)), quote(glance(several, 3))
  ),
  failed = list(quote(several[["b"]]))
)

test_that("every mistake gives an error of its class", {
  for (what in names(cases)) {
    for (case in cases[[what]]) {
      expect_error(eval(case), class = paste0("gmm1d_error_", what), label = deparse1(case))
      expect_error(eval(case), class = "gmm1d_error", label = deparse1(case))
    }
  }
})

test_that("the texts say what and where", {
  text_of <- function(case) {
    error <- tryCatch(eval(case), error = identity)
    c(deparse1(case), paste0("  ", rlang::as_label(conditionCall(error)[[1L]]), "(): ",
                             conditionMessage(error)))
  }
  for (what in names(cases)) {
    texts <- unlist(lapply(cases[[what]], text_of))
    expect_snapshot_output(writeLines(texts))
  }
})
