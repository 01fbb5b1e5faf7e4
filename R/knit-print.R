#' Fits in documents of knitr
#'
#' A fit at the end of a chunk is shown as a table, with a title above and the log-likelihood below;
#' many fits are shown as the table of `glance()`. `print(fit)` gives the console output.
#'
#' @param x A [gmm1d()] fit, or a [gmm1d_each()] result.
#' @param digits Significant digits, as for [print.gmm1d()].
#' @param n How many rows of many fits to show: a whole number >= 0, default 20.
#' @param options,... Passed by knitr to its printing methods; not used.
#'
#' @return Markdown, of class `knit_asis`.
#' @examplesIf requireNamespace("knitr", quietly = TRUE)
#' cat(knitr::knit_print(gmm1d(~ waiting, data = faithful)))
#' @method knit_print gmm1d
#' @rawNamespace S3method(knitr::knit_print, gmm1d)
knit_print.gmm1d <- function(x, options, # nolint: object_name_linter.
                             digits = max(3L, getOption("digits") - 3L), ...) {
  x <- parse_fit(x, "x")
  digits <- parse_count(digits, "digits")
  x$data_name <- as_code(x$data_name)
  below <- c(
    likelihood_line(x), circumstance_lines(x), if (!is.null(x$fixed)) fixed_line(x),
    if (!is.null(x$relate)) relation_line(x),
    if (nrow(x$selection) > 1L) choice_line(x), choice_notes(x), doubt_lines(x)
  )
  table <- knitr::kable(component_table(x, digits), format = "pipe", align = "r")
  knitr::asis_output(paste0(c("", title_of(x), "", table, "", paste0(below, "  "), ""),
                            collapse = "\n"))
}

#' @rdname knit_print.gmm1d
#' @method knit_print gmm1d_each
#' @rawNamespace S3method(knitr::knit_print, gmm1d_each)
knit_print.gmm1d_each <- function(x, options, n = 20L, ...) { # nolint: object_name_linter.
  n <- parse_count(n, "n", at_least = 0)
  rows <- glance_rows(x, n)
  names(rows) <- as_markdown(names(rows))
  is_text <- vapply(rows, function(column) is.character(column) || is.factor(column), NA)
  rows[is_text] <- lapply(rows[is_text], as_markdown)
  lines <- c("", paste0(count_lines(summary(x)), "  "), "")
  # Keys are aligned to the left, the four numbers to the right.
  align <- rep(c("l", "r"), c(ncol(rows) - 4L, 4L))
  if (nrow(rows) > 0L) lines <- c(lines, knitr::kable(rows, format = "pipe", align = align), "")
  if (length(x) > n) lines <- c(lines, paste("...", count_of(length(x) - n, "more row")), "")
  knitr::asis_output(paste0(lines, collapse = "\n"))
}

# A name as Markdown code, between more backticks than it contains in a row.
as_code <- function(text) {
  text <- printable(text)
  runs <- regmatches(text, gregexpr("`+", text))[[1L]]
  if (length(runs) == 0L) return(paste0("`", text, "`"))
  fence <- strrep("`", max(nchar(runs)) + 1L)
  paste(fence, text, fence)
}

# Escapes text, so that Markdown and HTML show it literally.
as_markdown <- function(text) {
  text <- gsub("\n", " ", printable(as.character(text)), fixed = TRUE)
  text <- gsub("&", "&amp;", text, fixed = TRUE)
  gsub("([\\\\`*_\\[\\]<>|~$^])", "\\\\\\1", text, perl = TRUE)
}
