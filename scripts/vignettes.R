# Builds the vignettes with the installed package and adds them to it. Unlike R CMD build, it does
# not compile the package again.
library_path <- dirname(system.file(package = "gmm1d"))
made_of <- file.path(library_path, "gmm1d", "made-of.rds")
stamp <- if (file.exists(made_of)) readRDS(made_of)
copy <- tempfile("gmm1d")
dir.create(copy)
parts <- c("DESCRIPTION", "NAMESPACE", "R", "src", "man", "inst", "vignettes")
invisible(file.copy(parts, copy, recursive = TRUE, copy.date = TRUE))
invisible(utils::capture.output(tools::buildVignettes(dir = copy, quiet = TRUE)))
documents <- file.path(copy, "inst", "doc")
dir.create(documents)
made <- list.files(file.path(copy, "vignettes"), "[.](Rmd|R|html)$", full.names = TRUE)
invisible(file.copy(made, documents))
status <- system2(file.path(R.home("bin"), "R"),
                  c("CMD", "INSTALL", paste0("--library=", shQuote(library_path)), copy),
                  stdout = FALSE, stderr = FALSE)
if (status != 0L) stop("the package could not be installed with its vignettes", call. = FALSE)
if (!is.null(stamp)) saveRDS(stamp, made_of)
cat("The vignettes are there: vignette(package = \"gmm1d\")\n")
