test <- function(...) withr::with_seed(1, boot_lrt(...))

normals <- function(times, n) {
  withr::with_seed(2, lapply(seq_len(times), function(i) rnorm(n)))
}

test_that("the statistic of one component against more ignores location, scale and sign", {
  # Two climbs end within 1e-8 of their maxima; the rounding of a x + b adds less.
  for (variance in c("free", "equal")) {
    for (x in c(normals(4, 30), normals(3, 400), list(withr::with_seed(1, rexp(50))))) {
      moved <- list(x, 1e-6 * x, 1e9 * x, x + 1e3, -x, 300 * x - 7e4)
      rows <- test(moved, 1, R = 1, variance = variance)
      expect_equal(rows$statistic, rep(rows$statistic[1], 6), tolerance = 1e-6)
      expect_true(all(rows$shared))
    }
  }
})

test_that("data sets of one size share their replicates: p falls as the statistic rises", {
  rows <- test(c(normals(40, 25), normals(20, 26)), 1, R = 59)
  for (one in split(rows, rows$nobs)) {
    expect_false(is.unsorted(-one$p.value[order(one$statistic)]))
    expect_equal(one$p.value * 60, round(one$p.value * 60))
  }
  expect_true(all(rows$shared))
  moved <- test(lapply(normals(40, 25), function(x) 1e4 * x + 10), 1, R = 59)
  expect_identical(moved$p.value, rows$p.value[1:40])
})

test_that("results depend only on the seed, not on the order of the data sets or the threads", {
  x <- c(normals(5, 30), normals(5, 20), normals(5, 30))
  rows <- test(x, 1, R = 39)
  turned <- test(rev(x), 1, R = 39)
  expect_identical(rev(turned$p.value), rows$p.value)
  expect_identical(test(x, 1, R = 39, control = list(threads = 1)), rows)
  with_others <- test(c(x, list(round(x[[1]], 1))), 1, R = 39)
  expect_identical(with_others$p.value[1:15], rows$p.value)
  # The random state after tests that stop early does not depend on how fast they were.
  after <- function(x) withr::with_seed(1, c(boot_lrt(x, 1, R = 99, stop_early = 0.05)$R, runif(1)))
  expect_identical(after(x)[16], after(x[1:15])[16])
})

test_that("p-values are uniform under the null hypothesis", {
  # Compares two samples of statistics and replicates: the critical value of Kolmogorov and Smirnov
  # at 0.1 %, plus steps of 1/200 in p.
  p <- test(normals(200, 30), 1, R = 199)$p.value
  expect_lt(max(abs(ecdf(p)(p) - p)), 1.95 * sqrt(1 / 200 + 1 / 199) + 1 / 200)
})

test_that("a test with shared replicates agrees with a separate one", {
  x <- withr::with_seed(4, c(rnorm(20), rnorm(8, 2.5)))
  shared <- test(list(x), 1, R = 299)
  own <- test(x, 1, R = 299)
  expect_equal(shared$statistic, own$statistic[["LR"]], tolerance = 1e-8)
  # Four standard errors of the difference between two proportions.
  p <- (shared$p.value + own$p.value) / 2
  expect_lt(abs(shared$p.value - own$p.value), 4 * sqrt(2 * p * (1 - p) / 299))
})

test_that("models with a unit of their own have replicates of their own", {
  x <- normals(1, 50)[[1]]
  is_shared <- function(x, ..., k0 = 1) test(list(x), k0, R = 2, ...)$shared
  expect_true(is_shared(x))
  expect_true(is_shared(x, weights = list(rep(1:2, 25))))
  expect_true(is_shared(x, control = list(penalty = 0.1)))
  expect_false(is_shared(x, k0 = 2))
  expect_false(is_shared(x, weights = list(rep(0.5, 50))))
  expect_false(is_shared(x, control = list(penalty = 0)))
  expect_false(is_shared(x, control = list(min_sigma = 0.1)))
  expect_false(is_shared(x, fixed = list(mu = 0)))
  expect_false(is_shared(x, error = 0.1))
  expect_false(is_shared(x, within = c(-9, 9)))
  expect_false(is_shared(round(x, 1)))
  expect_true(is_shared(x + 1e9))
  expect_false(is_shared(x + 1e15))
  expect_false(is_shared(round(x, 3), rounding = 0.001))
  expect_false(is_shared(hist(x, plot = FALSE)))
  expect_false(is_shared(qnorm(ppoints(5000))))
})

test_that("replicates are shared by values on a lattice that is too fine to matter", {
  # Two standard errors of a proportion of 10 % with n = 150.
  x <- normals(150, 30)
  rows <- test(lapply(x, function(x) round(200 * x) / 200), 1, R = 1)
  expect_true(all(rows$shared))
  high <- quantile(test(x, 1, R = 1)$statistic, 0.9)
  expect_lt(abs(mean(rows$statistic > high) - 0.1), 0.05)
})

test_that("stopping early does not change the decision", {
  x <- c(normals(15, 30), lapply(normals(5, 30), function(x) x + rep(c(0, 5), 15)))
  all <- test(x, 1, R = 59)
  early <- test(x, 1, R = 59, stop_early = 0.1)
  expect_identical(early$p.value <= 0.1, all$p.value <= 0.1)
  expect_true(all(early$R <= 59))
})

test_that("fits, vectors with groups, lists and matrices are tested alike", {
  x <- do.call(cbind, normals(4, 25))
  of <- function(rows) rows[c("statistic", "p.value", "p.adjusted", "nobs", "shared")]
  rows <- of(test(x, 1, R = 19))
  expect_identical(of(test(gmm1d_each(x, k = 1:2), 1, R = 19)), rows)
  expect_identical(of(test(as.vector(x), 1, R = 19, by = rep(1:4, each = 25))), rows)
  expect_identical(of(test(t(x), 1, R = 19, margin = 1)), rows)
  expect_identical(of(test(as.data.frame(x), 1, R = 19, margin = 2)), rows)
  fits <- gmm1d_each(x, k = 1, variance = "equal")
  expect_identical(test(fits, 1, R = 9), test(x, 1, R = 9, k = 1, variance = "equal"))
  expect_identical(of(test(fits, 1, R = 19, variance = "free")), rows)
})

test_that("the default of k0 is the k of each fit", {
  x <- c(normals(2, 40), list(faithful$waiting))
  rows <- test(gmm1d_each(x, k = 1:3), R = 9)
  expect_identical(rows$k0, c(1L, 1L, 2L))
  expect_identical(rows$k1, rows$k0 + 1L)
  expect_identical(rows$shared, c(TRUE, TRUE, FALSE))
})

test_that("p-values are adjusted as asked, over the data sets that were tested", {
  x <- c(normals(6, 20), list(c(1, 1)))
  rows <- quietly(test(x, 1, R = 19))
  expect_identical(rows$p.adjusted, p.adjust(rows$p.value, "BH"))
  expect_identical(rows$p.adjusted[1:6], p.adjust(rows$p.value[1:6], "BH"))
  expect_identical(quietly(test(x, 1, R = 19, p.adjust = "none"))$p.adjusted, rows$p.value)
})

test_that("a data set that cannot be tested is NA, with the reason and one warning", {
  x <- list(a = normals(1, 20)[[1]], b = rep(3, 9), c = c(1, 2), d = numeric())
  expect_warning(rows <- test(x, 1, 3, R = 9), "3 of 4 data sets", class = "gmm1d_warning_failed")
  expect_identical(rows$group, names(x))
  expect_identical(is.na(rows$p.value), c(FALSE, TRUE, TRUE, TRUE))
  expect_identical(is.na(rows$error), !is.na(rows$p.value))
  expect_identical(is.na(rows$shared), is.na(rows$p.value))
  expect_match(rows$error[3], "number of distinct values")
  few <- quietly(test(list(normals(1, 20)[[1]], c(1.5, 2, 3)), 1, 4, R = 9))
  expect_match(few$error[2], "number of distinct values")
  expect_identical(nrow(test(list(), 1)), 0L)
})
