# What the package as a whole needs; its help page is that of gmm1d().

#' @useDynLib gmm1d, .registration = TRUE
#' @importFrom Rcpp evalCpp
#' @importFrom rlang .data %||%
#' @importFrom stats coef confint fitted formula logLik nobs predict quantile
#' @importFrom stats residuals simulate update vcov
NULL
