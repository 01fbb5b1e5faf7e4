# The best penalised objective of gmm1d's default fit, against 300 random and nested starts of the
# same EM on each data set and k.
search <- function(largest) {
  rows <- lapply(names(search_data()), function(name) {
    x <- search_data()[[name]]
    points <- squash(x)
    options <- gmm1d:::em_options(points, gmm1d_control())
    found <- path_of(points, 2:6)
    objective <- vapply(found, function(fit) {
      gmm1d:::em_cpp(points, fit$mixture, options)$objective
    }, 1)
    data.frame(data = name, k = 2:6, below = random_best(points, options) - objective)
  })
  rows <- do.call(rbind, rows)
  missed <- rows[rows$below > 1e-4, ]
  c(
    "## The search against random starts", "",
    paste0("Reached the best of 300 random and nested starts of the same penalised EM in ",
           sum(rows$below <= 1e-4), " of ", nrow(rows), " cases (", nrow(rows) / 5,
           " data sets, k = 2 to 6), and found a better one in ", sum(rows$below < -1e-4), "."),
    if (nrow(missed) > 0L) c("Missed, by units of the objective:", "", table_of(missed))
  )
}

random_best <- function(points, options) {
  set.seed(1)
  best <- list(NULL)
  vapply(2:6, function(k) {
    fits <- lapply(1:300, function(i) {
      nested <- i %% 3 == 0 && k > 2
      start <- if (nested) with_one_more(best[[k - 1]], points) else random_start(points, k)
      gmm1d:::em_cpp(points, start, options)
    })
    top <- fits[[which.max(vapply(fits, `[[`, 1, "objective"))]]
    best[[k]] <<- top$mixture
    top$objective
  }, 1)
}

random_start <- function(points, k) {
  lambda <- rexp(k)
  list(lambda = lambda / sum(lambda), mu = sample(points$x, k, prob = points$w),
       sigma = points$scale * exp(runif(k, -4, 0)))
}

with_one_more <- function(mixture, points) {
  lambda <- runif(1, 0.02, 0.4)
  list(lambda = c(mixture$lambda * (1 - lambda), lambda),
       mu = c(mixture$mu, sample(points$x, 1, prob = points$w)),
       sigma = c(mixture$sigma, points$scale * exp(runif(1, -5, 0))))
}

search_data <- function() {
  found <- new.env()
  utils::data("diabetes", "acidity", "thyroid", package = "mclust", envir = found)
  list(
    waiting = faithful$waiting, eruptions = faithful$eruptions, galaxies = MASS::galaxies,
    precip = as.vector(precip), depth = quakes$depth, glucose = found$diabetes$glucose,
    insulin = found$diabetes$insulin, sspg = found$diabetes$sspg, acidity = found$acidity,
    magnitude = quakes$mag, petal_length = iris$Petal.Length, petal_width = iris$Petal.Width,
    rivers = log(rivers), islands = log(islands), lynx = log(as.vector(lynx)),
    sunspots = sqrt(as.vector(sunspots)), nile = as.vector(Nile), ozone = na.omit(airquality$Ozone),
    geyser = MASS::geyser$duration, chick = ChickWeight$weight, crabs = MASS::crabs$FL,
    housing = MASS::Boston$medv, birthweight = MASS::birthwt$bwt, volcano = as.vector(volcano),
    thyroid = found$thyroid$T4
  )
}
