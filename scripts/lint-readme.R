# Runs the R code of README.md as it stands, in one session, with the installed package. Prints each
# line that fails or warns, and each `#>` that is not what is printed; 1 if there is any. Nothing is
# installed: a tarball must have the name that R CMD build gives it.
lines <- readLines("README.md", encoding = "UTF-8")
fences <- grep("^```", lines)
starts <- fences[c(TRUE, FALSE)]
ends <- fences[c(FALSE, TRUE)]
is_r <- lines[starts] == "```r"
version <- read.dcf("DESCRIPTION", fields = c("Version", "Imports", "LinkingTo"))[1L, ]
grDevices::pdf(NULL)
options(warn = 2L, width = 80L)
wrong <- 0L
complain <- function(...) {
  wrong <<- wrong + 1L
  cat("README.md:", ..., "\n", sep = "")
}

session <- new.env()
session$install.packages <- function(packages, ...) {
  is_base <- function(package) "base" %in% utils::packageDescription(package)$Priority
  needed <- gsub("\\s|\\(.*?\\)", "", unlist(strsplit(version[-1L], ",")))
  needed <- unique(Filter(Negate(is_base), needed))
  tarball <- sprintf("gmm1d_%s.tar.gz", version[["Version"]])
  if (!identical(packages, tarball) && !setequal(packages, needed)) {
    stop("what is to be installed is ", toString(c(needed, tarball)))
  }
}

trimmed <- function(text) {
  text <- sub("\\s+$", "", unlist(strsplit(text, "\n")))
  if (length(text) > 0L && text[length(text)] == "") text[-length(text)] else text
}

for (block in which(is_r)) {
  at <- (starts[block] + 1L):(ends[block] - 1L)
  code <- lines[at]
  parsed <- parse(text = code, keep.source = TRUE)
  places <- utils::getSrcref(parsed)
  last <- vapply(places, function(place) place[3L], 1L)
  following <- c(vapply(places, function(place) place[1L], 1L)[-1L], length(code) + 1L)
  for (i in seq_along(parsed)) {
    line <- at[last[i]]
    printed <- tryCatch(
      utils::capture.output({
        value <- withVisible(eval(parsed[[i]], session))
        if (value$visible) print(value$value)
      }),
      error = function(problem) complain(line, ": ", conditionMessage(problem))
    )
    rest <- code[seq_len(length(code)) > last[i] & seq_len(length(code)) < following[i]]
    shown <- sub("^#> ?", "", grep("^#>", rest, value = TRUE))
    if (length(shown) > 0L && !identical(trimmed(shown), trimmed(printed))) {
      complain(line, ": what is printed is not what follows `#>`:\n", paste(printed, collapse = "\n"))
    }
  }
}
quit(status = as.integer(wrong > 0L))
