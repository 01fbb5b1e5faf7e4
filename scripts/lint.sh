#!/bin/sh
# The rules of the house that tests cannot see. Prints each breach; silent and 0 if there is none.
set -u
failed=0
fail() {
  echo "lint: $*" >&2
  failed=1
}

# The core knows nothing of R; only the interface does.
interface='src/interface.cpp src/pack.cpp src/pack.h src/unpack.cpp src/unpack.h'
core=$(ls src/*.h src/*.cpp | grep -v -e interface.cpp -e 'pack[.]' -e RcppExports.cpp)
! grep -nE 'Rcpp::|SEXP|\bR_[A-Za-z]|\bRf_' $core || fail "a core file names R"
! grep -nE '\b(for|while) \(' $interface || fail "a loop in the interface"

! grep -n "pragma omp" $(ls src/*.h src/*.cpp | grep -v simd.h) || fail "OpenMP beside the macros of simd.h"

# What README.md links to is in the tarball.
for link in $(sed -n 's/.*](\([^)h][^)]*\)).*/\1/p' README.md); do
  ! grep -qE "^\^$(echo "$link" | cut -d/ -f1)" .Rbuildignore || fail "README.md links to $link"
done

Rscript scripts/figures.R check || fail "README.md or a vignette has figures that are not measured"

Rscript scripts/lint-readme.R || fail "R code of README.md does not run as it stands"

Rscript -e 'found <- spelling::spell_check_package(); print(found); quit(status = nrow(found) > 0)' ||
  fail "a word is misspelt, or missing in inst/WORDLIST (spelling::update_wordlist() adds it)"

for file in $core $interface; do
  clang-format "$file" | cmp -s - "$file" || fail "$file is not as clang-format writes it"
done

Rscript scripts/lint-layers.R || fail "a file calls a layer above its own, or a rule of names is broken"

Rscript scripts/lint-locals.R || fail "a local may be called in the place of a function"

Rscript -e 'lints <- lintr::lint_package(); print(lints); quit(status = length(lints) > 0)' ||
  fail "lintr is not silent"

# What roxygen2 and Rcpp make from the sources is what stands in the repository.
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
cp -R DESCRIPTION NAMESPACE R man src "$copy"
(cd "$copy" && Rscript -e 'Rcpp::compileAttributes(); roxygen2::roxygenise()') > /dev/null 2>&1 ||
  fail "roxygen2 failed"
for made in DESCRIPTION NAMESPACE man R/RcppExports.R src/RcppExports.cpp; do
  diff -r "$made" "$copy/$made" || fail "$made is not what roxygen2 or Rcpp makes: make document"
done
[ $failed = 0 ] && echo "lint: nothing to say"
exit $failed
