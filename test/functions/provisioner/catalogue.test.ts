import { strict as assert } from "node:assert";
import { ignoredBy, images, sites } from "../../../functions/provisioner/builds";
import {
  ENVIRONMENTS,
  Kind,
  kindOf,
  kinds,
  planOf,
  priceList,
} from "../../../functions/provisioner/catalogue";
import { some } from "../../some";
import { asked, MEMBER, ready, updating, World, world } from "./world";

const RICH = { ...MEMBER, quota: 100_000 };
const request = (w: World) => w.seen.requests.at(-1)![1];
/** What a project of this kind hands to CloudFormation. */
async function requestFor(type: string, framework: string, environment = "dev") {
  const w = world();
  const id = await asked(w, { type, stack: framework, environment }, RICH);
  await w.step("create", id, "t");
  return { id, ...request(w) };
}

describe("the catalogue", () => {
  it("offers these kinds", () => {
    const told = Object.entries(kinds).flatMap(([type, frameworks]) =>
      Object.entries(frameworks).map(([framework, { template, engine, ...more }]) =>
        [type, framework, template, engine, ...Object.keys(more)].filter(Boolean).join(" "),
      ),
    );
    assert.deepEqual(told, [
      "static html static",
      "static hugo static",
      "static jekyll static",
      "spa react static fallback",
      "spa angular static fallback",
      "spa vue static fallback",
      "dapp react static fallback openConnections",
      "dapp vue static fallback openConnections",
      "dynamic php server mysql",
      "dynamic rails server postgres",
      "dynamic node server postgres",
      "dynamic mean server",
      "dynamic django server postgres",
      "dynamic flask server postgres",
      "dynamic fastapi server postgres",
      "cms wordpress server mysql",
      "cms ghost server mysql",
      "cms drupal server mysql",
      "cms strapi server postgres",
      "realtime socketio server sticky",
      "realtime node server sticky",
    ]);
  });

  it("asks for a site, a server, and a server with a database what each costs", () => {
    const prices = (type: string, framework: string) => priceList()[type]![framework];
    assert.deepEqual(prices("static", "html"), { dev: 1, stag: 1.5, prod: 5 });
    assert.deepEqual(prices("realtime", "node"), { dev: 18, stag: 52, prod: 77 });
    assert.deepEqual(prices("dynamic", "rails"), { dev: 34, stag: 68, prod: 133 });
    for (const [type, frameworks] of some(Object.entries(kinds)))
      for (const framework of some(Object.keys(frameworks)))
        for (const environment of some(ENVIRONMENTS))
          assert.equal(
            prices(type, framework)![environment],
            planOf({ type, framework, environment }).monthlyCents / 100,
          );
  });

  it("knows no kind by the name of what every object has", () => {
    for (const [type, framework] of [
      ["constructor", "name"],
      ["static", "toString"],
      ["cms", "html"],
    ] as const)
      assert.equal(kindOf(type, framework), undefined);
    assert.equal(kindOf("static", "html")!.template, "static");
  });

  it("counts what a server and its database share", () => {
    const { template, resources } = planOf({ type: "dynamic", framework: "rails", environment: "prod" });
    assert.equal(template, "server");
    assert.deepEqual([resources["EC2::SecurityGroup"], resources["RDS::DBInstance"]], [3, 1]);
  });
});

describe("the build of a site", () => {
  it("runs what its generator needs, and knows where this may write", () => {
    const npm = "npm ci && npm run build";
    assert.deepEqual(sites, {
      html: { commands: "true", folders: ". public dist build out _site" },
      hugo: { commands: "npx --yes hugo-extended --minify", folders: "public" },
      jekyll: { commands: "bundle install && bundle exec jekyll build", folders: "_site" },
      react: { commands: npm, folders: "dist build out" },
      angular: { commands: npm, folders: "dist www" },
      vue: { commands: npm, folders: "dist .output/public" },
    });
  });
});

/** A Dockerfile's instructions, in their order. */
const instructions = (dockerfile: string) =>
  dockerfile.split("\n").map((line) => {
    const [word, ...rest] = line.split(" ");
    return [word!, rest.join(" ")] as const;
  });
const first = (dockerfile: string, wanted: string) =>
  instructions(dockerfile).find(([word]) => word === wanted)?.[1];

describe("the image of a server", () => {
  it("stands on an official one, which asks nobody for a login, and listens on its port", () => {
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

  it("holds the repository, and what its words install stands before it where it changes less often", () => {
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
      "ENV RAILS_ENV=production",
      "COPY Gemfile* ./",
      "RUN bundle install",
      "COPY . .",
      "CMD bundle exec rails server -b 0.0.0.0",
    ]);
    assert.deepEqual(steps("php").slice(1), ["RUN docker-php-ext-install pdo_mysql", "COPY . /var/www/html"]);
    for (const [framework, folder] of some([
      ["wordpress", "/var/www/html/wp-content"],
      ["ghost", "/var/lib/ghost/content.orig"],
      ["drupal", "/opt/drupal/web"],
    ] as const))
      assert.deepEqual(steps(framework).slice(1), [`COPY . ${folder}`]);
  });

  it("serves Python beyond its own container, and not as root", () => {
    for (const [framework, serve] of some([
      ["django", "gunicorn --bind 0.0.0.0:8000 $(ls */wsgi.py | head -1 | cut -d/ -f1).wsgi"],
      ["flask", "gunicorn --bind 0.0.0.0:8000 app:app"],
      ["fastapi", "uvicorn --host 0.0.0.0 main:app"],
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

  it("is told of its database in the words of what runs in it", () => {
    /** What a shell makes of a line of settings. */
    const filled = (text: string) =>
      Object.fromEntries(
        text
          .replace(/\$DATABASE_(\w+)/g, (_, name: string) => name.toLowerCase())
          .split(" ")
          .map((pair) => pair.split("=")),
      );
    assert.deepEqual(filled(images["wordpress"]!.environment!), {
      WORDPRESS_DB_HOST: "host",
      WORDPRESS_DB_USER: "user",
      WORDPRESS_DB_PASSWORD: "password",
      WORDPRESS_DB_NAME: "name",
    });
    assert.deepEqual(filled(images["ghost"]!.environment!), {
      database__client: "mysql",
      database__connection__host: "host",
      database__connection__user: "user",
      database__connection__password: "password",
      database__connection__database: "name",
    });
  });
});

describe("what CloudFormation is told of a project", () => {
  it("is a site's name, build and rules", async () => {
    const { id, name, templateUrl, parameters, tags } = await requestFor("static", "hugo");
    const { SecretArn, ...rest } = parameters;
    assert.match(SecretArn!, new RegExp(`^arn:secret/${id}/`));
    assert.deepEqual([name, templateUrl], [`gw-${id}`, "https://t/static"]);
    assert.deepEqual(rest, {
      Boundary: "b-static",
      Environment: "dev",
      Repository: "https://github.com/example/site",
      Branch: "main",
      Frozen: "false",
      Host: "shop-dev.projects.example.org",
      Commands: "npx --yes hugo-extended --minify",
      Folder: "public",
      Fallback: "false",
      OpenConnections: "false",
    });
    assert.deepEqual(tags, {
      "groundwork:provisioner": "gw",
      "groundwork:project": id,
      "groundwork:unit": "ct1",
      Name: "shop",
    });
    const { parameters: dapp } = await requestFor("dapp", "vue", "prod");
    assert.deepEqual(
      [dapp["Fallback"], dapp["OpenConnections"], dapp["Host"]],
      ["true", "true", "shop.projects.example.org"],
    );
  });

  it("is a server's image, engine and subnets: public ones in dev, where nothing else leads out", async () => {
    const { parameters, templateUrl } = await requestFor("cms", "wordpress");
    const { Dockerfile, Ignored, AppEnvironment, SecretArn, ...rest } = parameters;
    const wordpress = images["wordpress"]!;
    assert.deepEqual(
      [Dockerfile, Ignored, AppEnvironment, typeof SecretArn],
      [wordpress.dockerfile, ignoredBy(wordpress), wordpress.environment, "string"],
    );
    assert.equal(templateUrl, "https://t/server");
    assert.deepEqual(rest, {
      Boundary: "b-server",
      PublicSubnets: "public-1,public-2",
      PrivateSubnets: "private-1,private-2",
      Environment: "dev",
      Repository: "https://github.com/example/site",
      Branch: "main",
      Frozen: "false",
      HealthPath: "/",
      AppPort: "80",
      Sticky: "false",
      Engine: "mysql",
      DatabaseTemplate: "https://t/database",
      Subnets: "public-1,public-2",
    });
    const { parameters: live } = await requestFor("realtime", "node", "stag");
    assert.deepEqual(
      [live["Sticky"], live["Engine"], live["AppEnvironment"], live["Subnets"]],
      ["true", "none", "", "private-1,private-2"],
    );
  });

  it("is no name where the platform has no domain", async () => {
    const w = world({ domain: "" });
    await ready(w);
    assert.equal(request(w).parameters["Host"], "");
  });

  it("holds what an update would change", async () => {
    const w = world();
    const id = await updating(w, { repository: "https://github.com/example/other" });
    await w.step("update", id, "t");
    assert.equal(request(w).parameters["Repository"], "https://github.com/example/other");
    w.edit(id, { change: { frozen: true } });
    await w.step("update", id, "t");
    assert.equal(request(w).parameters["Frozen"], "true");
    w.edit(id, { folder: "site", change: { folder: "web/dist" } });
    await w.step("update", id, "t");
    assert.equal(request(w).parameters["Folder"], "web/dist");
  });

  it("covers every kind", async () => {
    const all = Object.entries(kinds).flatMap(([type, frameworks]) =>
      Object.entries(frameworks).map(
        ([framework, kind]) => [type, framework, kind] as [string, string, Kind],
      ),
    );
    for (const [type, framework, kind] of some(all)) {
      const { parameters } = await requestFor(type, framework);
      assert.equal(typeof parameters[kind.template === "static" ? "Folder" : "AppPort"], "string");
    }
  });
});
