#!/usr/bin/env bash
# Deploys the web app to this machine without the pipeline: checks out the source, builds the image, and replaces the running
# container. The old container comes back when the new one does not answer.
set -euo pipefail

usage() {
  cat <<USAGE
usage: docker-deploy.sh REPOSITORY [REF]
  REPOSITORY  what git clones: a URL or a folder
  REF         a branch, a tag or a commit (default: main)
environment:
  PORT=8080             where it is served
  NAME=groundwork-web   the container's and the image's name
  ENV_FILE=             a file of VARIABLE=value lines for the app
  HEALTH_SECONDS=60     how long it may take to answer
USAGE
}

if [[ ${1:-} == -h || ${1:-} == --help ]]; then
  usage
  exit 0
fi
if (($# < 1 || $# > 2)); then
  usage >&2
  exit 2
fi
repository=$1
ref=${2:-main}
port=${PORT:-8080}
name=${NAME:-groundwork-web}
seconds=${HEALTH_SECONDS:-60}
options=()
if [[ -n ${ENV_FILE:-} ]]; then
  [[ -r $ENV_FILE ]] || { echo "ENV_FILE must be a readable file, got '$ENV_FILE'" >&2; exit 2; }
  options+=(--env-file "$ENV_FILE")
fi

source=$(mktemp -d)
trap 'rm -rf "$source"' EXIT

echo "Checking out $ref of $repository"
git -C "$source" init --quiet
git -C "$source" fetch --quiet --depth 1 "$repository" "$ref"
git -C "$source" checkout --quiet FETCH_HEAD
commit=$(git -C "$source" rev-parse --short=12 HEAD)

echo "Building $name:$commit"
docker build --file "$source/webapp/Dockerfile" --tag "$name:$commit" "$source"

run() {
  # The image always listens on 8080; PORT is the machine's.
  docker run --detach --name "$name" --publish "$port:8080" --restart unless-stopped --read-only --cap-drop ALL \
    --security-opt no-new-privileges "${options[@]}" --env PORT=8080 "$name:$commit" >/dev/null
}

healthy() {
  local end=$((SECONDS + seconds))
  while ((SECONDS < end)); do
    case $(docker inspect --format '{{.State.Health.Status}}' "$name") in
      healthy) return 0 ;;
      unhealthy) return 1 ;;
    esac
    sleep 1
  done
  return 1
}

before=
if docker container inspect "$name" >/dev/null 2>&1; then
  before=$name-before
  docker rm --force "$before" >/dev/null 2>&1 || true
  docker rename "$name" "$before"
  docker stop --time 20 "$before" >/dev/null
fi

if run && healthy; then
  [[ -z $before ]] || docker rm "$before" >/dev/null
  echo "$name:$commit serves on port $port"
  exit 0
fi

echo "$name:$commit does not answer; its last lines:" >&2
docker logs --tail 20 "$name" >&2 || true
docker rm --force "$name" >/dev/null 2>&1 || true
if [[ -n $before ]]; then
  docker rename "$before" "$name"
  docker start "$name" >/dev/null
  echo "The previous container is back" >&2
fi
exit 1
