#!/bin/bash
# Node 22 and npm themselves, from npm's packages.
. "$(dirname "$0")/common.sh"
npm pack --silent --pack-destination "$context" "node-linux-$(node --print process.arch)@22" npm@10 > /dev/null
mkdir "$context/npm"
tar --extract --file "$context"/npm-*.tgz --strip-components 1 --directory "$context/npm"
tar --extract --file "$context"/node-*.tgz --strip-components 2 --directory "$context" package/bin/node
image node:22-slim << 'DOCKERFILE'
FROM stand-in/debian
COPY npm /usr/local/lib/node_modules/npm
COPY node /usr/local/bin/
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm \
  && ln -s ../lib/node_modules/npm/bin/npx-cli.js /usr/local/bin/npx \
  && npm config set --global cafile /etc/ssl/certs/ca-certificates.crt \
  && useradd --uid 1000 --create-home --shell /bin/bash node
CMD ["node"]
DOCKERFILE
