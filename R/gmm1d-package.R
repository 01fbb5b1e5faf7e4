#' One-dimensional Gaussian mixtures by the EM algorithm
#'
#' [gmm1d()] fits a mixture, and its page is the one to begin with, or
#' `vignette("five-minutes", "gmm1d")`. The other functions work on what it returns.
#' `vignette("cookbook", "gmm1d")` does ten jobs from the data to the sentence in the paper.
#'
#' @name gmm1d-package
#' @keywords internal
#' @useDynLib gmm1d, .registration = TRUE
#' @importFrom Rcpp evalCpp
#' @importFrom rlang .data := %||%
#' @importFrom stats coef confint fitted formula logLik nobs predict quantile
#' @importFrom stats residuals simulate update vcov
NULL
