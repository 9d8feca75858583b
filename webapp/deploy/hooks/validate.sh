#!/bin/bash
# Accepts a release only when it answers. Otherwise the previous image comes back, and the deployment fails.
set -euo pipefail
etc=${GROUNDWORK_ETC:-/etc/groundwork}
seconds=${GROUNDWORK_HEALTH_SECONDS:-60}
port=$(sed -n 's/^PORT=//p' "$etc/web.env")

# Three answers in a row, because a server that starts over and over answers now and then.
healthy() {
  local in_row=0 end=$((SECONDS + seconds))
  while ((SECONDS < end)); do
    if [[ $(curl -s -o /dev/null -w '%{http_code}' --max-time 2 "http://127.0.0.1:$port/health") == 200 ]]; then
      ((++in_row < 3)) || return 0
    else
      in_row=0
    fi
    sleep "${GROUNDWORK_HEALTH_PAUSE:-1}"
  done
  return 1
}

if healthy; then
  # Images of earlier releases would fill the disk; nothing depends on their removal.
  docker image prune --all --force >/dev/null || true
  exit 0
fi

echo "No 200 from /health within $seconds seconds" >&2
if [[ -f $etc/image.previous.env ]]; then
  mv "$etc/image.previous.env" "$etc/image.env"
  systemctl restart groundwork-web
  if healthy; then echo "The previous image is back" >&2; else echo "The previous image does not answer either" >&2; fi
fi
exit 1
