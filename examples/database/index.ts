// A PostgreSQL database with a web tier that signs in to it. The configuration value `kind` chooses who runs PostgreSQL.
import * as pulumi from "@pulumi/pulumi";
import { ManagedDatabase, Network, SharedStorage, WebImage, WebTier } from "@groundwork-platform/components";

const keepData = true;
const managed = new pulumi.Config().get("kind") === "managed";

const network = new Network("network", {
  zones: ["a", "b"],
  egress: "instance-ha",
  // Shared storage has its own virtual IP: the route tables of these tiers get a route to it.
  virtualIpTiers: managed ? [] : ["private"],
});

// Both are a `Database`: the web tier does not know which one it uses.
const database = managed
  ? new ManagedDatabase("database", { network, keepData, kind: "instance", multiAz: true })
  : new SharedStorage("database", { network, keepData, nodes: 2 });

const web = new WebTier("web", {
  network,
  database,
  // Built where `pulumi up` runs, from the Dockerfile of your app.
  image: new WebImage("web", { context: "./app", dockerfile: "./app/Dockerfile", keepData }),
  subnets: "private",
  keepData,
});

export const url = web.url;
export const databaseSecretArn = database.secretArn;
