# Real data: waiting and eruption times (minutes), velocities (km/s), rain (inches), depths (km).
real_data <- function() {
  list(
    waiting = faithful$waiting,
    eruptions = faithful$eruptions,
    galaxies = MASS::galaxies,
    precip = as.vector(precip),
    depth = quakes$depth
  )
}
