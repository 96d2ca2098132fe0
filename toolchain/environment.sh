# Read by the wrappers in .venv/bin, which set $root: the environment of every tool.
# toolchain/env.py does the same for Python callers; tests/toolchain/test_env.py compares the two.

if [ ! -f "$root/.venv/toolchain.env" ]; then
    echo "The project's tools are not installed: run 'make setup' in $root" >&2
    exit 1
fi
. "$root/.venv/toolchain.env"

# Values inside the repository are stored relative to it.
case $TOOLCHAIN_NODE in /*) ;; *) TOOLCHAIN_NODE=$root/$TOOLCHAIN_NODE ;; esac
case $TOOLCHAIN_TERRAFORM in /*) ;; *) TOOLCHAIN_TERRAFORM=$root/$TOOLCHAIN_TERRAFORM ;; esac

# CDKTF, jsii and Terraform keep caches there; without one that can be written they fail or hang.
if [ ! -d "${HOME:-}" ] || [ ! -w "${HOME:-}" ]; then
    HOME=$root/.local/home
    mkdir -p "$HOME"
    export HOME
fi

case $PATH in
    "$root/.venv/bin" | "$root/.venv/bin:"*) ;;
    *) PATH=$root/.venv/bin${PATH:+:$PATH} ;;
esac

# No calls home for news of versions; both CDKTF and Terraform read this.
CHECKPOINT_DISABLE=1
JSII_NODE=$TOOLCHAIN_NODE
# A Node newer than the bindings' jsii works; its banner only hides the messages that matter.
JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION=1
export PATH CHECKPOINT_DISABLE JSII_NODE JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION

# "cdktf deploy" runs "providers lock", which asks the public registry even where a mirror is
# configured: tell it about the mirror.
if [ -n "$TOOLCHAIN_LOCK_ARGUMENTS" ]; then
    TF_CLI_ARGS_providers_lock=$TOOLCHAIN_LOCK_ARGUMENTS
    export TF_CLI_ARGS_providers_lock
fi

# The stack says where its state is; what an earlier "init" left in the folder, of the emulator or
# another account perhaps, must never be copied there (docs/decisions/0019-init-copies-no-state.md).
case " ${TF_CLI_ARGS_init:-} " in
    *" -reconfigure "*) ;;
    *) TF_CLI_ARGS_init="-reconfigure${TF_CLI_ARGS_init:+ $TF_CLI_ARGS_init}" ;;
esac
export TF_CLI_ARGS_init

# A name of a missing file adds a warning to every command.
[ -f "${TF_CLI_CONFIG_FILE:-}" ] || unset TF_CLI_CONFIG_FILE
# A configuration that chooses where providers come from is the user's decision; else use the
# mirror that "install" found.
if [ -f "$root/.local/terraform.rc" ] && ! grep -q '^[[:space:]]*provider_installation' \
    "${TF_CLI_CONFIG_FILE:-${HOME:-}/.terraformrc}" 2>/dev/null; then
    TF_CLI_CONFIG_FILE=$root/.local/terraform.rc
    export TF_CLI_CONFIG_FILE
fi
