import { strict as assert } from "node:assert";
import { ignoredBy, images } from "../../../functions/provisioner/builds";
import { Kind, kinds } from "../../../functions/provisioner/catalogue";
import { copied } from "../../components/provisioner/docker-context";
import { some } from "../../some";

/** What the catalogue says of the kinds with an image, by their frameworks. */
const every = Object.assign({}, ...Object.values(kinds)) as Record<string, Kind>;

/** A Dockerfile's instructions, in their order. */
const instructions = (dockerfile: string) =>
  dockerfile.split("\n").map((line) => {
    const [word, ...rest] = line.split(" ");
    return [word!, rest.join(" ")] as const;
  });
const first = (dockerfile: string, wanted: string) =>
  instructions(dockerfile).find(([word]) => word === wanted)?.[1];

const LARGE_UPLOADS =
  "RUN printf '%s\\n' 'upload_max_filesize = 64M' 'post_max_size = 64M' > $PHP_INI_DIR/conf.d/uploads.ini";

describe("the image of a server", () => {
  it("is based on an official one that needs no login, and listens on its port", () => {
    const told = Object.fromEntries(
      Object.entries(images).map(([framework, { dockerfile, port }]) => {
        const [[word, from]] = instructions(dockerfile) as [readonly [string, string]];
        const base = /^public\.ecr\.aws\/docker\/library\/(\S+)$/.exec(from);
        assert.deepEqual([word, base !== null], ["FROM", true], framework);
        return [framework, `${base![1]} ${port}`];
      }),
    );
    assert.deepEqual(told, {
      php: "php:8.4-apache 80",
      rails: "ruby:3.4 3000",
      node: "node:22-slim 3000",
      mean: "node:22-slim 3000",
      socketio: "node:22-slim 3000",
      django: "python:3.13-slim 8000",
      flask: "python:3.13-slim 8000",
      fastapi: "python:3.13-slim 8000",
      wordpress: "wordpress:6-apache 80",
      ghost: "ghost:5 2368",
      drupal: "drupal:11 80",
      strapi: "node:22-slim 3000",
    });
  });

  it("contains the repository, after dependencies that change less often", () => {
    const steps = (framework: string) =>
      instructions(images[framework]!.dockerfile).map(([word, rest]) => `${word} ${rest}`);
    const node = [
      "FROM public.ecr.aws/docker/library/node:22-slim",
      "WORKDIR /app",
      "COPY package*.json ./",
      // Before NODE_ENV, or npm would leave out what the build needs.
      "RUN npm ci",
      "ENV NODE_ENV=production PORT=3000",
      "COPY . .",
      "RUN npm run build --if-present",
      "USER node",
      "CMD npm start",
    ];
    for (const framework of some(["node", "mean", "socketio", "strapi"]))
      assert.deepEqual(steps(framework), node);
    assert.deepEqual(steps("rails").slice(1), [
      "WORKDIR /app",
      "ENV RAILS_ENV=production RAILS_SERVE_STATIC_FILES=true RAILS_LOG_TO_STDOUT=true",
      "COPY Gemfile* ./",
      "RUN bundle install",
      "COPY . .",
      "RUN ! bundle exec rails --tasks | grep assets:precompile || SECRET_KEY_BASE=none bundle exec rails assets:precompile",
      "CMD bundle exec rails db:prepare && exec bundle exec rails server -b 0.0.0.0",
    ]);
    assert.deepEqual(steps("php").slice(1), ["RUN docker-php-ext-install pdo_mysql", "COPY . /var/www/html"]);
    assert.deepEqual(steps("wordpress").slice(1), [LARGE_UPLOADS, "COPY . /var/www/html/wp-content"]);
    const [copy, entry, command, ...rest] = steps("ghost").slice(1);
    assert.deepEqual(
      [copy, command, rest],
      ["COPY . /var/lib/ghost/content.orig", 'CMD ["node", "current/index.js"]', []],
    );
    // What it does is seen where an image of it runs.
    assert.match(
      entry!,
      /^ENTRYPOINT \["sh","-c","cd content\.orig && .*exec docker-entrypoint\.sh \\"\$@\\"","sh"\]$/,
    );
  });

  it("contains Drupal settings without secrets, unless the repository brings its own", () => {
    assert.deepEqual(images["drupal"]!.dockerfile.split("\n").slice(1), [
      LARGE_UPLOADS,
      "COPY <<'PHP' /opt/drupal/web/sites/default/settings.php",
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
      "PHP",
      "COPY . /opt/drupal/web",
    ]);
  });

  it("leaves out history and secrets, and hidden files if a web server would serve them", () => {
    const secret = [
      ...[".git/config", "lib/.git/config", ".hg/store", "lib/.svn/entries", ".env", "config/.env.stag"],
      ...[".aws/credentials", "home/.ssh/id", ".netrc"],
    ];
    const unseen = [".github/ci.yml", "themes/.settings", ".well-known/.draft", "Dockerfile"];
    const seen = ["index", ".htaccess", "themes/.htaccess", ".well-known/security.txt"];
    const files = Object.fromEntries([...secret, ...unseen, ...seen].map((name) => [name, ""]));
    for (const [framework, image] of some(Object.entries(images))) {
      const left = ["php", "wordpress", "drupal"].includes(framework) ? seen : [...seen, ...unseen];
      assert.deepEqual(
        copied({ ...files, ".dockerignore": ignoredBy(image) }).filter((name) => name !== ".dockerignore"),
        left.sort(),
        framework,
      );
    }
  });

  it("keeps uploads where its kind expects them, in a folder that its program owns", () => {
    const places = Object.entries(every).flatMap(([name, { uploads }]) =>
      uploads ? [[name, `${uploads.folder} ${uploads.owner}`]] : [],
    );
    assert.deepEqual(Object.fromEntries(places), {
      wordpress: "/var/www/html/wp-content/uploads 33",
      ghost: "/var/lib/ghost/content 1000",
      drupal: "/opt/drupal/web/sites/default/files 33",
      strapi: "/app/public/uploads 1000",
    });
  });

  it("gets the random values that its kind needs", () => {
    const made = Object.fromEntries(Object.entries(every).map(([name, kind]) => [name, kind.made ?? []]));
    for (const framework of some(["django", "flask", "fastapi"]))
      assert.deepEqual(made[framework], ["SECRET_KEY"]);
    assert.deepEqual([made["rails"], made["drupal"]], [["SECRET_KEY_BASE"], ["DRUPAL_HASH_SALT"]]);
    assert.deepEqual(made["strapi"], [
      "APP_KEYS",
      "API_TOKEN_SALT",
      "ADMIN_JWT_SECRET",
      "JWT_SECRET",
      "TRANSFER_TOKEN_SALT",
      "ENCRYPTION_KEY",
    ]);
    assert.deepEqual(made["wordpress"], [
      ...["WORDPRESS_AUTH_KEY", "WORDPRESS_AUTH_SALT"],
      ...["WORDPRESS_SECURE_AUTH_KEY", "WORDPRESS_SECURE_AUTH_SALT"],
      ...["WORDPRESS_LOGGED_IN_KEY", "WORDPRESS_LOGGED_IN_SALT"],
      ...["WORDPRESS_NONCE_KEY", "WORDPRESS_NONCE_SALT"],
    ]);
  });

  it("serves Python beyond its own container, and not as root", () => {
    for (const [framework, serve] of some([
      ["django", "gunicorn --bind 0.0.0.0:${PORT:-8000} $(ls */wsgi.py | head -1 | cut -d/ -f1).wsgi"],
      ["flask", "gunicorn --bind 0.0.0.0:${PORT:-8000} app:app"],
      ["fastapi", "uvicorn --host 0.0.0.0 --port ${PORT:-8000} main:app"],
    ] as const)) {
      const { dockerfile } = images[framework]!;
      assert.deepEqual([first(dockerfile, "CMD"), first(dockerfile, "USER")], [serve, "nobody"]);
      assert.deepEqual(instructions(dockerfile).slice(1, 5), [
        ["WORKDIR", "/app"],
        ["COPY", "requirements.txt ."],
        ["RUN", "pip install --no-cache-dir -r requirements.txt gunicorn uvicorn"],
        ["COPY", ". ."],
      ]);
    }
  });

  it("gets its database's address in the variables that its program expects", () => {
    assert.deepEqual(images["wordpress"]!.environment, {
      WORDPRESS_DB_HOST: "$DATABASE_HOST:$DATABASE_PORT",
      WORDPRESS_DB_USER: "$DATABASE_USER",
      WORDPRESS_DB_PASSWORD: "$DATABASE_PASSWORD",
      WORDPRESS_DB_NAME: "$DATABASE_NAME",
      WORDPRESS_CONFIG_EXTRA: [
        "define('MYSQL_CLIENT_FLAGS', MYSQLI_CLIENT_SSL);",
        "define('WP_HOME', getenv('PROJECT_URL'));",
        "define('WP_SITEURL', getenv('PROJECT_URL'));",
      ].join("\n"),
    });
    assert.deepEqual(images["strapi"]!.environment, {
      DATABASE_CLIENT: "postgres",
      DATABASE_USERNAME: "$DATABASE_USER",
      DATABASE_SSL: "true",
    });
    assert.deepEqual(images["ghost"]!.environment, {
      url: "$PROJECT_URL",
      database__client: "mysql",
      database__connection__host: "$DATABASE_HOST",
      database__connection__port: "$DATABASE_PORT",
      database__connection__user: "$DATABASE_USER",
      database__connection__password: "$DATABASE_PASSWORD",
      database__connection__database: "$DATABASE_NAME",
      database__connection__ssl__rejectUnauthorized: "true",
      database__connection__ssl__verifyIdentity: "true",
      security__staffDeviceVerification: "false",
    });
  });
});
