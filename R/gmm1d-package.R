#' @section The data path:
#' Every fit goes the same way: data, weighted points, starting values, EM,
#' choice of the number of components, a `gmm1d` object. [gmm1d()] is the whole
#' way; [estep()] and [mstep()] are its two textbook steps.
#' @keywords internal
#' @useDynLib gmm1d, .registration = TRUE
#' @importFrom Rcpp evalCpp
#' @importFrom rlang %||%
"_PACKAGE"
