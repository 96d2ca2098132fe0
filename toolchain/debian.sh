#!/bin/sh
# Installs what requirements/debian.txt names, if we are root on Debian; "list" prints it.
# Fails elsewhere, without a word: the caller says what is missing.
set -eu
packages=$(grep -v '^#' "$(dirname -- "$0")/../requirements/debian.txt" | tr '\n' ' ')
packages=${packages% }
if [ "${1:-}" = list ]; then
    echo "$packages"
    exit
fi
[ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || exit 1

# Another apt-get may be at work; wait for it rather than fail.
install() {
    # $packages is a list of words.
    DEBIAN_FRONTEND=noninteractive \
        apt-get -q -o DPkg::Lock::Timeout=300 install -y --no-install-recommends $packages 2>&1
}

echo "Debian packages: $packages"
begin=$(date +%s)
while sleep 10 >/dev/null 2>&1; do echo "  still installing, $(($(date +%s) - begin)) s"; done &
clock=$!
trap 'kill $clock 2>/dev/null' EXIT
trap 'exit 130' INT TERM
# A new machine has no lists of packages yet, and old lists name packages that are gone.
if ! output=$(install || { apt-get -q update && install; }); then
    printf '%s\n' "$output" >&2
    exit 1
fi
echo "  done ($(($(date +%s) - begin)) s)"
