#!/bin/bash
# Debian 12's PHP 8.2 and Apache, which reads .htaccess and lists no folder as in the official image. Extensions are Debian's: none is compiled.
. "$(dirname "$0")/common.sh"
cat > "$context/project.conf" << 'CONF'
ServerName localhost
ErrorLog /dev/stderr
CustomLog /dev/stdout combined
<Directory /var/www/>
  Options -Indexes
  AllowOverride All
</Directory>
DirectoryIndex index.php index.html
CONF
printf '#!/bin/sh\nexec apachectl -D FOREGROUND\n' > "$context/apache2-foreground"
# It is asked for extensions by name; php-mysql has them all.
printf '#!/bin/sh\nfor one; do php -m | grep -qx "$one" || { echo "$one is not there" >&2; exit 1; }; done\n' > "$context/docker-php-ext-install"
chmod 755 "$context"/*-*
image php:8.4-apache << 'DOCKERFILE'
FROM stand-in/debian
RUN apt-get update && apt-get install --yes --no-install-recommends apache2 libapache2-mod-php php-mysql && rm -rf /var/lib/apt/lists/* \
  && rm /var/www/html/index.html && chown www-data:www-data /var/www/html && chmod 1777 /var/www/html \
  && sed -i '/ErrorLog\|CustomLog/d' /etc/apache2/sites-available/000-default.conf && a2disconf other-vhosts-access-log
COPY project.conf /etc/apache2/conf-enabled/
COPY apache2-foreground docker-php-ext-install /usr/local/bin/
ENV PHP_INI_DIR=/etc/php/8.2/apache2
WORKDIR /var/www/html
CMD ["apache2-foreground"]
DOCKERFILE
