#' Explore fits interactively
#'
#' Opens a page that shows a fit and lets you change it. Choose the number of components and free or
#' equal variances, and look at the density, the criteria, a Q-Q plot and other views, the estimates
#' and the cut-points. "Done" returns the fit that is shown and the code to reproduce it. "Copy"
#' copies that code at any time.
#'
#' The page opens with the fit that `gmm1d(x, ...)` returns. Each fit on the page is the result of
#' the code shown with it, and is computed only once. With up to about ten million values the page
#' responds at once; squash larger data first ([squash()]). If the data do not allow a fit, the page
#' says why, and you can choose another. It also shows the warnings of [gmm1d()].
#'
#' In RStudio the page opens in a window, and "Done" inserts the code in the editor. The addin
#' "Explore a Gaussian mixture" explores the data that are selected there, such as
#' `faithful$waiting`. If nothing or a data frame is selected, it asks which numeric vector or
#' column to use. Outside RStudio the page opens in the browser, and the console shows the code.
#' Click on the plot of the criteria to choose a number of components. Closing the window is the
#' same as "Cancel".
#'
#' The packages shiny and miniUI must be installed.
#'
#' @param x The data, as for [gmm1d()]: a numeric vector, squashed data ([squash()]), a formula, a
#'   histogram, or a data frame of bins or intervals. The data are read again for each fit, so a
#'   function that returns chunks, or a table in a database, must be squashed first.
#' @param ... Other arguments of [gmm1d()], which then apply to all fits: `weights`, `criterion`,
#'   `fixed`, `relate`, `rounding`, `error`, `censored`, `within`, `noise`, `labels`, `control`, and
#'   `data` with a formula.
#' @param k Numbers of components to choose from: whole numbers, at least 1; `NULL` (default): those
#'   that [gmm1d()] tries.
#' @param variance The choice of variances on opening: `"free"` (default) or `"equal"`.
#' @param viewer Where the page opens: a function that is given its address, such as
#'   `shiny::paneViewer()`; `NULL` (default): a window of RStudio, or the browser.
#'
#' @return "Done": the [gmm1d()] fit that was shown, identical to the result of the code. "Cancel":
#'   `NULL`, invisibly.
#'
#' @section Errors:
#' `gmm1d_error_interactive` in a session that is not interactive, and from the addin outside
#' RStudio; `gmm1d_error_argument` if the addin cannot evaluate the selection, or finds no numeric
#' data; `gmm1d_error_type` for data that can be read only once; otherwise those of [gmm1d()].
#' @concept interactive
#' @concept shiny gadget
#' @concept RStudio addin
#' @concept point and click
#' @examples
#' if (interactive()) {
#'   fit <- gmm1d_explore(faithful$waiting)
#'   gmm1d_explore(~ mag, data = quakes, rounding = 0.1, k = 1:5)
#' }
#' @export
gmm1d_explore <- function(x, ..., k = NULL, variance = c("free", "equal"), viewer = NULL) {
  if (missing(x)) abort_gmm1d("argument", "`x`, the first argument, is missing: give data.")
  check_can_explore()
  variance <- parse_choice(variance, c("free", "equal"), "variance")
  parse_lasting(x)
  fits <- remembered(fits_of(x, substitute(x), ..., asked = k))
  path <- fits(NULL, variance)
  if (has_failed(path)) stop(path$error)
  chosen <- shiny::runGadget(explore_app(fits, path$fit, variance),
                             viewer = viewer %||% default_viewer(), stopOnCancel = FALSE)
  if (is.null(chosen)) return(invisible(NULL))
  show_code(code_of(chosen))
  chosen
}

check_can_explore <- function() {
  rlang::check_installed(c("shiny", "miniUI"), "to explore fits.")
  if (!rlang::is_interactive()) {
    abort_gmm1d("interactive", "`gmm1d_explore()` needs an interactive session; use `gmm1d()` in ",
                "scripts.")
  }
}

# Errors for data that can be read only once, because every fit reads them again.
parse_lasting <- function(x) {
  if (is.function(x) || inherits(x, "tbl_lazy")) {
    abort_gmm1d("type", "`x` must be data that can be read several times, not ", describe(x),
                "; give the result of `squash()` instead.")
  }
}

# Returns a function of k and variance that makes the same fit as the call a user would write.
# `source` is the expression for the data in this call and in titles; k = NULL stands for the
# numbers of components `asked`.
fits_of <- function(x, source, ..., asked = NULL) {
  force(source)
  dots <- as.list(substitute(list(...)))[-1L]
  # If the call contains the data themselves, they are called x.
  if (!is.name(source) && !is.call(source)) source <- quote(x)
  function(k, variance) {
    k <- k %||% asked
    fit <- if (is.null(k)) gmm1d(x, ..., variance = variance)
           else gmm1d(x, ..., k = k, variance = variance)
    is_named <- inherits(x, "histogram") || fit$data_name != "x"
    name <- if (is_named) fit$data_name else name_of(source)
    finish_fit(fit, name, written_call(fit$call, source, dots, k, variance))
  }
}

# Turns the call within fits_of() into the one that the user would write.
written_call <- function(call, source, dots, k, variance) {
  call$x <- source
  call$k <- if (!is.null(k)) as.double(k)
  call$variance <- if (variance == "equal") variance
  passed <- match(vapply(as.list(call), deparse1, ""), paste0("..", seq_along(dots)))
  for (i in which(!is.na(passed))) call[[i]] <- dots[[passed[i]]]
  call
}

# Remembers attempts, so that each is made only once. An attempt is a list with the fit and its
# warnings, or with the error.
remembered <- function(fit_for) {
  made <- list()
  function(k, variance) {
    key <- paste(variance, toString(k))
    if (is.null(made[[key]])) made[[key]] <<- attempt(fit_for(k, variance))
    made[[key]]
  }
}

attempt <- function(code) {
  warnings <- NULL
  fit <- tryCatch(
    withCallingHandlers(code, gmm1d_warning = function(w) {
      warnings <<- c(warnings, list(w))
      rlang::cnd_muffle(w)
    }),
    error = function(e) e
  )
  if (inherits(fit, "error")) list(error = fit) else list(fit = fit, warnings = warnings)
}

# The code of a fit, as text.
code_of <- function(fit) {
  call <- fit$call
  names(call)[names(call) == "x"] <- ""
  if (!"gmm1d" %in% .packages()) call[[1L]] <- quote(gmm1d::gmm1d)
  paste(deparse(call, width.cutoff = 500L), collapse = "\n")
}

# Inserts the code in the editor, or shows it in the console.
show_code <- function(code, insert = inserter()) {
  if (is.null(insert)) cli::cli_inform(c(i = "To reproduce this fit: {.code {code}}"))
  else insert(code)
}

inserter <- function() if (in_rstudio()) rstudioapi::insertText

default_viewer <- function() {
  if (in_rstudio()) shiny::dialogViewer("Gaussian mixture", width = 950, height = 750)
  else shiny::browserViewer()
}

in_rstudio <- function() {
  rlang::is_installed("rstudioapi") && rstudioapi::isAvailable()
}

# The page starts with the fit that the criterion chooses.
explore_app <- function(fits, path, variance = "free", finish = shiny::stopApp) {
  shiny::shinyApp(explore_page(path, variance), explore_server(fits, finish))
}

explore_server <- function(fits, finish) {
  function(input, output, session) {
    finish <- once(finish)
    outcome <- shiny::reactive(fits(as.integer(input$k), input$variance))
    path_outcome <- shiny::reactive(fits(NULL, input$variance))
    # Outputs stay empty if there is no fit; "about" says why.
    fit <- shiny::reactive(shiny::req(outcome()$fit))
    path <- shiny::reactive(shiny::req(path_outcome()$fit))

    output$density <- page_plot(plot(fit(), cutpoints = input$cutpoints, main = ""),
                                paste("Histogram and density of a", title_of(fit())))
    output$selection <- page_plot({
      plot(path(), "selection", main = "")
      # Marks the number that is shown on the axis.
      graphics::points(as.integer(input$k), graphics::par("usr")[3L], pch = 17, cex = 1.6,
                       col = "#286090", xpd = NA)
    }, paste(c("Criteria of the models tried.", best_lines(path())), collapse = " "))
    output$check <- page_plot(
      plot(fit(), input$view, main = "", legend = input$view != "uncertainty"),
      paste(names(which(page_views(fit()) == input$view)), "of a", title_of(fit()))
    )
    output$components <- shiny::renderTable(numbered_components(fit()), align = "r",
                                            spacing = "xs")
    output$cuts <- shiny::renderTable(cut_table(fit()), align = "r", spacing = "xs")
    output$about <- shiny::renderUI(about_tags(outcome()))
    output$code <- shiny::renderText(code_of(fit()))
    output$best <- shiny::renderText(paste(best_lines(path()), collapse = " "))

    # A click on the curve chooses the nearest k.
    shiny::observeEvent(input$nearest, {
      k <- unique(path()$selection$k)
      shiny::updateRadioButtons(session, "k", selected = k[which.min(abs(k - input$nearest$x))])
    })
    # The inputs may be newer than the plots; the fit returned is that of the inputs.
    shiny::observeEvent(input$done, {
      if (has_failed(outcome())) {
        shiny::showNotification("There is no fit to return. Choose another one, or Cancel.",
                                type = "warning", duration = 10)
      } else finish(fit())
    })
    shiny::observeEvent(input$cancel, finish(NULL))
    session$onSessionEnded(function() finish(NULL))
  }
}

# Only the first answer counts, because a page that is done is also closed.
once <- function(finish) {
  force(finish)
  open <- TRUE
  function(value) {
    if (open) finish(value)
    open <<- FALSE
  }
}

# A plot with narrow margins, because titles and warnings are on the page, and an alternative text.
# If its size changes, the plot is laid out again.
page_plot <- function(code, alt) {
  code <- rlang::enquo(code)
  alt <- rlang::enquo(alt)
  shiny::renderPlot({
    graphics::par(mar = c(3.5, 3.5, 1, 0.5), mgp = c(2.2, 0.7, 0))
    suppressWarnings(rlang::eval_tidy(code), classes = "gmm1d_warning")
  }, res = 84, execOnResize = TRUE, alt = function() rlang::eval_tidy(alt))
}

# The views that the page offers besides the density.
page_views <- function(fit) {
  errors <- errors_of_points(fit$points)
  c("Q-Q plot" = "qq", "Distribution function" = "cdf", "Rootogram" = "rootogram",
    "Classification" = "classification", "Uncertainty" = "uncertainty",
    if (all(errors > 0)) c("Radial plot" = "radial"))
}

# The estimates, in a narrow table.
numbered_components <- function(fit) {
  table <- component_table(fit, 4L)
  cbind(component = sub("^component ", "", rownames(table)), table)
}

# The cut-points within the range of the data; NULL if there are none.
cut_table <- function(fit) {
  cuts <- suppressWarnings(cutpoints(fit, within = TRUE), classes = "gmm1d_warning")
  if (nrow(cuts) == 0L) return(NULL)
  # All three columns have the same number of decimals.
  number <- format(unlist(cuts[c("cutpoint", "conf.low", "conf.high")]), digits = 4L)
  number <- matrix(trimws(number), ncol = 3L)
  data.frame(
    "cut-point" = number[, 1L], between = paste(cuts$from, "and", cuts$to),
    "95% interval" = ifelse(is.na(cuts$conf.low), "not available",
                            paste(number[, 2L], "to", number[, 3L])),
    check.names = FALSE
  )
}

# How many values there are, and how many are missing.
size_line <- function(fit) {
  paste0("n = ", format_count(fit$n, digits = 7L), "; ",
         if (fit$n_missing > 0) count_of(fit$n_missing, "missing value") else "no missing values",
         if (fit$n_missing > 0) " dropped")
}

best_lines <- function(path) {
  several <- length(path$selection$k) > 1L
  c(if (several) paste0(path$criterion, " chooses ", path$k, "."), choice_notes(path))
}

# The lines of print() below the estimates, or the reason why there is no fit.
about_tags <- function(outcome) {
  if (has_failed(outcome)) {
    return(shiny::tagList(
      shiny::p(class = "explore-doubt", "No fit: ", conditionMessage(outcome$error)),
      shiny::p("Choose another number of components or other variances.")
    ))
  }
  fit <- outcome$fit
  said <- c("gmm1d_warning_penalised", "gmm1d_warning_not_converged")
  warnings <- Filter(function(w) !inherits(w, said), outcome$warnings)
  doubts <- c(doubt_lines(fit), vapply(warnings, conditionMessage, ""))
  shiny::tagList(
    shiny::p(likelihood_line(fit)), lapply(circumstance_lines(fit), shiny::p),
    if (!is.null(fit$fixed)) shiny::p(fixed_line(fit)),
    if (!is.null(fit$relate)) lapply(relation_line(fit), shiny::p),
    lapply(doubts, shiny::p, class = "explore-doubt")
  )
}
