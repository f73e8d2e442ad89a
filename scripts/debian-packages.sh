#!/bin/sh
# Installs the Debian packages that the tests use as real peers. Prints what it would need when it may not install.
set -eu
packages="chromium age golang-go golang-golang-x-mod-dev fonts-noto-cjk postgresql-15 nginx-light libnginx-mod-http-brotli-static wrk strace openssh-client"
# Not in every distribution; the test that wants them says so where they cannot be had.
optional="swift-proxy swift-account swift-container swift-object"
missing=""
wanted=""
for package in $packages; do
  dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing="$missing $package"
done
for package in $optional; do
  dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || wanted="$wanted $package"
done
[ -n "$missing$wanted" ] || exit 0
if [ "$(id -u)" -ne 0 ]; then
  echo "for all tests: apt-get install --no-install-recommends$missing$wanted"
  exit 0
fi
# Tests start their peers from configurations of their own; a package's own service stays off.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod +x "$policy"
  trap 'rm -f "$policy"' EXIT
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
# shellcheck disable=SC2086
[ -z "$missing" ] || apt-get install -y -qq --no-install-recommends $missing >/dev/null
for package in $wanted; do
  if apt-cache show "$package" >/dev/null 2>&1; then
    apt-get install -y -qq --no-install-recommends "$package" >/dev/null
  else
    echo "no package $package here: the test of object storage will be skipped"
  fi
done
