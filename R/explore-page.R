# The page of gmm1d_explore(): its inputs and outputs, their layout, and how code is copied.

explore_page <- function(path, variance) {
  panel <- function(class, ...) shiny::div(class = class, ...)
  picture <- function(name, ...) shiny::plotOutput(name, width = "100%", height = "100%", ...)
  heading <- function(text) shiny::tags$h2(text)
  title <- paste("Gaussian mixture of", printable(path$data_name))
  miniUI::miniPage(
    title = title,
    shiny::tags$head(
      shiny::tags$style(shiny::HTML(explore_style)),
      shiny::tags$script(shiny::HTML(explore_script))
    ),
    miniUI::gadgetTitleBar(title),
    panel(
      "explore",
      panel(
        "explore-side",
        panel(
          "explore-choice",
          panel(
            "explore-k",
            shiny::p(size_line(path)),
            shiny::radioButtons("k", "Components", unique(path$selection$k), path$k,
                                inline = TRUE, width = "100%"),
            shiny::helpText(shiny::textOutput("best", inline = TRUE))
          ),
          panel(
            "explore-model",
            shiny::radioButtons("variance", "Variances", c("free", "equal"), variance,
                                inline = TRUE),
            shiny::checkboxInput("cutpoints", "Draw the cut-points", TRUE)
          )
        ),
        panel(
          "explore-tables", "aria-live" = "polite",
          shiny::uiOutput("about"),
          heading("Estimates"),
          shiny::tableOutput("components"),
          shiny::tableOutput("cuts")
        ),
        panel(
          "explore-code",
          panel("explore-line", heading("Code of this fit"),
                shiny::actionButton("copy", "Copy", onclick = "explore_copy()"),
                shiny::span(id = "copied", role = "status")),
          shiny::verbatimTextOutput("code")
        )
      ),
      panel("explore-density", picture("density")),
      panel("explore-small", heading("How many? (click to choose)"),
            picture("selection", click = shiny::clickOpts("nearest"))),
      panel(
        "explore-small",
        panel("explore-line",
              shiny::selectInput("view", "Does it fit?", page_views(path), selectize = FALSE)),
        picture("check")
      )
    ),
    panel("explore-busy", role = "status", "Fitting ...")
  )
}

# A side column and three plots. A narrow page has one column, with the density next to the inputs
# that change it. Columns are minmax(0, ...), or a plot would keep the page from becoming narrower.
explore_style <- "
  .gadget-title h1 { padding: 0 80px; overflow: hidden; text-overflow: ellipsis;
                     white-space: nowrap; }
  .explore { display: grid; gap: 8px 14px; padding: 10px 14px;
             grid-template-columns: 310px minmax(0, 1fr) minmax(0, 1fr);
             grid-template-rows: minmax(240px, 55fr) minmax(220px, 45fr);
             height: calc(100% - 46px); overflow: auto; color: #333; }
  .explore h2 { font-size: 14px; font-weight: 600; margin: 4px 0; white-space: nowrap; }
  .explore p { margin: 0 0 6px; }
  .explore label, .explore .control-label { font-size: 14px; }
  .explore .form-group, .explore .help-block { margin: 0 0 8px; }
  .explore .checkbox { margin: 4px 0; }
  .explore .help-block { color: #555; font-size: 13px; }
  .explore-model .shiny-input-container { width: auto; }
  .explore-side { grid-row: 1 / 3; overflow-y: auto; padding-right: 8px; }
  .explore-density { grid-column: 2 / 4; min-height: 0; }
  .explore-small { min-height: 0; display: flex; flex-direction: column; }
  .explore-small .shiny-plot-output { flex: 1; min-height: 0; }
  .explore .shiny-plot-output { overflow: hidden; }
  .explore img { max-width: 100%; }
  #selection { cursor: pointer; }
  .explore-small > :first-child { min-height: 28px; line-height: 28px; margin: 0; flex: none; }
  .explore-line, .explore-line .form-group { display: flex; align-items: center; gap: 10px;
                                             width: auto; margin: 0; }
  .explore-line label { margin: 0; white-space: nowrap; }
  .explore-line select { height: 26px; padding: 0 6px; font-size: 13px; }
  .explore-line .btn { padding: 1px 10px; }

  .explore #k .shiny-options-group { display: flex; flex-wrap: wrap; }
  .explore #k .radio-inline { margin: 0 -1px -1px 0; padding: 0; position: relative;
                              font-weight: normal; }
  .explore #k .radio-inline input { position: absolute; opacity: 0; margin: 0; }
  .explore #k .radio-inline span { display: block; min-width: 32px; padding: 5px 8px;
                                   text-align: center; border: 1px solid #8a8a8a; }
  .explore #k .radio-inline span:hover { background: #eee; }
  .explore #k input:checked + span { background: #286090; border-color: #286090; color: #fff; }
  .explore #k input:focus-visible + span { outline: 3px solid #f0ad4e; position: relative;
                                           z-index: 1; }

  .explore table { font-variant-numeric: tabular-nums; font-size: 12px; margin-bottom: 8px; }
  .explore table > * > tr > * { padding: 2px 6px !important; }
  .explore-tables { font-size: 13px; }
  .explore-code { position: sticky; bottom: 0; background: #fff; padding-top: 4px; }
  .explore-doubt { border-left: 4px solid #c77700; padding-left: 8px; }
  .explore pre { white-space: pre-wrap; word-break: normal; overflow-wrap: anywhere;
                 font-size: 12px; padding: 6px 8px; margin: 4px 0; max-height: 84px; }
  #copied { font-size: 12px; line-height: 14px; }

  .explore-busy { position: fixed; right: 14px; bottom: 8px; padding: 4px 10px; color: #fff;
                  background: #333; border-radius: 4px; visibility: hidden; opacity: 0; }
  .shiny-busy .explore-busy { visibility: visible; opacity: 1; transition: opacity 0s 0.6s; }

  @media (max-width: 820px) {
    .explore { display: flex; flex-direction: column; }
    .explore > *, .explore-side > * { flex: none; }
    .explore-side { display: contents; }
    .explore-choice { order: 1; display: flex; flex-wrap: wrap; gap: 0 24px; }
    .explore-k { flex: 1 1 300px; }
    .explore-density { order: 2; height: clamp(220px, calc(100vh - 190px), 380px); }
    .explore-tables { order: 3; overflow-x: auto; }
    .explore-code { order: 4; position: static; }
    .explore-small { order: 5; height: 300px; }
  }
  @media (max-width: 480px) {
    .explore-model { display: flex; flex-wrap: wrap; gap: 0 20px; align-items: end; }
    .explore-density { height: clamp(220px, 40vh, 380px); }
  }
"

# If the browser does not let a page copy, the code is selected, and the user copies it.
explore_script <- "
  document.documentElement.lang = 'en';
  function explore_copy() {
    let copied = false;
    window.getSelection().selectAllChildren(document.getElementById('code'));
    try { copied = document.execCommand('copy'); } catch (e) { }
    document.getElementById('copied').textContent =
      copied ? 'Copied.' : 'Selected: press Ctrl+C (Mac: Cmd+C).';
  }
  document.addEventListener('DOMContentLoaded', () => $(document).on('shiny:value', event => {
    if (event.name === 'code') document.getElementById('copied').textContent = '';
  }));
"
