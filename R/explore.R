#' Explore fits by hand
#'
#' A page with the histogram and the mixture, a slider for the number of components, a choice of
#' free or equal variances, the estimates, the cut-points, the criteria and the uncertainty. Every
#' change is drawn at once, whatever the number of values: they are squashed once, and each fit is
#' remembered. "Done" returns the fit and gives the call that makes it again.
#'
#' In RStudio the page opens in a window, and "Done" inserts the call in the editor. The addin
#' "Explore a Gaussian mixture" takes the data that are selected there, such as
#' `faithful$waiting`; where nothing is selected, or a data frame, it asks which of the numeric
#' vectors and columns. Elsewhere the page opens in the browser, and the console shows the call. A
#' click on the curve of the criteria chooses that number of components. A window that is closed is
#' cancelled.
#'
#' On the page a fit takes at most 50 iterations, and the cells are those of the first pass: with
#' too many components the likelihood has ridges, on which EM would go on for long. The page says
#' where that was not enough. "Done" makes the fit as [gmm1d()] does.
#'
#' The packages shiny and miniUI are needed.
#'
#' @param x The data: a numeric vector, squashed data ([squash()]), a histogram, or a data frame of
#'   bins. They are read twice, so a function that gives chunks, or a table in a database, must be
#'   squashed first.
#' @param viewer Where the page opens: a function of its address, such as
#'   `shiny::paneViewer()`; `NULL` (default): a window of RStudio, or the browser.
#'
#' @return "Done": the [gmm1d()] fit of `x` with that `k` and `variance`, identical to that of the
#'   call. "Cancel": `NULL`, invisibly.
#'
#' @section Errors:
#' `gmm1d_error_interactive` in a session that is not interactive, and from the addin outside of
#' RStudio; `gmm1d_error_argument` if the
#' selection for the addin cannot be evaluated, or if there is nothing to choose from; for `x` as
#' [squash()].
#' @examples
#' if (interactive()) {
#'   fit <- gmm1d_explore(faithful$waiting)
#' }
#' @export
gmm1d_explore <- function(x, viewer = NULL) {
  if (missing(x)) abort_gmm1d("argument", "`x`, the first argument, is missing: give data.")
  explore(x, substitute(x), viewer)
}

# `source` is the expression that gives x, for titles and the call.
explore <- function(x, source, viewer = NULL) {
  rlang::check_installed(c("shiny", "miniUI"), "to explore fits.")
  if (!rlang::is_interactive()) {
    abort_gmm1d("interactive", "fits can be explored in an interactive session only; `gmm1d()` ",
                "fits without a page.")
  }
  # The name alone stands for data that are themselves in the call.
  if (!is.name(source) && !is.call(source)) source <- quote(x)
  app <- explore_app(squash(parse_lasting(x)), name_of_data(x, source))
  chosen <- shiny::runGadget(app, viewer = viewer %||% default_viewer(), stopOnCancel = FALSE)
  if (is.null(chosen)) return(invisible(NULL))
  show_call(explore_call(source, chosen))
  chosen_fit(x, source, chosen)
}

# "Done" reads the data a second time.
parse_lasting <- function(x) {
  if (is.function(x) || inherits(x, "tbl_lazy")) {
    abort_gmm1d("type", "`x` must be data, not ", describe(x), "; explore what `squash()` makes ",
                "of it.")
  }
  x
}

name_of_data <- function(x, source) if (inherits(x, "histogram")) x$xname else name_of(source)

# The fit that evaluating the call would give.
chosen_fit <- function(x, source, chosen) {
  fit <- gmm1d(x, k = chosen$k, variance = chosen$variance)
  call <- match.call(function(x, ...) NULL, explore_call(source, chosen))
  finish_fit(fit, name_of_data(x, source), call)
}

explore_call <- function(source, chosen) {
  variance <- if (chosen$variance == "equal") list(variance = "equal")
  as.call(c(list(quote(gmm1d), source, k = as.double(chosen$k)), variance))
}

# In the editor, or in the console.
show_call <- function(call, insert = inserter()) {
  if (!"gmm1d" %in% .packages()) call[[1L]] <- quote(gmm1d::gmm1d)
  text <- paste(deparse(call, width.cutoff = 500L), collapse = "\n")
  if (is.null(insert)) cli::cli_inform(c(i = "To make this fit again: {.code {text}}"))
  else insert(text)
}

inserter <- function() if (in_rstudio()) rstudioapi::insertText

default_viewer <- function() {
  if (in_rstudio()) shiny::dialogViewer("Gaussian mixture", width = 950, height = 750)
  else shiny::browserViewer()
}

in_rstudio <- function() {
  rlang::is_installed("rstudioapi") && rstudioapi::isAvailable()
}

# It begins with what BIC chooses.
explore_app <- function(points, name, finish = shiny::stopApp) {
  most <- max(k_for(points, parse_plan(NULL, "free", "BIC", NULL, NULL, gmm1d_control())))
  fits <- remembered_fits(points, name)
  page <- explore_page(most, fits(seq_len(most), "free")$k, name)
  shiny::shinyApp(page, explore_server(fits, most, finish))
}

# Fits of squashed data, each made once.
remembered_fits <- function(points, name) {
  made <- list()
  function(k, variance) {
    key <- paste(variance, toString(k))
    if (is.null(made[[key]])) {
      fit <- suppressWarnings(
        gmm1d(points, k = k, variance = variance, control = gmm1d_control(max_iter = 50)),
        classes = "gmm1d_warning"
      )
      fit$data_name <- name
      made[[key]] <<- fit
    }
    made[[key]]
  }
}

explore_server <- function(fits, most, finish) {
  function(input, output, session) {
    finish <- once(finish)
    fit <- shiny::reactive(fits(as.integer(input$k), input$variance))
    path <- shiny::reactive(fits(seq_len(most), input$variance))

    output$density <- page_plot(plot(fit(), cutpoints = input$cutpoints, main = ""))
    output$selection <- page_plot({
      plot(path(), "selection", main = "", ylab = "BIC, AIC, ICL")
      graphics::abline(v = input$k, col = "grey60")
    })
    output$uncertainty <- page_plot(plot(fit(), "uncertainty", main = "", ylab = "Uncertainty",
                                         legend = FALSE))
    output$components <- shiny::renderTable(numbered_components(fit()), align = "r",
                                            spacing = "xs")
    output$cuts <- shiny::renderTable(cut_table(fit()), align = "r", spacing = "xs")
    output$about <- shiny::renderText(paste(about_lines(fit()), collapse = "\n"))
    output$best <- shiny::renderText(paste("BIC chooses", path()$k))

    # A click on the curve chooses the nearest k.
    shiny::observeEvent(input$nearest, {
      k <- min(max(round(input$nearest$x), 1), most)
      shiny::updateSliderInput(session, "k", value = k)
    })
    shiny::observeEvent(input$done, {
      finish(list(k = as.integer(input$k), variance = input$variance))
    })
    shiny::observeEvent(input$cancel, finish(NULL))
    session$onSessionEnded(function() finish(NULL))
  }
}

# The first answer holds: a page that is done is closed, too.
once <- function(finish) {
  force(finish)
  open <- TRUE
  function(value) {
    if (open) finish(value)
    open <<- FALSE
  }
}

# The estimates, in a narrow table.
numbered_components <- function(fit) {
  cbind(component = seq_len(fit$k), component_table(fit, 4L))
}

about_lines <- function(fit) {
  c(
    likelihood_line(fit), doubt_lines(fit),
    if (fit$status == "max_iter") "Here a fit takes at most 50 iterations; Done takes all it needs",
    if (is_too_narrow(fit)) "A component is narrow for the cells; Done makes finer ones of values"
  )
}

# A picture with narrow margins, for there are titles on the page, as are the doubts.
page_plot <- function(code) {
  code <- rlang::enquo(code)
  shiny::renderPlot({
    graphics::par(mar = c(3.5, 3.5, 0.5, 0.5), mgp = c(2.2, 0.7, 0))
    suppressWarnings(rlang::eval_tidy(code), classes = "gmm1d_warning")
  }, res = 84)
}

# The cut-points among the data, with the decimals that their errors leave.
cut_table <- function(fit) {
  cuts <- suppressWarnings(cutpoints(fit, within = TRUE), classes = "gmm1d_warning")
  if (nrow(cuts) == 0L) return(NULL)
  number <- function(value) format(value, digits = 4L)
  data.frame(
    "cut-point" = number(cuts$cutpoint), between = paste(cuts$from, "and", cuts$to),
    "95% interval" = paste(number(cuts$conf.low), "to", number(cuts$conf.high)),
    check.names = FALSE
  )
}

explore_page <- function(most, k, name) {
  panel <- function(class, ...) shiny::div(class = class, ...)
  picture <- function(name, ...) shiny::plotOutput(name, width = "100%", height = "100%", ...)
  miniUI::miniPage(
    shiny::tags$head(shiny::tags$style(shiny::HTML(explore_style))),
    miniUI::gadgetTitleBar(paste("Gaussian mixture of", name)),
    panel(
      "explore",
      panel(
        "explore-side",
        panel(
          "explore-choice",
          shiny::sliderInput("k", "Components", 1, most, k, step = 1, ticks = FALSE,
                             width = "100%"),
          shiny::helpText(shiny::textOutput("best", inline = TRUE)),
          shiny::radioButtons("variance", "Variances", c("free", "equal"), inline = TRUE),
          shiny::checkboxInput("cutpoints", "Draw the cut-points", TRUE)
        ),
        panel(
          "explore-tables",
          shiny::tableOutput("components"),
          shiny::tableOutput("cuts"),
          shiny::verbatimTextOutput("about")
        )
      ),
      panel("explore-density", picture("density")),
      panel("explore-small", shiny::strong("How many? (click to choose)"),
            picture("selection", click = shiny::clickOpts("nearest"))),
      panel("explore-small", shiny::strong("How uncertain?"), picture("uncertainty"))
    )
  )
}

# The side and three pictures; where there is no room beside it, one below the other, the density
# next to what changes it.
explore_style <- "
  .gadget-title h1 { padding: 0 80px; overflow: hidden; text-overflow: ellipsis;
                     white-space: nowrap; }
  .explore { display: grid; grid-template-columns: 330px 1fr 1fr; gap: 8px; padding: 10px;
             grid-template-rows: 55fr 45fr; height: calc(100% - 50px); overflow: auto; }
  .explore-side { grid-row: 1 / 3; overflow-y: auto; padding-right: 8px; }
  .explore-density { grid-column: 2 / 4; min-height: 0; }
  .explore-small { min-height: 0; display: flex; flex-direction: column; }
  .explore-small .shiny-plot-output { flex: 1; min-height: 0; }
  .explore table { font-variant-numeric: tabular-nums; font-size: 12px; }
  .explore table > * > tr > * { padding: 2px 6px !important; }
  .explore-side .row { margin: 0; }
  .explore pre { white-space: pre-wrap; word-break: normal; font-size: 12px; }
  @media (max-width: 720px) {
    .explore { display: flex; flex-direction: column; }
    .explore > *, .explore-side > * { flex: none; }
    .explore-side { display: contents; }
    .explore-choice { order: 1; }
    .explore-choice .form-group, .explore-choice .help-block { margin: 0 0 6px; }
    .explore-density { order: 2; height: 280px; }
    .explore-tables { order: 3; }
    .explore-small { order: 4; height: 280px; }
  }
"
