# Sourced in a pipeline: `aws` then acts in the role AWS_ROLE_ARN, by the identity that Bitbucket or GitHub vouches for.
# No key of AWS is kept in either.

: "${AWS_ROLE_ARN:?is not set. docs/deployment.md says what it is.}"
AWS_WEB_IDENTITY_TOKEN_FILE="$(mktemp)"
export AWS_ROLE_ARN AWS_WEB_IDENTITY_TOKEN_FILE

if [ -n "${BITBUCKET_STEP_OIDC_TOKEN:-}" ]; then
  printf '%s' "$BITBUCKET_STEP_OIDC_TOKEN" >"$AWS_WEB_IDENTITY_TOKEN_FILE"
elif [ -n "${ACTIONS_ID_TOKEN_REQUEST_URL:-}" ]; then
  printf 'header = "Authorization: bearer %s"\n' "$ACTIONS_ID_TOKEN_REQUEST_TOKEN" |
    curl --fail --silent --show-error --config - "$ACTIONS_ID_TOKEN_REQUEST_URL&audience=sts.amazonaws.com" |
    python3 -c 'import json, sys; print(json.load(sys.stdin)["value"], end="")' >"$AWS_WEB_IDENTITY_TOKEN_FILE"
else
  printf 'Neither Bitbucket (oidc: true) nor GitHub (id-token: write) vouches for this pipeline.\n' >&2
  exit 1
fi
