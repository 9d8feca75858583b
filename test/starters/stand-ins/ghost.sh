#!/bin/bash
# Ghost 5 from npm, laid out as the official image lays it out (its folders, settings, volume, and what its entrypoint does with a mounted folder),
# without Ghost-CLI and SQLite. On node:22-slim, which is made before it.
. "$(dirname "$0")/common.sh"
cat > "$context/config.production.json" << 'JSON'
{
  "url": "http://localhost:2368",
  "server": { "host": "::", "port": 2368 },
  "database": { "client": "mysql", "connection": { "host": "mysql", "user": "root", "password": "", "database": "ghost" } },
  "mail": { "transport": "Direct" },
  "logging": { "transports": ["file", "stdout"] },
  "paths": { "contentPath": "/var/lib/ghost/content" }
}
JSON
cat > "$context/docker-entrypoint.sh" << 'SCRIPT'
#!/bin/bash
# The content's folders and themes are laid into a mounted folder where it has none of that name; Ghost itself does not run as root.
set -e
if [[ $* == node*current/index.js* ]]; then
  if [ "$(id -u)" = 0 ]; then
    find "$GHOST_CONTENT" ! -user node -exec chown node {} +
    exec gosu node "$0" "$@"
  fi
  cd "$GHOST_INSTALL/content.orig"
  for one in */ themes/*; do
    [ -e "$GHOST_CONTENT/$one" ] || cp -a "$one" "$GHOST_CONTENT/${one%/}"
  done
  cd "$GHOST_INSTALL"
fi
exec "$@"
SCRIPT
chmod 755 "$context/docker-entrypoint.sh"
npm pack --silent --pack-destination "$context" ghost@5.130.6 > /dev/null
mkdir "$context/ghost"
tar --extract --file "$context"/ghost-*.tgz --strip-components 1 --directory "$context/ghost"
# Some of these lie in no registry of packages.
(cd "$context/ghost" && npm pkg delete devDependencies optionalDependencies.sqlite3)
image ghost:5 << 'DOCKERFILE'
FROM public.ecr.aws/docker/library/node:22-slim
RUN apt-get update && apt-get install --yes --no-install-recommends gosu && rm -rf /var/lib/apt/lists/*
ENV NODE_ENV=production GHOST_INSTALL=/var/lib/ghost GHOST_CONTENT=/var/lib/ghost/content
WORKDIR /var/lib/ghost
COPY ghost versions/5
RUN npm install --global yarn@1 && yarn config set cafile /etc/ssl/certs/ca-certificates.crt \
  && (cd versions/5 && yarn install --production --ignore-scripts --network-timeout 300000) && ln -s versions/5 current \
  && cp -a current/content content.orig && mkdir content && chmod 1777 content \
  && chown -R node:node .
COPY --chown=node:node config.production.json .
COPY docker-entrypoint.sh /usr/local/bin/
VOLUME /var/lib/ghost/content
EXPOSE 2368
ENTRYPOINT ["docker-entrypoint.sh"]
CMD ["node", "current/index.js"]
DOCKERFILE
