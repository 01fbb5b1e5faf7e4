#!/bin/sh
# Runs the tests of the core under valgrind, which detects reads of uninitialised memory. Fails on
# any error whose stack passes through the package.
set -eu
log=$(mktemp)
trap 'rm -f "$log"' EXIT
files="^(em|steps|squash|distribution|modes|saved)$"
VALGRIND_OPTS="--log-file=$log --num-callers=30" OMP_NUM_THREADS=1 \
  R -d valgrind --no-save --no-echo --args "only=$files" < scripts/test.R
errors=$(awk '/^==/ { sub(/^==[0-9]+== ?/, ""); if ($0 == "") { if (block ~ /gmm1d/) n++; block = "" }
              else block = block "\n" $0 } END { print n + 0 }' "$log")
grep "ERROR SUMMARY" "$log"
if [ "$errors" -gt 0 ]; then grep -B2 -A12 gmm1d "$log" | head -60; exit 1; fi
echo "valgrind: nothing found in the package"
