# Read by each script here, which makes one image under an official image's name, of what package registries have: for a machine that reaches no
# registry of images. Needs a Docker daemon and, for the first image, debootstrap and root.
set -euo pipefail
export DOCKER_BUILDKIT=0

context=$(mktemp -d)
trap 'rm -rf "$context"' EXIT

# The official images stand on Debian, too.
if ! docker image inspect stand-in/debian > /dev/null 2>&1; then
  debootstrap --variant=minbase --include=ca-certificates bookworm "$context/debian"
  rm -rf "$context"/debian/var/cache/apt/archives/*.deb
  # A proxy before the registries may have an authority of its own, which this machine trusts.
  cp -L /etc/ssl/certs/ca-certificates.crt "$context/debian/etc/ssl/certs/"
  tar --create --directory "$context/debian" . | docker import - stand-in/debian
  rm -rf "$context/debian"
fi

# image NAME < DOCKERFILE
image() {
  docker build --network host --tag "public.ecr.aws/docker/library/$1" --label "stand-in=$1" --file - "$context"
}
