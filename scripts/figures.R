# Writes the measured figures of vignettes/figures.tsv, which `make bench` and `make simulate` make,
# into README.md: the text between <!--name--> and <!--/-->. Vignettes read the file themselves, by
# `r quoted("name")`. With the argument "check", nothing is written: prints each figure of README.md
# that is out of date, each name that is not in the file, and each time or size that is written by
# hand; 1 if there is any.
only_check <- identical(commandArgs(trailingOnly = TRUE), "check")
figures <- utils::read.delim("vignettes/figures.tsv", colClasses = "character", quote = "")
marked <- "<!--([a-z0-9_]+)-->(.*?)<!--/-->"
inline <- "`r quoted\\(\"([a-z0-9_]+)\"\\)`"
by_hand <- "[0-9][0-9.,]*[  ](ms|s|MB|GB)\\b"
wrong <- character()
complain <- function(file, ...) wrong <<- c(wrong, paste0(file, ": ", ...))

matches <- function(pattern, text) regmatches(text, gregexpr(pattern, text, perl = TRUE))[[1L]]
part <- function(which, pattern, text) sub(pattern, paste0("\\", which), text, perl = TRUE)
quoted <- function(names) figures$quoted[match(names, figures$name)]

check_names <- function(file, names) {
  for (name in setdiff(names, figures$name)) complain(file, "no figure is called ", name)
}

# The text of a page without its code.
prose_of <- function(lines) {
  fences <- cumsum(grepl("^ *```", lines))
  lines[fences %% 2L == 0L & !grepl("^ *```", lines)]
}

check_by_hand <- function(file, lines) {
  text <- gsub(inline, "", gsub(marked, "", prose_of(lines), perl = TRUE), perl = TRUE)
  for (found in unlist(lapply(text, matches, pattern = by_hand))) {
    complain(file, found, " is written by hand, not taken from vignettes/figures.tsv")
  }
}

read <- function(file) readLines(file, encoding = "UTF-8")

readme <- read("README.md")
filled <- vapply(readme, function(line) {
  for (old in matches(marked, line)) {
    name <- part(1L, marked, old)
    if (!name %in% figures$name) next
    now <- quoted(name)
    if (only_check && part(2L, marked, old) != now) complain("README.md", name, " is ", now)
    line <- sub(old, sprintf("<!--%s-->%s<!--/-->", name, now), line, fixed = TRUE)
  }
  line
}, "", USE.NAMES = FALSE)
check_names("README.md", part(1L, marked, unlist(lapply(readme, matches, pattern = marked))))
check_by_hand("README.md", readme)
if (!only_check && !identical(filled, readme)) writeLines(filled, "README.md", useBytes = TRUE)

for (file in list.files("vignettes", "[.]Rmd$", full.names = TRUE)) {
  lines <- read(file)
  check_names(file, part(1L, inline, unlist(lapply(lines, matches, pattern = inline))))
  check_by_hand(file, lines)
}

writeLines(wrong)
quit(status = as.integer(length(wrong) > 0L))
