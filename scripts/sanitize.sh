#!/bin/sh
# Builds the package with the address and undefined behaviour sanitizers of g++ into a separate
# library, and runs all tests and part of the stress test with it. Stops at the first finding.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/library"
cat > "$work/Makevars" <<EOF
CXX17FLAGS = -g -O1 -fno-omit-frame-pointer -fsanitize=address,undefined \
  -fno-sanitize-recover=undefined
LDFLAGS = -fsanitize=address,undefined
EOF
R CMD build --no-build-vignettes . > /dev/null
R_MAKEVARS_USER="$work/Makevars" R CMD INSTALL --no-docs --no-test-load \
  --library="$work/library" gmm1d_*.tar.gz > "$work/log" 2>&1 || { cat "$work/log"; exit 1; }

# R itself is built without sanitizers, so its own leaks and its stack are ignored.
LD_PRELOAD="$(g++ -print-file-name=libasan.so) $(g++ -print-file-name=libubsan.so)"
ASAN_OPTIONS=detect_leaks=0:abort_on_error=0:detect_odr_violation=0
UBSAN_OPTIONS=print_stacktrace=1
R_LIBS="$work/library"
export LD_PRELOAD ASAN_OPTIONS UBSAN_OPTIONS R_LIBS
# Servers, engines, browsers and pictures would run under the sanitizers, too, so their tests are
# left out.
Rscript scripts/test.R "without=explore|-table$|plot|knit|engines|^ask$|anywhere"
Rscript tests/stress/stress.R "${1:-1000}"
echo "sanitize: nothing found"
