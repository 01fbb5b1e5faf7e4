# Which of 5,000 genes have two groups of samples? One call gives the number of components, the
# p-value of the EM-test and the adjusted p-value of each gene. A loop over Mclust(), which has no
# such test, is timed on some of them. For several such sets of genes, measures the share of false
# discoveries at a nominal rate of 5 %.
genes_cases <- function(genes = 5000, values = 100, some = 200, sets = 6) {
  suppressPackageStartupMessages(library(mclust))
  x <- expression_of_genes(genes, values)
  one_call <- clock_of(tests <- em_test(x, k0 = 1, margin = 1))
  tests_alone <- clock_of(em_test(x, k0 = 1, margin = 1, k = 1))
  fits <- gmm1d_each(x, margin = 1, k = 1:2)
  tables <- clock_of(em_test(fits, k0 = 1)) + clock_of(bimodality(fits))
  theirs <- clock_of(for (i in seq_len(some)) Mclust(x[i, ], G = 1:2, verbose = FALSE))
  is_true <- attr(x, "separation") > 0
  is_found <- tests$p.adjusted < 0.05
  wrong_shares <- vapply(seq_len(sets), function(seed) {
    x <- expression_of_genes(genes, values, seed)
    is_found <- em_test(x, k0 = 1, margin = 1, k = 1)$p.adjusted < 0.05
    mean(attr(x, "separation")[is_found] == 0)
  }, 1)
  data.frame(
    what = c("em_test(x, k0 = 1, margin = 1)", "the same with k = 1, the tests alone",
             "em_test(fits, k0 = 1) and bimodality(fits), of fits that are there",
             paste("Mclust(x, G = 1:2), of", some, "genes, times", genes / some)),
    rbind(one_call, tests_alone, tables, theirs * genes / some, deparse.level = 0L),
    genes = genes, values = values, true = sum(is_true), found = sum(is_found),
    wrong = sum(is_found & !is_true), sets = sets, wrong_share = mean(wrong_shares),
    by_k = sum(tests$k > 1), k_wrong = sum(tests$k > 1 & !is_true)
  )
}

# Logarithms of expression. In one gene in ten, 20 to 50 % of the samples form a second group, 2.5
# to 6 standard deviations away.
expression_of_genes <- function(genes, values, seed = 1) {
  set.seed(seed)
  is_switch <- seq_len(genes) %% 10 == 0
  separation <- ifelse(is_switch, stats::runif(genes, 2.5, 6), 0)
  share <- stats::runif(genes, 0.2, 0.5)
  is_high <- matrix(stats::runif(genes * values), genes) < share
  level <- stats::rnorm(genes, 7, 2)
  spread <- stats::rgamma(genes, 4, 8)
  x <- level + spread * (matrix(stats::rnorm(genes * values), genes) + separation * is_high)
  structure(x, separation = separation)
}

genes <- function(cases) {
  first <- cases[1L, ]
  cores <- min(2L, parallel::detectCores())
  c(
    paste0("## ", number(first$genes), " genes of ", first$values, " samples, k and adjusted ",
           "p-values in one call"), "",
    table_of(what = cases$what, time = paste(number(cases$X1), "s"),
             `of the processors` = paste(number(cases$X2), "s"),
             `a gene` = milliseconds(cases$X1 / cases$genes),
             goal = c(paste("10 s on", cores, "cores"), rep("", nrow(cases) - 1L))), "",
    paste0("Of ", first$true, " genes with two groups, the EM-test at a false discovery rate of ",
           "5 % finds ", first$found - first$wrong, ", and ", first$wrong, " others (",
           number(100 * first$wrong / max(first$found, 1), 2L), " % of what it finds; in ",
           first$sets, " such sets of genes ", number(100 * first$wrong_share, 2L), " %). BIC alone ",
           "gives two components to ", first$by_k - first$k_wrong, ", and to ", first$k_wrong,
           " others.")
  )
}
