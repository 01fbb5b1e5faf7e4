# The RStudio addin explores the data that are selected in the editor, or chosen from a list.

#' @rdname gmm1d_explore
#' @export
explore_addin <- function() {
  rlang::check_installed(c("rstudioapi", "shiny", "miniUI"), "to explore what is selected.")
  if (!in_rstudio()) {
    abort_gmm1d("interactive", "this addin needs RStudio, which is not running; ",
                "`gmm1d_explore()` works without it.")
  }
  source <- addin_source(rstudioapi::getSourceEditorContext(), ask_which)
  if (is.null(source)) return(invisible(NULL))
  eval(call("gmm1d_explore", source), list(gmm1d_explore = gmm1d_explore), globalenv())
}

# The expression that is selected in the editor, or chosen from a list of numeric data; NULL if none
# is chosen.
addin_source <- function(editor, choose_source, envir = globalenv()) {
  selected <- if (length(editor$selection) > 0L) trimws(editor$selection[[1L]]$text) else ""
  if (!nzchar(selected)) return(choose_source(numeric_sources(envir)))
  data <- rlang::try_fetch(
    {
      source <- rlang::parse_expr(selected)
      eval(source, envir)
    },
    error = function(e) {
      abort_gmm1d("argument", "the selection, `", selected, "`, cannot be evaluated: ",
                  conditionMessage(e), ". Select data such as `faithful$waiting`.")
    }
  )
  bins <- c("lower", "upper", "count")
  if (is.data.frame(data) && !all(bins %in% names(data))) choose_source(sources_of(data, source))
  else source
}

numeric_sources <- function(envir) {
  names <- ls(envir)
  unlist(Map(sources_of, mget(names, envir), lapply(names, as.name)), use.names = FALSE)
}

# The expressions of numeric data: of the vector itself, or of the numeric columns of a data frame.
sources_of <- function(data, source) {
  is_sample <- function(x) is.numeric(x) && is.null(dim(x)) && length(x) > 1L
  if (is_sample(data)) return(list(source))
  if (!is.data.frame(data)) return(NULL)
  lapply(names(Filter(is_sample, data)), function(name) call("$", source, as.name(name)))
}

ask_which <- function(sources) {
  if (length(sources) == 0L) {
    abort_gmm1d("argument", "there are no numeric data to explore: select data in the editor, ",
                "such as `faithful$waiting`, or create a numeric vector or column.")
  }
  if (length(sources) == 1L) return(sources[[1L]])
  viewer <- shiny::dialogViewer("Gaussian mixture", width = 400, height = 400)
  at <- shiny::runGadget(which_app(sources), viewer = viewer, stopOnCancel = FALSE)
  if (!is.null(at)) sources[[at]]
}

which_app <- function(sources, finish = shiny::stopApp) {
  names <- vapply(sources, deparse1, "", backtick = TRUE)
  page <- miniUI::miniPage(
    miniUI::gadgetTitleBar("Which data?"),
    miniUI::miniContentPanel(
      shiny::selectInput("data", "Numeric vectors and columns",
                         stats::setNames(seq_along(names), names), selectize = FALSE,
                         size = min(length(names), 12L), width = "100%")
    )
  )
  shiny::shinyApp(page, function(input, output, session) {
    finish <- once(finish)
    shiny::observeEvent(input$done, finish(as.integer(input$data)))
    shiny::observeEvent(input$cancel, finish(NULL))
    session$onSessionEnded(function() finish(NULL))
  })
}
