#!/bin/bash
# Debian 12's WordPress 6.1, laid out as the official image lays it out: the program beside the served folder, which the entrypoint copies there
# except what a repository brought under the same name; folders that anybody may write; settings from WORDPRESS_* variables, a password's
# _FILE excepted. On php:8.4-apache, which is made before it.
. "$(dirname "$0")/common.sh"
cat > "$context/wp-config-docker.php" << 'PHP'
<?php
$from = fn (string $name, string $else = '') => getenv("WORDPRESS_$name") === false ? $else : getenv("WORDPRESS_$name");
foreach (['DB_NAME', 'DB_USER', 'DB_PASSWORD', 'DB_HOST'] as $name) define($name, $from($name));
define('DB_CHARSET', 'utf8');
define('DB_COLLATE', '');
foreach (['AUTH', 'SECURE_AUTH', 'LOGGED_IN', 'NONCE'] as $name) {
    define("{$name}_KEY", $from("{$name}_KEY"));
    define("{$name}_SALT", $from("{$name}_SALT"));
}
$table_prefix = $from('TABLE_PREFIX', 'wp_');
define('WP_DEBUG', (bool) $from('DEBUG'));
// Behind a load balancer.
if (str_contains($_SERVER['HTTP_X_FORWARDED_PROTO'] ?? '', 'https')) $_SERVER['HTTPS'] = 'on';
eval($from('CONFIG_EXTRA'));
if (!defined('ABSPATH')) define('ABSPATH', __DIR__ . '/');
require_once ABSPATH . 'wp-settings.php';
PHP
cat > "$context/htaccess" << 'CONF'
RewriteEngine On
RewriteRule .* - [E=HTTP_AUTHORIZATION:%{HTTP:Authorization}]
RewriteBase /
RewriteRule ^index\.php$ - [L]
RewriteCond %{REQUEST_FILENAME} !-f
RewriteCond %{REQUEST_FILENAME} !-d
RewriteRule . /index.php [L]
CONF
cat > "$context/docker-entrypoint.sh" << 'SCRIPT'
#!/bin/bash
set -euo pipefail
if [ ! -e index.php ]; then
  brought=()
  for one in /usr/src/wordpress/.htaccess /usr/src/wordpress/wp-content/*/*/; do
    one=${one#/usr/src/wordpress/}
    [ ! -e "$one" ] || brought+=(--exclude "./${one%/}")
  done
  tar --create --directory /usr/src/wordpress --owner www-data --group www-data "${brought[@]}" . | tar --extract
fi
[ -s wp-config.php ] || cp -p /usr/src/wordpress/wp-config-docker.php wp-config.php
exec "$@"
SCRIPT
chmod 755 "$context/docker-entrypoint.sh"
image wordpress:6-apache << 'DOCKERFILE'
FROM public.ecr.aws/docker/library/php:8.4-apache
# Links lead into folders of other packages: what they lead to is copied.
RUN apt-get update && apt-get install --yes --no-install-recommends wordpress wordpress-theme-twentytwentythree php-xml php-mbstring php-curl php-zip \
  && rm -rf /var/lib/apt/lists/* && a2enmod rewrite expires \
  && rm /usr/share/wordpress/wp-config.php && cp -aL /usr/share/wordpress /usr/src/wordpress
COPY htaccess /usr/src/wordpress/.htaccess
COPY wp-config-docker.php /usr/src/wordpress/
RUN chown -R www-data:www-data /usr/src/wordpress \
  && for one in cache languages plugins themes; do mkdir -p wp-content/$one; done \
  && chown -R www-data:www-data wp-content && chmod -R 1777 wp-content
COPY docker-entrypoint.sh /usr/local/bin/
VOLUME /var/www/html
ENTRYPOINT ["docker-entrypoint.sh"]
CMD ["apache2-foreground"]
DOCKERFILE
