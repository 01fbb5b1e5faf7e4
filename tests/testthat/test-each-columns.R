same_fits <- function(fits, others) {
  expect_identical(coef(fits), coef(others))
  expect_identical(glance(fits), glance(others))
}

test_that("a formula, columns, dplyr groups and vectors give the same fits", {
  fits <- gmm1d_each(iris$Petal.Length, iris["Species"], k = 1:3)
  same_fits(gmm1d_each(Petal.Length ~ Species, iris, k = 1:3), fits)
  same_fits(gmm1d_each(iris, Petal.Length, by = Species, k = 1:3), fits)
  same_fits(gmm1d_each(iris, "Petal.Length", by = "Species", k = 1:3), fits)
  wrapper <- function(data, values, groups) {
    gmm1d_each(data, {{ values }}, by = {{ groups }}, k = 1:3)
  }
  same_fits(wrapper(iris, Petal.Length, Species), fits)
  skip_if_not_installed("dplyr")
  grouped <- dplyr::group_by(iris, Species)
  same_fits(gmm1d_each(grouped, Petal.Length, k = 1:3), fits)
  same_fits(gmm1d(grouped, Petal.Length, k = 1:3), fits)
  expect_identical(fits[[2]]$points, squash(grouped, Petal.Length)[[2]])
  expect_identical(attr(squash(grouped, Petal.Length), "groups")$Species, levels(iris$Species) |>
                     factor())
})

test_that("tables in a database have the same groups", {
  skip_if_not_installed("dplyr")
  tbl <- dplyr::copy_to(local_sqlite(), iris, "iris")
  fits <- gmm1d_each(transform(iris, Species = as.character(Species)), Petal.Length, by = Species,
                     k = 1:3)
  for (of_table in list(gmm1d(dplyr::group_by(tbl, Species), Petal.Length, k = 1:3),
                        gmm1d_each(dplyr::group_by(tbl, Species), Petal.Length, k = 1:3),
                        gmm1d_each(tbl, Petal.Length, by = Species, k = 1:3),
                        gmm1d_each(tbl, "Petal.Length", by = "Species", k = 1:3))) {
    expect_equal(coef(of_table), coef(fits), tolerance = 1e-9)
    expect_identical(tidy(of_table)$Species, tidy(fits)$Species)
  }
  expect_error(gmm1d_each(tbl, Petal.Length), "`by`", class = "gmm1d_error_argument")
})

test_that("several grouping columns give the combinations that occur, with keys named as these", {
  fits <- gmm1d_each(mtcars$mpg, mtcars[c("cyl", "am")], k = 1)
  same_fits(gmm1d_each(mpg ~ cyl + am, mtcars, k = 1), fits)
  same_fits(gmm1d_each(mtcars, mpg, by = c(cyl, am), k = 1), fits)
  same_fits(gmm1d_each(mtcars, mpg, by = c("cyl", "am"), k = 1), fits)
  keys <- c("cyl", "am")
  same_fits(gmm1d_each(mtcars, mpg, by = keys, k = 1), fits)
  same_fits(gmm1d_each(mtcars, mpg, by = mtcars[keys], k = 1), fits)
  named <- gmm1d_each(mtcars, mpg, by = c(cylinders = cyl, am), k = 1)
  expect_identical(names(tidy(named))[1:2], c("cylinders", "am"))
  some <- mtcars[!(mtcars$cyl == 4 & mtcars$am == 0), ]
  together <- gmm1d_each(mpg ~ interaction(cyl, am), some, k = 1)
  expect_setequal(names(together), setdiff(names(fits), "4.0"))
  expect_identical(coef(together)[order(names(together)), ],
                   coef(fits)[sort(setdiff(names(fits), "4.0")), ])
})

test_that("weights, errors and subsets are looked up in the data", {
  data <- transform(iris, w = rep(1:2, 75), s = 0.1)
  weighted <- gmm1d_each(data$Petal.Length, data["Species"], k = 1:2, weights = data$w)
  same_fits(gmm1d_each(Petal.Length ~ Species, data, k = 1:2, weights = w), weighted)
  same_fits(gmm1d_each(data, Petal.Length, by = Species, k = 1:2, weights = w), weighted)
  with_errors <- gmm1d_each(data$Petal.Length, data["Species"], k = 1:2, error = data$s)
  same_fits(gmm1d_each(Petal.Length ~ Species, data, k = 1:2, error = s), with_errors)
  same_fits(gmm1d_each(data, Petal.Length, by = Species, k = 1:2, error = s), with_errors)
  same_fits(gmm1d_each(Petal.Length ~ Species, data, k = 1:2, subset = w == 1),
            gmm1d_each(data[data$w == 1, ], Petal.Length, by = Species, k = 1:2))
})

test_that("all dplyr groups are used, including empty ones", {
  skip_if_not_installed("dplyr")
  some <- iris[iris$Species != "setosa", ]
  expect_length(gmm1d(dplyr::group_by(some, Species), Petal.Length, k = 1), 2L)
  kept <- quietly(gmm1d(dplyr::group_by(some, Species, .drop = FALSE), Petal.Length, k = 1))
  expect_identical(names(kept), levels(iris$Species))
  expect_match(glance(kept)$error[1L], "at least one value")
})

test_that("expressions are named as written, and each fit after its column and group", {
  fits <- gmm1d_each(log(Petal.Length) ~ Species, iris, k = 1)
  expect_identical(fits[[1]]$data_name, "log(Petal.Length), setosa")
  same_fits(gmm1d_each(iris, log(Petal.Length), by = Species, k = 1), fits)
  cut_ones <- gmm1d_each(iris, Petal.Length, by = Petal.Width > 1, k = 1)
  expect_identical(names(tidy(cut_ones))[1L], "Petal.Width > 1")
})

test_that("missing and superfluous arguments are errors", {
  expect_error(gmm1d_each(iris, Petal.Length), "`by`", class = "gmm1d_error_argument")
  expect_error(gmm1d_each(iris, by = Species), "`column`", class = "gmm1d_error_argument")
  expect_error(gmm1d_each(iris, Petal.Length, by = Kind), "`Kind`", class = "gmm1d_error_argument")
  expect_error(gmm1d_each(~Petal.Length, iris), "right", class = "gmm1d_error_argument")
  expect_error(gmm1d_each(Petal.Length ~ 1, iris), "right", class = "gmm1d_error_argument")
  expect_error(gmm1d(Petal.Length ~ Species, iris), "gmm1d_each", class = "gmm1d_error_argument")
  skip_if_not_installed("dplyr")
  grouped <- dplyr::group_by(iris, Species)
  expect_error(gmm1d(grouped), "`column`", class = "gmm1d_error_type")
  expect_error(gmm1d(grouped, Petal.Length, labels = Species), "`labels`",
               class = "gmm1d_error_argument")
})
