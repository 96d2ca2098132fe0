# Sourced at the beginning of each job of .gitlab-ci.yml: caches, tools, and credentials for AWS.

# Below the job's folder, because GitLab caches nothing else.
export UV_CACHE_DIR="$PWD/.cache/uv"
export npm_config_cache="$PWD/.cache/npm"
export JSII_RUNTIME_PACKAGE_CACHE_ROOT="$PWD/.cache/jsii"
export TF_PLUGIN_CACHE_DIR="$PWD/.cache/terraform"
export MYPY_CACHE_DIR="$PWD/.cache/mypy"
export TF_IN_AUTOMATION=1
mkdir -p "$TF_PLUGIN_CACHE_DIR"

make setup
. .venv/bin/activate

# GitLab's token for this job stands in for a key: Terraform and boto3 give it to AWS and get
# credentials of the role AWS_ROLE_ARN, which end with the job.
if [ -n "${AWS_ID_TOKEN:-}" ] && [ -n "${AWS_ROLE_ARN:-}" ]; then
    export AWS_WEB_IDENTITY_TOKEN_FILE="$PWD/.local/aws-id-token"
    export AWS_ROLE_SESSION_NAME="gitlab-$CI_PROJECT_ID-$CI_JOB_ID"
    mkdir -p .local
    (umask 077 && printf '%s' "$AWS_ID_TOKEN" >"$AWS_WEB_IDENTITY_TOKEN_FILE")
fi
