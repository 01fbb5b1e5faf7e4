# Functions that the parts of the benchmark share.

# The lines of a part: those that <part>(size) returns or, if there is a function <part>_cases(),
# those that <part>() makes of its table, for which a share of the usual samples is drawn.
report_of <- function(part, size, share = 1) {
  source(file.path("bench", paste0(part, ".R")), local = TRUE)
  name <- gsub("-", "_", part)
  if (!exists(paste0(name, "_cases"))) return(get(name)(size))
  cases <- get(paste0(name, "_cases"))
  usual <- eval(formals(cases)$samples)
  get(name)(if (share < 1 && !is.null(usual)) cases(samples = ceiling(share * usual)) else cases())
}

# The median time of an expression over `runs` runs, in seconds.
seconds <- function(expression, runs = 5L) {
  expression <- substitute(expression)
  frame <- parent.frame()
  stats::median(replicate(runs, {
    start <- proc.time()[["elapsed"]]
    eval(expression, frame)
    proc.time()[["elapsed"]] - start
  }))
}

# The same for an expression that is too fast for the clock.
seconds_each <- function(expression, times, runs = 7L) {
  expression <- substitute(expression)
  frame <- parent.frame()
  loop <- bquote(for (i in seq_len(.(times))) .(expression))
  eval(bquote(seconds(.(loop), .(runs))), list(seconds = seconds), frame) / times
}

# The median times of several expressions, run in turn so that each run has one of each; and
# `ratio`, the median over the runs of their times relative to the first. What else the machine does
# changes a ratio of times a minute apart.
seconds_beside <- function(..., runs = 5L) {
  expressions <- as.list(substitute(list(...)))[-1L]
  frame <- parent.frame()
  times <- matrix(replicate(runs, vapply(expressions, function(expression) {
    start <- proc.time()[["elapsed"]]
    eval(expression, frame)
    proc.time()[["elapsed"]] - start
  }, 1)), length(expressions), dimnames = list(names(expressions), NULL))
  ratios <- times / rep(times[1L, ], each = nrow(times))
  list(time = apply(times, 1L, stats::median), ratio = apply(ratios, 1L, stats::median))
}

# Elapsed time and processor time, in seconds.
clock_of <- function(expression) {
  time <- system.time(expression, gcFirst = FALSE)
  c(time[["elapsed"]], time[["user.self"]] + time[["sys.self"]])
}

# Three components, as in the prototype of the design.
three <- list(lambda = c(0.3, 0.4, 0.3), mu = c(-3, 0, 4), sigma = c(1, 0.7, 1.5))

draw <- function(n, mixture = three, seed = 1) {
  set.seed(seed)
  rgmm1d(n, mixture$lambda, mixture$mu, mixture$sigma)
}

# Applies `f` to each of many data sets and returns a row for each. Data set i has seed first + i.
each_data_set <- function(data_sets, f, first = 0L) {
  rows <- parallel::mclapply(seq_len(data_sets), function(i) {
    set.seed(first + i)
    suppressMessages(suppressWarnings(f()))
  }, mc.cores = getOption("mc.cores", parallel::detectCores()))
  failed <- vapply(rows, inherits, NA, "try-error")
  if (any(failed)) stop(rows[failed][[1L]])
  do.call(rbind, rows)
}

# The rows of a table that `f` makes, for each of many cases.
each_case <- function(f, ...) {
  rows <- parallel::mcmapply(f, ..., SIMPLIFY = FALSE, USE.NAMES = FALSE, mc.preschedule = FALSE,
                             mc.cores = getOption("mc.cores", parallel::detectCores()))
  failed <- vapply(rows, inherits, NA, "try-error")
  if (any(failed)) stop(rows[failed][[1L]])
  do.call(rbind, rows)
}

# How many megabytes a separate process grows at its peak while it runs some code.
peak_of <- function(code, setup) {
  script <- paste(
    "library(gmm1d); source('bench/helpers.R');", setup, "; invisible(gc(reset = TRUE));",
    "writeLines('5', '/proc/self/clear_refs'); peak <- function() as.numeric(gsub('[^0-9]', '',",
    "grep('VmHWM', readLines('/proc/self/status'), value = TRUE))) / 1024; before <- peak();",
    code, "; cat(peak() - before)"
  )
  as.numeric(system2("Rscript", c("-e", shQuote(script)), stdout = TRUE))
}

loglik <- function(x, lambda, mu, sigma) sum(dgmm1d(x, lambda, mu, sigma, log = TRUE))

# A start that all packages accept: k groups of equal size of the sorted values.
groups <- function(x, k) cut(x, stats::quantile(x, 0:k / k), include.lowest = TRUE, labels = FALSE)

machine <- function() {
  cpu <- grep("model name", readLines("/proc/cpuinfo"), value = TRUE)[1L]
  versions <- vapply(c("gmm1d", "mixtools", "mclust", "flexmix"), function(package) {
    paste(package, utils::packageVersion(package))
  }, "")
  paste0(sub(".*: ", "", cpu), ", ", parallel::detectCores(), " cores, ", R.version.string, ", ",
         toString(versions), ", ", sklearn_version())
}

sklearn_version <- function() {
  python("import sklearn; print('scikit-learn', sklearn.__version__)")
}

python <- function(code) system2(python_with_sklearn(), c("-c", shQuote(code)), stdout = TRUE)

# The first Python on the path may not be the one that the system's packages are for.
python_with_sklearn <- function() {
  has <- function(python) {
    system2(python, c("-c", shQuote("import sklearn")), stdout = FALSE, stderr = FALSE) == 0L
  }
  Find(has, c("python3", "/usr/bin/python3"))
}

number <- function(x, digits = 3L) {
  vapply(signif(x, digits), format, "", big.mark = ",", scientific = FALSE)
}

milliseconds <- function(x) paste(number(1e3 * x), "ms")

# Keeps figures that texts quote or that have a goal, given by name: a row each in
# vignettes/figures.tsv, with the value and the text that is quoted. A goal is "at least 2" or "at
# most 3", and `about` says what is compared; bench/goals.R makes the table of them. Runs of another
# size than the usual one leave the file as it is.
record <- function(unit, ..., goal = "", about = "") {
  if (!getOption("bench.record", TRUE)) return(invisible())
  values <- c(...)
  rows <- data.frame(name = names(values), value = gsub(",", "", number(values, 4L)), unit = unit,
                     quoted = quoted_as(values, unit), measured = format(Sys.Date()), goal = goal,
                     about = about)
  figures <- figures_kept()
  figures <- rbind(figures[!figures$name %in% rows$name, ], rows)
  utils::write.table(figures[order(figures$name), ], file_of_figures, sep = "\t", quote = FALSE,
                     row.names = FALSE)
}

file_of_figures <- file.path("vignettes", "figures.tsv")

figures_kept <- function() {
  utils::read.delim(file_of_figures, colClasses = "character", quote = "", na.strings = character())
}

# Figures as texts quote them.
quoted_as <- function(values, unit) {
  switch(unit,
    s = ifelse(values < 1, paste(number(1e3 * values, 2L), "ms"), paste(number(values), "s")),
    MB = paste(number(round(values), 6L), "MB"),
    `%` = paste(number(values), "%"),
    times = number(values, 2L),
    number(values)
  )
}

# Writes a section of a report, in the place of the section with the same heading if there is one.
replace_section <- function(file, section) {
  lines <- readLines(file)
  heads <- grep("^## ", lines)
  begin <- heads[lines[heads] == section[1L]]
  if (length(begin) == 0L) {
    lines <- c(lines, section, "")
  } else {
    end <- min(heads[heads > begin], length(lines) + 1L)
    lines <- c(lines[seq_len(begin - 1L)], section, "", lines[-seq_len(end - 1L)])
  }
  writeLines(lines, file)
}

# Says that a section was not measured with the others.
measured_alone <- function(part) {
  paste0("(This part was measured alone, by `Rscript bench/part.R ", part, "`, on ",
         format(Sys.Date()), ".)")
}

# Formats a markdown table.
table_of <- function(...) {
  columns <- data.frame(..., check.names = FALSE, row.names = NULL)
  c(
    paste0("| ", paste(names(columns), collapse = " | "), " |"),
    paste0("|", strrep("---|", ncol(columns))),
    apply(columns, 1L, function(row) paste0("| ", paste(row, collapse = " | "), " |"))
  )
}

# The results of gmm1d's search on points, for each number of components.
path_of <- function(points, k, control = gmm1d_control()) {
  gmm1d:::search_each(list(points), list(k), gmm1d:::free_model, control)[[1L]]
}

# The test densities whose names match a pattern.
densities_of <- function(pattern = ".") {
  found <- new.env()
  sys.source("tests/testthat/helper-densities.R", found)
  found$marron_wand[grepl(pattern, names(found$marron_wand))]
}

`%||%` <- function(a, b) if (is.null(a)) b else a
