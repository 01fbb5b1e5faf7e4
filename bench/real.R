# The search on 36 real data sets, k = 2 to 9, compared with the best known objectives: those from
# hundreds of random and nested starts for each k, hops, and passes up and down.
real <- function(cases = real_cases()) {
  below <- cases$best - cases$found
  missed <- cases[below > 0.001, ]
  missed$below <- number(missed$best - missed$found)
  c(
    "## Real data", "",
    paste0("The penalised objective that the default search reaches on ",
           length(unique(cases$data)), " data sets, k = 2 to 9, against the best that is known. ",
           "A case is missed if it is more than 0.001 below. The searches took ",
           number(sum(cases$seconds[!duplicated(cases$data)])), " seconds."), "",
    table_of(missed_by(below), `above 1, of 10 values and more` = sum(below > 1 & cases$holds >= 10)),
    "",
    if (any(abs(cases$reported - cases$found) > 1e-5)) {
      c(paste0("The objective that the search reports is another one in ",
               sum(abs(cases$reported - cases$found) > 1e-5), " cases."), "")
    },
    if (nrow(missed) > 0L) {
      c("Missed (\"holds\": values in the smallest component of the best):", "",
        table_of(data = missed$data, k = missed$k, below = missed$below,
                 holds = number(missed$holds)))
    }
  )
}

real_cases <- function(data = ".") {
  best <- utils::read.csv("bench/best-known-real.csv")
  names(best)[names(best) == "best_objective"] <- "best"
  sets <- real_sets()
  sets <- sets[grepl(data, names(sets))]
  rows <- lapply(names(sets), function(name) {
    known <- best[best$data == name, ]
    problem <- problem_of(sets[[name]], known$s[1L], known$min_sigma[1L])
    if (problem$points$n != known$n[1L]) stop(name, " has changed")
    cbind(known[c("data", "n", "k", "best", "holds")],
          found_by_default(problem, known$k)[c("found", "reported", "smallest", "seconds")])
  })
  do.call(rbind, rows)
}

# The data sets by their names in the table. Those from packages that are not installed are skipped
# with a message.
real_sets <- function() {
  recipes <- alist(
    `AER::CASchools math` = CASchools$math,
    `AER::HousePrices$price` = HousePrices$price,
    `HSAUR3::schizophrenia$age` = schizophrenia$age,
    `MASS::GAGurine$GAG` = GAGurine$GAG,
    `MASS::SP500` = SP500,
    `MASS::fgl$Al` = fgl$Al,
    `MASS::fgl$RI` = fgl$RI,
    `MASS::mcycle$accel` = mcycle$accel,
    `MASS::survey$Pulse` = survey$Pulse,
    `boot::islay$theta` = islay$theta,
    `boot::paulsen$y` = paulsen$y,
    `carData::SLID$wages` = SLID$wages,
    `carData::UN log infantMortality` = log(UN$infantMortality),
    `datasets::EuStockMarkets DAX log-returns` = diff(log(EuStockMarkets[, "DAX"])),
    `datasets::airquality$Solar.R` = airquality$Solar.R,
    `datasets::attenu$accel` = attenu$accel,
    `datasets::nottem` = nottem,
    `datasets::rock$perm` = rock$perm,
    `datasets::state.x77 Population log` = log(state.x77[, "Population"]),
    `datasets::treering` = treering,
    `ggplot2::diamonds$depth` = diamonds$depth,
    `ggplot2::midwest$percollege` = midwest$percollege,
    `ks::unicef Under-5` = unicef[["Under-5"]],
    `lattice::singer$height` = singer$height,
    `lme4::sleepstudy$Reaction` = sleepstudy$Reaction,
    `mclust::thyroid$RT3U` = thyroid$RT3U,
    `mixtools::RTdata` = RTdata[[1L]],
    `mixtools::tonedata$tuned` = tonedata$tuned,
    `mlbench::PimaIndiansDiabetes$insulin` = PimaIndiansDiabetes$insulin,
    `mlbench::Satellite$x.17` = Satellite$x.17,
    `nlme::MathAchieve$MathAch` = MathAchieve$MathAch,
    `nlme::Quinidine$conc` = Quinidine$conc,
    `robustbase::NOxEmissions$LNOx` = NOxEmissions$LNOx,
    `robustbase::starsCYG log.light` = starsCYG$log.light,
    `survival::lung$meal.cal` = lung$meal.cal,
    `survival::pbc log bili` = log(pbc$bili)
  )
  package <- sub("::.*", "", names(recipes))
  has <- vapply(package, requireNamespace, NA, quietly = TRUE)
  if (!all(has)) message("Not installed, left out: ", toString(unique(package[!has])))
  values <- Map(recipe_value, recipes[has], package[has])
  stats::setNames(lapply(values, function(x) as.vector(x[!is.na(x)])), names(recipes)[has])
}

# Evaluates an expression that contains the name of one data set of the package.
recipe_value <- function(recipe, package) {
  name <- all.vars(recipe)[1L]
  found <- new.env()
  found[[name]] <- tryCatch(getExportedValue(package, name), error = function(e) {
    utils::data(list = name, package = package, envir = found)
    found[[name]]
  })
  eval(recipe, found)
}
