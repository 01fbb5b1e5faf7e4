test_that("classes and uncertainties are those of the posterior probabilities", {
  fit <- as_fit(marron_wand$claw)
  x <- c(a = 0, b = NA, c = -1, seq(-3, 3, length.out = 997), Inf, -Inf)
  posterior <- predict(fit, x, "posterior")
  known <- !is.na(x)
  expect_identical(predict(fit, x)[known],
                   apply(posterior[known, ], 1L, which.max) |> stats::setNames(names(x)[known]))
  expect_identical(predict(fit, x, "uncertainty"), 1 - do.call(pmax, asplit(posterior, 2L)) |> c())
  expect_identical(predict(fit, x)[["b"]], NA_integer_)
})

test_that("more values than a matrix can have rows are an error, before anything is read", {
  skip_if(.Machine$sizeof.pointer < 8)
  many <- seq_len(2^31 + 5)
  fit <- gmm1d(faithful$waiting, k = 2)
  for (ask in list(function() estep(many, 1, 0, 1), function() mstep(many, matrix(1)),
                   function() predict(fit, many, "posterior"))) {
    expect_error(ask(), "at most 2,147,483,647 values", class = "gmm1d_error_shape")
  }
})
