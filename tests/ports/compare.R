# Compares the output of the driver on another platform with that on this machine. Prints one line.
arguments <- commandArgs(trailingOnly = TRUE)
read <- function(path) {
  lines <- readLines(path)
  list(functions = sub("functions ", "", lines[1L]),
       fits = lapply(strsplit(lines[-1L], " "), as.numeric))
}
here <- read(arguments[1L])
there <- read(arguments[2L])
# The numbers of a fit: its index, k, whether it converged, the objective and the components.
off <- Map(function(a, b) {
  estimates <- function(fit) {
    components <- matrix(fit[-(1:4)], ncol = 3L, byrow = TRUE)
    components[order(components[, 2L], components[, 3L]), , drop = FALSE]
  }
  from <- estimates(a)
  to <- estimates(b)
  relative <- cbind(to[, 1L] - from[, 1L], (to[, 2L] - from[, 2L]) / from[, 3L],
                    to[, 3L] / from[, 3L] - 1)
  # On a ridge only the objective is comparable.
  c(abs(b[4L] / a[4L] - 1), if (a[3L] == 1 && b[3L] == 1) max(abs(relative)) else 0,
    a[3L] == 1 && b[3L] == 1)
}, here$fits, there$fits)
off <- do.call(rbind, off)
cat(sprintf("%s | %.1e | %.1e of %d", there$functions, max(off[, 1L]), max(off[, 2L]),
            sum(off[, 3L])))
