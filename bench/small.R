# A textbook data set, and a hundred thousand values, with an unknown number of components.
small <- function(largest) {
  x <- faithful$waiting
  two <- seconds_each(gmm1d(x, k = 2), 50)
  two_mclust <- seconds_each(Mclust(x, G = 2, modelNames = "V", verbose = FALSE), 20)
  nine <- seconds_each(suppressWarnings(gmm1d(x, k = 1:9)), 5)
  nine_mclust <- seconds_each(Mclust(x, G = 1:9, verbose = FALSE), 5)
  many <- draw(1e5)
  many_ours <- seconds(suppressWarnings(gmm1d(many, k = 1:9)))
  many_mclust <- seconds(theirs <<- Mclust(many, G = 1:9, verbose = FALSE), 1L)
  record("s", small_gmm1d = nine, small_mclust = nine_mclust)
  c(
    "## Few values, and the choice of k", "",
    table_of(
      what = c("272 values, k = 2: Mclust(x, G = 2, modelNames = \"V\")",
               "272 values, k = 1:9: Mclust(x, G = 1:9)",
               "1e5 values, k = 1:9: Mclust(x, G = 1:9), one run"),
      gmm1d = milliseconds(c(two, nine, many_ours)),
      other = milliseconds(c(two_mclust, nine_mclust, many_mclust)),
      ratio = number(c(two_mclust / two, nine_mclust / nine, many_mclust / many_ours)),
      goal = c("2", "1", "100")
    )
  )
}
