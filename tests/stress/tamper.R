# Replaces each field of a fit, of squashed data and of many fits by hostile values, as a file or a
# user might bring them, and calls every method. Each call must give an error of this package or a
# sound answer. No code in the fields may run, no number may be lost, and nothing may crash.
suppressPackageStartupMessages(library(gmm1d))
options(warn = -1)
grDevices::pdf(NULL)

witness <- tempfile()
code <- function(...) {
  file.create(witness)
  1
}
hostile <- list(
  null = NULL, `function` = code, call = bquote(.(code)()), name = quote(code),
  expression = expression(stop("run")), environment = new.env(), text = "a",
  `bad text` = "\xff\xfe", `missing` = NA, `not a number` = NaN, infinite = Inf, zero = 0,
  negative = -1, half = 0.5, huge = 1e308, integer = 7L, `none` = numeric(), long = c(1, 2, 3),
  list = list(1, "a"), frame = data.frame(a = 1:2), factor = factor("a"), complex = 1i,
  raw = as.raw(1), promise = ~ stop("run"), matrix = matrix(1:4, 2L),
  s4 = methods::getClass("numeric")
)

calls_of_fit <- alist(
  print(x), summary(x), print(summary(x)), coef(x), as.data.frame(x), logLik(x), AIC(x), BIC(x),
  nobs(x), deviance(x), df.residual(x), sigma(x), mean(x), median(x), weights(x), vcov(x),
  confint(x), predict(x), predict(x, 60), predict(x, c(50, 80), "posterior"),
  predict(x, 70, "uncertainty"), predict(x, 70, "density"), predict(x, 70, "cdf"), fitted(x),
  residuals(x), simulate(x, 1, seed = 1), quantile(x, 0.5), cutpoints(x), modes(x),
  dgmm1d(60, x), pgmm1d(60, x), qgmm1d(0.5, x), tidy(x), glance(x), augment(x), formula(x),
  terms(x), model.frame(x), getCall(x), format(x), plot(x), plot(x, "selection"),
  plot(x, "quantiles"), plot(x, "classification"), plot(x, "trace"), c(x, x),
  tidy(x, type = "parameters"), profile(x, "mu1"), density(x), gmm1d:::estfun.gmm1d(x),
  gmm1d:::bread.gmm1d(x), gmm1d:::model_parameters.gmm1d(x), gmm1d:::model_performance.gmm1d(x)
)
calls_of_points <- alist(
  print(x), length(x), mean(x), weights(x), as.data.frame(x), c(x, x), gmm1d(x, k = 2),
  update(x, c(50, 60)), plot(gmm1d(x, k = 1))
)
calls_of_many <- alist(
  print(x), summary(x), length(x), names(x), x[[1]], x[1], x$a, as.list(x), c(x, x), rev(x),
  coef(x), as.data.frame(x), tidy(x), glance(x), augment(x), nobs(x), logLik(x), BIC(x),
  deviance(x), mean(x), sigma(x), weights(x), fitted(x), residuals(x), predict(x),
  predict(x, 60), update(x, k = 1), plot(x), utils::str(x), bimodality(x), modes(x), cutpoints(x),
  em_test(x), boot_lrt(x, R = 2), gof_test(x, R = 2), tidy(x, type = "parameters")
)

# Says what is wrong with the answer to a call; NULL if nothing is.
fault_of <- function(call, x) {
  answer <- tryCatch({
    utils::capture.output(value <- eval(call, list(x = x), globalenv()))
    value
  }, error = function(e) e)
  if (inherits(answer, "error")) {
    if (inherits(answer, "gmm1d_error")) return(NULL)
    return(paste("raw error:", conditionMessage(answer)))
  }
  numbers <- rapply(list(unclass(answer)), as.vector, "numeric", how = "unlist")
  # missing values in the data may lead to NaN
  if (is.numeric(numbers) && any(is.nan(numbers)) && !anyNA(unclass(x)[["data"]])) "NaN"
}

spoilt <- function(object, name, value) {
  class <- oldClass(object)
  object <- unclass(object)
  object[name] <- list(value)
  structure(object, class = class)
}

faults <- character()
tried <- 0
try_calls <- function(objects, what, calls) {
  for (name in names(objects)) {
    for (call in calls) {
      tried <<- tried + 1
      fault <- fault_of(call, objects[[name]])
      if (file.exists(witness)) fault <- "its code was run"
      unlink(witness)
      if (!is.null(fault)) {
        faults <<- c(faults, paste0(what, ", ", name, ": ", deparse1(call), ": ", fault))
      }
    }
  }
}

fit <- gmm1d(~ waiting, datasets::faithful, k = 1:3)
points <- squash(stats::qnorm(stats::ppoints(9000)))
bins <- squash(data.frame(lower = c(-Inf, 0:5), upper = c(0:5, Inf), count = 1:7))
many <- suppressWarnings(gmm1d_each(list(a = datasets::faithful$waiting, b = 1), k = 1:2))

for (name in names(unclass(fit))) {
  try_calls(lapply(hostile, spoilt, object = fit, name = name), paste0("fit$", name), calls_of_fit)
}
for (name in names(fit$selection)) {
  spoil <- function(value) spoilt(fit, "selection", spoilt(fit$selection, name, value))
  try_calls(lapply(hostile, spoil), paste0("selection$", name), calls_of_fit[c(1, 2, 35, 43)])
}
for (name in names(unclass(fit$control))) {
  spoil <- function(value) spoilt(fit, "control", spoilt(fit$control, name, value))
  try_calls(lapply(hostile, spoil), paste0("control$", name), calls_of_fit[c(1, 17, 18)])
}
for (object in list(points, bins)) {
  for (name in names(unclass(object))) {
    try_calls(lapply(hostile, spoilt, object = object, name = name), paste0("squashed$", name),
              calls_of_points)
  }
}
samples <- list(values = squash(c(1, 2, 4.1)), lattice = squash(1:9), cells = points, bins = bins,
                rounded = squash(1:9, rounding = 1))
classes <- c(lapply(samples, oldClass), none = "squashed",
             lapply(samples, function(sample) c("other", oldClass(sample))),
             lapply(samples, function(sample) rev(oldClass(sample))))
for (name in names(samples)) {
  fields <- unclass(samples[[name]])
  spoilt_classes <- lapply(classes, function(class) structure(fields, class = class))
  try_calls(spoilt_classes, paste("class of", name), calls_of_points)
}
for (part in c("cells", "grid")) {
  for (name in names(unclass(points)[[part]])) {
    spoil <- function(value) spoilt(points, part, spoilt(unclass(points)[[part]], name, value))
    try_calls(lapply(hostile, spoil), paste0(part, "$", name), calls_of_points)
  }
}
for (name in c("names", "keys", "plan", "failures", "format")) {
  spoil <- function(value) tryCatch({
    attributes <- c(attributes(many)[setdiff(names(attributes(many)), c(name, "class"))],
                    stats::setNames(list(value), name))
    object <- unclass(many)
    for (one in names(attributes)) attr(object, one) <- attributes[[one]]
    structure(object, class = "gmm1d_each")
  }, error = function(e) many)
  try_calls(lapply(hostile, spoil), paste0("attribute ", name), calls_of_many)
}
try_calls(lapply(hostile, function(value) {
  object <- unclass(many)
  object[1L] <- list(value)
  structure(object, class = "gmm1d_each")
}), "one of many", calls_of_many)
try_calls(lapply(hostile, function(value) structure(list(value), class = "gmm1d")), "no fit",
          calls_of_fit)

writeLines(c(faults, paste0("tamper: ", format(tried, big.mark = ","), " calls, ", length(faults),
                            " faults")))
if (length(faults) > 0L) quit(status = 1L)
