#!/bin/sh
# Installs what is missing: R and its compilers, the R packages in those fields of DESCRIPTION that
# the first argument names, and the programs that the other arguments name. `package=path` names a
# Debian package that is optional and has a file there, and `npm:package` an optional package of npm,
# which goes into node_modules/. Uses apt on Debian and Ubuntu as root, otherwise install.packages().
set -eu

fields=$1
shift

# A list that cannot be read may not be needed.
apt_update() {
  apt-get update -qq || echo "Some lists of packages could not be read." >&2
}

apt_install() {
  export DEBIAN_FRONTEND=noninteractive
  apt_update
  apt-get install -y -qq --no-install-recommends "$@" > /dev/null
}

has_apt=false
if [ "$(id -u)" = 0 ] && command -v apt-get > /dev/null; then has_apt=true; fi

needed=""
optional=""
of_npm=""
for program in "$@"; do
  case $program in
    npm:*) [ -d "node_modules/${program#npm:}" ] || of_npm="$of_npm ${program#npm:}" ;;
    *=*) ls ${program#*=} > /dev/null 2>&1 || optional="$optional ${program%%=*}" ;;
    *) command -v "$program" > /dev/null || needed="$needed $program" ;;
  esac
done
if $has_apt; then
  dpkg -s r-base-dev > /dev/null 2>&1 || needed="$needed r-base-dev"
  # shellcheck disable=SC2086
  [ -z "$needed" ] || apt_install $needed
  # shellcheck disable=SC2086
  [ -z "$optional" ] || apt_install $optional || echo "Goes on without:$optional" >&2
elif [ -n "$needed" ]; then
  echo "Please install:$needed" >&2
  exit 1
fi
if [ -n "$of_npm" ] && command -v npm > /dev/null; then
  # shellcheck disable=SC2086
  npm install --prefix . --no-save --no-package-lock --no-audit --no-fund --loglevel=error \
    --fetch-retries=1 $of_npm > /dev/null || echo "Goes on without:$of_npm" >&2
fi
command -v Rscript > /dev/null || { echo "Please install R 4.2 or later." >&2; exit 1; }

missing=$(Rscript scripts/missing-packages.R "$fields")
[ -n "$missing" ] || exit 0

if $has_apt; then
  apt_update
  packaged=""
  for package in $missing; do
    debian=r-cran-$(echo "$package" | tr '[:upper:]' '[:lower:]')
    ! apt-cache show "$debian" > /dev/null 2>&1 || packaged="$packaged $debian"
  done
  # shellcheck disable=SC2086
  [ -z "$packaged" ] || apt_install $packaged
  missing=$(Rscript scripts/missing-packages.R "$fields")
  # A dependency of chromote is compiled with OpenSSL.
  case " $missing " in *" chromote "*) apt_install libssl-dev ;; esac
fi
# shellcheck disable=SC2086
[ -z "$missing" ] || Rscript scripts/install.R $missing
