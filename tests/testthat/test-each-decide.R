samples <- withr::with_seed(1, list(
  one = rnorm(60), two = c(rnorm(40), rnorm(30, 5)), none = c(3, 3, 3),
  three = c(rnorm(40), rnorm(40, 6), rnorm(40, 13)), empty = numeric(), near = c(0, 0, rexp(50))
))
fits <- quietly(gmm1d_each(samples, k = 1:4))
has_fit <- !vapply(fits, is.null, NA)

decisions <- list(
  bimodality = bimodality, modes = modes, cutpoints = cutpoints,
  modes_90 = function(fit) modes(fit, level = 0.9),
  cutpoints_within = function(fit) cutpoints(fit, 0.9, within = TRUE)
)

test_that("the rows of a data set agree with those of its fit", {
  expect_identical(unname(vapply(fits[c("one", "two", "three")], `[[`, 1L, "k")), 1:3)
  for (decide in decisions[-1]) {
    table <- decide(fits)
    for (name in names(fits)[has_fit]) {
      rows <- table[table$group == name, ]
      alone <- decide(fits[[name]])
      expect_identical(as.list(rows[names(alone)]), as.list(alone))
      expect_identical(rows$error, rep(NA_character_, nrow(alone)))
    }
  }
})

test_that("bimodality has one row for each data set: the clearest of its pairs, and its modes", {
  table <- bimodality(fits)
  expect_identical(table$group, names(fits))
  for (i in which(has_fit)) {
    pairs <- bimodality(fits[[i]])
    expect_identical(table$k[i], fits[[i]]$k)
    expect_identical(table$modes[i], sum(modes(fits[[i]])$type == "mode"))
    if (fits[[i]]$k == 1L) {
      expect_true(all(is.na(table[i, names(pairs)])))
    } else {
      row <- as.list(table[i, names(pairs)])
      expect_identical(row, as.list(pairs[row$component, ]), ignore_attr = TRUE)
      expect_identical(row$dip, min(pairs$dip))
    }
  }
})

test_that("a data set without a fit has one row, with NA and the reason", {
  for (decide in decisions) {
    table <- decide(fits)
    expect_identical(unique(table$group), names(fits)[names(fits) %in% table$group])
    for (name in names(fits)[!has_fit]) {
      row <- table[table$group == name, ]
      expect_identical(nrow(row), 1L)
      expect_true(all(is.na(row[setdiff(names(row), c("group", "error"))])))
      expect_identical(row$error, glance(fits)$error[names(fits) == name])
    }
  }
  # The warning came when the fits were made.
  expect_no_warning(cutpoints(fits))
})

test_that("a fit without cut-points has no row", {
  expect_false("one" %in% cutpoints(fits)$group)
  expect_true("one" %in% modes(fits)$group)
})

test_that("the order of the data sets affects only the order of the rows", {
  for (decide in decisions) {
    table <- decide(fits)
    turned <- decide(rev(fits))
    back <- do.call(rbind, lapply(names(fits), function(name) turned[turned$group == name, ]))
    rownames(back) <- NULL
    expect_identical(back, table)
  }
})

test_that("two keys are two columns, as in tidy(), and a key named like a column is renamed", {
  by <- list(species = iris$Species, long = iris$Sepal.Length > 5.8)
  twice <- gmm1d_each(iris$Petal.Length, by, k = 1:2)
  for (decide in decisions) {
    table <- decide(twice)
    keys <- unique(tidy(twice)[c("species", "long")])
    expect_identical(names(table)[1:2], names(by))
    kept <- merge(keys, table[c("species", "long")])
    expect_identical(nrow(kept), nrow(table))
    expect_identical(lapply(table[names(by)], class), lapply(keys, class))
  }
  named <- gmm1d_each(iris$Petal.Length, list(k = iris$Species), k = 1:2)
  expect_identical(names(bimodality(named))[1:2], c("group.k", "k"))
  expect_identical(names(modes(named))[1:2], c("k", "x"))
})

test_that("tables without data sets, or without fits, have the usual columns and types", {
  for (decide in decisions) {
    like <- vapply(decide(fits), typeof, "")
    none <- decide(fits[0])
    expect_identical(nrow(none), 0L)
    expect_identical(vapply(none, typeof, ""), like)
    failed <- decide(fits[!has_fit])
    expect_identical(nrow(failed), sum(!has_fit))
    expect_identical(vapply(failed, typeof, ""), like)
  }
  ones <- cutpoints(fits["one"])
  expect_identical(vapply(ones, typeof, ""), vapply(cutpoints(fits), typeof, ""))
})

test_that("problems of some fits are in their rows, and one warning counts them", {
  expect_warning(table <- cutpoints(fits, cost = c(1, 3)), "of 6 data sets.*one number for each",
                 class = "gmm1d_warning_failed")
  two <- table[table$group == "two", ]
  expect_identical(two$cutpoint, cutpoints(fits$two, cost = c(1, 3))$cutpoint)
  expect_match(table$error[table$group == "three"], "`cost`")
})

test_that("a problem of all fits is an error", {
  expect_error(cutpoints(fits, level = 2), class = "gmm1d_error_range")
  expect_error(modes(fits[0], level = 2), class = "gmm1d_error_range")
  expect_error(modes(fits, levle = 0.9), "level", class = "gmm1d_error_argument")
  expect_error(bimodality(fits, 0.9), class = "gmm1d_error_argument")
})

test_that("fits without standard errors have NA there, without a warning for each", {
  equal <- gmm1d_each(list(faithful$waiting), k = 2)
  equal[[1]]$lambda <- c(0, 1)
  expect_no_warning(table <- modes(equal))
  expect_true(all(is.na(table$std.error)))
})

test_that("the tables are plain data frames for the tidyverse", {
  skip_if_not_installed("dplyr")
  for (decide in decisions) expect_identical(class(decide(fits)), "data.frame")
  found <- dplyr::filter(dplyr::left_join(bimodality(fits), em_test(fits, 1), "group"),
                         bimodal, p.adjusted < 0.05)
  expect_true(all(c("two", "three") %in% found$group))
  expect_false("one" %in% found$group)
})
