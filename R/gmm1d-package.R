#' One-dimensional Gaussian mixtures by the EM algorithm
#'
#' [gmm1d()] fits a mixture. Start with its help page, or with `vignette("five-minutes", "gmm1d")`;
#' the other functions work on the fit. `vignette("cookbook", "gmm1d")` does ten jobs from the data
#' to the sentence in the paper.
#'
#' Functions marked with * are experimental (see "Lifecycle" below).
#'
#' @section How do I fit a mixture?:
#' * One variable, a histogram, a formula and a data frame: [gmm1d()]. Values with errors, limits of
#'   detection, a window, noise or known labels are arguments of it.
#' * Tolerances, bounds on sigma and the extent of the search: [gmm1d_control()].
#' * Interactively: [gmm1d_explore()]*, also an RStudio addin.
#' * A fit of mixtools, mclust or nor1mix, or published estimates: [as_gmm1d()].
#' * A mixture without data: [gmm1d_mixture()]*.
#' * The two steps of EM, to learn or to teach it: [estep()], [mstep()].
#'
#' @section What is in the fit?:
#' * [print()][print.gmm1d], [summary()][print.gmm1d], [coef()][extract], [logLik()][extract] and
#'   other [extractors][extract].
#' * Names for the components: [names(fit) <-][names.gmm1d].
#' * Tables for data frames, as in broom: [tidy()][tidy.gmm1d], [glance()][tidy.gmm1d],
#'   [augment()][tidy.gmm1d].
#' * Pictures: [plot()][plot.gmm1d], [lines()][lines.gmm1d], [autoplot()][autoplot.gmm1d]. In knitr
#'   documents fits are [tables][knit_print.gmm1d].
#'
#' @section How many components?:
#' * By BIC, AIC or ICL: [gmm1d()] with several `k`.
#' * By a test: [em_test()]*, [boot_lrt()], [anova()][anova.gmm1d].
#' * How stable the number is: [bootstrap()] with `search = TRUE`.
#' * Whether any other mixture could be better: [headroom()]*.
#' * Whether the density has several modes: [modes()], [bimodality()].
#'
#' @section Where to cut, and which component?:
#' * Thresholds by posterior probability, costs, specificity, sensitivity or Youden's rule:
#'   [cutpoints()].
#' * Classes and posterior probabilities of values: [predict()][predict.gmm1d].
#' * False discovery rates and q-values: [fdr()]*.
#'
#' @section How precise are the estimates?:
#' * Standard errors and intervals: [vcov()][inference], [confint()][inference].
#' * Bootstrap: [bootstrap()].
#'
#' @section Does the mixture fit?:
#' * A test: [gof_test()].
#' * Residuals: [residuals()][residuals.gmm1d]; quantile plots and rootograms: [plot()][plot.gmm1d].
#'
#' @section How do I compute with the distribution?:
#' * Density, distribution function, quantiles and random numbers: [dgmm1d()], [pgmm1d()],
#'   [qgmm1d()], [rgmm1d()].
#' * Data like those that were fitted: [simulate()][simulate.gmm1d].
#'
#' @section What if there are many data sets?:
#' * Groups, columns, rows or a list: [gmm1d_each()], and its [print() and
#'   plot()][print.gmm1d_each].
#' * One fit from them, or all at once: [as a list][gmm1d_each_list],
#'   [extractors][gmm1d_each_extract].
#' * Tables of tests, cut-points and modes: [gmm1d_each_decide]*.
#'
#' @section What if the data are larger than memory?:
#' * Summarise them by weighted points: [squash()].
#' * Read chunks: [squash() of a function][squash-stream].
#' * Leave them in a database: [squash() of a table][squash.tbl_lazy], also on an engine to which R
#'   has no connection: [sql_table()]*.
#'
#' @section Lifecycle:
#' Functions without a mark are **stable**: calls that work now keep their meaning. If one has to
#' change, the old call gives a deprecation warning in at least one release before. Functions marked
#' with *, and the arguments `relate`, `labels_by`, `shard` and `ask`, are **experimental**: they
#' are tested as thoroughly, but their arguments and the form of their results may change in any
#' release. NEWS says how.
#'
#' @name gmm1d-package
#' @keywords internal
#' @useDynLib gmm1d, .registration = TRUE
#' @importFrom Rcpp evalCpp
#' @importFrom rlang .data := %||%
#' @importFrom stats coef confint fitted formula logLik nobs predict quantile
#' @importFrom stats residuals simulate update vcov
NULL
