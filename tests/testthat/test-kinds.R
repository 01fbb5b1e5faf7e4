each_kind <- function(check) for (kind in sample_kinds()) check(kind(identity))

test_that("for every kind, intervals and gaps are adjacent and contain all weight", {
  for (kind in sample_kinds()[names(sample_kinds()) != "intervals"]) {  # these overlap
    sample <- kind(identity)
    edges <- edges_of(sample)
    last <- length(edges$w)
    expect_equal(edges$upper[-last], edges$lower[-1L], tolerance = 1e-12)
    expect_true(all(edges$lower <= edges$upper))
    expect_equal(sum(edges$w), sample$n, tolerance = 1e-12)
  }
  expect_error(edges_of(sample_kinds()$intervals(identity)), class = "gmm1d_error_argument")
})

test_that("each point lies in its span, which is finite and within its bounds", {
  each_kind(function(sample) {
    spans <- spans_of(sample)
    bounds <- bounds_of(sample)
    expect_true(all(is.finite(unlist(spans))))
    expect_true(all(spans$lower <= sample$x & sample$x <= spans$upper))
    expect_true(are_exact(sample) ||
                  all(bounds$lower <= spans$lower & spans$upper <= bounds$upper))
  })
})

test_that("every kind gives the length of its columns", {
  each_kind(function(sample) {
    columns <- unclass(sample)[columns_of(sample)]
    expect_identical(unique(lengths(columns)), length(sample$x))
  })
})

test_that("a replicate has the right number of values", {
  each_kind(function(sample) {
    fit <- quietly(gmm1d(sample, k = max(length(sample$label_names), 1L)))
    drawn <- withr::with_seed(1, drawer_like(sample, fit, 50, fit$control)())
    expect_equal(sum(drawn$w), 50)
    expect_identical(are_exact(drawn), are_exact(sample) || is_of_cells(sample))
  })
})

test_that("a sample merged with itself is of its kind and has twice the weights", {
  each_kind(function(sample) {
    both <- c(sample, sample)
    expect_identical(class(both), class(sample))
    for (p in 0:2) expect_equal(sum(both$w * both$x^p), 2 * sum(sample$w * sample$x^p))
    # Values with errors may fall into other cells.
    if (!is.null(sample$error)) return()
    expect_equal(both$w, 2 * sample$w, tolerance = 1e-9)
    expect_equal(both$x, sample$x, tolerance = 1e-9)
  })
})

test_that("an open bin is closed as far from its value as its other edge is", {
  ends <- list(x = c(-1, 1, 5), lower = c(-Inf, 0, -Inf), upper = c(0, Inf, Inf))
  expect_equal(closed_bounds(ends), list(lower = c(-2, 0, 5), upper = c(0, 2, 5)))
})
