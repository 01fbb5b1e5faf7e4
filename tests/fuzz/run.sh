#!/bin/sh
# Builds the fuzz target with clang and its sanitizers, and runs it for a number of seconds (default
# 600). The corpus is not changed. An input that breaks something is written to the working
# directory.
set -eu
seconds=${1:-600}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
armadillo=$(Rscript -e 'cat(system.file("include", package = "RcppArmadillo"))')
cp tests/fuzz/RcppArmadillo.h "$work"
for file in src/*.cpp tests/fuzz/fuzz.cpp; do
  case $file in */interface.cpp | */pack.cpp | */unpack.cpp | */RcppExports.cpp) continue ;; esac
  echo "$file"
done | xargs -P 2 -I{} sh -c '
  clang++ -std=c++17 -O1 -g -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=undefined \
    -Wno-unknown-pragmas -I"$1" -I"$2" -c "$3" -o "$1/$(basename "$3" .cpp).o"' \
  sh "$work" "$armadillo" {}
clang++ -fsanitize=fuzzer,address,undefined "$work"/*.o -o "$work/fuzz" \
  $(R CMD config LAPACK_LIBS) $(R CMD config BLAS_LIBS)
cp -r tests/fuzz/corpus "$work/corpus"
"$work/fuzz" -max_total_time="$seconds" -timeout=25 -max_len=1100 -print_final_stats=1 "$work/corpus"
echo "fuzz: nothing found"
