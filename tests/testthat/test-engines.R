# What holds on every engine: see local_engine().

# The fit, or the class of the error. Warnings about failed groups are part of other tests.
outcome <- function(code) {
  tryCatch(quietly(code), gmm1d_error = function(e) class(e)[1L])
}

# Two outcomes agree if both are the same error, or fits of equal size and estimates.
expect_same_outcome <- function(found, expected, label) {
  if (is.character(expected) || is.character(found)) {
    return(expect_identical(found, expected, label = label))
  }
  expect_identical(found[c("n", "n_missing")], expected[c("n", "n_missing")], label = label)
  # Sums in another order change the last digits of a maximum.
  expect_equal(coef(found), coef(expected), tolerance = 1e-8, label = label)
}

# What is not a finite number, alone and together.
specials <- list(
  none = numeric(), null = NA_real_, nan = NaN, inf = Inf, `-inf` = -Inf, missing = c(NA, NaN),
  infinite = c(Inf, -Inf), all = c(NA, NaN, Inf, -Inf)
)

# Two components in two groups, of which the second has the special values, and in two parts. Above
# 4096 distinct values there are cells.
rows_with <- function(special) {
  n <- if (length(special) == 2L) 5000 else 300
  z <- stats::qnorm(stats::ppoints(n / 2))
  rows <- data.frame(x = c(z, 5 + z / 2), g = rep(1:2, length.out = n),
                     w = rep(c(2, 0, 1, 1), length.out = n))
  more <- data.frame(x = rep(special, 2), g = rep(2L, 2 * length(special)),
                     w = rep(1:2, each = length(special)))
  rows <- rbind(rows, more)
  cbind(rows, part = rep(1:2, length.out = nrow(rows)))
}

# The ways to fit a table, each with the same fit of vectors.
ways <- list(
  plain = function(tbl, ask) gmm1d(tbl, x, k = 2, ask = ask),
  weights = function(tbl, ask) gmm1d(tbl, x, k = 2, weights = w, ask = ask),
  shards = function(tbl, ask) gmm1d(tbl, x, k = 2, shard = part, ask = ask),
  merged = function(tbl, ask) {
    parts <- lapply(1:2, function(at) squash(dplyr::filter(tbl, part == at), x, ask = ask))
    gmm1d(do.call(c, parts), k = 2)
  },
  errors = function(tbl, ask) gmm1d(tbl, x, k = 2, error = w, ask = ask)
)
with_vector <- function(way, rows) {
  switch(way, weights = gmm1d(rows$x, k = 2, weights = rows$w),
         errors = gmm1d(rows$x, k = 2, error = rows$w), gmm1d(rows$x, k = 2))
}

for (name in engines) {
  test_that(paste(name, "counts and refuses NULL, NaN and infinite values as a vector does"), {
    engine <- local_engine(name)
    for (what in names(specials)) {
      rows <- rows_with(specials[[what]])
      tbl <- engine$put(rows)
      for (way in names(ways)) {
        # A table takes half a second, so not every way is combined with every value.
        if (way == "weights" && what %in% c("none", "-inf", "infinite")) next
        if (way %in% c("shards", "merged", "errors") && !what %in% c("missing", "all")) next
        expect_same_outcome(outcome(ways[[way]](tbl, engine$ask)), outcome(with_vector(way, rows)),
                            paste(name, way, what))
      }
    }
  })

  test_that(paste(name, "fits the groups without infinite values, and says so of the others"), {
    engine <- local_engine(name)
    for (what in c("nan", "inf", "missing", "all")) {
      rows <- rows_with(specials[[what]])
      tbl <- dplyr::group_by(engine$put(rows), g)
      found <- quietly(gmm1d_each(tbl, x, k = 2, ask = engine$ask))
      expected <- quietly(gmm1d_each(x ~ g, rows, k = 2))
      label <- paste(name, "groups", what)
      expect_equal(coef(found), coef(expected), tolerance = 1e-8, label = label,
                   ignore_attr = "dimnames")
      of <- function(fits, column) as.data.frame(glance(fits))[[column]]
      for (column in c("g", "nobs", "n_missing")) {
        expect_equal(of(found, column), of(expected, column), label = label)
      }
      expect_identical(is.na(of(found, "error")), is.na(of(expected, "error")), label = label)
    }
  })
}

test_that("text, dates and Booleans do not count as numbers in DuckDB", {
  engine <- local_engine("DuckDB")
  for (type in c("text", "date", "boolean")) {
    value <- c(text = "a", date = "2020-01-01", boolean = "true")[[type]]
    tbl <- engine$put(data.frame(x = value), c(x = type))
    expect_error(squash(tbl, x, ask = engine$ask), class = "gmm1d_error_type")
  }
})

test_that("DuckDB gives the fit of the vector, from columns of every numeric type", {
  engine <- local_engine("DuckDB")
  whole <- c(faithful$waiting, NA)
  for (type in c("integer", "bigint", "hugeint", "real", "numeric(9, 2)", "double precision")) {
    tbl <- engine$put(data.frame(x = whole), c(x = type))
    expect_same_outcome(gmm1d(tbl, x, k = 2, ask = engine$ask), gmm1d(whole, k = 2), type)
  }
})

test_that("a Parquet file gives the fit of its values", {
  engine <- local_engine("DuckDB")
  rows <- rows_with(c(NA, NaN))
  engine$put(rows)
  path <- withr::local_tempfile(fileext = ".parquet")
  engine$ask(sprintf("COPY data TO '%s'", path))
  file <- sql_table(sprintf("'%s'", path), names(rows), "duckdb")
  expect_same_outcome(gmm1d(file, x, k = 2, ask = engine$ask), gmm1d(rows$x, k = 2), "Parquet")
})

# This file has the eruption times of Old Faithful and three NaN. It was written by hyparquet-writer
# 0.17, which like Arrow leaves NaN out of the statistics of a column. By these, DuckDB takes
# conditions for true without a look at the values.
test_that("NaN outside the statistics of a Parquet file are missing values", {
  ask <- local_duckdb()
  path <- sprintf("'%s'", normalizePath(test_path("data", "nan-outside-statistics.parquet")))
  statistics <- ask(sprintf("SELECT stats_max_value AS max FROM parquet_metadata(%s)", path))
  expect_identical(as.numeric(statistics$max), max(faithful$eruptions))
  expect_identical(ask(paste("SELECT count(*) AS n FROM", path, "WHERE isnan(x)"))$n, 3)
  vector <- gmm1d(c(faithful$eruptions, NaN, NaN, NaN), k = 2)
  # Some versions also take this condition for true.
  credulous <- function(sql) ask(gsub("ABS\\([^()]*\\) <= [0-9.e+]+", "TRUE", sql))
  for (asking in list(ask, credulous)) {
    fit <- gmm1d(sql_table(path, "x", "duckdb"), x, k = 2, ask = asking)
    expect_same_outcome(fit, vector, "the file")
  }
})

test_that("DuckDB's answers keep NULL, NaN, infinity, all digits and texts", {
  ask <- local_duckdb()
  found <- ask("SELECT 'nan'::double AS a, '-inf'::double AS b, NULL::double AS c,
                9007199254740991::bigint AS d, 0.1::double + 0.2 AS e, 'NA' AS f, NULL::text AS g")
  expect_identical(found, data.frame(a = NaN, b = -Inf, c = NA_real_, d = 2^53 - 1, e = 0.1 + 0.2,
                                     f = "NA", g = NA_character_))
  expect_identical(nrow(ask("SELECT 1 AS a WHERE false")), 0L)
  expect_error(ask("SELECT nothing"), "nothing")
})
