# Sourced at the beginning of each job of .gitlab-ci.yml: caches and tools.

# Below the job's folder, because GitLab caches nothing else.
export UV_CACHE_DIR="$PWD/.cache/uv"
export npm_config_cache="$PWD/.cache/npm"
export JSII_RUNTIME_PACKAGE_CACHE_ROOT="$PWD/.cache/jsii"
export TF_PLUGIN_CACHE_DIR="$PWD/.cache/terraform"
export MYPY_CACHE_DIR="${MYPY_CACHE_DIR:-$PWD/.cache/mypy}"
export TF_IN_AUTOMATION=1
mkdir -p "$TF_PLUGIN_CACHE_DIR"

make setup
. .venv/bin/activate
