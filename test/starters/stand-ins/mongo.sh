#!/bin/bash
# FerretDB 1.24, which speaks MongoDB's protocol and keeps its documents in SQLite. Needs Go.
. "$(dirname "$0")/common.sh"
version=v1.24.2
folder=$(go mod download -json "github.com/FerretDB/FerretDB@$version" | node --print 'JSON.parse(fs.readFileSync(0)).Dir')
cp -r "$folder" "$context/source"
chmod -R u+w "$context/source"
# Its own build writes this file first.
echo "$version" > "$context/source/build/version/version.txt"
(cd "$context/source" && CGO_ENABLED=0 go build -o "$context/ferretdb" ./cmd/ferretdb)
rm -r "$context/source"
cat > "$context/docker-entrypoint.sh" << 'SCRIPT'
#!/bin/sh
# Called with `--port PORT`, as MongoDB's own server may be.
exec ferretdb --handler=sqlite --sqlite-url=file:/data/db/ --state-dir=/data/db --telemetry=disable --listen-addr="127.0.0.1:$2"
SCRIPT
chmod 755 "$context/docker-entrypoint.sh"
image mongo:8 << 'DOCKERFILE'
FROM stand-in/debian
RUN mkdir -p /data/db
COPY ferretdb docker-entrypoint.sh /usr/local/bin/
VOLUME /data/db
ENTRYPOINT ["docker-entrypoint.sh"]
CMD ["--port", "27017"]
DOCKERFILE
