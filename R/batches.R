# The progress bar moves after about this many seconds.
seconds_at_once <- 0.3

# Calls `f` with the items 1 to `times`, a few at a time, and collects the results in a list with an
# element for each item. Shows a progress bar if this takes long. `enough` returns how many of the
# results so far are enough.
map_batches <- function(times, f, label, enough = function(results) Inf) {
  results <- list()
  at_once <- 4L
  bar <- if (rlang::is_interactive()) cli::cli_progress_bar(label, total = times)
  told <- !is.null(bar)
  while (length(results) < min(times, enough(results))) {
    start <- proc.time()[["elapsed"]]
    batch <- length(results) + seq_len(min(at_once, times - length(results)))
    results <- c(results, f(batch))
    elapsed <- proc.time()[["elapsed"]] - start
    if (elapsed < seconds_at_once) at_once <- min(2L * at_once, 256L)
    else if (elapsed > 2 * seconds_at_once) at_once <- max(at_once %/% 2L, 1L)
    if (!told && elapsed >= seconds_at_once) {
      inform_of_rest(label, elapsed / length(batch) * (times - length(results)))
      told <- TRUE
    }
    if (!is.null(bar)) cli::cli_progress_update(set = length(results), id = bar)
  }
  if (!is.null(bar)) cli::cli_progress_done(bar)
  results[seq_len(min(times, enough(results)))]
}

# Says how many seconds a long call still takes at most, where no bar shows it.
inform_of_rest <- function(label, seconds) {
  if (seconds <= seconds_worth_saying) return(invisible())
  time <- if (seconds < 100) paste(signif(seconds, 1L), "seconds")
          else if (seconds < 6000) count_of(round(seconds / 60), "minute")
          else count_of(round(seconds / 3600), "hour")
  rlang::inform(paste0(label, ": up to about ", time, " to go."),
                class = c("gmm1d_message_time", "gmm1d_message"))
}

seconds_worth_saying <- 10

# Shows the work of one call that may take long, until the function that called this ends.
show_work <- function(text, frame = parent.frame()) {
  if (rlang::is_interactive()) cli::cli_progress_message(text, .envir = frame)
}
