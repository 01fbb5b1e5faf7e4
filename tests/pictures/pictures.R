# Draws every type of plot, with base graphics and with ggplot2, in three sizes, for few and many
# components and values and for data that are hard to draw. The pictures are arranged on sheets, one
# for each type, for a person to look at. `make pictures` writes all sheets;
# `Rscript tests/pictures/pictures.R folder regex` writes those whose names match, such as
# "base-density-320x260".
suppressPackageStartupMessages(library(gmm1d))
asked <- commandArgs(trailingOnly = TRUE)
folder <- if (length(asked) > 0L) asked[1L] else "pictures"
only <- if (length(asked) > 1L) asked[2L] else ""
dir.create(folder, showWarnings = FALSE, recursive = TRUE)

sizes <- list(c(320, 260), c(600, 500), c(1200, 900))
types <- setdiff(eval(formals(getS3method("plot", "gmm1d"))$type), "radial")

# Groups of different widths, some well separated and some not.
groups <- function(k, n) {
  share <- rep_len(c(3, 2, 1), k)
  size <- pmax(round(n * share / sum(share)), 2)
  unlist(Map(function(j, size) 12 * sqrt(j) + (0.5 + (j %% 3) / 3) * qnorm(ppoints(size)),
             seq_len(k), size))
}

fit_of <- function(...) suppressWarnings(gmm1d(...), classes = "gmm1d_warning")

usual_fits <- function() {
  fits <- list()
  for (k in c(1, 2, 5, 9)) {
    for (n in c(20, 272, 1e6)) {
      x <- groups(k, n)
      fits[[paste0("k = ", k, ", n = ", format(n, big.mark = ",", scientific = FALSE))]] <-
        fit_of(x, k = k)
    }
  }
  fits
}

# Fits that need more than a curve for each component.
hard_fits <- function() {
  waiting <- faithful$waiting
  edges <- c(-Inf, seq(46, 94, 4), Inf)
  count <- as.vector(table(cut(waiting, edges)))
  bins <- data.frame(lower = edges[-length(edges)], upper = edges[-1L], count = count)
  cells <- c(0, 10, 100, 1000)
  long <- list(x = waiting)
  names(long) <- "concentration_of_antibodies_in_serum_at_the_first_visit"
  named <- fit_of(~waiting, data = faithful, k = 2)
  names(named) <- c("after a short eruption of the geyser", "after a long eruption of the geyser")
  list(
    "k = 1 to 9" = fit_of(~waiting, data = faithful, k = 1:9, variance = c("free", "equal")),
    "open bins" = fit_of(bins, k = 2),
    "wide open bins" = fit_of(data.frame(lower = c(-Inf, cells), upper = c(cells, Inf),
                                         count = c(30, 50, 40, 20, 5)), k = 1),
    rounded = fit_of(waiting, rounding = 1, k = 2),
    "far values" = fit_of(c(waiting, -1e9, 1e9), k = 2),
    "long name" = fit_of(stats::as.formula(paste0("~ log(", names(long), " / 1000)")), data = long,
                         k = 2),
    names = named,
    noise = fit_of(c(waiting, seq(0, 200, 5)), noise = c(0, 200), k = 2),
    window = fit_of(waiting[waiting >= 50], within = c(49.5, Inf), k = 2),
    errors = fit_of(waiting, error = 3, k = 2),
    logarithms = fit_of(~ log10(rivers), k = 2),
    "large numbers" = fit_of(waiting * 1e7, k = 2)
  )
}

# Draws a picture into its own file. An error is written into the picture.
drawn <- function(draw, size, resolution = 96) {
  file <- tempfile(fileext = ".png")
  on.exit(unlink(file))
  grDevices::png(file, size[1L], size[2L], res = resolution, type = "cairo")
  tryCatch(draw(), error = function(e) {
    graphics::par(mfrow = c(1, 1), mar = rep(1, 4))
    graphics::plot.new()
    graphics::mtext(paste(strwrap(conditionMessage(e), 40), collapse = "\n"), line = -2, cex = 0.7,
                    col = "red")
  })
  grDevices::dev.off()
  png::readPNG(file)
}

sheet <- function(name, pictures, size, columns = 3L) {
  name <- paste0(name, "-", size[1L], "x", size[2L])
  if (!grepl(only, name)) return(invisible())
  images <- lapply(pictures, drawn, size)
  rows <- ceiling(length(images) / columns)
  # Pictures wider than 500 points are shrunk to that width.
  share <- min(1, 500 / size[1L])
  cell <- round(size * share) + c(6, 22)
  grDevices::png(file.path(folder, paste0(name, ".png")), columns * cell[1L], rows * cell[2L],
                 type = "cairo")
  graphics::par(mar = rep(0, 4), bg = "grey60")
  graphics::plot.new()
  graphics::plot.window(c(0, columns * cell[1L]), c(rows * cell[2L], 0), xaxs = "i", yaxs = "i")
  for (i in seq_along(images)) {
    left <- (i - 1L) %% columns * cell[1L] + 3
    top <- (i - 1L) %/% columns * cell[2L] + 19
    graphics::rasterImage(images[[i]], left, top + cell[2L] - 22, left + cell[1L] - 6, top)
    graphics::text(left, top - 8, names(pictures)[i], adj = 0, cex = 1)
  }
  grDevices::dev.off()
  message(name)
}

base_plots <- function(fits, ...) lapply(fits, function(fit) function() plot(fit, ...))
ggplots <- function(fits, ...) {
  lapply(fits, function(fit) function() print(ggplot2::autoplot(fit, ...)))
}

sheets_of <- function(name, fits, ...) {
  for (size in sizes) {
    sheet(paste0("base-", name), base_plots(fits, ...), size)
    sheet(paste0("ggplot2-", name), ggplots(fits, ...), size)
  }
}

usual <- usual_fits()
hard <- hard_fits()
for (type in types) {
  sheets_of(type, usual, type)
  sheets_of(paste0(type, "-hard"), hard, type)
}
with_errors <- lapply(c(1, 2, 5, 9), function(k) {
  x <- groups(k, 272)
  fit_of(x, error = rep_len(c(0.2, 0.5, 1, 2), length(x)), k = k)
})
names(with_errors) <- paste("k =", c(1, 2, 5, 9))
sheets_of("radial", with_errors, "radial")
logs <- lapply(types, function(type) function() plot(hard$logarithms, type, original = TRUE))
log_plots <- lapply(types, function(type) {
  function() print(ggplot2::autoplot(hard$logarithms, type, original = TRUE))
})
for (size in sizes) {
  sheet("base-original", stats::setNames(logs, types), size)
  sheet("ggplot2-original", stats::setNames(log_plots, types), size)
}

# Four plots on a page, many fits, and results made from a fit. (R's own margins leave no room for
# plots on the smallest page.)
on_page <- function(fit) {
  function() {
    is_small <- grDevices::dev.size()[2L] < 3
    graphics::par(mfrow = c(2, 2))
    if (is_small) graphics::par(mar = c(2.6, 2.6, 2.2, 0.6), mgp = c(1.5, 0.5, 0))
    for (type in c("density", "cdf", "rootogram", "classification")) plot(fit, type)
  }
}
many <- gmm1d_each(split(log(airquality$Ozone), airquality$Month), k = 1:3)
set.seed(1)
means <- bootstrap(usual[["k = 2, n = 272"]], R = 99)
all_means <- bootstrap(usual[["k = 5, n = 272"]], R = 99)
numbers <- suppressWarnings(bootstrap(gmm1d(~ log(rivers), k = 1:4), R = 19, search = TRUE))
rates <- fdr(gmm1d(c(qnorm(ppoints(900)), 3 + qnorm(ppoints(100))), k = 2,
                   fixed = list(mu = c(0, NA), sigma = c(1, NA))))
bounds <- headroom(gmm1d(~waiting, data = faithful))
answers <- list(means, all_means, numbers, rates)
names(answers) <- c("bootstrap, k = 2", "bootstrap, k = 5", "bootstrap of k", "fdr")
inside <- function(...) {
  function() {
    print(ggplot2::ggplot(iris, ggplot2::aes(Petal.Length)) +
            ggplot2::geom_histogram(ggplot2::aes(y = ggplot2::after_stat(density)), bins = 20,
                                    fill = "grey75") +
            stat_gmm1d(...) + ggplot2::facet_wrap("Species", scales = "free") +
            ggplot2::theme(legend.position = "top"))
  }
}
for (size in sizes) {
  sheet("base-pages", lapply(usual, on_page), size)
  sheet("base-pages-hard", lapply(hard, on_page), size)
  sheet("base-answers", c(base_plots(answers), list(
    "many fits" = function() plot(many), headroom = function() plot(bounds),
    gradient = function() plot(bounds, "gradient"),
    profile = function() plot(stats::profile(usual[["k = 2, n = 272"]])),
    "density()" = function() plot(stats::density(usual[["k = 2, n = 272"]])),
    "mixture" = function() plot(gmm1d_mixture(c(0.7, 0.3), c(0, 4), c(1, 1.5)), cutpoints = TRUE),
    "cut-points" = function() plot(hard$names, cutpoints = TRUE, rug = TRUE, scale = "count")
  )), size)
  sheet("ggplot2-answers", c(ggplots(answers), list(
    "many fits" = function() print(ggplot2::autoplot(many)), stat = inside(k = 1:3),
    "stat, k = 2" = inside(k = 2, variance = "equal"),
    "mixture" = function() {
      mixture <- gmm1d_mixture(c(0.7, 0.3), c(0, 4), c(1, 1.5))
      print(ggplot2::autoplot(mixture, cutpoints = TRUE))
    },
    "cut-points" = function() {
      print(ggplot2::autoplot(hard$names, cutpoints = TRUE, rug = TRUE, scale = "count"))
    }
  )), size)
}
