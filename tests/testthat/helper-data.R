# Real data: waiting and eruption times (minutes), velocities (km/s), rain (inches), depths (km);
# and glucose, if mclust is there, which has it.
real_data <- function() {
  c(list(
    waiting = faithful$waiting,
    eruptions = faithful$eruptions,
    galaxies = galaxies,
    precip = as.vector(precip),
    depth = quakes$depth
  ), if (requireNamespace("mclust", quietly = TRUE)) list(glucose = glucose()))
}

# From Roeder (1990), Journal of the American Statistical Association 85, 617-624, as in MASS.
galaxies <- c(
  9172, 9350, 9483, 9558, 9775, 10227, 10406, 16084, 16170, 18419, 18552, 18600, 18927, 19052,
  19070, 19330, 19343, 19349, 19440, 19473, 19529, 19541, 19547, 19663, 19846, 19856, 19863,
  19914, 19918, 19973, 19989, 20166, 20175, 20179, 20196, 20215, 20221, 20415, 20629, 20795,
  20821, 20846, 20875, 20986, 21137, 21492, 21701, 21814, 21921, 21960, 22185, 22209, 22242,
  22249, 22314, 22374, 22495, 22746, 22747, 22888, 22914, 23206, 23241, 23263, 23484, 23538,
  23542, 23666, 23706, 23711, 24129, 24285, 24289, 24366, 24717, 24990, 25633, 26690, 26995,
  32065, 32789, 34279
)

# Plasma glucose of 145 people, Reaven & Miller (1979), Diabetologia 16, 17-24.
glucose <- function() {
  found <- new.env()
  utils::data("diabetes", package = "mclust", envir = found)
  found$diabetes$glucose
}

# mclust looks for its own functions on the search path, so it is attached until the caller ends.
local_mclust <- function(frame = parent.frame()) {
  suppressPackageStartupMessages(library(mclust))
  withr::defer(detach("package:mclust"), envir = frame)
}

# The best penalised objectives from 1,500 random and nested starts of penalised EM, for k = 2 to 6,
# with the smallest sigma allowed and the scale s of the penalty. Galaxies are in 1000 km/s.
best_known <- function() {
  read.csv(text = "data,k,min_sigma,s,best_objective
waiting,2,0.4,13.59497379,-1034.021488
waiting,3,0.4,13.59497379,-1031.704842
waiting,4,0.4,13.59497379,-1029.521549
waiting,5,0.4,13.59497379,-1027.45502
waiting,6,0.4,13.59497379,-1027.022562
eruptions,2,4e-04,1.141371251,-276.44525
eruptions,3,4e-04,1.141371251,-264.554861
eruptions,4,4e-04,1.141371251,-258.457845
eruptions,5,4e-04,1.141371251,-256.307954
eruptions,6,4e-04,1.141371251,-255.026293
galaxies,2,4e-04,2.669384729,-220.263417
galaxies,3,4e-04,2.669384729,-203.642058
galaxies,4,4e-04,2.669384729,-198.25105
galaxies,5,4e-04,2.669384729,-194.51108
galaxies,6,4e-04,2.669384729,-192.774924
precip,2,0.04,9.933283914,-275.516316
precip,3,0.04,9.933283914,-272.148092
precip,4,0.04,9.933283914,-270.52928
precip,5,0.04,9.933283914,-269.696977
precip,6,0.04,9.933283914,-268.917157
depth,2,0.4,215.535498,-6446.444622
depth,3,0.4,215.535498,-6303.700864
depth,4,0.4,215.535498,-6270.817946
depth,5,0.4,215.535498,-6251.402879
depth,6,0.4,215.535498,-6235.669043
glucose,2,0.4,16.30837658,-672.300859
glucose,3,0.4,16.30837658,-667.440463
glucose,4,0.4,16.30837658,-664.060595
glucose,5,0.4,16.30837658,-660.905827
glucose,6,0.4,16.30837658,-657.899936")
}

# Thickness of 485 stamps (mm) in bins of 0.001, Izenman & Sommer (1988), JASA 83, 941-953.
stamps <- function() {
  read.csv(test_path("data", "stamps.csv"))
}

# Lengths (cm) of 523 pike from Heming Lake, 1965, in bins of 2 cm, of which the outer ones are
# open: the data set pike65 of the package mixdist, from Macdonald and Pitcher (1979).
pike <- function() {
  read.csv(test_path("data", "pike65.csv"))
}

# A function that returns x in the given number of chunks, and then NULL.
reader_of <- function(x, chunks) {
  ends <- round(seq(0, length(x), length.out = chunks + 1))
  i <- 0
  function() {
    i <<- i + 1
    if (i <= chunks) x[seq_len(ends[i + 1] - ends[i]) + ends[i]]
  }
}
