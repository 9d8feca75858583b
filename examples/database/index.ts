// A PostgreSQL with a web tier that signs in to it. `kind` of the stack's configuration chooses who runs the PostgreSQL.
import * as pulumi from "@pulumi/pulumi";
import { ManagedDatabase, Network, SharedStorage, WebImage, WebTier } from "@groundwork-platform/components";

const keepData = true;
const managed = new pulumi.Config().get("kind") === "managed";

const network = new Network("network", {
  zones: ["a", "b"],
  egress: "instance-ha",
  // The shared storage is reached at an address of its own, from where the web servers are.
  virtualIpTiers: managed ? [] : ["private"],
});

// Both are a `Database`: the web tier does not know which one it stands on.
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
