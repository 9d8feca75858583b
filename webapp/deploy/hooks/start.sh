#!/bin/bash
# Runs the release's image, and remembers the previous one.
set -euo pipefail
etc=${GROUNDWORK_ETC:-/etc/groundwork}
# CodeDeploy runs this without a home, where Docker would look for its credential helper.
export DOCKER_CONFIG=${DOCKER_CONFIG:-/root/.docker}
release=$(dirname "$0")/../image.env

image=$(sed -n 's/^IMAGE=//p' "$release")
[[ $image == *@sha256:* ]] || { echo "image.env names no image by digest: '$image'" >&2; exit 1; }

systemctl start docker
if ! docker pull --quiet "$image"; then
  echo "$image cannot be pulled: the previous image runs on" >&2
  systemctl start groundwork-web
  exit 1
fi
if [[ -f $etc/image.env ]] && ! cmp -s "$release" "$etc/image.env"; then
  cp "$etc/image.env" "$etc/image.previous.env"
fi
cp "$release" "$etc/image.env.new"
mv "$etc/image.env.new" "$etc/image.env"
systemctl restart groundwork-web
