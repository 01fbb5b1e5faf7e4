test_that("a fit is a table in documents, and its name is not read as mathematics", {
  skip_if_not_installed("knitr")
  fit <- gmm1d(faithful$waiting)
  expect_s3_class(knitr::knit_print(fit), "knit_asis")
  expect_snapshot(cat(knitr::knit_print(fit)))
  expect_snapshot(cat(knitr::knit_print(gmm1d_each(faithful, k = 1:2), n = 1)))
})

test_that("names are shown as text, whatever they contain", {
  skip_if_not_installed("knitr")
  odd <- c("<script>alert(1)</script>", "a|b *c* `d`", "\033[31mred\033[0m")
  fits <- gmm1d_each(stats::setNames(rep(list(faithful$waiting), 3), odd), k = 1)
  shown <- c(knitr::knit_print(fits), vapply(fits, function(fit) c(knitr::knit_print(fit)), ""))
  expect_no_match(shown[1L], "(?<!\\\\)<|\033", perl = TRUE)
  expect_no_match(shown, "\033", fixed = TRUE)
  expect_match(shown[3L], "`` a|b *c* `d` ``", fixed = TRUE)
  printed <- c(utils::capture.output(print(fits), str(fits), summary(fits)),
               unlist(lapply(fits, function(fit) utils::capture.output(print(fit), summary(fit)))))
  expect_no_match(printed, "\033", fixed = TRUE)
  expect_error(gmm1d_each(stats::setNames(list(1, "a"), odd[2:3])), "\\\\033",
               class = "gmm1d_error")
})

test_that("the observations and ties are described below the table, as in print", {
  x <- c(faithful$waiting, seq(0, 200, 5))
  fit <- gmm1d(x, k = 2, noise = TRUE, relate = list(sigma = "equal", mu = "equal spacing"))
  shown <- paste(knitr::knit_print(fit), collapse = "\n")
  for (line in c("Noise: uniform from 0 to 200", "Means equally spaced by")) {
    expect_match(shown, line, fixed = TRUE)
    expect_output(print(fit), line, fixed = TRUE)
  }
})
