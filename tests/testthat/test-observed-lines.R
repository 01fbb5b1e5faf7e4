# The lines of print() that say how values were observed.
lines_of <- function(...) gmm1d:::circumstance_lines(quietly(gmm1d(..., k = 2)))
waiting <- faithful$waiting

test_that("exact values need no line", {
  expect_null(lines_of(waiting))
})

test_that("values at or beyond a limit are counted as censored, on either side", {
  lines <- lines_of(waiting, censored = c(50, 85))
  expect_identical(lines, c(
    paste(sum(waiting <= 50), "of 272 values censored (at or below 50)"),
    paste(sum(waiting >= 85), "of 272 values censored (at or above 85)")
  ))
  expect_identical(lines_of(waiting, censored = c(50, NA)), lines[1])
  # They are counted by their weights, also if they lie in a window.
  expect_identical(lines_of(waiting, censored = c(50, 85), weights = rep(2, 272)), c(
    paste(2 * sum(waiting <= 50), "of 544 values censored (at or below 50)"),
    paste(2 * sum(waiting >= 85), "of 544 values censored (at or above 85)")
  ))
  expect_identical(lines_of(waiting, censored = c(50, 85), within = c(40, 100))[1:2], lines)
})

test_that("limits that differ are given as a range", {
  frame <- data.frame(lower = c(rep(-Inf, 5), 2:20), upper = c(1, 1, 3, 2, 1, 2:20))
  expect_identical(lines_of(frame), "5 of 24 values censored (at or below 1 to 3)")
})

test_that("intervals, bins and rounded values have their lines", {
  frame <- data.frame(lower = waiting, upper = waiting + rep(c(0, 2, 5, 0), 68))
  expect_identical(lines_of(frame), "136 of 272 values in intervals, 2 to 5 wide")
  expect_identical(lines_of(waiting, rounding = 1), "Values rounded to 1")
  bins <- hist(waiting, breaks = seq(40, 100, 5), plot = FALSE)
  expect_identical(lines_of(bins), "Counts in 12 bins")
})

test_that("the line on errors gives their range and median", {
  expect_match(lines_of(waiting, error = 1), "^Measurement errors of 1;")
  error <- rep_len(1:3, 272)
  expect_match(lines_of(waiting, error = error), "from 1 to 3 (median 2);", fixed = TRUE)
})

test_that("labels say whether they count for the proportions", {
  labels <- rep(c("a", NA, NA, NA), 68)
  expect_identical(lines_of(waiting, labels = labels),
                   "68 values have labels (a random part of the data)")
  expect_identical(lines_of(waiting, labels = labels, labels_by = "design"),
                   "68 values have labels (controls: not used for the proportions)")
})

test_that("print() and summary() show the lines", {
  fit <- gmm1d(waiting, k = 2, censored = c(50, NA), labels = rep(c("a", NA, NA, NA), 68),
               labels_by = "design")
  expect_snapshot(fit)
  expect_snapshot(summary(fit), transform = some_iterations)
})
