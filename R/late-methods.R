# Registers methods for packages that may not be installed, when such a package is loaded and has
# the generic. (Declared in NAMESPACE, a method would be an error with an older version that does
# not have the generic.)

methods_for_others <- list(
  sandwich = c("estfun", "bread"),
  parameters = c("model_parameters", "standard_error", "p_value"),
  bayestestR = "ci",
  performance = "model_performance",
  insight = c("get_loglikelihood", "get_df", "model_info", "get_predicted", "find_statistic",
              "get_statistic"),
  modelsummary = "glance_custom"
)

.onLoad <- function(libname, pkgname) { # nolint: object_name_linter.
  for (package in names(methods_for_others)) {
    register <- register_late(package, methods_for_others[[package]])
    if (isNamespaceLoaded(package)) register()
    setHook(packageEvent(package, "onLoad"), register)
  }
}

register_late <- function(package, generics) {
  here <- topenv()
  force(package)
  force(generics)
  function(...) {
    there <- asNamespace(package)
    for (generic in generics[vapply(generics, exists, NA, there, inherits = FALSE)]) {
      registerS3method(generic, "gmm1d", get(paste0(generic, ".gmm1d"), here), envir = there)
    }
  }
}
