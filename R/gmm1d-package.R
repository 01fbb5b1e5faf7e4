# What the package as a whole needs; its help page is that of gmm1d().

#' @useDynLib gmm1d, .registration = TRUE
#' @importFrom Rcpp evalCpp
#' @importFrom rlang %||%
#' @importFrom stats coef fitted formula logLik nobs predict quantile residuals
#' @importFrom stats simulate update
NULL
