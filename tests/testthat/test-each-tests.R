samples <- withr::with_seed(1, list(
  a = rnorm(40), b = c(rnorm(30), rnorm(20, 4)), c = c(3, 3, 3), d = rexp(30), e = numeric(),
  f = round(rnorm(40), 1)
))
fits <- quietly(gmm1d_each(samples, k = 1:2))
is_fitted <- !vapply(fits, is.null, NA)

seeded <- function(f) function(...) withr::with_seed(1, f(...))
tests <- list(
  em = function(...) em_test(..., k0 = 1), em_of_fits = em_test,
  gof = seeded(function(...) gof_test(..., R = 19)),
  gof_ks = seeded(function(...) gof_test(..., "KS", R = 19)),
  boot = seeded(function(...) boot_lrt(..., k0 = 1, R = 19))
)

test_that("all tests give tables of the same form", {
  for (test in tests) {
    table <- test(fits)
    expect_identical(class(table), "data.frame")
    expect_identical(names(table)[1:2], c("group", "k"))
    expect_identical(utils::tail(names(table), 3), c("p.value", "p.adjusted", "error"))
    expect_true("statistic" %in% names(table))
    expect_identical(table$group, names(fits))
    expect_identical(table$k, glance(fits)$k)
    expect_true(all(table$p.value[is_fitted] >= 0 & table$p.value[is_fitted] <= 1))
  }
})

test_that("p-values are adjusted by the requested method", {
  for (test in tests) {
    p <- test(fits)$p.value
    expect_identical(test(fits)$p.adjusted, p.adjust(p, "BH"))
    for (method in c("holm", "BY", "none")) {
      expect_identical(test(fits, p.adjust = method)$p.adjusted, p.adjust(p, method))
    }
  }
})

test_that("a data set without a fit is NA with the reason, of which gmm1d_each() has warned", {
  for (test in tests) {
    expect_no_warning(table <- test(fits))
    rows <- table[!is_fitted, setdiff(names(table), c("group", "k0", "k1", "error"))]
    expect_true(all(is.na(rows)))
    expect_identical(table$error, glance(fits)$error)
  }
})

test_that("the order of the data sets changes nothing", {
  for (test in tests[c("em", "em_of_fits", "gof", "gof_ks")]) {
    turned <- test(rev(fits))[rev(seq_along(fits)), ]
    expect_identical(turned, test(fits), ignore_attr = "row.names")
    expect_identical(test(fits["d"])$p.value, test(fits)$p.value[4])
  }
})

test_that("two keys are two columns, and there may be no data set at all", {
  by <- list(species = iris$Species, long = iris$Sepal.Length > 5.8)
  twice <- gmm1d_each(iris$Petal.Length, by, k = 1:2)
  for (test in tests) {
    expect_identical(test(twice)[1:2], glance(twice)[1:2])
    none <- test(fits[0])
    expect_identical(vapply(none, typeof, ""), vapply(test(fits), typeof, ""))
    expect_identical(nrow(none), 0L)
    expect_identical(vapply(test(fits[!is_fitted]), typeof, ""), vapply(test(fits), typeof, ""))
  }
})

test_that("EM-tests of many data sets agree with those of each alone", {
  table <- em_test(fits, k0 = 1)
  for (i in which(is_fitted)) {
    alone <- em_test(samples[[i]], k0 = 1)
    expect_equal(table$statistic[i], alone$statistic[["EM"]])
    expect_identical(table$df[i], 2L)
    expect_identical(table$p.value[i], pchisq(table$statistic[i], 2, lower.tail = FALSE))
    own <- em_test(fits[[i]])
    expect_equal(em_test(fits)$statistic[i], own$statistic[["EM"]])
  }
  expect_identical(em_test(fits)$k0, glance(fits)$k)
  expect_identical(em_test(fits, k0 = 2)$df[is_fitted], rep(4L, 4))
})

test_that("fits of several calls are tested under the control of each", {
  wide <- gmm1d_each(samples["b"], k = 1, control = list(min_sigma = 2))
  table <- em_test(c(fits["a"], wide), k0 = 1)
  expect_identical(table$statistic[1], em_test(fits, 1)$statistic[1])
  expect_equal(table$statistic[2], em_test(wide[[1]])$statistic[["EM"]])
  expect_lt(table$statistic[2], em_test(fits, 1)$statistic[2])
})

test_that("a data set that cannot be tested has NA, the reason, and one warning", {
  small <- quietly(gmm1d_each(list(a = 1:9, b = 1, c = c(1, 2)), k = 1:2))
  expect_warning(table <- em_test(small, k0 = 3), "1 of 3 data sets (the first is \"c\")",
                 fixed = TRUE, class = "gmm1d_warning_failed")
  expect_identical(is.na(table$p.value), c(FALSE, TRUE, TRUE))
  expect_identical(is.na(table$error), c(TRUE, FALSE, FALSE))
  expect_identical(table$k0, rep(3L, 3))
  equal <- gmm1d_each(list(1:9), k = 2, variance = "equal")
  expect_match(quietly(em_test(equal))$error, "equal variances")
})

test_that("one call fits and tests data sets: as a list, in rows, in columns, by groups", {
  x <- withr::with_seed(2, matrix(rnorm(120), 4))
  x[1, 1:10] <- x[1, 1:10] + 6
  expected <- em_test(gmm1d_each(x, margin = 1, k = 1:2), k0 = 1)
  expect_identical(em_test(x, k0 = 1, margin = 1), expected)
  expect_identical(em_test(x, 1, margin = 1, k = 1:2), expected)
  expect_identical(expected$k[1], 2L)
  same <- c("k", "k0", "statistic", "p.adjusted")
  expect_identical(em_test(t(x), k0 = 1)[same], expected[same])
  expect_identical(em_test(asplit(x, 1) |> lapply(as.vector), k0 = 1)[same], expected[same])
  by <- em_test(as.vector(t(x)), 1, by = rep(1:4, each = 30), p.adjust = "holm")
  expect_identical(by$p.adjusted, p.adjust(expected$p.value, "holm"))
  expect_identical(em_test(x, 1, margin = 1, k = 1)$p.value, expected$p.value)
  expect_identical(em_test(x, 1, margin = 1, k = 1)$k, rep(1L, 4))
  expect_warning(em_test(samples, 1), "2 of 6 data sets", class = "gmm1d_warning_failed")
  table <- quietly(em_test(samples, 1))
  expect_identical(table, em_test(fits, 1))
})

test_that("goodness-of-fit tests of many data sets agree with those of each alone", {
  # One seed is drawn, and every data set starts from it.
  seed <- withr::with_seed(1, sample.int(.Machine$integer.max, 1))
  for (statistic in c("AD", "KS")) {
    table <- withr::with_seed(1, gof_test(fits, statistic, R = 99))
    for (i in which(is_fitted)) {
      alone <- withr::with_seed(seed, gof_test(fits[[i]], statistic, R = 99))
      expect_identical(table$statistic[i], alone$statistic[[1]])
      # This also holds if the replicates come from a standard normal distribution.
      expect_identical(table$p.value[i], alone$p.value)
    }
    expect_identical(table$R, ifelse(unname(is_fitted), 99L, NA))
  }
})

test_that("p-values of goodness-of-fit tests are uniform under the null hypothesis", {
  x <- withr::with_seed(3, matrix(rnorm(30 * 200), 30))
  p <- withr::with_seed(4, gof_test(gmm1d_each(x, k = 1), R = 199))$p.value
  # The critical value of Kolmogorov and Smirnov at 0.1 % for two samples, plus steps of 1/200.
  expect_lt(max(abs(ecdf(p)(p) - p)), 1.95 * sqrt(1 / 200 + 1 / 199) + 1 / 200)
})
