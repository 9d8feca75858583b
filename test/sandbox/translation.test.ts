import assert from "node:assert/strict";
import { translation } from "../../sandbox/fleet/translation";
import { fileIn, variablesIn } from "../../sandbox/fleet/user-data";
import { environmentFile, cloudConfig } from "../../components/shared/cloud-config";

describe("the sandbox reads user data", () => {
  const userData = cloudConfig({
    files: [
      {
        path: "/etc/groundwork/web.env",
        content: environmentFile({ PORT: "8080", URL: "postgres://a:b=c@d/e?f=g" }),
      },
      { path: "/etc/motd", content: "hello\n" },
    ],
    commands: [["true"]],
  });

  it("finds a file's content as cloud-init would write it", () => {
    assert.equal(fileIn(userData, "/etc/motd"), "hello\n");
    assert.equal(fileIn(userData, "/etc/other"), undefined);
    assert.equal(fileIn("#!/bin/sh\n", "/etc/motd"), undefined);
    assert.equal(fileIn("#cloud-config\nnull\n", "/etc/motd"), undefined);
    assert.equal(fileIn("#cloud-config\nruncmd: [x]\n", "/etc/motd"), undefined);
  });

  it("keeps what follows the first equals sign", () => {
    assert.deepEqual(variablesIn(fileIn(userData, "/etc/groundwork/web.env")!), {
      PORT: "8080",
      URL: "postgres://a:b=c@d/e?f=g",
    });
  });

  it("takes no other line of an environment file for a variable", () => {
    assert.deepEqual(variablesIn("# A=1\n\nA=2\nexport B=3\n=4\nC=\n"), { A: "2", C: "" });
  });
});

describe("the sandbox translates the VPC's addresses", () => {
  const written: string[] = [];
  const standIn = {
    url: "postgresql://plain",
    host: "127.0.0.1",
    port: 15433,
    writeTo: async (arn: string) => arn.includes("ours") && written.push(arn) > 0,
  };
  const virtual = { host: "127.0.0.1", port: 15432 };
  const withNodes = translation({ virtualIp: async () => virtual });
  const withoutNodes = translation({ virtualIp: async () => undefined, standIn });

  it("leads the virtual IP, which the secret names, to its port here", async () => {
    assert.deepEqual(await withNodes({ DATABASE_SECRET_ARN: "arn:ours" }), {
      DATABASE_SECRET_ARN: "arn:ours",
      DATABASE_HOST: "127.0.0.1",
      DATABASE_PORT: "15432",
    });
  });

  it("gives the plain database to a program that names none", async () => {
    assert.deepEqual(await withoutNodes({ PORT: "1" }), {
      PORT: "1",
      DATABASE_URL: "postgresql://plain",
      DATABASE_TLS: "off",
    });
  });

  it("lets the plain database stand in for one that is elsewhere, under the secret's own user", async () => {
    const variables = {
      DATABASE_SECRET_ARN: "arn:ours",
      DATABASE_HOST: "db.rds.amazonaws.com",
      DATABASE_PORT: "5432",
      DATABASE_NAME: "app",
      DATABASE_READ_HOST: "reader.rds.amazonaws.com",
    };
    assert.deepEqual(await withoutNodes(variables), {
      DATABASE_SECRET_ARN: "arn:ours",
      DATABASE_HOST: "127.0.0.1",
      DATABASE_PORT: "15433",
      DATABASE_NAME: "postgres",
      DATABASE_READ_HOST: "127.0.0.1",
      DATABASE_TLS: "off",
    });
    assert.deepEqual(written, ["arn:ours"]);
  });

  it("lets it stand in for a database whose secret is in another account", async () => {
    const variables = { PORT: "1", DATABASE_SECRET_ARN: "arn:theirs", DATABASE_ROLE_ARN: "arn:role" };
    assert.deepEqual(await withoutNodes(variables), {
      PORT: "1",
      DATABASE_URL: "postgresql://plain",
      DATABASE_TLS: "off",
    });
  });

  it("lets it stand in for a managed one whose clients sign in by IAM, which nobody asks here", async () => {
    const variables = { PORT: "1", DATABASE_IAM_USER: "web", DATABASE_HOST: "db.rds.amazonaws.com" };
    assert.deepEqual(await withoutNodes(variables), {
      PORT: "1",
      DATABASE_URL: "postgresql://plain",
      DATABASE_TLS: "off",
    });
  });

  it("leads traces to what receives them here, where a server sends any", async () => {
    const traced = translation({ virtualIp: async () => undefined, agent: "http://127.0.0.1:4318" });
    assert.deepEqual(await traced({ TRACED_PERCENT: "5" }), {
      TRACED_PERCENT: "5",
      TRACES_ENDPOINT: "http://127.0.0.1:4318",
    });
    assert.deepEqual(await traced({ PORT: "1" }), { PORT: "1" });
    assert.deepEqual(await withNodes({ TRACED_PERCENT: "5" }), { TRACED_PERCENT: "5" });
  });

  it("leaves what names a database's host where nobody runs one here, and gives a reader only to who names one", async () => {
    const variables = { DATABASE_SECRET_ARN: "arn:ours", DATABASE_HOST: "db.example.com" };
    assert.deepEqual(await withNodes(variables), variables);
    assert.deepEqual(await withNodes({ PORT: "1" }), { PORT: "1" });
    const { DATABASE_READ_HOST: reader, DATABASE_HOST: host } = await withoutNodes(variables);
    assert.deepEqual([reader, host], [undefined, "127.0.0.1"]);
  });

  it("leaves a database that is named by its address alone", async () => {
    const variables = { DATABASE_URL: "postgresql://db.example.com/app" };
    assert.deepEqual(await withoutNodes(variables), variables);
  });
});
