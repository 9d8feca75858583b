#!/bin/bash
# Builds the web app's image of a commit, once, and accepts it only when its scan finds nothing severe.
# Writes image.env beside itself, which CodeDeploy gives to the servers.
set -euo pipefail
: "${COMMIT:?the commit to build}" "${REPOSITORY_URL:?where the image goes}"
read -ra refused <<<"${REFUSED_SEVERITIES-CRITICAL HIGH}"
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
  # Docker's own builder keeps no cache in a registry.
  docker buildx create --use --driver docker-container >/dev/null
  # Base images from AWS's mirror, because Docker Hub counts what anonymous builds pull.
  # Without provenance, which would make the image an index, and ECR scans no index.
  docker buildx build "$here/../.." --file "$here/../Dockerfile" --platform linux/arm64 --provenance=false \
    --build-arg NODE_IMAGE=public.ecr.aws/docker/library/node:22-bookworm-slim \
    --build-arg BASE_IMAGE=public.ecr.aws/docker/library/debian:bookworm-slim \
    --cache-from "type=registry,ref=$REPOSITORY_URL:cache" \
    --cache-to "type=registry,ref=$REPOSITORY_URL:cache,mode=max,image-manifest=true,oci-mediatypes=true" \
    --tag "$REPOSITORY_URL:$COMMIT" --push
}

findings() {
  aws ecr describe-image-scan-findings --repository-name "$repository" --image-id "imageDigest=$digest" \
    --query "imageScanFindings.findingSeverityCounts.$1" --output text
}

digest=$(built)
if [[ -z $digest ]]; then
  build
  digest=$(built)
else
  echo "Commit $COMMIT is built already"
fi
[[ $digest == sha256:* ]] || { echo "The registry does not have the image of commit $COMMIT" >&2; exit 1; }

aws ecr wait image-scan-complete --repository-name "$repository" --image-id "imageDigest=$digest" ||
  { echo "The scan of $digest did not end well" >&2; exit 1; }
for severity in "${refused[@]}"; do
  count=$(findings "$severity")
  [[ $count == None || $count == 0 ]] ||
    { echo "Refused: the scan of $digest has $count findings of severity $severity" >&2; exit 1; }
done

echo "IMAGE=$REPOSITORY_URL@$digest" >"$here/image.env"
echo "Commit $COMMIT is $REPOSITORY_URL@$digest"
