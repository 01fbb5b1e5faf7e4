mixtures <- function() {
  list(
    gmm1d(c(-1, 0, 1, 2), k = 1),
    gmm1d(faithful$waiting, k = 2),
    gmm1d(faithful$waiting, k = 2, variance = "equal"),
    gmm1d(galaxies, k = 3),
    gmm1d(1e6 + quakes$depth / 1000, k = 4)
  )
}

# Values near, far, at the means, and at the ends of the range of doubles.
places <- function(fit) {
  c(fit$mu, fit$mu[1] + c(-1e3, -30, -1, 1, 30, 1e3) * max(fit$sigma), seq(-3, 3, 0.25) * 20,
    0, 1e-200, -1e-320, 1e15, -1e15, NA)
}

# Compares predictions in SQL with those in R, for values and perhaps their errors.
expect_as_predicted <- function(fit, connection, x = places(fit), error = NULL, tolerance = 1e-11,
                                types = c("class", "posterior", "uncertainty", "density",
                                          "logdensity", "component")) {
  rows <- data.frame(id = seq_along(x), x = x, e = if (is.null(error)) 0 else error)
  send_table(connection, "places", rows,
             c(id = "integer", x = "double precision", e = "double precision"))
  tbl <- suppressWarnings(dplyr::tbl(connection, "places"))
  for (type in types) {
    found <- dplyr::collect(if (is.null(error)) predict(fit, tbl, type = type, column = x)
                            else predict(fit, tbl, type = type, column = x, error = e))
    found <- as.matrix(found[order(found$id), -(1:3)])
    expected <- as.matrix(predict(fit, x, type = type, error = error))
    expect_equal(unname(found), unname(expected),
                 tolerance = if (type == "class") 0 else tolerance)
  }
}

test_that("SQLite and DuckDB predict as R does", {
  for (connection in local_engines()) {
    for (fit in mixtures()) expect_as_predicted(fit, connection)
  }
})

test_that("PostgreSQL predicts as R does, and never overflows", {
  connection <- local_postgres()
  for (fit in mixtures()) expect_as_predicted(fit, connection)
  send_table(connection, "extreme", data.frame(x = c("NaN", "Infinity", "-Infinity", "1e300")),
             c(x = "double precision"))
  tbl <- dplyr::tbl(connection, "extreme")
  fit <- mixtures()[[2]]
  expect_identical(dplyr::collect(predict(fit, tbl, column = x))$.class, c(NA, 1L, 1L, 1L))
  expect_equal(dplyr::collect(predict(fit, tbl, "density", column = x))$.density, c(NaN, 0, 0, 0))
})

test_that("values so far out that only differences distinguish components are predicted as in R", {
  connection <- local_sqlite()
  x <- c(1e10, -1e20, 1e150, 1e300, -1e300, 66, NA)
  fits <- list(
    gmm1d(faithful$waiting, k = 2, variance = "equal"), gmm1d(faithful$waiting, k = 2),
    gmm1d(galaxies, k = 4, variance = "equal"),
    as_gmm1d(list(lambda = c(0, 1), mu = c(0, 1), sigma = c(1, 1)), x = faithful$waiting),
    gmm1d(faithful$waiting * 1e290, k = 2)
  )
  tbl <- dplyr::copy_to(connection, data.frame(x = x), "far")
  for (fit in fits) {
    for (type in c("posterior", "component", "density", "uncertainty")) {
      found <- as.matrix(dplyr::collect(predict(fit, tbl, type, column = x))[-1])
      expect_equal(unname(found), unname(as.matrix(predict(fit, x, type))), tolerance = 1e-9)
    }
  }
})

test_that("components of very different scales are predicted as in R", {
  connection <- local_sqlite()
  scales <- wide_scales()
  for (m in scales[c(seq(1L, length(scales), by = 9L), length(scales) - 0:3)]) {
    fit <- as_fit(m)
    x <- points_around(m)
    cuts <- cuts_of(m)$cutpoint
    x <- x[vapply(x, function(at) all(abs(at - cuts) > small_steps(cuts, m)), NA)]
    tbl <- dplyr::copy_to(connection, data.frame(x = x), "scales", overwrite = TRUE)
    expect_identical(dplyr::collect(predict(fit, tbl, column = x))$.class, predict(fit, x))
    if (m$k > 2L) next  # the query would be long
    found <- as.matrix(dplyr::collect(predict(fit, tbl, "posterior", column = x))[-1L])
    expect_equal(unname(found), unname(predict(fit, x, "posterior")), tolerance = 1e-6)
  }
})

test_that("the column of a fit is an expression, with variables as they were then", {
  skip_if_not_installed("dbplyr")
  tbl <- dplyr::copy_to(local_sqlite(), stats::setNames(faithful, c("2020", "a b")), "odd")
  by <- 1
  fits <- list(gmm1d(tbl, `2020`, k = 2), gmm1d(tbl, "2020", k = 2), gmm1d(tbl, `2020` * by, k = 2))
  by <- 10
  for (fit in fits) {
    expect_equal(dplyr::collect(predict(fit, tbl))$.class, predict(fit, faithful$eruptions))
  }
  expect_equal(dplyr::collect(predict(gmm1d(tbl, "a b", k = 2), tbl))$.class,
               predict(gmm1d(faithful$waiting, k = 2)))
})

test_that("columns of the table are not overwritten", {
  skip_if_not_installed("dbplyr")
  rows <- data.frame(.x = 1, .m = 2, .total = 3, ._x = 4, y = faithful$waiting)
  tbl <- dplyr::copy_to(local_sqlite(), rows, "dots")
  fit <- gmm1d(tbl, y, k = 2)
  found <- as.data.frame(dplyr::collect(predict(fit, tbl, "posterior")))
  expect_equal(found[1:5], rows)
  expect_error(predict(fit, dplyr::mutate(tbl, .class = 1)), class = "gmm1d_error_argument")
})

test_that("the column used is that of the fit, and other columns are kept", {
  skip_if_not_installed("dbplyr")
  tbl <- dplyr::copy_to(local_sqlite(), faithful, "geysers")
  fit <- gmm1d(tbl, waiting, k = 2)
  found <- dplyr::collect(predict(fit, tbl))
  expect_named(found, c("eruptions", "waiting", ".class"))
  expect_equal(found$.class, predict(fit, faithful$waiting))
  counts <- dplyr::collect(dplyr::count(predict(fit, tbl), .data$.class))
  expect_identical(as.double(counts$n), as.double(table(predict(fit, faithful$waiting))))
  expect_error(predict(gmm1d(faithful$waiting, k = 2), tbl), class = "gmm1d_error_argument")
  expect_error(predict(fit, tbl, type = "cdf"), class = "gmm1d_error_argument")
  expect_error(predict(fit, tbl, column = nowhere), class = "gmm1d_error_argument")
})

test_that("predictions of every backend", {
  skip_if_not_installed("dbplyr", "2.3.0")
  fit <- gmm1d(faithful$waiting, k = 2, variance = "equal")
  backends <- grep("^simulate_(?!vars)", getNamespaceExports("dbplyr"), value = TRUE, perl = TRUE)
  for (backend in sort(backends)) {
    tbl <- dbplyr::lazy_frame(value = 1, con = getExportedValue("dbplyr", backend)())
    sql <- function(type) dbplyr::sql_render(predict(fit, tbl, type, column = value))
    expect_match(sql("class"), "CAST")
    expect_match(sql("posterior"), "EXP", ignore.case = TRUE)
  }
  # Later versions quote names as each backend does.
  skip_if(utils::packageVersion("dbplyr") >= "2.6.0", "dbplyr writes other SQL")
  # The last digits of estimates depend on the compiler.
  rounded <- function(lines) gsub("([0-9][.][0-9]{8})[0-9]+(e[+-][0-9]+)", "\\1\\2", lines)
  expect_snapshot(predict(fit, tbl, "class", column = value), transform = rounded)
  expect_snapshot(predict(fit, tbl, "posterior", column = value), transform = rounded)
})

test_that("a fit by formula takes a column as its variable", {
  skip_if_not_installed("dbplyr")
  offset <- 3
  new <- data.frame(depth = c(50, 100, 300, 500), stations = c(10, 20, 30, 40))
  tbl <- dplyr::copy_to(local_sqlite(), new, "formulas")
  found <- function(fit, ...) dplyr::collect(predict(fit, tbl, "density", ...))$.density
  for (formula in list(~depth, ~ I(depth^2), ~ log(depth + offset))) {
    fit <- gmm1d(formula, quakes, k = 2)
    expected <- unname(predict(fit, new$depth, "density"))
    expect_equal(found(fit), expected)
    expect_equal(found(fit, column = depth), expected)
    expect_equal(found(fit, column = 2 * stations),
                 unname(predict(fit, 2 * new$stations, "density")))
  }
  ratio <- gmm1d(~ I(depth / stations), quakes, k = 2)
  expect_equal(found(ratio), unname(predict(ratio, new, "density")))
  expect_error(predict(ratio, tbl, column = depth), class = "gmm1d_error_argument")
  expect_error(predict(gmm1d(~mag, quakes, k = 2), tbl), "`mag`", class = "gmm1d_error_argument")
})

seen_fits <- function() {
  set.seed(21)
  error <- c(0, runif(199, 0.1, 2))
  x <- c(rnorm(120, 10), rnorm(80, 15)) + rnorm(200, 0, error)
  list(
    gmm1d(x, k = 2, error = error), gmm1d(x, k = 3, error = 0.5),
    gmm1d(x, k = 2, error = pmax(error, 0.2), fixed = list(sigma = 0)),
    gmm1d(c(faithful$waiting, seq(0, 200, 5)), k = 2, noise = c(0, 200)),
    gmm1d(pmax(faithful$waiting, 50), k = 2, censored = c(50, 90)),
    gmm1d(faithful$waiting, k = 2, within = c(40, 100))
  )
}

expect_seen_as_predicted <- function(fit, connection) {
  x <- c(fit$mu, seq(-30, 130, length.out = 40), 50, 90, 1e5, -1e9, NA)
  is_censored <- !is.null(fit$observed$censored)
  types <- c("class", "posterior", "uncertainty", "density", "logdensity", "component",
             if (!is_censored) "value")
  error <- if (!is_censored && is.null(fit$noise)) rep_len(c(0.5, 2, 1e-20, 30, 0.1), length(x))
  expect_as_predicted(fit, connection, x, error, tolerance = 1e-9, types)
}

test_that("values with errors, noise and limits are predicted in SQL as in R", {
  for (connection in local_engines()) {
    for (fit in seen_fits()) expect_seen_as_predicted(fit, connection)
  }
})

test_that("values with errors, noise and limits are predicted in PostgreSQL as in R", {
  connection <- local_postgres()
  for (fit in seen_fits()) expect_seen_as_predicted(fit, connection)
  rows <- data.frame(x = c("NaN", "Infinity", "-1e300", "1", "1"),
                     e = c("1", "1", "1e-200", "NaN", "-1"))
  send_table(connection, "extreme", rows, c(x = "double precision", e = "double precision"))
  tbl <- dplyr::tbl(connection, "extreme")
  found <- dplyr::collect(predict(seen_fits()[[1]], tbl, "density", column = x, error = e))
  expect_equal(found$.density, c(NA, 0, 0, NA, NA))
})

test_that("the errors of a table are those of the fit, unless others are named", {
  skip_if_not_installed("dbplyr")
  set.seed(22)
  rows <- data.frame(x = rnorm(100, rep(c(0, 8), 50)), e = runif(100))
  tbl <- dplyr::copy_to(local_sqlite(), rows, "rows")
  fit <- gmm1d(tbl, x, k = 2, error = e)
  vector <- gmm1d(rows$x, k = 2, error = rows$e)
  found <- dplyr::collect(predict(fit, tbl, "value"))
  expect_equal(as.matrix(found[c(".value", ".sd")]), predict(vector, type = "value"),
               ignore_attr = "dimnames")
  found <- dplyr::collect(predict(fit, tbl, "value", error = 2 * e))
  expect_equal(found$.value, predict(vector, rows$x, "value", error = 2 * rows$e)[, "value"])
  found <- dplyr::collect(predict(gmm1d(tbl, x, k = 2, error = 0.5), tbl, "density"))
  expect_equal(found$.density, predict(gmm1d(rows$x, k = 2, error = 0.5), type = "density"))
  expect_error(predict(vector, tbl, column = x), class = "gmm1d_error_argument")
  limits <- gmm1d(rows$x, k = 2, censored = c(-1, 9))
  expect_error(predict(limits, tbl, column = x, error = e), class = "gmm1d_error_argument")
  expect_error(predict(limits, tbl, "value", column = x), class = "gmm1d_error_argument")
  noise <- gmm1d(tbl, x, k = 2, error = e, noise = TRUE)
  expect_error(predict(noise, tbl), class = "gmm1d_error_argument")
  missing <- dplyr::mutate(tbl, e = dplyr::case_when(e > 0.5 ~ e))
  expect_identical(is.na(dplyr::collect(predict(fit, missing))$.class), rows$e <= 0.5)
})

test_that("classes in order and labels are those of R", {
  for (connection in local_engines()) {
    for (fit in mixtures()) {
      x <- c(places(fit), cutpoints(fit, monotone = TRUE)$cutpoint)
      send_table(connection, "places", data.frame(id = seq_along(x), x = x),
                 c(id = "integer", x = "double precision"))
      tbl <- suppressWarnings(dplyr::tbl(connection, "places"))
      found <- dplyr::collect(predict(fit, tbl, column = x, monotone = TRUE))
      expect_identical(as.integer(found$.class[order(found$id)]), predict(fit, x, monotone = TRUE))
      names(fit) <- paste("it's", letters[seq_len(fit$k)])
      found <- dplyr::collect(predict(fit, tbl, "label", column = x, monotone = TRUE))
      expect_identical(found$.label[order(found$id)],
                       as.character(predict(fit, x, "label", monotone = TRUE)))
    }
  }
})

test_that("labels beside noise, errors and limits are those of R; these have no classes in order", {
  x <- c(places(gmm1d(faithful$waiting, k = 2)), 45, 150)
  noisy <- gmm1d(c(faithful$waiting, seq(0, 200, 5)), noise = TRUE, k = 2)
  limited <- gmm1d(pmax(faithful$waiting, 50), censored = c(50, NA), k = 2)
  connection <- local_sqlite()
  send_table(connection, "places", data.frame(id = seq_along(x), x = x),
             c(id = "integer", x = "double precision"))
  tbl <- suppressWarnings(dplyr::tbl(connection, "places"))
  for (fit in list(noisy, limited)) {
    names(fit) <- c("short", "long")
    found <- dplyr::collect(predict(fit, tbl, "label", column = x))
    expect_identical(found$.label[order(found$id)], as.character(predict(fit, x, "label")))
  }
  found <- dplyr::collect(predict(noisy, tbl, column = x, monotone = TRUE))
  expect_identical(as.integer(found$.class[order(found$id)]), predict(noisy, x, monotone = TRUE))
  expect_error(predict(limited, tbl, column = x, monotone = TRUE), class = "gmm1d_error_argument")
  expect_error(predict(noisy, tbl, column = x, error = x, monotone = TRUE),
               class = "gmm1d_error_argument")
})
