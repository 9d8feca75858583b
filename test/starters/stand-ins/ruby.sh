#!/bin/bash
# Debian 12's Ruby 3.1 with its gems of Rails 6.1, which Bundler takes instead of asking RubyGems.
. "$(dirname "$0")/common.sh"
printf '#!/bin/sh\n[ "$1" != install ] || set -- install --local\nexec /usr/bin/bundle "$@"\n' > "$context/bundle"
chmod 755 "$context/bundle"
image ruby:3.4 << 'DOCKERFILE'
FROM stand-in/debian
RUN apt-get update && apt-get install --yes --no-install-recommends bundler puma ruby-pg ruby-rails ruby-sprockets-rails && rm -rf /var/lib/apt/lists/*
COPY bundle /usr/local/bin/
CMD ["irb"]
DOCKERFILE
