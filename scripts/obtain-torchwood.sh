#!/bin/sh
# Prints the folder with litewitness and witnessctl from Debian testing's package torchwood, which is unpacked into a cache
# and not installed: the system stays what it is. Asks the mirror that apt uses already. Exit 1, saying why, if it has none.
set -eu
cache="${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/avow-peers/torchwood"
if [ ! -x "$cache/usr/bin/litewitness" ]; then
  mirror=$(apt-get indextargets --format '$(REPO_URI)' 2>/dev/null | grep -m 1 '/debian/$') || {
    echo "apt knows no Debian mirror" >&2
    exit 1
  }
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  mkdir -p "$work/lists/partial" "$work/archives/partial"
  keyring=/usr/share/keyrings/debian-archive-keyring.gpg
  echo "deb [signed-by=$keyring] $mirror testing main" >"$work/sources.list"
  apt() {
    apt-get -qq -o Dir::Etc::SourceList="$work/sources.list" -o Dir::Etc::SourceParts=/dev/null \
      -o Dir::State::Lists="$work/lists" -o Dir::Cache="$work" -o APT::Sandbox::User="" \
      -o Acquire::Languages=none -o Acquire::http::Timeout=20 -o Acquire::Retries=0 "$@"
  }
  (apt update && cd "$work" && apt download torchwood) >&2 || {
    echo "Debian testing's torchwood could not be had" >&2
    exit 1
  }
  # Whole or not at all, also when two tests ask at once.
  dpkg-deb -x "$work"/torchwood_*.deb "$work/unpacked"
  mkdir -p "$(dirname "$cache")"
  rm -rf "$cache"
  mv "$work/unpacked" "$cache"
fi
echo "$cache/usr/bin"
