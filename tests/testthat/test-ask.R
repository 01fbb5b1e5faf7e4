# The engines of local_asked() answer for a table without a connection, as any other could.
table_for <- function(engine, columns, name = "asked") {
  engine$send(name, columns)
  sql_table(name, names(columns), engine$dialect)
}

# The error of a call, or its value.
outcome_of <- function(code) tryCatch(quietly(code), gmm1d_error = function(e) class(e)[1L])

expect_same_points <- function(points, vector) {
  if (is.character(vector)) return(expect_identical(points, vector))
  expect_identical(points$n, vector$n)
  expect_identical(points$n_missing, vector$n_missing)
  expect_equal(mean(points), mean(vector), tolerance = 1e-12)
}

two_normals <- function(n = 6000) {
  set.seed(1)
  c(rnorm(n / 2), rnorm(n / 2, 6, 2))
}

test_that("a table without a connection gives the fit of the vector", {
  x <- two_normals()
  vector <- gmm1d(x, k = 2)
  for (engine in local_asked()) {
    rows <- data.frame(x = x, g = rep(1:3, 2000), w = rep(0:2, each = 2000))
    tbl <- table_for(engine, rows)
    expect_equal(coef(gmm1d(tbl, x, k = 2, ask = engine$ask)), coef(vector), tolerance = 1e-9)
    expect_equal(coef(gmm1d_each(tbl, x, by = g, k = 1, ask = engine$ask)),
                 coef(gmm1d_each(x ~ g, rows, k = 1)), tolerance = 1e-12, ignore_attr = "dimnames")
    weighted <- squash(tbl, x, weights = w, ask = engine$ask)
    expect_equal(coef(gmm1d(weighted, k = 2)), coef(gmm1d(x, k = 2, weights = rows$w)),
                 tolerance = 1e-9)
    fit <- gmm1d(tbl, x, k = 2, ask = engine$ask)
    classes <- engine$ask(as.character(dbplyr::sql_render(predict(fit, tbl))))
    expect_identical(as.integer(classes$.class), predict(vector, classes$x))
  }
})

test_that("what is not finite counts on every engine as in a vector", {
  base <- two_normals()
  for (engine in local_asked()) {
    for (some in list(NaN, c(NA, Inf, -Inf))) {
      x <- c(base, some)
      x <- x[order(seq_along(x) %% 7)]
      rows <- data.frame(x = x, g = rep_len(c("a", "b"), length(x)), w = rep_len(1:2, length(x)))
      tbl <- table_for(engine, rows)
      expect_same_points(outcome_of(squash(tbl, x, ask = engine$ask)), outcome_of(squash(x)))
      expect_same_points(outcome_of(squash(tbl, x, weights = w, ask = engine$ask)),
                         outcome_of(squash(x, weights = rows$w)))
      expect_same_points(outcome_of(squash(tbl, x, shard = g, ask = engine$ask)),
                         outcome_of(squash(x)))
      groups <- quietly(gmm1d_each(tbl, x, by = g, k = 1, ask = engine$ask))
      vectors <- quietly(gmm1d_each(x ~ g, rows, k = 1))
      expect_equal(coef(groups), coef(vectors), tolerance = 1e-10, ignore_attr = "dimnames")
      expect_identical(glance(groups)$n_missing, glance(vectors)$n_missing)
      expect_identical(is.na(glance(groups)$error), is.na(glance(vectors)$error))
    }
  }
})

test_that("a column of nothing else gives the error of the vector", {
  for (engine in local_asked()) {
    for (x in list(NA_real_, c(NaN, NA), c(Inf, NA), c(-Inf, Inf, NaN), numeric())) {
      tbl <- table_for(engine, data.frame(x = x))
      expect_identical(outcome_of(squash(tbl, x, ask = engine$ask)), outcome_of(squash(x)))
    }
  }
})

test_that("errors and infinite values together give the errors of the vector", {
  for (engine in local_asked()) {
    for (x in list(c(1, 2, NA, 4), c(1, NaN, 3, 4), c(1, 2, Inf, 4), c(-Inf, NaN, NA, 1))) {
      e <- c(0.1, 0.2, 0.3, 0)
      tbl <- table_for(engine, data.frame(x = x, e = e))
      expect_same_points(outcome_of(squash(tbl, x, error = e, ask = engine$ask)),
                         outcome_of(squash(x, error = e)))
    }
  }
})

test_that("answers may be written in many ways", {
  engine <- local_asked()$sqlite
  x <- c(two_normals(), NA)
  tbl <- table_for(engine, data.frame(x = x))
  expected <- squash(tbl, x, ask = engine$ask)
  written <- function(how) {
    function(sql) {
      answer <- engine$ask(sql)
      answer[] <- lapply(answer, how)
      answer
    }
  }
  as_text <- function(column) {
    ifelse(is.na(column), NA, sprintf("%.17g", as.double(column)))
  }
  ways <- list(
    texts = as_text, factors = function(column) factor(as_text(column)), lists = as.list,
    nulls = function(column) lapply(as.list(column), function(one) if (!is.na(one)) one),
    words = function(column) ifelse(is.na(column), "NULL", as_text(column)),
    empty = function(column) ifelse(is.na(column), "", as_text(column))
  )
  # R rounds some numbers that it reads from a text in the last digit.
  for (way in ways) expect_same_points(squash(tbl, x, ask = written(way)), expected)
  capitals <- function(sql) {
    answer <- engine$ask(sql)
    stats::setNames(answer, toupper(names(answer)))[rev(seq_along(answer))]
  }
  expect_equal(squash(tbl, x, ask = capitals), expected)
  skip_if_not_installed("bit64")
  whole <- written(function(column) {
    if (is.integer(column)) bit64::as.integer64(column) else column
  })
  expect_equal(squash(tbl, x, ask = whole), expected)
})

test_that("JSON and CSV, which may write NaN as NULL, lose no value", {
  skip_if_not(has_postgres(), "PostgreSQL is not installed")
  engine <- local_asked()$postgres
  x <- c(faithful$waiting, NaN, NA)
  tbl <- table_for(engine, data.frame(x = x))
  nulls <- function(sql) {
    answer <- engine$ask(sql)
    answer[] <- lapply(answer, function(column) replace(column, !is.finite(column), NA))
    answer
  }
  expect_identical(squash(tbl, x, ask = nulls)[c("x", "w", "n_missing")],
                   squash(x)[c("x", "w", "n_missing")])
})

test_that("an engine that answers 0 for an empty table has no values", {
  zero <- function(sql) data.frame(rows = 0, low = 0, high = 0, mean = NaN, sd = NaN)
  events <- sql_table("events", "x", "clickhouse")
  expect_error(squash(events, x, ask = zero), "0 rows", class = "gmm1d_error_empty")
})

test_that("a filter that does not help is asked once, and the error says what was answered", {
  ask <- counting(function(sql) data.frame(rows = 9, low = 1, high = NaN, mean = 2, sd = 1))
  events <- sql_table("events", "x")
  expect_error(squash(events, x, ask = ask), "1, NaN", class = "gmm1d_error_database")
  expect_identical(count_asked(ask), 2)
})

test_that("errors of the function are passed on; wrong answers are errors that say what to do", {
  engine <- local_asked()$sqlite
  tbl <- table_for(engine, data.frame(x = c(1, 2, 4)))
  expect_error(squash(tbl, x, ask = function(sql) stop("no route to host")), "no route to host",
               class = "gmm1d_error_database")
  answers <- list(
    type = 1, type = NULL, type = "a,b", type = list(rows = 1), type = stats::lm,
    type = structure(list(), class = c("pandas.DataFrame", "python.builtin.object")),
    argument = data.frame(rows = 3), shape = engine$ask("SELECT 1 AS rows WHERE 1 = 0")
  )
  for (i in seq_along(answers)) {
    ask <- function(sql) answers[[i]]
    if (names(answers)[i] == "shape") ask <- function(sql) engine$ask(sql)[0L, ]
    expect_error(squash(tbl, x, ask = ask), class = paste0("gmm1d_error_", names(answers)[i]))
  }
  expect_error(squash(tbl, x, ask = function(sql) answers[[6L]]), "to_csv")
  twice <- function(sql) engine$ask(sql)[c(1, 1), ]
  expect_error(squash(tbl, x, ask = twice), "one row, not 2", class = "gmm1d_error_shape")
  letters_in <- function(sql) transform(engine$ask(sql), low = "a")
  expect_error(squash(tbl, x, ask = letters_in), class = "gmm1d_error_type")
  empty <- function(sql) {
    answer <- engine$ask(sql)
    if ("j" %in% names(answer)) answer[0L, ] else answer
  }
  expect_error(squash(tbl, x, ask = empty), "from 3 rows to 0", class = "gmm1d_error_database")
  for (ask in list(3, "sql", function() 1, function(a, b) 1)) {
    expect_error(squash(tbl, x, ask = ask), "`ask`", class = "gmm1d_error_type")
  }
  expect_error(squash(tbl, x), "`ask`", class = "gmm1d_error_argument")
  expect_error(gmm1d(tbl, x), "show_query", class = "gmm1d_error_argument")
})

test_that("the queries for `ask` are those that are shown", {
  engine <- local_asked()$sqlite
  tbl <- table_for(engine, data.frame(x = two_normals()))
  asked <- character()
  squash(tbl, x, ask = function(sql) {
    asked <<- c(asked, sql)
    engine$ask(sql)
  })
  query <- squash(tbl, x, show_query = TRUE)
  shown <- character()
  while (inherits(query, "squash_query")) {
    shown <- c(shown, query$sql)
    query <- squash(query, engine$ask(query$sql))
  }
  expect_identical(asked, shown)
})

# Rows of data/bad-input-tables.tsv: a call, with the table `tbl` and a fit of it, and the class of
# its error.
test_that("every mistake with a table gives the same class of error on every engine", {
  cases <- utils::read.delim(test_path("data", "bad-input-tables.tsv"), quote = "")
  rows <- data.frame(x = c(1, 2, 4), text = c("a", "b", "c"), none = NA_real_, one = 3,
                     odd = c(1, Inf, 2), minus = -1, huge = 1.5e308, g = c("a", "a", "b"))
  for (engine in local_asked()) {
    tbl <- table_for(engine, rows)
    fit <- gmm1d(tbl, x, k = 1, ask = engine$ask)
    ask <- engine$ask
    for (i in seq_len(nrow(cases))) {
      error <- tryCatch(quietly(eval(str2lang(cases$call[i]))), error = identity)
      expect_true(all(c(paste0("gmm1d_error_", cases$class[i]), "gmm1d_error") %in% class(error)),
                  label = paste(engine$dialect, cases$call[i], "gives", class(error)[1L]))
    }
  }
})
