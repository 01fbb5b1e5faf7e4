/* A vector of 200,000 numbers that are computed when they are read; the second half ends in an error
   of R, as that of a file might which has become unreadable. */
#include <Rinternals.h>
#include <R_ext/Altrep.h>
#include <R_ext/Rdynload.h>

static R_altrep_class_t unreadable_class;

static R_xlen_t length_of(SEXP x) { return 200000; }

static double number_at(SEXP x, R_xlen_t i) {
  if (i >= 100000) Rf_error("the file cannot be read");
  return (double)(i % 5000) / 7;
}

static R_xlen_t region(SEXP x, R_xlen_t from, R_xlen_t n, double *buffer) {
  for (R_xlen_t i = 0; i < n; ++i) buffer[i] = number_at(x, from + i);
  return n;
}

static void *memory(SEXP x, Rboolean writable) { Rf_error("the file cannot be read"); }

static const void *memory_or_null(SEXP x) { return NULL; }

SEXP unreadable(void) { return R_new_altrep(unreadable_class, R_NilValue, R_NilValue); }

void R_init_unreadable(DllInfo *info) {
  unreadable_class = R_make_altreal_class("unreadable", "test", info);
  R_set_altrep_Length_method(unreadable_class, length_of);
  R_set_altvec_Dataptr_method(unreadable_class, memory);
  R_set_altvec_Dataptr_or_null_method(unreadable_class, memory_or_null);
  R_set_altreal_Elt_method(unreadable_class, number_at);
  R_set_altreal_Get_region_method(unreadable_class, region);
}
