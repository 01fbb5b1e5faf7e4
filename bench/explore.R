# How long the page of gmm1d_explore() takes for a change of k or of the variance, with ten million
# values.
explore <- function(largest) {
  x <- draw(1e7)
  fits_of_x <- function() gmm1d:::remembered(gmm1d:::fits_of(x, quote(x)))
  choices <- expand.grid(k = 1:9, variance = c("free", "equal"), stringsAsFactors = FALSE)
  time_of <- function(fits) {
    apply(choices, 1L, function(one) {
      seconds(fits(as.integer(one[["k"]]), one[["variance"]]), runs = 1L)
    })
  }
  fits <- fits_of_x()
  first <- time_of(fits)
  again <- time_of(fits)
  curve <- seconds(fits_of_x()(NULL, "free"))
  grDevices::png(tempfile(), 600, 400)
  on.exit(grDevices::dev.off())
  picture <- seconds(plot(fits(3L, "free")$fit, cutpoints = TRUE))
  c(
    "## A change on the page of gmm1d_explore(), ten million values", "",
    paste0("A fit, k = 1 to 9 and free or equal variances: ", milliseconds(stats::median(first)),
           ", at most ", milliseconds(max(first)), "; again: ", milliseconds(max(again)),
           ". The curve of the criteria, once: ", milliseconds(curve), ". The picture: ",
           milliseconds(picture), ".")
  )
}
