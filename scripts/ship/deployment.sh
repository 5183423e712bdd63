# Sourced by build.sh, push.sh, deploy.sh and rollback.sh. docs/deployment.md says what each setting is.

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
application="${DATAVERSE_APPLICATION:-dataverse}"
group="${DATAVERSE_GROUP:-production}"
export AWS_PAGER=""

fail() {
  printf '%s\n' "$*" >&2
  exit 1
}

# need NAME...: these settings have a value.
need() {
  local name
  for name in "$@"; do
    [ -n "${!name:-}" ] || fail "$name is not set. docs/deployment.md says what it is; set it, then run again."
  done
}

in_region() {
  aws --region "$AWS_REGION" "$@"
}

# The commit that is checked out, if that is all there is in the folder.
clean_commit() {
  local changes
  changes="$(git -C "$root" status --porcelain)" || fail "$root is no git repository; the commit names the image."
  [ -z "$changes" ] ||
    fail "The folder differs from its commit, so that no commit would name what is deployed:" \
      "${changes//$'\n'/,}. Commit, stash or ignore that, then run again."
  git -C "$root" rev-parse HEAD
}

bundle_of() {
  printf 'dataverse-%s.zip' "$1"
}

# release BUNDLE: have CodeDeploy install an uploaded bundle; returns when it runs, fails when it does not.
release() {
  local id
  id="$(in_region deploy create-deployment --application-name "$application" --deployment-group-name "$group" \
    --s3-location "bucket=$DATAVERSE_BUNDLE_BUCKET,bundleType=zip,key=$1" --query deploymentId --output text)"
  printf 'Deployment %s of %s has begun\n' "$id" "$1"
  if in_region deploy wait deployment-successful --deployment-id "$id"; then
    printf '%s runs\n' "$1"
    return
  fi
  in_region deploy get-deployment --deployment-id "$id" \
    --query 'deploymentInfo.[status, errorInformation.message]' --output text >&2
  fail "Deployment $id of $1 did not succeed; the host goes back to what it ran before. What its scripts said stands" \
    "in the console, and on the host in /opt/codedeploy-agent/deployment-root/deployment-logs."
}
