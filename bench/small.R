# A textbook data set, a few continuous values, and a hundred thousand, with an unknown number of
# components.
small <- function(cases = small_cases()) {
  record("s", small_gmm1d = cases$ours[cases$name == "small_272_k"],
         small_mclust = cases$theirs[cases$name == "small_272_k"])
  has_goal <- !is.na(cases$ratio)
  with(cases[has_goal, ], record("times", stats::setNames(ratio, name),
                                 goal = paste("at least", goal), about = what))
  c(
    "## Few values, and the choice of k", "",
    table_of(what = cases$what, gmm1d = milliseconds(cases$ours),
             other = ifelse(has_goal, milliseconds(cases$theirs), "not installed"),
             ratio = number(cases$ratio), goal = as.character(cases$goal))
  )
}

# `sets` is the number of data sets of continuous values, `many` that of values in the largest.
small_cases <- function(n = c(100, 400, 1000), sets = 10L, many = 1e5, runs = 5L) {
  suppressPackageStartupMessages(library(mclust))
  x <- faithful$waiting
  times <- seq_len(10L)
  two <- seconds_beside(
    ours = for (i in times) gmm1d(x, k = 2),
    theirs = for (i in times) Mclust(x, G = 2, modelNames = "V", verbose = FALSE), runs = runs
  )
  nine <- seconds_beside(
    ours = for (i in times) suppressWarnings(gmm1d(x, k = 1:9)),
    theirs = for (i in times) Mclust(x, G = 1:9, verbose = FALSE), runs = runs
  )
  continuous <- lapply(n, few_values, sets, runs)
  largest <- draw(many)
  most <- seconds_beside(
    ours = suppressWarnings(gmm1d(largest, k = 1:9)),
    theirs = Mclust(largest, G = 1:9, verbose = FALSE), runs = runs
  )
  row <- function(name, what, found, goal, times = 1, theirs = "theirs") {
    data.frame(name = name, what = what, ours = found$time[["ours"]] / times,
               theirs = found$time[[theirs]] / times, ratio = found$ratio[[theirs]], goal = goal)
  }
  of_continuous <- Map(function(n, found) {
    rbind(row(paste0("small_", n, "_mclust"),
              paste0(number(n), " continuous values, k = 1:9: Mclust(x, G = 1:9)"), found, 1, sets),
          row(paste0("small_", n, "_sklearn"),
              paste0(number(n), " continuous values, k = 1:9: scikit-learn"), found, 1, sets,
              "sklearn"))
  }, n, continuous)
  rbind(
    row("small_272", "272 values, k = 2: Mclust(x, G = 2, modelNames = \"V\")", two, 2,
        length(times)),
    row("small_272_k", "272 values, k = 1:9: Mclust(x, G = 1:9)", nine, 2, length(times)),
    do.call(rbind, of_continuous),
    row("small_many", paste0(number(many), " values, k = 1:9: Mclust(x, G = 1:9)"), most, 100)
  )
}

# Times of the choice among k = 1 to 9 for data sets of n continuous values, all of them together;
# those of scikit-learn are of a process of its own.
few_values <- function(n, sets, runs) {
  data <- lapply(seq_len(sets), function(seed) draw(n, seed = seed))
  found <- seconds_beside(
    ours = for (x in data) suppressWarnings(gmm1d(x, k = 1:9)),
    theirs = for (x in data) Mclust(x, G = 1:9, verbose = FALSE), runs = runs
  )
  sklearn <- sklearn_choice(data, runs)
  found$time <- c(found$time, sklearn = sklearn)
  found$ratio <- c(found$ratio, sklearn = sklearn / found$time[["ours"]])
  found
}

# NA if scikit-learn is not installed.
sklearn_choice <- function(data, runs) {
  if (is.null(python_with_sklearn())) return(NA_real_)
  file <- tempfile()
  on.exit(unlink(file))
  writeBin(unlist(data), file)
  stats::median(as.numeric(system2(
    python_with_sklearn(), c("bench/sklearn_choice.py", file, length(data), runs), stdout = TRUE
  )))
}
