x <- list(a = faithful$waiting, b = 1, c = faithful$eruptions)
fits <- quietly(gmm1d_each(x, k = 2))
classes <- c(a = "gmm1d", b = "NULL", c = "gmm1d")

test_that("loops walk over the fits, NULL where there is none", {
  seen <- character()
  for (fit in fits) seen <- c(seen, class(fit))
  expect_identical(seen, unname(classes))
  expect_identical(sapply(fits, class), classes)
  expect_identical(vapply(fits, class, ""), classes)
  expect_identical(unlist(lapply(fits, class)), classes)
  expect_identical(unlist(Map(class, fits)), classes)
  expect_identical(mapply(function(fit, name) class(fit), fits, names(fits)), classes)
  expect_identical(Reduce(function(n, fit) n + is.null(fit), fits, 0), 1)
  expect_identical(names(Filter(Negate(is.null), fits)), c("a", "c"))
  expect_identical(seq_along(fits), 1:3)
  expect_identical(rapply(fits, length, how = "list"), rapply(as.list(fits), length, how = "list"))
  for (fit in fits[c("a", "c")]) expect_identical(sum(table(predict(fit))), 272L)
})

test_that("purrr walks over the fits", {
  skip_if_not_installed("purrr")
  expect_identical(purrr::map_chr(fits, class), classes)
  expect_identical(purrr::map_int(fits[-2], "k"), c(a = 2L, c = 2L))
  expect_identical(unname(purrr::imap_chr(fits, function(fit, name) name)), names(fits))
  expect_identical(purrr::map2(fits, 1:3, function(fit, i) fit$mu[1])$c, fits$c$mu[1])
})

test_that("a fit is the same, however it is taken", {
  for (fit in fits["a"]) expect_identical(fit, fits[["a"]])
  expect_identical(as.list(fits)$a, fits$a)
  expect_identical(fits[["c"]], fits[3][[1]])
  expect_error(fits[["b"]], "one distinct value", class = "gmm1d_error_failed")
  expect_identical(coef(update(fits$a, k = 1)), coef(gmm1d(x$a, k = 1)))
  expect_identical(coef(eval(getCall(fits$c))), coef(fits$c))
})

test_that("parts, other orders and files are many fits again", {
  expect_identical(names(rev(fits)), c("c", "b", "a"))
  expect_identical(rev(rev(fits)), fits)
  expect_identical(head(fits, 1), fits["a"])
  expect_identical(glance(tail(fits, 2))$error, glance(fits)$error[2:3])
  expect_identical(split(fits, c(1, 2, 1))[["1"]], fits[c(1, 3)])
  file <- withr::local_tempfile()
  saveRDS(fits, file)
  expect_identical(readRDS(file), fits)
})

test_that("c() is of all fits, with their keys", {
  both <- c(fits, fits)
  expect_identical(names(both), rep(names(fits), 2))
  expect_identical(tidy(both), rbind(tidy(fits), tidy(fits)))
  expect_identical(both[4:6], fits)
  expect_identical(c(fits[1], fits[2:3]), fits)
  species <- gmm1d_each(iris$Petal.Length, iris["Species"], k = 1)
  expect_identical(c(species[1], species[2:3]), species)
  expect_identical(glance(c(species, species))$Species, rep(factor(levels(iris$Species)), 2))
  mixed <- c(fits, species, whole = gmm1d(iris$Petal.Length, k = 3, criterion = "AIC"))
  expect_identical(glance(mixed)$group, c("a", "b", "c", levels(iris$Species), "whole"))
  expect_output(print(mixed), "6 of 7 data sets.*BIC or AIC: k = 1 in 3, k = 2 in 2, k = 3 in 1")
  expect_identical(names(c(gmm1d(x$a, k = 1), fits$c)), c("x$a", fits$c$data_name))
  groups <- gmm1d_each(iris$Petal.Length, iris$Species, k = 1)
  expect_identical(names(c(groups[3:2], all = fits$a)), c("virginica", "versicolor", "all"))
  expect_error(c(fits, 1), class = "gmm1d_error_type")
  expect_error(c(fits$a, list()), class = "gmm1d_error_type")
})

test_that("places and names can be given anew", {
  other <- fits
  other$b <- gmm1d(1:9, k = 1)
  expect_identical(glance(other)$k, c(2L, 1L, 2L))
  other[["a"]] <- other$b
  other[c(TRUE, FALSE, TRUE)] <- fits[c("c", "a")]
  expect_identical(other[["a"]], fits$c)
  names(other) <- c("x", "y", "z")
  expect_identical(glance(other)$group, c("x", "y", "z"))
  expect_error(other$b <- 1, class = "gmm1d_error_argument")
  expect_error(other$x <- 1, class = "gmm1d_error_type")
  expect_error(other[1:2] <- list(fits$a, fits$a, fits$a), class = "gmm1d_error_shape")
  expect_error(names(other) <- "a", class = "gmm1d_error_shape")
})

test_that("str() has a line for each fit", {
  expect_identical(capture.output(str(fits)),
                   c("List of 3 fits (gmm1d_each)", " $ a: gmm1d, k = 2, n = 272", " $ b: NULL",
                     " $ c: gmm1d, k = 2, n = 272"))
  expect_identical(capture.output(str(c(fits, fits, fits, fits)))[12], " ...")
})

test_that("fits take little more room than what they are made of", {
  many <- gmm1d_each(draw(marron_wand$bimodal, 20000), rep(1:100, 200), k = 2)
  parts <- lapply(many, function(fit) fit[c("points", "data", "trace", "selection")])
  expect_lt(length(serialize(many, NULL)), 1.5 * length(serialize(parts, NULL)))
})
