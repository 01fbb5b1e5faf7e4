# The differences from the estimates of the vector, in standard errors, which bound the effect of
# squashing.
expect_same_fit <- function(fit, other, within = 1e-6) {
  expect_identical(fit$n, other$n)
  expect_identical(fit$n_missing, other$n_missing)
  expect_identical(fit$k, other$k)
  error <- sqrt(diag(quietly(vcov(other))))
  # At a bound, a sigma has no standard error.
  if (anyNA(error)) return(expect_equal(coef(fit), coef(other), tolerance = within))
  away <- (coef(fit) - coef(other)) / error
  expect_lt(max(abs(away[error > 0])), within)
}

table_of_values <- function(connection, x, name = "data") {
  dplyr::copy_to(connection, data.frame(x = x), name, overwrite = TRUE)
}

# Three components, one of them narrow, far from 0, with more distinct values than are kept exactly.
three_components <- function(n = 20000) {
  set.seed(1)
  c(rnorm(0.5 * n, 100), rnorm(0.4 * n, 105, 0.5), rnorm(0.1 * n, 110, 0.05))
}

test_that("SQLite, PostgreSQL, its shards and streams give the fit of the vector", {
  x <- c(three_components(), NA, NaN)
  vector <- gmm1d(x, k = 3)
  for (connection in local_engines()) {
    expect_same_fit(gmm1d(table_of_values(connection, x), x, k = 3), vector)
  }

  rows <- data.frame(x = x, shard = rep(1:3, length.out = length(x)))
  coordinator <- local_shards(rows)
  sharded <- dplyr::tbl(coordinator, "sharded")
  expect_same_fit(gmm1d(sharded, x, k = 3, shard = shard), vector)
  expect_same_fit(gmm1d(sharded, "x", k = 3), vector)

  for (chunks in c(1, 7, 1000)) {
    expect_same_fit(gmm1d(reader_of(x, chunks), k = 3), vector)
  }
})

test_that("columns of every numeric type are read as doubles, NULL and NaN as missing", {
  connection <- local_postgres()
  whole <- c(faithful$waiting, NA)
  fit <- gmm1d(whole)
  for (type in c("integer", "bigint", "real", "numeric", "double precision")) {
    send_table(connection, "typed", data.frame(x = whole), c(x = type))
    expect_same_fit(gmm1d(dplyr::tbl(connection, "typed"), x), fit)
  }
  texts <- c(format(three_components(5000), digits = 17), NA, "NaN", "NaN")
  send_table(connection, "typed", data.frame(x = texts), c(x = "double precision"))
  expect_same_fit(gmm1d(dplyr::tbl(connection, "typed"), x, k = 3),
                  gmm1d(as.numeric(texts), k = 3))
  send_table(connection, "typed", data.frame(x = c(texts, "-Infinity")),
             c(x = "double precision"))
  expect_error(squash(dplyr::tbl(connection, "typed"), x), class = "gmm1d_error_infinite")
})

test_that("values kept exactly are bitwise those of the vector", {
  connection <- local_sqlite()
  for (x in list(faithful$waiting, faithful$eruptions, quakes$mag, c(0.1, 0.2, 0.3, NA))) {
    squashed <- squash(table_of_values(connection, x), x)
    if (is.null(squashed$cells)) expect_identical(squashed, squash(x))
    expect_equal(squashed$step, squash(x)$step)
  }
})

test_that("weights count rows as the vector's do", {
  skip_if_not_installed("dbplyr")
  set.seed(3)
  x <- three_components(8000)
  w <- rpois(8000, 2)
  tbl <- dplyr::copy_to(local_sqlite(), data.frame(x = x, w = w), "weighted")
  expect_same_fit(gmm1d(tbl, x, k = 3, weights = w), gmm1d(x, k = 3, weights = w))
  expect_error(gmm1d(tbl, x, weights = w - 1), class = "gmm1d_error_range")
  expect_error(gmm1d(tbl, x, weights = ifelse(w == 0, NA, w)), class = "gmm1d_error_missing")
})

test_that("the database evaluates expressions and dplyr verbs", {
  skip_if_not_installed("dbplyr")
  tbl <- dplyr::copy_to(local_sqlite(), iris, "iris")
  fit <- gmm1d(dplyr::filter(tbl, .data$Species != "setosa"), log(Petal.Length), k = 2)
  expect_same_fit(fit, gmm1d(log(iris$Petal.Length[iris$Species != "setosa"]), k = 2))
  expect_identical(fit$data_name, "log(Petal.Length)")
})

test_that("a table with groups gives one fit per group, from one scan", {
  skip_if_not_installed("dbplyr")
  tbl <- dplyr::copy_to(local_sqlite(), iris, "iris")
  fits <- gmm1d(dplyr::group_by(tbl, .data$Species), Petal.Length, k = 1:2)
  expected <- gmm1d_each(iris$Petal.Length, as.character(iris$Species), k = 1:2)
  expect_equal(coef(fits), coef(expected), ignore_attr = "dimnames")
  expect_identical(tidy(fits)$Species, tidy(expected)$group)
})

test_that("column names do not matter, even those that the queries use", {
  skip_if_not_installed("dbplyr")
  set.seed(7)
  names <- c("x", "w", "g1", "shard", "raw", "t", "u", "j", "level", "rows", "low", "a b", "select")
  columns <- as.data.frame(matrix(rnorm(40 * length(names)), 40))
  names(columns) <- names
  columns$x <- abs(columns$x)
  columns$g1 <- rep(1:2, 20)
  tbl <- dplyr::copy_to(local_sqlite(), columns, "odd")
  for (name in names) {
    expect_same_fit(gmm1d(tbl, !!rlang::sym(name), k = 1), gmm1d(columns[[name]], k = 1))
  }
  expect_same_fit(gmm1d(tbl, u, k = 1, weights = x), gmm1d(columns$u, k = 1, weights = columns$x))
  grouped <- gmm1d(dplyr::group_by(tbl, .data$g1), w, k = 1)
  expect_equal(coef(grouped), coef(gmm1d_each(columns$w, columns$g1, k = 1)),
               ignore_attr = "dimnames")
})

test_that("groups are distinguished by the values of their keys, not by text", {
  skip_if_not_installed("dbplyr")
  keys <- list(c("NA", NA), c(0.3, 0.1 + 0.2), c(1L, NA))
  for (key in keys) {
    rows <- data.frame(g = rep(key, 9), x = 1:18)
    tbl <- dplyr::copy_to(local_sqlite(), rows, "keys")
    fits <- gmm1d(dplyr::group_by(tbl, .data$g), x, k = 1)
    expect_equal(sort(coef(fits)[, "mu1"]), c(9, 10), ignore_attr = "names")
  }
})

test_that("each group has cells as fine as it needs, and a group that cannot be fitted has a row", {
  skip_if_not_installed("dbplyr")
  set.seed(8)
  rows <- data.frame(
    g = rep(c("narrow", "wide", "far", "none", "one"), c(9000, 6000, 6001, 5, 5)),
    x = c(rnorm(8000), rnorm(1000, 1, 1e-5), rnorm(6000, sd = 3), rnorm(3000), rnorm(3000, 6), 1e9,
          rep(NA, 5), rep(2, 5))
  )
  tbl <- dplyr::copy_to(local_sqlite(), rows, "groups")
  expect_warning(fits <- gmm1d(dplyr::group_by(tbl, .data$g), x, k = 2),
                 class = "gmm1d_warning_failed")
  for (name in c("narrow", "wide", "far")) {
    # The sigma of a penalised component is held at a value that depends on the scale of the points.
    expected <- quietly(gmm1d(rows$x[rows$g == name], k = 2))
    expect_same_fit(fits[[name]], expected, within = if (expected$penalised) 1e-2 else 1e-6)
  }
  errors <- glance(fits)$error
  expect_match(errors[glance(fits)$g == "none"], "5 rows")
  expect_match(errors[glance(fits)$g == "one"], "distinct")
  expect_error(squash(dplyr::group_by(tbl, .data$g), x), class = "gmm1d_error_empty")
})

test_that("neither far values nor rows without weight hide the others", {
  set.seed(9)
  x <- c(rnorm(2500), rnorm(2500, 6))
  for (far in c(1e8, 1e20, -1e300)) for (connection in local_engines()) {
    expect_same_fit(quietly(gmm1d(table_of_values(connection, c(x, far)), x, k = 3)),
                    quietly(gmm1d(c(x, far), k = 3)), within = 1e-3)
    tbl <- dplyr::copy_to(connection, data.frame(x = c(x, far), w = c(rep(1, 5000), 0)), "none",
                          overwrite = TRUE)
    expect_same_fit(gmm1d(tbl, x, k = 2, weights = w), gmm1d(x, k = 2))
  }
})

test_that("regions of several groups are joined, each place as fine as the finest", {
  region <- gmm1d:::region
  regions <- list(region(3, 0, 9, 5), region(3, 5, 20, 7), region(3, 30, 31, 4), region(2, 0, 1, 9))
  joined <- gmm1d:::union_of(regions)
  expect_equal(joined[joined$level == 3, ], data.frame(
    level = 3, from = c(0, 5, 30), to = c(4, 20, 31), finer = c(5, 7, 4)
  ), ignore_attr = "row.names")
  expect_equal(nrow(joined), 4)
  expect_lte(nrow(gmm1d:::union_of(lapply(1:300, function(i) region(1, 3 * i, 3 * i, 2)))), 100)
})

test_that("two queries are enough, and a third for a narrow component", {
  skip_if_not_installed("dbplyr")
  count <- function(x, k = NULL) {
    tbl <- table_of_values(local_sqlite(), x)
    asked <- 0
    query <- squash(tbl, x, show_query = TRUE)
    while (inherits(query, "squash_query")) {
      query <- squash(query, as.data.frame(dplyr::collect(query$query)))
      asked <- asked + 1
    }
    asked
  }
  set.seed(4)
  expect_identical(count(rnorm(20000)), 2)
  expect_identical(count(c(rnorm(20000), rep(3, 5000), 3 + rnorm(1000, sd = 1e-6))), 3)
})

test_that("values far out and fill values take few queries, and change nothing near", {
  skip_if_not_installed("dbplyr")
  set.seed(1)
  x <- c(rnorm(10000, 0, 3), rnorm(10000, 10, 3))
  far <- list(1e6, 1e20, 1e300, c(1e300, -5e299), .Machine$double.xmax, rep(-9999, 50),
              rep(1e20, 3), rep(9.96921e36, 500), c(rep(-9999, 5), rep(1e20, 3), 9.96921e36),
              c(rep(0, 500), .Machine$double.xmax), c(1e-300, -1e-300, 1e300))
  for (engine in local_asked()) {
    for (some in far) {
      engine$send("far", data.frame(x = c(x, some)))
      ask <- counting(engine$ask)
      fit <- quietly(gmm1d(sql_table("far", "x", engine$dialect), x, k = 3, ask = ask))
      expect_lte(count_asked(ask), 6)
      # The sigma of a penalised component depends on the scale of the points.
      expect_equal(coef(fit), coef(quietly(gmm1d(c(x, some), k = 3))), tolerance = 2e-3)
    }
  }
})

test_that("never more than eight queries are asked, whatever the data", {
  skip_if_not_installed("dbplyr")
  set.seed(2)
  data <- list(10^runif(2000, -300, 300), c(0, 10^seq(-300, 300, 0.2)),
               1 + rep(c(-1, 1), each = 3000) * 10^-runif(6000, 0, 300),
               c(10^runif(2000, -300, 300) * c(-1, 1), rep(0, 300)))
  for (engine in local_asked()[1L]) {
    for (x in data) {
      engine$send("wide", data.frame(x = x))
      ask <- counting(engine$ask)
      points <- quietly(squash(sql_table("wide", "x", engine$dialect), x, ask = ask))
      expect_lte(count_asked(ask), 8)
      expect_identical(points$n, as.double(length(x)))
      expect_equal(max(points$x), max(x), tolerance = 1e-4)
    }
  }
})

test_that("a cell of one value is that value, at any distance", {
  skip_if_not_installed("dbplyr")
  set.seed(3)
  for (far in c(1e6, -1e9, 1e15 / 3, 1e100 / 3, 1e300 / 7)) {
    x <- c(rnorm(20000), rep(far, 3))
    points <- squash(table_of_values(local_sqlite(), x), x)
    at <- which.max(abs(points$x))
    expect_equal(points$x[at], far, tolerance = 1e-15)
    expect_identical(points$w[at], 3)
    expect_identical(points$width[at], 0)
  }
})

test_that("tiers beside 0 cover each magnitude once, and are aligned with their cells", {
  extents <- function(low, high) {
    data.frame(level = -60, index = if (low < 0) -1 else 0, low = low, high = high)
  }
  for (ends in list(c(1e-4, 1e18), c(-1e18, -1e-4), c(1e-300, 1e18), c(1, 3), c(-2, -1))) {
    tiers <- gmm1d:::tiers_in_cell(-60, if (ends[1L] < 0) -1 else 0, extents(ends[1L], ends[2L]))
    expect_lte(nrow(tiers), 25)
    expect_true(all(tiers$finer >= tiers$level))
    lower <- tiers$from * 2^-tiers$level
    upper <- (tiers$to + 1) * 2^-tiers$level
    in_order <- order(lower)
    expect_identical(upper[in_order][-nrow(tiers)], lower[in_order][-1L])
    expect_true(min(lower) <= ends[1L] && max(upper) >= ends[2L])
    expect_true(all((tiers$to - tiers$from) * 2^(tiers$finer - tiers$level) <= 2^17))
  }
})

test_that("a distant value does not hide the others", {
  skip_if_not_installed("dbplyr")
  set.seed(5)
  x <- c(rnorm(20000), rnorm(10000, 6), 1e12, -1e9)
  squashed <- squash(table_of_values(local_sqlite(), x), x)
  expect_identical(squashed$n, 30002)
  near <- squashed$x[abs(squashed$x) < 100]
  expect_gt(length(near), 500)  # 16 cells in a sigma, with several points each
})

test_that("rounded values are treated as intervals, as in a vector, without more queries", {
  set.seed(1)
  two <- c(rnorm(3000), rnorm(2000, 4, 0.3))
  data <- list(list(quakes$mag, 0.1), list(round(two, 1), 0.1), list(round(two, 3), 0.001),
               list(round(c(two, 1e4), 1), 0.1), list(round(1000 * two[1:3000]), 1))
  for (connection in local_engines()) {
    for (one in data) {
      tbl <- table_of_values(connection, one[[1L]])
      expect_identical(squash(tbl, x, rounding = one[[2L]])[c("x", "w", "lower", "upper")],
                       squash(one[[1L]], rounding = one[[2L]])[c("x", "w", "lower", "upper")])
      query <- squash(tbl, x, rounding = one[[2L]], show_query = TRUE)
      query <- squash(query, DBI::dbGetQuery(connection, query$sql))
      expect_s3_class(squash(query, DBI::dbGetQuery(connection, query$sql)), "squashed_rounded")
    }
    fit <- gmm1d(table_of_values(connection, round(two, 1)), x, rounding = 0.1, k = 2)
    expect_identical(fit[1:6], gmm1d(round(two, 1), rounding = 0.1, k = 2)[1:6])
  }
})

test_that("rounded values of many groups, or in many cells, give the fits of vectors", {
  set.seed(1)
  connection <- local_sqlite()
  rows <- data.frame(g = rep(c("a", "b"), each = 500), x = round(rnorm(1000, rep(0:1, 500)), 1))
  tbl <- dplyr::group_by(dplyr::copy_to(connection, rows, "rows"), g)
  expect_identical(coef(gmm1d(tbl, x, k = 1:2, rounding = 0.1)),
                   coef(gmm1d_each(x ~ g, rows, k = 1:2, rounding = 0.1)))
  x <- round(c(rnorm(20000, 0, 1e4), rnorm(20000, 5e4, 2000)))
  fit <- gmm1d(table_of_values(connection, x), x, k = 2, rounding = 1)
  expect_s3_class(fit$points, "squashed_cells")
  expect_same_fit(fit, gmm1d(x, k = 2, rounding = 1))
  narrow <- round(c(rnorm(20000, 0, 1e5), rnorm(500, 5e4, 20)))
  expect_same_fit(gmm1d(table_of_values(connection, narrow), x, k = 2, rounding = 1),
                  gmm1d(narrow, k = 2, rounding = 1))
})

test_that("`rounding` is an error if the values are not rounded to it, or with `error`", {
  tbl <- table_of_values(local_sqlite(), c(1, 1.5, 2.25))
  expect_error(squash(tbl, x, rounding = 0.5), "`rounding`", class = "gmm1d_error_range")
  expect_error(squash(tbl, x, rounding = 0.5, error = 1), "`error`", class = "gmm1d_error_argument")
  expect_error(squash(tbl, x, rounding = 0.25, within = c(0.9, 3)), "`within`",
               class = "gmm1d_error_range")
})

test_that("each shard groups its own rows", {
  set.seed(6)
  rows <- data.frame(x = rnorm(3000), shard = rep(1:3, 1000))
  coordinator <- local_shards(rows)
  query <- squash(dplyr::tbl(coordinator, "sharded"), x, shard = shard, show_query = TRUE)
  while (inherits(query, "squash_query")) {
    plan <- plan_of(coordinator, query$sql)
    remote <- regmatches(plan, gregexpr("Remote SQL: [^\n]*", plan))[[1L]]
    expect_length(remote, 3L)
    expect_match(remote, "GROUP BY")
    expect_match(plan, "Async Foreign Scan")
    query <- squash(query, DBI::dbGetQuery(coordinator, query$sql))
  }
  expect_same_fit(gmm1d(query, k = 1), gmm1d(rows$x, k = 1))
})

test_that("queries of every backend", {
  skip_if_not_installed("dbplyr", "2.3.0")
  backends <- grep("^simulate_(?!vars)", getNamespaceExports("dbplyr"), value = TRUE, perl = TRUE)
  query_of <- function(backend) {
    tbl <- dbplyr::lazy_frame(value = 1, count = 1L, con = getExportedValue("dbplyr", backend)())
    squash(tbl, value, weights = count, show_query = TRUE)
  }
  answer <- data.frame(rows = 9, low = -1e6, high = 90, mean = 4, sd = 2, w_known = 9, w_low = 1,
                       w_high = 3, texts = 0)
  for (backend in backends) expect_match(squash(query_of(backend), answer)$sql, "GROUP BY")
  # Later versions know more backends, and quote names as each of them does.
  skip_if(utils::packageVersion("dbplyr") >= "2.6.0", "dbplyr writes other SQL")
  for (backend in sort(backends)) {
    query <- query_of(backend)
    expect_snapshot({
      cat(backend)
      query
      squash(query, data.frame(rows = 9, low = -1e6, high = 90, mean = 4, sd = 2, w_known = 9,
                               w_low = 1, w_high = 3, texts = 0))
    })
  }
})

test_that("errors have a class, and nothing is left behind", {
  connection <- local_sqlite()
  tbl <- dplyr::copy_to(connection, data.frame(x = c(1, 2), text = c("a", "b"), none = NA_real_,
                                               one = 3), "small")
  tables <- DBI::dbListTables(connection)
  expect_error(gmm1d(tbl), class = "gmm1d_error_argument")
  expect_error(gmm1d(tbl, nowhere), class = "gmm1d_error_argument")
  expect_error(gmm1d(tbl, text), class = "gmm1d_error_type")
  expect_error(gmm1d(tbl, none), class = "gmm1d_error_empty")
  expect_error(gmm1d(dplyr::filter(tbl, .data$x > 9), x), class = "gmm1d_error_empty")
  expect_error(gmm1d(tbl, one), class = "gmm1d_error_constant")
  expect_error(gmm1d(tbl, no_function_of_sqlite(x)), "no such function",
               class = "gmm1d_error_database")
  for (column in rlang::exprs("", NULL, 3, ~x, faithful$waiting, x + nowhere, c("x", "one"))) {
    expect_error(gmm1d(tbl, !!column), class = "gmm1d_error_argument")
  }
  DBI::dbExecute(connection, "CREATE TABLE mixed (g TEXT, x REAL)")
  DBI::dbExecute(connection, "INSERT INTO mixed VALUES ('a', 1), ('a', 2), ('b', 3), ('b', 'oops')")
  mixed <- dplyr::tbl(connection, "mixed")
  expect_error(suppressWarnings(gmm1d(dplyr::group_by(mixed, .data$g), x)),
               class = "gmm1d_error_type")
  tables <- DBI::dbListTables(connection)
  expect_error(squash(squash(tbl, x, show_query = TRUE)), class = "gmm1d_error_argument")
  expect_error(squash(squash(tbl, x, show_query = TRUE), 1), class = "gmm1d_error_type")
  expect_error(squash(squash(tbl, x, show_query = TRUE), data.frame(rows = 1)),
               class = "gmm1d_error_argument")
  expect_identical(DBI::dbListTables(connection), tables)
  other <- DBI::dbConnect(RSQLite::SQLite(), ":memory:")
  lost <- dplyr::copy_to(other, data.frame(x = 1:9), "lost")
  DBI::dbDisconnect(other)
  expect_error(gmm1d(lost, x), class = "gmm1d_error_database")
})

test_that("in PostgreSQL, text, dates and Booleans do not count as numbers", {
  connection <- local_postgres()
  for (type in c(text = "a", date = "2020-01-01", boolean = "true")) {
    send_table(connection, "wrong", data.frame(x = type),
               c(x = c(a = "text", `2020-01-01` = "date", true = "boolean")[[type]]))
    expect_error(squash(dplyr::tbl(connection, "wrong"), x), class = "gmm1d_error_type")
  }
  lost <- connect_to(postgres_server("main"))
  tbl <- dplyr::tbl(lost, "wrong")
  DBI::dbDisconnect(lost)
  expect_error(squash(tbl, x), class = "gmm1d_error_database")
})

test_that("PostgreSQL's messages are passed on, and no number is too large", {
  connection <- local_postgres()
  send_table(connection, "large", data.frame(x = c(faithful$waiting, 1e160)),
             c(x = "double precision"))
  tbl <- suppressWarnings(dplyr::tbl(connection, "large"))
  expect_same_fit(quietly(gmm1d(tbl, x, k = 2)), quietly(gmm1d(c(faithful$waiting, 1e160), k = 2)),
                  within = 1e-3)
  expect_error(gmm1d(tbl, nofun(x)), "does not exist", class = "gmm1d_error_database")
  expect_error(gmm1d(tbl, sqrt(-1 - x)), "square root", class = "gmm1d_error_database")
})

test_that("PostgreSQL's regressions give the sums of powers in each cell", {
  connection <- local_postgres()
  set.seed(6)
  data <- list(rnorm(5000), c(rnorm(5000), NA, NaN), c(rnorm(5000), 1e6, -1e300),
               c(rnorm(5000), 1000 + rnorm(5000, sd = 1e-9)))
  for (x in data) {
    send_table(connection, "powers", data.frame(x = x), c(x = "double precision"))
    of_postgres <- squash(suppressWarnings(dplyr::tbl(connection, "powers")), x)$cells
    of_sqlite <- squash(table_of_values(local_sqlite(), x), x)$cells
    expect_identical(of_postgres[c("level", "index")], of_sqlite[c("level", "index")])
    # Each of n values adds a rounding error of a sum of powers of at most 1/2.
    away <- abs(of_postgres$sums - of_sqlite$sums)
    expect_lt(max(t(away) / of_sqlite$sums[1L, ]), 1e-14)
  }
})

test_that("a table that changes between two queries is noticed", {
  connection <- local_sqlite()
  tbl <- table_of_values(connection, rnorm(100))
  query <- squash(tbl, x, show_query = TRUE)
  query <- squash(query, DBI::dbGetQuery(connection, query$sql))
  DBI::dbExecute(connection, "INSERT INTO data VALUES (0.5)")
  expect_error(squash(query, DBI::dbGetQuery(connection, query$sql)),
               class = "gmm1d_error_database")
})

test_that("weights that are not numbers, or have no finite sum, are errors that say so", {
  skip_if_not_installed("dbplyr")
  expect_class <- function(connection, weight, class) {
    send_table(connection, "weighted", data.frame(x = 1:4, w = c("1", rep(weight, 3L))),
               c(x = "double precision", w = "double precision"))
    tbl <- suppressWarnings(dplyr::tbl(connection, "weighted"))
    expect_error(gmm1d(tbl, x, k = 1, weights = w), class = paste0("gmm1d_error_", class))
  }
  expect_class(local_sqlite(), "1.5e308", "range")
  connection <- local_postgres()
  expect_class(connection, "NaN", "missing")
  expect_class(connection, "Infinity", "infinite")
  expect_class(connection, "1.5e308", "range")
})

test_that("a table of zeros, or of groups of them, has cells", {
  connection <- local_sqlite()
  tbl <- dplyr::copy_to(connection, data.frame(x = rep(0, 9), g = 1:3), "zeros")
  expect_identical(squash(tbl, x)[c("x", "w")], list(x = 0, w = 9))
  expect_length(squash(dplyr::group_by(tbl, g), x), 3L)
})

test_that("weights of a table that are not counts give a warning", {
  skip_if_not_installed("dbplyr")
  data <- data.frame(x = c(1, 2, 4, 8), w = 0.1)
  tbl <- dplyr::copy_to(local_sqlite(), data, "light")
  expect_warning(gmm1d(tbl, x, k = 1, weights = w), class = "gmm1d_warning_weights")
})

test_that("columns may have names with a meaning in SQL or dbplyr", {
  rows <- data.frame(pi = faithful$waiting, `NULL` = rep(1:2, 136), `a "b'; --` = 1, order = 2,
                     check.names = FALSE)
  expected <- gmm1d(faithful$waiting, k = 2)
  for (connection in local_engines()) {
    tbl <- dplyr::copy_to(connection, rows, "odd")
    expect_same_fit(gmm1d(tbl, pi, k = 2), expected)
    expect_same_fit(gmm1d(tbl, log(pi), k = 2), gmm1d(log(faithful$waiting), k = 2))
    expect_identical(squash(tbl, pi, weights = `NULL`)$n, 408)
    expect_identical(squash(tbl, `a "b'; --`)$x, 1)
    expect_identical(squash(tbl, order)$x, 2)
    groups <- gmm1d(dplyr::group_by(tbl, `NULL`), pi, k = 1)
    expect_identical(groups[["2"]]$mu, mean(rows$pi[rows$`NULL` == 2]))
    predicted <- predict(expected, tbl, column = pi)
    expect_identical(colnames(predicted), c(names(rows), ".class"))
    expect_identical(as.integer(dplyr::pull(predicted, .class)), predict(expected))
  }
})

test_that("a query that fails leaves the user's transaction as it was", {
  connection <- local_postgres()
  send_table(connection, "huge", data.frame(x = c(1e200, -1e200, 1:9)), c(x = "double precision"))
  send_table(connection, "texts", data.frame(x = letters), c(x = "text"))
  DBI::dbExecute(connection, "BEGIN")
  DBI::dbExecute(connection, "CREATE TABLE mine (x integer)")
  expect_identical(squash(dplyr::tbl(connection, "huge"), x)$n, 11)
  expect_error(squash(dplyr::tbl(connection, "texts"), x), class = "gmm1d_error_type")
  expect_identical(DBI::dbGetQuery(connection, "SELECT 1 AS one")$one, 1L)
  DBI::dbExecute(connection, "COMMIT")
  expect_true(DBI::dbExistsTable(connection, "mine"))
  DBI::dbExecute(connection, "DROP TABLE mine")
})

# Values with errors of many sizes, some of them exact and some missing.
values_with_errors <- function(n) {
  set.seed(11)
  e <- exp(rnorm(n, -1))
  e[seq(1, n, 10)] <- 0
  x <- rnorm(n, c(0, 6)[1 + (runif(n) < 0.4)], 0.7) + rnorm(n, 0, e)
  x[c(5, 8)] <- NA
  e[c(8, 9)] <- c(NA, 1e-9)
  data.frame(x = x, e = e, w = rpois(n, 2), g = rep(1:2, length.out = n))
}

test_that("errors can be a column, with weights and groups, and give the fit of the vector", {
  skip_if_not_installed("dbplyr")
  rows <- values_with_errors(3000)
  tbl <- dplyr::copy_to(local_sqlite(), rows, "errors")
  vector <- gmm1d(rows$x, k = 2, error = rows$e)
  expect_identical(squash(tbl, x, error = e), squash(rows$x, error = rows$e))
  weighted <- gmm1d(rows$x, k = 2, error = rows$e, weights = rows$w)
  expect_same_fit(gmm1d(tbl, x, k = 2, error = e, weights = w), weighted)
  expect_same_fit(gmm1d(tbl, x, k = 2, error = 2 * e), gmm1d(rows$x, k = 2, error = 2 * rows$e))
  known <- 0.3
  expect_same_fit(gmm1d(tbl, x, k = 2, error = known), gmm1d(rows$x, k = 2, error = 0.3))
  fits <- gmm1d(dplyr::group_by(tbl, .data$g), x, k = 2, error = e)
  expected <- gmm1d_each(rows$x, rows$g, k = 2, error = rows$e)
  expect_equal(coef(fits), coef(expected), tolerance = 1e-10, ignore_attr = "dimnames")

})

test_that("the queries for errors can be run by hand", {
  skip_if_not_installed("dbplyr")
  rows <- values_with_errors(300)
  connection <- local_sqlite()
  tbl <- dplyr::copy_to(connection, rows, "errors")
  step <- squash(tbl, x, error = e, show_query = TRUE)
  expect_output(print(step), "-- 1: the range of the values")
  step <- squash(step, DBI::dbGetQuery(connection, step$sql))
  expect_output(print(step), "-- 2: the pairs of values and errors")
  expect_identical(squash(step, DBI::dbGetQuery(connection, step$sql)),
                   squash(rows$x, error = rows$e))
})

# More distinct rows than are fetched, each of them a hundred times.
many_times <- function(connection) {
  dplyr::tbl(connection, dplyr::sql("SELECT errors.* FROM errors CROSS JOIN copies"))
}

test_that("with many rows, cells of values and errors are fetched: estimates hardly change", {
  skip_if_not_installed("dbplyr")
  rows <- values_with_errors(3000)
  connection <- local_sqlite()
  dplyr::copy_to(connection, rows, "errors")
  dplyr::copy_to(connection, data.frame(copy = 1:100), "copies")
  tbl <- many_times(connection)
  hundred <- rep(100, 3000)
  vector <- gmm1d(rows$x, k = 2, error = rows$e, weights = hundred)
  expect_like <- function(fit, vector, within = 1e-3) {
    fit$n_missing <- fit$n_missing / 100
    expect_same_fit(fit, vector, within)
  }
  expect_like(gmm1d(tbl, x, k = 2, error = e), vector, within = 1e-2)
  expect_like(gmm1d(tbl, x, k = 2, error = e, within = c(-20, 20)),
              gmm1d(rows$x, k = 2, error = rows$e, weights = hundred, within = c(-20, 20)), 1e-2)
  expect_like(gmm1d(tbl, x, k = 2, error = e, weights = w),
              gmm1d(rows$x, k = 2, error = rows$e, weights = 100 * rows$w), 1e-2)
  fits <- gmm1d(dplyr::group_by(tbl, .data$g), x, k = 2, error = e)
  expected <- gmm1d_each(rows$x, rows$g, k = 2, error = rows$e, weights = hundred)
  expect_equal(coef(fits), coef(expected), tolerance = 1e-4, ignore_attr = "dimnames")
  # errors that are all equal, all 0, or negligible beside the values
  of_vector <- function(...) gmm1d(rows$x, ..., weights = hundred)
  expect_like(gmm1d(tbl, x, k = 2, error = 0.3), of_vector(k = 2, error = 0.3), 1e-6)
  expect_like(gmm1d(tbl, x, k = 2, error = 0), of_vector(k = 2, error = 0), 1e-6)
  expect_like(gmm1d(tbl, x, k = 2, error = e * 1e-30), of_vector(k = 2), 1e-4)
  expect_like(gmm1d(tbl, x, k = 1, error = 1e6 * e + 100),
              of_vector(k = 1, error = 1e6 * rows$e + 100), 1e-4)
  expect_error(gmm1d(tbl, x, error = 1e40 * (e + 1)), class = "gmm1d_error_range")
})

test_that("PostgreSQL and its shards square errors as SQLite does", {
  skip_if_not_installed("dbplyr")
  rows <- values_with_errors(3000)
  types <- c(x = "double precision", e = "double precision", w = "integer", g = "integer")
  postgres <- local_postgres()
  send_table(postgres, "errors", rows, types)
  send_table(postgres, "copies", data.frame(copy = 1:100), c(copy = "integer"))
  few <- dplyr::tbl(postgres, "errors")
  expect_identical(squash(few, x, error = e), squash(rows$x, error = rows$e))
  sqlite <- local_sqlite()
  dplyr::copy_to(sqlite, rows, "errors")
  dplyr::copy_to(sqlite, data.frame(copy = 1:100), "copies")
  of_sqlite <- gmm1d(many_times(sqlite), x, k = 2, error = e)
  expect_same_fit(gmm1d(many_times(postgres), x, k = 2, error = e), of_sqlite, 1e-5)
  expect_same_fit(gmm1d(many_times(postgres), x, k = 2, error = e, shard = g), of_sqlite, 1e-5)
})

test_that("an invalid column of errors is an error", {
  skip_if_not_installed("dbplyr")
  rows <- data.frame(x = 1:9, e = c(0.1, NA, 3:9), minus = -1, text = letters[1:9])
  tbl <- dplyr::copy_to(local_sqlite(), rows, "errors")
  expect_error(squash(tbl, x, error = e), class = "gmm1d_error_missing")
  expect_error(squash(tbl, x, error = minus), class = "gmm1d_error_range")
  expect_error(squash(tbl, x, error = text), class = "gmm1d_error_type")
  expect_error(squash(tbl, x, error = -1), class = "gmm1d_error_range")
  expect_error(squash(tbl, x, error = nothing), class = "gmm1d_error_argument")
  expect_error(squash(tbl, x, error = "nothing"), class = "gmm1d_error_argument")
  expect_error(squash(tbl, x, within = c(2, 5)), class = "gmm1d_error_range")
})
