#!/bin/sh
# Installs scikit-learn if it is missing, with apt on Debian and Ubuntu as root.
set -eu
for python in python3 /usr/bin/python3; do
  ! $python -c 'import sklearn' 2> /dev/null || exit 0
done
if [ "$(id -u)" = 0 ] && command -v apt-get > /dev/null; then
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq python3-sklearn > /dev/null
else
  echo "Please install scikit-learn for python3." >&2
  exit 1
fi
