#!/bin/bash
# Debian 12's Python 3.11 and pip, which may install for all of the system here as in the official image.
. "$(dirname "$0")/common.sh"
image python:3.13-slim << 'DOCKERFILE'
FROM stand-in/debian
RUN apt-get update && apt-get install --yes --no-install-recommends python3 python3-pip && rm -rf /var/lib/apt/lists/* \
  && rm /usr/lib/python3*/EXTERNALLY-MANAGED \
  && ln -s python3 /usr/bin/python \
  && pip config --global set global.cert /etc/ssl/certs/ca-certificates.crt
CMD ["python3"]
DOCKERFILE
