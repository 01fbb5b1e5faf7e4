test_that("values outside the default limits are counted, not those outside the user's", {
  fit <- quietly(gmm1d(c(faithful$waiting, -1e9, 1e9), k = 2))
  note <- function(xlim = NULL) {
    gmm1d:::outside_note(fit, list(xlim = xlim), xlim %||% gmm1d:::default_xlim(fit))
  }
  expect_identical(note(), "2 values outside")
  expect_null(note(c(50, 60)))
  fit <- gmm1d(faithful$waiting, k = 2)
  expect_null(note())
})

test_that("a legend has the room that it takes", {
  key <- gmm1d:::density_key(9L, list())
  for (main in c("title", "")) {
    for (mar in list(c(5.1, 4.1, 4.1, 2.1), c(3, 3, 0.5, 0.5))) {
      withr::with_pdf(NULL, {
        par(mar = mar)
        plot.new()
        look <- list(legend = TRUE, main = main)
        gmm1d:::open_plot(look, key, c(0, 1), c(0, 1))
        layout <- gmm1d:::legend_layout(key, look)
        # It is in the margin if there is room.
        expect_identical(layout$is_inside, mar[3] < 1)
        drawn <- gmm1d:::draw_legend(layout)$rect
        expect_gte(drawn$top - drawn$h, 1)
        above <- (drawn$top - par("usr")[4]) / diff(par("usr")[3:4]) * par("pin")[2]
        if (!layout$is_inside) expect_lt(above + (main != "") * par("csi"), par("mai")[3])
      })
    }
  }
})

test_that("a legend shrinks, and is omitted if it would take half of the plot", {
  layout <- function(k, size) {
    withr::with_pdf(NULL, width = size, height = size, {
      plot.new()
      gmm1d:::legend_layout(gmm1d:::density_key(k, list()), list(legend = TRUE, main = "title"))
    })
  }
  expect_identical(layout(2L, 7)$cex, 0.85)
  expect_lt(layout(9L, 4)$cex, 0.85)
  expect_null(layout(50L, 3))
  expect_null(layout(1L, 7))
})

test_that("labels of ticks are the numbers, without exponents", {
  expect_true(gmm1d:::number_labels(c(0, 0.5, 1)))
  expect_true(gmm1d:::number_labels(c(10, 20, NA)))
  text <- gmm1d:::number_labels(c(0, 50000, 100000))
  expect_identical(text, c("0", "50,000", "100,000"))
  for (at in list(c(0, 5e-4, 1e-3), seq(-2e5, 2e5, 1e5))) {
    text <- gmm1d:::number_labels(at)
    expect_false(any(grepl("e", text)))
    expect_equal(as.numeric(gsub(",", "", text)), at)
  }
  whole <- pretty(c(4e8, 9e8))  # integers
  for (at in list(seq(4e8, 1e9, 1e8), c(0, 2.5e-9, 5e-9), c(-1e300, 0, 1e300), whole)) {
    labels <- gmm1d:::number_labels(at)
    expect_type(labels, "expression")
    expect_equal(vapply(labels, function(label) as.numeric(eval(label)), 0), as.double(at))
  }
})

test_that("titles fit; those of the package without the number of components, if need be", {
  written <- function(main, size, cex = 1.2) {
    withr::with_pdf(NULL, width = size, height = size, {
      par(mar = c(2, 2, 2, 1))
      plot.new()
      room <- gmm1d:::room_along(3L)
      main <- gmm1d:::main_with_room(main)
      fitted <- gmm1d:::text_with_room(main, room, cex, 2)
      expect_lte(strwidth(fitted$text, "inches", cex = fitted$cex, font = 2), room)
      fitted$text
    })
  }
  expect_identical(written("Distribution function, 2 components", 7),
                   "Distribution function, 2 components")
  expect_identical(written("Distribution function, 2 components", 2.2), "Distribution function")
  expect_match(written("Waiting times in minutes, Old Faithful", 2.2), "^Waiting times.*[.]{3}$")
})

test_that("small legends have the shortest words", {
  text <- c("mixture", "component 1", "component 12", "free sigma", "chosen by BIC", "component x")
  expect_identical(gmm1d:::shortest_parts(text),
                   c("mixture", "1", "12", "free", "chosen", "component x"))
})

# The recording of a device, without dates.
pages <- function(draw, width, height) {
  file <- withr::local_tempfile(fileext = ".pdf")
  withr::with_pdf(file, width = width, height = height, draw(), compress = FALSE)
  grep("Date", readLines(file, warn = FALSE), value = TRUE, invert = TRUE)
}

test_that("a page replayed at another size equals one drawn at that size", {
  fit <- gmm1d(faithful$waiting, k = 5)
  rates <- fdr(gmm1d(faithful$waiting, k = 2), null = 1)
  draws <- lapply(setdiff(eval(formals(gmm1d:::plot.gmm1d)$type), "radial"),
                  function(type) function() plot(fit, type))
  draws <- c(draws, function() plot(rates), function() plot(gmm1d_mixture(fit)))
  for (draw in draws) {
    withr::with_pdf(NULL, width = 9, height = 7, {
      grDevices::dev.control("enable")
      draw()
      recorded <- grDevices::recordPlot()
    })
    expect_identical(pages(function() grDevices::replayPlot(recorded), 4, 3.5), pages(draw, 4, 3.5))
  }
})

test_that("an error in a plot does not turn off the recording of the device", {
  withr::with_pdf(NULL, {
    grDevices::dev.control("enable")
    expect_error(gmm1d:::draw_page(function() stop("no")), "no")
    abline(h = 1)
    expect_match(deparse1(lapply(grDevices::recordPlot()[[1]], `[[`, 2)), "abline")
  })
})

test_that("texts fit into the room they are given", {
  withr::with_pdf(NULL, {
    plot.new()
    for (text in c("short", strrep("long name ", 30))) {
      for (room in c(1, 3)) {
        fitted <- gmm1d:::text_with_room(text, room, 1)
        expect_lte(strwidth(fitted$text, "inches", cex = fitted$cex), room)
        expect_gte(fitted$cex, 0.7)
      }
    }
  })
  expect_identical(gmm1d:::cut_text(c("abc", "abcdef"), 5), c("abc", "ab..."))
})

test_that("nine colours can be told apart on white, also by the colour-blind", {
  linear <- function(colour) {
    value <- grDevices::col2rgb(colour) / 255
    ifelse(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055)^2.4)
  }
  # Machado, Oliveira and Fernandes (2009): protanopia, deuteranopia, tritanopia.
  seen <- list(
    diag(3),
    matrix(c(0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116,
             1.051998), 3, byrow = TRUE),
    matrix(c(0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.011820, 0.042940,
             0.968881), 3, byrow = TRUE),
    matrix(c(1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367,
             0.303900), 3, byrow = TRUE)
  )
  colours <- linear(gmm1d:::colours_of(9L, NULL))
  for (by in seen) {
    light <- pmin(pmax(by %*% colours, 0), 1)
    value <- ifelse(light <= 0.0031308, 12.92 * light, 1.055 * light^(1 / 2.4) - 0.055)
    # A difference of 2.3 is just noticeable.
    expect_gt(min(dist(grDevices::convertColor(t(value), "sRGB", "Lab"))), 15)
  }
  contrast <- 1.05 / (colSums(colours * c(0.2126, 0.7152, 0.0722)) + 0.05)
  expect_gt(min(contrast), 2.2)
})

test_that("lines are solid until colours repeat, and fifty components differ", {
  expect_identical(unique(gmm1d:::line_types_of(9L, NULL)), 1)
  expect_identical(anyDuplicated(gmm1d:::line_types_of(6L, NULL, "black")), 0L)
  key <- gmm1d:::density_key(50L, list())
  expect_identical(anyDuplicated(data.frame(key$col, key$lty)), 0L)
})

test_that("a note gives the shares of open bins", {
  fit <- quietly(gmm1d(data.frame(lower = c(-Inf, 0, 1), upper = c(0, 1, Inf), count = c(1, 6, 3)),
                       k = 1))
  expect_identical(gmm1d:::outside_note(fit, list(), c(-9, 9)),
                   "open: 10% below 0, 30% above 1")
  expect_null(gmm1d:::open_words(squash(1:9)))
})

test_that("a tint lies between white and the colour", {
  expect_identical(gmm1d:::tint(c("black", "red"), 0), c("#FFFFFF", "#FFFFFF"))
  expect_identical(gmm1d:::tint(c("black", "red"), 1), c("#000000", "#FF0000"))
})

test_that("titles run along their axes, whatever par(\"las\") is", {
  # Text in the margin that is drawn with the user's `las` changes with it.
  texts <- function(draw, las) {
    seen <- new.env()
    note <- bquote(assign("las", c(get("las", .(seen)), list(...)$las), .(seen)))
    assign("las", NULL, seen)
    suppressMessages(trace("mtext", note, print = FALSE, where = asNamespace("graphics")))
    on.exit(suppressMessages(untrace("mtext", where = asNamespace("graphics"))))
    withr::with_pdf(NULL, {
      graphics::par(las = las)
      draw()
    })
    seen$las
  }
  fits <- gmm1d_each(iris[1:2], k = 1)
  fit <- quietly(gmm1d(c(faithful$waiting, -1e9, 1e9), k = 2))
  for (draw in list(function() plot(fits), function() plot(fdr(fit)), function() plot(fit))) {
    las <- texts(draw, 1)
    expect_gt(length(las), 0)
    for (each in las) expect_equal(each, 0)
  }
})
