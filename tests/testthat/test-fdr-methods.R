z <- withr::with_seed(1, c(rnorm(900), rnorm(50, 3.5), rnorm(50, -3.5)))
fit <- gmm1d(z, fixed = list(mu = c(0, NA, NA), sigma = c(1, NA, NA)))
rates <- fdr(fit)
values <- as.data.frame(rates)

test_that("summary() counts, and augment() adds columns on request", {
  counts <- summary(rates, q = c(0.05, 0.1))
  for (i in 1:2) {
    called <- values$q.value <= counts$q.value[i]
    expect_identical(counts$called[i], as.double(sum(called)))
    expect_equal(counts$expected.null[i], sum(values$fdr[called]))
    expect_equal(counts$largest.fdr[i], max(values$fdr[called]))
  }
  expect_identical(summary(fdr(fit, newdata = 0), q = 0.1)$largest.fdr, NA_real_)
  expect_equal(unlist(tidy(rates)[-1]), unlist(rates$pi0[1:4]))
  added <- augment(fit, null = 2)
  expect_identical(added$.fdr, values$fdr)
  expect_identical(added$.q.value, values$q.value)
  expect_false(any(c(".fdr", ".q.value") %in% names(augment(fit))))
  new <- augment(fit, newdata = c(3, NA), null = 2)
  expect_identical(new$.q.value, fdr(fit, 2, newdata = c(3, NA))$values$q.value)
  expect_identical(row.names(as.data.frame(fdr(fit, newdata = 1:2), row.names = c("a", "b"))),
                   c("a", "b"))
})

test_that("print says what the null is, how many values are called, and where", {
  waiting <- gmm1d(~ waiting, data = faithful)
  expect_snapshot({
    rates
    fdr(waiting, 1)
    fdr(fit, newdata = c(0, 3, 5))
    fdr(fit, c(1, 3))
    fdr(gmm1d(z, error = 1, fixed = list(mu = c(0, NA, NA), sigma = c(0, NA, NA))))
    fdr(gmm1d(z, k = 1))
  })
  expect_invisible(print(rates)) |> capture.output()
})

test_that("the plots look as they should", {
  skip_on_cran()
  skip_if_not_installed("vdiffr")
  vdiffr::expect_doppelganger("two sides", function() plot(rates))
  one_side <- fdr(gmm1d(~ waiting, data = faithful), 1)
  vdiffr::expect_doppelganger("one side", function() {
    plot(one_side, q = 0.01, col = c("black", "red"), main = "Waiting", ylab = "Both", las = 1)
  })
  vdiffr::expect_doppelganger("nothing called", function() plot(fdr(gmm1d(z, k = 1))))
})
