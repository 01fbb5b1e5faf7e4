#' Many fits as a list
#'
#' The result of [gmm1d_each()] is a list of fits: use it in loops, [lapply()], [Map()] and purrr.
#' `[`, `c()`, [rev()] and [head()] return an object of the same class.
#'
#' @param x,object A [gmm1d_each()] result.
#' @param i,name Which fits: numbers, names or logical values; one of them for `[[` and `$`.
#' @param exact,drop Not used: names must match exactly, and the class is always kept.
#' @param value For `[[<-`, `$<-` and `[<-`, a `gmm1d` fit, or a list of them; for `names<-`, a
#'   character vector.
#' @param ... `c()`: more such objects, or single `gmm1d` fits. Otherwise not used.
#'
#' @return
#' * `fits[[i]]`, `fits[["name"]]`, `fits$name`: a `gmm1d` fit with all its methods. It has no
#'   `call`; [stats::getCall()] constructs one that contains the data.
#' * `fits[i]`: some of the fits, or all in another order.
#' * `as.list()`: a plain list. A data set that could not be fitted is `NULL` there and in loops.
#' * `c()`: all fits, in order, with their keys. If the key variables differ, they are replaced by
#'   one, `group`, with the names. A single fit is named after its argument, or its data.
#' * `names(fits) <- value`: the fits with a single key that has these values.
#'
#' @section Errors:
#' `fits[[i]]` is a `gmm1d_error_failed`, with the reason, for a data set that could not be fitted,
#' and a `gmm1d_error_argument` for one that does not exist. `gmm1d_error_type` from `c()` of other
#' objects, and for a value that is not a fit.
#' @examples
#' fits <- gmm1d_each(iris$Petal.Length, iris$Species, k = 1:3)
#' for (fit in fits) print(fit$k)
#' sapply(fits, BIC)
#' c(rev(fits[2:3]), all = gmm1d(iris$Petal.Length))
#' @name gmm1d_each_list
NULL

#' @rdname gmm1d_each_list
#' @export
length.gmm1d_each <- function(x) length(names(x))

#' @rdname gmm1d_each_list
#' @export
names.gmm1d_each <- function(x) attr(parse_many(x), "names", exact = TRUE)

#' @rdname gmm1d_each_list
#' @export
`names<-.gmm1d_each` <- function(x, value) {
  x <- parse_many(x)
  value <- as.character(value)
  if (length(value) != length(x)) {
    abort_gmm1d("shape", "`value` must be as long as `x` (", length(x), "), not ", length(value),
                ".")
  }
  keys <- keys_of_fits(x)
  key <- if (length(keys) == 1L) names(keys) else "group"
  list_of_fits(as.list(x), keys_of(value, length(x), key), plan_of(x), failures_of(x))
}

#' @rdname gmm1d_each_list
#' @export
`[[.gmm1d_each` <- function(x, i, exact = TRUE) {
  is_of_mapply <- is.call(substitute(x)) && identical(substitute(x)[[2L]], quote(dots))
  x <- parse_many(x)
  i <- parse_place(i, x)
  fit <- check_is_fit(.subset2(x, i))
  # mapply() also gets its elements like this, and needs NULL.
  if (is.null(fit) && !is_of_mapply) {
    abort_gmm1d("failed", dQuote(names(x)[i], FALSE), " could not be fitted: ", errors_of(x)[i])
  }
  fit
}

#' @rdname gmm1d_each_list
#' @export
`$.gmm1d_each` <- function(x, name) x[[name]]

#' @rdname gmm1d_each_list
#' @export
`[.gmm1d_each` <- function(x, i, drop = FALSE) {
  x <- parse_many(x)
  if (missing(i)) return(x)
  i <- parse_places(i, x)
  fits <- lapply(unname(.subset(x, i)), check_is_fit)
  list_of_fits(fits, lapply(keys_of_fits(x), `[`, i), plan_of(x),
               failures_of(x)[i])
}

#' @rdname gmm1d_each_list
#' @export
`[<-.gmm1d_each` <- function(x, i, value) {
  x <- parse_many(x)
  i <- if (missing(i)) seq_along(x) else parse_places(i, x)
  if (inherits(value, "gmm1d")) value <- list(value)
  for (fit in value) parse_fit(fit, "value")
  if (length(value) != length(i) && length(value) != 1L) {
    abort_gmm1d("shape", "`value` must have one fit for each place (", length(i), "), not ",
                length(value), "; use `fits[-i]` to drop fits.")
  }
  fits <- as.list(x)
  failures <- failures_of(x)
  fits[i] <- as.list(value)
  failures[i] <- list(NULL)
  list_of_fits(fits, keys_of_fits(x), plan_of(x), failures)
}

#' @rdname gmm1d_each_list
#' @export
`[[<-.gmm1d_each` <- function(x, i, value) {
  i <- parse_place(i, x)
  x[i] <- list(value)
  x
}

#' @rdname gmm1d_each_list
#' @export
`$<-.gmm1d_each` <- function(x, name, value) { # nolint: object_name_linter.
  x[name] <- list(value)
  x
}

#' @rdname gmm1d_each_list
#' @export
as.list.gmm1d_each <- function(x, ...) {
  x <- parse_many(x)
  lapply(.subset(x, seq_along(x)), check_is_fit)
}

#' @rdname gmm1d_each_list
#' @export
c.gmm1d_each <- function(...) {
  parts <- list(...)
  parts <- Map(as_many, parts, rlang::names2(parts))
  parts <- unname(parts[!vapply(parts, is.null, NA)])
  list_of_fits(
    do.call(c, lapply(parts, function(part) unname(as.list(part)))), joined_keys(parts),
    joined_plan(lapply(parts, plan_of)), do.call(c, lapply(parts, failures_of))
  )
}

#' @rdname gmm1d_each_list
#' @export
c.gmm1d <- c.gmm1d_each

#' @rdname gmm1d_each_list
#' @importFrom utils str
#' @export
str.gmm1d_each <- function(object, ...) {
  object <- parse_many(object, "object")
  cat("List of ", count_of(length(object), "fit"), " (gmm1d_each)\n", sep = "")
  shown <- fits_with(object[seq_len(min(10L, length(object)))], "n", "object")
  labels <- printable(names(shown))
  cat_lines(paste0(" $ ", formatC(labels, width = -max(nchar(labels), 0L)), ": ",
                   vapply(shown, function(fit) {
                     if (is.null(fit)) "NULL"
                     else paste0("gmm1d, k = ", fit$k, ", n = ", format_count(fit$n))
                   }, "")))
  if (length(object) > length(shown)) cat(" ...\n")
}

# A single fit as one of many.
as_many <- function(part, name) {
  if (is.null(part)) return(NULL)
  if (inherits(part, "gmm1d_each")) return(parse_many(part))
  if (!inherits(part, "gmm1d")) {
    abort_gmm1d("type", "`c()` combines fits only with fits, not with ", describe(part), ".")
  }
  part <- parse_fit(part, "x")
  key <- if (nzchar(name)) name else part$data_name
  plan <- list(k = k_tried(part), criterion = part$criterion, data_name = part$data_name,
               is_mixed = TRUE)
  list_of_fits(list(part), keys_of(key, 1L, "group"), plan, list(NULL))
}

# The keys of all parts if they have the same variables, else their names.
joined_keys <- function(parts) {
  keys <- lapply(parts, keys_of_fits)
  variables <- unique(lapply(keys, names))
  if (length(variables) > 1L) {
    return(keys_of(unlist(lapply(parts, names.gmm1d_each)), sum(lengths(parts)), "group"))
  }
  values <- lapply(variables[[1L]], function(name) joined_values(lapply(keys, `[[`, name)))
  stats::setNames(values, variables[[1L]])
}

# Joins the values of one key; those of different classes are converted to text.
joined_values <- function(values) {
  if (length(unique(lapply(values, class))) > 1L) values <- lapply(values, as.character)
  do.call(c, values)
}

# The plan of all fits; `is_mixed` if their plans differ.
joined_plan <- function(plans) {
  if (length(unique(plans)) == 1L) return(plans[[1L]])
  field <- function(name) unique(unlist(lapply(plans, `[[`, name)))
  data_name <- field("data_name")
  list(k = sort(field("k")), criterion = paste(field("criterion"), collapse = " or "),
       data_name = if (length(data_name) == 1L) data_name, is_mixed = TRUE)
}

# One place in the list.
parse_place <- function(i, fits) {
  if (length(i) != 1L || is.logical(i)) {
    abort_gmm1d("argument", "`i` must be one number or one name.")
  }
  place <- parse_places(i, fits)
  if (length(place) != 1L) abort_gmm1d("argument", "`i` must select exactly one data set.")
  place
}

# The numbers of data sets selected by `[`; each must exist.
parse_places <- function(i, fits) {
  if (is.factor(i)) i <- as.character(i)
  is_sound <- is.character(i) || is.logical(i) ||
    (is.numeric(i) && !(any(i > 0, na.rm = TRUE) && any(i < 0, na.rm = TRUE)))
  if (!is_sound) {
    abort_gmm1d("argument", "`i` must be all positive or all negative numbers, names or logical ",
                "values, not ", describe(i), ".")
  }
  place <- if (is.character(i)) match(i, names(fits)) else seq_len(length(fits))[i]
  if (anyNA(place)) {
    count <- length(fits)
    abort_gmm1d("argument", if (is.character(i)) {
      c("`i` must name one of the ", count_of(count, "data set"), ", not ",
        dQuote(i[is.na(place)][1L], FALSE), ".")
    } else {
      out <- if (is.numeric(i)) i[is.na(i) | i > count][1L]
      c("`i`", if (!is.null(out)) c(" = ", out), " is out of range: there ",
        if (count == 1) "is" else "are", " only ", count_of(count, "data set"), ".")
    })
  }
  place
}
