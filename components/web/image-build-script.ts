/**
 * What CodeBuild runs beside the web app's build context. It uses the daemon's own builder, as the pipeline's build does, and no
 * provenance, which would turn the image into an index that ECR does not scan.
 */
export const BUILD_SCRIPT = `#!/bin/bash
set -euo pipefail
: "\${REPOSITORY_URL:?where the image goes}" "\${TAG:?its tag}"
if [[ -f programs ]]; then
  while IFS= read -r file; do
    chmod +x "context/$file"
  done <programs
fi
aws ecr get-login-password | docker login --username AWS --password-stdin "\${REPOSITORY_URL%%/*}"
docker buildx build --builder default context --file Dockerfile --platform linux/arm64 --provenance=false \\
  --tag "$REPOSITORY_URL:$TAG" --push
`;

export const BUILDSPEC = `version: 0.2
env:
  shell: bash
phases:
  build:
    commands:
      - bash build.sh
`;
