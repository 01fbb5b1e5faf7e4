# Fits the waiting times between eruptions of Old Faithful, then prints and plots the fit.
library(gmm1d)

fit <- gmm1d(~ waiting, data = faithful)
print(fit)
cat("\n--- summary(fit) ---\n\n")
summary(fit)

dir.create("demo", showWarnings = FALSE)
picture <- file.path("demo", "faithful.png")
grDevices::png(picture, width = 1200, height = 800, res = 150)
plot(fit, xlab = "Waiting time to the next eruption (minutes)")
invisible(grDevices::dev.off())
cat("\nThe plot is in ", picture, "\n", sep = "")
