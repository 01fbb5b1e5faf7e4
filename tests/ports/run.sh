#!/bin/sh
# Builds the core with a small driver for other processors and compilers, runs it (under QEMU if the
# processor is another one) and compares its output with that on this machine. Writes
# bench/PORTS.md. This needs packages of Debian.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
architectures="arm64 s390x i386 ppc64el"
compilers="g++-aarch64-linux-gnu g++-s390x-linux-gnu g++-i686-linux-gnu g++-powerpc64le-linux-gnu"
if ! test -e /usr/lib/powerpc64le-linux-gnu/libgomp.so.1; then
  echo "Installing compilers, QEMU and libraries for $architectures ..."
  for one in $architectures; do dpkg --add-architecture "$one"; done
  apt-get update -q > /dev/null 2>&1 || true
  # shellcheck disable=SC2086
  apt-get install -y -q qemu-user-static g++-mingw-w64-x86-64-posix clang liblapack-dev \
    libblas-dev $compilers > /dev/null
  for one in $architectures; do
    apt-get install -y -q --no-install-recommends "liblapack-dev:$one" \
      "libblas-dev:$one" "libgomp1:$one" "libstdc++6:$one" > /dev/null
  done
fi

mkdir "$work/include"
cp tests/fuzz/RcppArmadillo.h "$work/include"
armadillo=$(Rscript -e 'cat(system.file("include", package = "RcppArmadillo"))')
sources=$(ls src/*.cpp | grep -Ev 'interface|pack|RcppExports'; echo tests/ports/driver.cpp)

# build <name> <compiler> <flags>
build() {
  name=$1 compiler=$2
  shift 2
  mkdir "$work/$name"
  for source in $sources; do echo "$source"; done | xargs -P "$(getconf _NPROCESSORS_ONLN)" -I{} \
    sh -c 'source=$1 out=$2; shift 2; "$@" -c "$source" -o "$out/$(basename "$source" .cpp).o"' \
    sh {} "$work/$name" "$compiler" -std=c++17 -O2 -Wno-unknown-pragmas -I"$work/include" \
    -I"$armadillo" "$@"
}

# port <name> <description> <emulator> <compiler> <libraries> <flags>: prints a row of the table
port() {
  name=$1 what=$2 emulator=$3 compiler=$4 libraries=$5
  shift 5
  if ! build "$name" "$compiler" "$@" 2> "$work/$name.log"; then
    row "$what" "does not compile" ""
    return
  fi
  # shellcheck disable=SC2086
  if ! "$compiler" "$@" "$work/$name"/*.o $libraries -o "$work/$name/driver" 2>> "$work/$name.log"; then
    row "$what" "does not link" ""
    return
  fi
  if test "$emulator" = none; then
    row "$what" "compiles and links" ""
  elif $emulator "$work/$name/driver" > "$work/$name.txt" 2>> "$work/$name.log"; then
    row "$what" runs "$(Rscript tests/ports/compare.R "$work/host.txt" "$work/$name.txt")"
  else
    row "$what" "does not run" ""
  fi
}

row() {
  echo "| $1 | $2 | ${3:- | | } |" | tee -a "$work/table"
  test "$2" = runs || test "$2" = "compiles and links" || tail -n 20 "$work/$name.log"
}

lapack() { echo "/usr/lib/$1/lapack/liblapack.so.3 /usr/lib/$1/blas/libblas.so.3"; }
ours="-llapack -lblas -lpthread"

port host "this machine: $(g++ --version | head -n 1), -O2" "" g++ "$ours" -fopenmp
port O0 "this machine, -O0" "" g++ "$ours" -fopenmp -O0
port O3 "this machine, -O3" "" g++ "$ours" -fopenmp -O3
port alone "this machine, without OpenMP" "" g++ "$ours" -fno-openmp
port clang "this machine: $(clang++ --version | head -n 1), -O2" "" clang++ "$ours" -O2
port i386 "i386 (x87)" "" i686-linux-gnu-g++ "$(lapack i386-linux-gnu)" -fopenmp
port mingw "Windows: mingw-w64, without LAPACK" none x86_64-w64-mingw32-g++-posix "" -fopenmp \
  -DARMA_DONT_USE_LAPACK -DARMA_DONT_USE_BLAS
port arm64 "aarch64" qemu-aarch64-static aarch64-linux-gnu-g++ "$(lapack aarch64-linux-gnu)" -fopenmp
port ppc64el "ppc64el" qemu-ppc64le-static powerpc64le-linux-gnu-g++ \
  "$(lapack powerpc64le-linux-gnu)" -fopenmp
port s390x "s390x (big endian)" qemu-s390x-static s390x-linux-gnu-g++ \
  "$(lapack s390x-linux-gnu)" -fopenmp

{
  echo "# Other processors and compilers"
  echo
  echo "Made by \`make ports\` on $(date +%F): twenty data sets of 60 to 140,000 values, each with one to"
  echo "four components. The largest differences from this machine: of the objective of all fits,"
  echo "relative to it; of the estimates of those that have converged (how many), in units of sigma, of"
  echo "sigma relative. Other processors are emulated by QEMU. (Debian has no C++ library for musl.)"
  echo
  echo "| processor, compiler | | exp, log | objective | estimates |"
  echo "|---|---|---|---|---|"
  cat "$work/table"
} > bench/PORTS.md
