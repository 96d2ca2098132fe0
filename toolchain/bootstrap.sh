#!/bin/sh
# Finds a Python, installing Debian's where it may, and lets it set up all the rest. Run it again
# at any time: it redoes only what changed, and what an interruption left unfinished.
set -eu
cd "$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)"

usable() {
    "$1" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

# The first on PATH may be a pyenv shim or a broken link, which does not run: look at all.
find_python() {
    if usable "${PYTHON:-}"; then
        python=$PYTHON
        return
    fi
    IFS=:
    for folder in $PATH; do
        for name in python3 python3.14 python3.13 python3.12 python3.11; do
            python=$folder/$name
            if [ -x "$python" ] && usable "$python"; then
                unset IFS
                return
            fi
        done
    done
    unset IFS
    return 1
}

if ! find_python; then
    sh toolchain/debian.sh || true
    find_python || {
        echo "setup: no Python from 3.11 on that has its module venv; install one, on Debian with" \
            "'sudo apt-get install -y $(sh toolchain/debian.sh list)', or set PYTHON" >&2
        exit 1
    }
fi
exec "$python" -m toolchain install
