#!/bin/bash
# Builds the web app's image of a commit, once, and accepts it only when its scan finds nothing severe (judge-scan.cjs).
# Writes image.env beside itself, which CodeDeploy gives to the servers.
set -euo pipefail
: "${COMMIT:?the commit to build}" "${REPOSITORY_URL:?where the image goes}"
registry=${REPOSITORY_URL%%/*}
repository=${REPOSITORY_URL#*/}
here=$(cd "$(dirname "$0")" && pwd)

# The digest of this commit's image; empty when there is none yet.
built() {
  local answer
  if answer=$(aws ecr describe-images --repository-name "$repository" --image-ids "imageTag=$COMMIT" \
    --query 'imageDetails[0].imageDigest' --output text 2>&1); then
    echo "$answer"
  elif [[ $answer != *ImageNotFoundException* ]]; then
    echo "$answer" >&2
    return 1
  fi
}

build() {
  aws ecr get-login-password | docker login --username AWS --password-stdin "$registry"
  # By the daemon's own builder: another one would be an image from Docker Hub, which counts what anonymous builds pull.
  # Without provenance, which would make the image an index, and ECR scans no index.
  docker buildx build --builder default "$here/../.." --file "$here/../Dockerfile" --platform linux/arm64 --provenance=false \
    --tag "$REPOSITORY_URL:$COMMIT" --push
}

digest=$(built)
if [[ -z $digest ]]; then
  build
  digest=$(built)
else
  echo "Commit $COMMIT is built already"
fi
[[ $digest == sha256:* ]] || { echo "The registry does not have the image of commit $COMMIT" >&2; exit 1; }

node "$here/judge-scan.cjs" "$repository" "$digest"

echo "IMAGE=$REPOSITORY_URL@$digest" >"$here/image.env"
echo "Commit $COMMIT is $REPOSITORY_URL@$digest"
