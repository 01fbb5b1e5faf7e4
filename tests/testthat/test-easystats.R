fit <- gmm1d(~waiting, data = faithful, k = 2)
fit3 <- gmm1d(~waiting, data = faithful, k = 3)
singular <- quietly(gmm1d(faithful$waiting, start = list(lambda = c(0.5, 0.5), mu = c(70, 70),
                                                         sigma = c(9, 9))))

test_that("the package parameters shows estimates, standard errors and intervals of the fit", {
  skip_if_not_installed("parameters")
  rows <- parameters::model_parameters(fit, ci = 0.9)
  expect_s3_class(rows, "parameters_model")
  expect_identical(rows$Parameter, names(coef(fit)))
  expect_identical(rows$Coefficient, unname(coef(fit)))
  expect_equal(rows$SE, unname(sqrt(diag(vcov(fit)))))
  expect_equal(cbind(rows$CI_low, rows$CI_high), unname(confint(fit, level = 0.9)))
  expect_output(print(rows), "sigma2 .* 5.87")
  for (method in c("profile", "boot")) {
    word <- c(profile = "profile", boot = "bootstrap")[[method]]
    ours <- withr::with_seed(1, confint(fit, method = word))
    theirs <- withr::with_seed(1, parameters::model_parameters(fit, ci_method = method))
    expect_equal(cbind(theirs$CI_low, theirs$CI_high), unname(ours))
  }
  expect_identical(names(parameters::model_parameters(fit, ci = NULL)),
                   c("Parameter", "Coefficient", "SE"))
  expect_identical(parameters::model_parameters(fit, keep = "mu", drop = "2")$Parameter, "mu1")
  expect_equal(parameters::standard_error(fit)$SE, rows$SE)
  expect_equal(parameters::ci(fit, ci = 0.9)$CI_high, rows$CI_high)
  expect_true(all(is.na(parameters::p_value(fit)$p)))
  both <- parameters::compare_parameters(parameters::model_parameters(fit),
                                         parameters::model_parameters(fit3))
  expect_setequal(both$Parameter, names(coef(fit3)))
})

test_that("other covariance matrices are used, and meaningless arguments are errors", {
  skip_if_not_installed("parameters")
  skip_if_not_installed("sandwich")
  robust <- sqrt(diag(sandwich::sandwich(fit)))
  for (vcov in list(sandwich::sandwich, sandwich::sandwich(fit))) {
    expect_equal(parameters::standard_error(fit, vcov = vcov)$SE, unname(robust))
    expect_equal(parameters::model_parameters(fit, vcov = vcov)$SE, unname(robust))
  }
  cluster <- rep(1:68, each = 4)
  expect_equal(
    parameters::standard_error(fit, vcov = "CL", vcov_args = list(cluster = cluster))$SE,
    unname(sqrt(diag(sandwich::vcovCL(fit, cluster = cluster))))
  )
  expect_error(parameters::model_parameters(fit, exponentiate = TRUE),
               class = "gmm1d_error_argument")
  expect_error(parameters::model_parameters(fit, ci_method = "satterthwaite"),
               class = "gmm1d_error_argument")
  expect_error(parameters::model_parameters(fit, ci = 2), class = "gmm1d_error_range")
})

test_that("without standard errors there are still estimates", {
  skip_if_not_installed("parameters")
  expect_warning(rows <- parameters::model_parameters(singular), class = "gmm1d_warning_singular")
  expect_identical(rows$Coefficient, unname(coef(singular)))
  expect_true(all(is.na(c(rows$SE, rows$CI_low, rows$CI_high))))
})

test_that("the package performance shows the criteria of the fit", {
  skip_if_not_installed("performance")
  row <- performance::model_performance(fit)
  expect_s3_class(row, "performance_model")
  expect_equal(c(row$AIC, row$BIC, row$logLik), c(AIC(fit), BIC(fit), fit$loglik))
  expect_identical(c(row$npar, row$k), c(5L, 2L))
  expect_named(performance::model_performance(fit, metrics = "common"), c("AIC", "BIC", "k"))
  expect_named(performance::model_performance(fit, metrics = "ICL"), "ICL")
  expect_error(performance::model_performance(fit, metrics = "R2"), class = "gmm1d_error_argument")
  expect_output(print(row), "2096")
  expect_equal(performance::performance_aicc(fit), AIC(fit) + 2 * 5 * 6 / (272 - 6))
})

test_that("functions of insight work with a fit", {
  skip_if_not_installed("insight")
  expect_identical(insight::find_parameters(fit)$conditional, names(coef(fit)))
  expect_identical(insight::get_parameters(fit)$Estimate, unname(coef(fit)))
  expect_identical(insight::n_obs(fit), 272)
  expect_identical(insight::get_loglikelihood(fit), logLik(fit))
  expect_identical(insight::get_df(fit), df.residual(fit))
  expect_identical(insight::get_df(fit, type = "model"), 5L)
  expect_identical(insight::get_df(fit, type = "normal"), Inf)
  expect_equal(insight::get_varcov(fit), vcov(fit))
  expect_null(insight::get_statistic(fit))
  info <- insight::model_info(fit)
  expect_true(info$is_mixture)
  expect_identical(info$family, "gaussian")
  expect_false(any(info$is_linear, info$is_mixed, info$is_bayesian))
  expect_equal(as.numeric(insight::get_predicted(fit)), unname(fitted(fit)))
  new <- data.frame(waiting = c(50, 80, NA))
  expect_equal(as.numeric(insight::get_predicted(fit, new, "classification")),
               as.numeric(predict(fit, new)))
  expect_output(print(insight::get_predicted(fit, new)), "54.6")
  expect_error(insight::get_predicted(fit, predict = "link"), class = "gmm1d_error_argument")
})

test_that("modelsummary shows one fit or several, with standard errors and criteria", {
  skip_if_not_installed("modelsummary")
  table <- modelsummary::modelsummary(list(two = fit, three = fit3), output = "dataframe",
                                      coef_map = names(coef(fit3)))
  shown <- table[table$part == "estimates" & table$statistic == "estimate", ]
  expect_identical(shown$term, names(coef(fit3)))
  expect_equal(as.numeric(shown$three), round(unname(coef(fit3)), 3))
  expect_identical(shown$two[shown$term == "mu3"], "")
  errors <- table[table$statistic == "std.error", ]
  expect_equal(as.numeric(gsub("[()]", "", errors$three)), round(unname(sqrt(diag(vcov(fit3)))), 3))
  below <- table[table$part == "gof", ]
  expect_identical(below$term, c("Num.Obs.", "AIC", "BIC", "Log.Lik.", "k"))
  expect_identical(below$two[c(1, 5)], c("272", "2"))

  one <- modelsummary::modelsummary(fit, output = "dataframe", statistic = "conf.int")
  expect_true(any(one$statistic == "conf.int"))
  skip_if_not_installed("sandwich")
  robust <- modelsummary::modelsummary(fit, output = "dataframe", vcov = sandwich::sandwich)
  errors <- robust[robust$statistic == "std.error", "(1)"]
  expect_equal(as.numeric(gsub("[()]", "", errors)),
               round(unname(sqrt(diag(sandwich::sandwich(fit)))), 3))
})
