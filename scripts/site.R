# Builds the site in site/. Formulas become MathML, which browsers show without a script.
library(xml2)

# Nothing is requested from the network: neither where packages live nor whether links work.
options(pkgdown.internet = FALSE)
unlink("site", recursive = TRUE)
pkgdown::build_site(preview = FALSE, devel = FALSE, new_process = FALSE, install = FALSE)

# The benchmark reports that the home page links to.
site <- pkgdown::as_pkgdown(".")
dir.create("site/bench")
for (report in list.files("bench", "[.]md$", full.names = TRUE)) {
  body <- tempfile(fileext = ".html")
  rmarkdown::pandoc_convert(normalizePath(report), "html", "gfm", body)
  body <- gsub("<table>", "<table class=\"table\">", readLines(body), fixed = TRUE)
  title <- sub("^# ", "", readLines(report, n = 1L))
  pkgdown::render_page(
    site, "title-body", list(pagetitle = title, body = paste(body[-1L], collapse = "\n")),
    sub("[.]md$", ".html", report), depth = 1L
  )
}

# Converts many formulas with one call of pandoc.
mathml <- function(formulas) {
  input <- tempfile(fileext = ".md")
  output <- tempfile(fileext = ".html")
  writeLines(paste0(formulas, "\n"), input)
  rmarkdown::pandoc_convert(input, "html", "markdown", output, options = "--mathml")
  xml_find_all(read_html(output, encoding = "UTF-8"), "//math")
}

# There is no logo. The picture without a source in its place is removed.
for (page in list.files("site", "[.]html$", recursive = TRUE, full.names = TRUE)) {
  html <- read_html(page)
  xml_remove(xml_find_all(html, "//img[@src='']"))
  spans <- xml_find_all(html, "//span[contains(@class, 'math ')]")
  if (length(spans) > 0L) {
    dollars <- ifelse(grepl("display", xml_attr(spans, "class")), "$$", "$")
    formulas <- mathml(paste0(dollars, gsub("^\\\\[[(]|\\\\[])]$", "", xml_text(spans)), dollars))
    stopifnot(length(formulas) == length(spans))
    for (i in seq_along(spans)) xml_replace(spans[[i]], formulas[[i]])
  }
  write_html(html, page)
}
