import { strict as assert } from "node:assert";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type { AgentConfig } from "../../../../functions/database/agent/config";
import { passwordPorts } from "../../../../functions/database/agent/password-ports";
import { awsError, recordedClient } from "../../recorded-client";
import { awsCallOf, listen } from "../../../listener";
import { PostgresStandIn } from "./postgres-stand-in";

const { send } = SecretsManagerClient.prototype;

describe("the database's password", () => {
  const postgres = new PostgresStandIn();
  before(() => postgres.listen());
  after(() => postgres.close());
  afterEach(() => {
    SecretsManagerClient.prototype.send = send;
    postgres.asked.length = 0;
    postgres.answer = () => [];
  });

  function rig(answers: object = {}) {
    const { client, calls } = recordedClient(answers);
    SecretsManagerClient.prototype.send = (client as { send: never }).send;
    const { runDir, port } = postgres;
    const config = {
      region: "eu-west-1",
      secretArn: "arn:secret",
      runDir,
      port,
      user: "root",
    } as AgentConfig;
    return { ports: passwordPorts(config), calls };
  }

  it("is read with its age", async () => {
    const secret = { username: "app", password: "p", more: 1 };
    const CreatedDate = new Date(Date.now() - 60_000);
    const { ports, calls } = rig({ GetSecretValue: { SecretString: JSON.stringify(secret), CreatedDate } });
    const { value, ageMs } = await ports.secret();
    assert.deepEqual([value, calls], [secret, [["GetSecretValue", { SecretId: "arn:secret" }]]]);
    assert.ok(ageMs >= 60_000 && ageMs < 120_000, `${ageMs} ms`);
  });

  it("is missing only where Secrets Manager has no value of it", async () => {
    for (const [held, filled] of [
      [{ SecretString: "{}" }, true],
      [{ SecretBinary: "AA==" }, true],
      [{}, false],
    ] as const)
      assert.equal(await rig({ GetSecretValue: held }).ports.filled(), filled);
    const fails = (name: string) => ({ GetSecretValue: awsError(name) });
    assert.equal(await rig(fails("ResourceNotFoundException")).ports.filled(), false);
    await assert.rejects(rig(fails("AccessDeniedException")).ports.filled(), {
      name: "AccessDeniedException",
    });
  });

  it("is asked for in its own account and region where that is another one, and random ones are not", async () => {
    const asked: string[] = [];
    const server = await listen(async (request, response) => {
      const { target, body } = await awsCallOf(request);
      const scope = /Credential=([^/]+)\/\d+\/([^/]+)/.exec(request.headers.authorization ?? "")!;
      asked.push([target, ...scope.slice(1)].join(" "));
      if (target === "AssumeRole")
        assert.match(body, /RoleArn=arn%3Aaws%3Aiam%3A%3A210987654321%3Arole%2Fkeeper/);
      response.end(
        target === "AssumeRole"
          ? assumed
          : '{"SecretString":"{\\"username\\":\\"a\\",\\"password\\":\\"p\\"}","CreatedDate":1,"RandomPassword":"r"}',
      );
    });
    const given = { AWS_ENDPOINT_URL: server.url, AWS_ACCESS_KEY_ID: "node", AWS_SECRET_ACCESS_KEY: "k" };
    const saved = Object.keys(given).map((name) => [name, process.env[name]] as const);
    Object.assign(process.env, given);
    try {
      const ports = passwordPorts({
        node: "i-1",
        region: "eu-west-1",
        secretArn: "arn:aws:secretsmanager:us-east-1:210987654321:secret:db-AbCdEf",
        secretRoleArn: "arn:aws:iam::210987654321:role/keeper",
      } as AgentConfig);
      await ports.secret();
      await ports.store({ username: "a", password: "p" });
      await ports.random();
      assert.deepEqual(asked, [
        "AssumeRole node eu-west-1",
        "secretsmanager.GetSecretValue session us-east-1",
        "secretsmanager.PutSecretValue session us-east-1",
        "secretsmanager.GetRandomPassword node eu-west-1",
      ]);
    } finally {
      for (const [name, value] of saved)
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
      await server.close();
    }
  });

  it("comes with the certificate that PostgreSQL shows, whichever file that is", async () => {
    postgres.answer = () => ["pem"];
    const { ports } = rig();
    await ports.certificate();
    assert.match(String(postgres.asked.at(-1)), /pg_read_file\(current_setting\('ssl_cert_file'\)\)/);
  });

  it("refuses a secret that lacks a part, without showing what it holds", async () => {
    for (const [SecretString, fields] of [
      ['{"username":"app"}', "username"],
      ['{"password":"p","x":1}', "password, x"],
      [undefined, ""],
    ]) {
      const { ports } = rig({ GetSecretValue: { SecretString, CreatedDate: new Date() } });
      await assert.rejects(ports.secret(), {
        message: `the secret must hold username and password, got ${fields}`,
      });
    }
  });

  it("is made by AWS, without signs that a shell would read, and stored", async () => {
    const { ports, calls } = rig({ GetRandomPassword: { RandomPassword: "r" } });
    assert.equal(await ports.random(), "r");
    await ports.store({ username: "app", password: "p" } as never);
    assert.deepEqual(calls, [
      ["GetRandomPassword", { PasswordLength: 40, ExcludePunctuation: true }],
      ["PutSecretValue", { SecretId: "arn:secret", SecretString: '{"username":"app","password":"p"}' }],
    ]);
  });

  it("is kept in PostgreSQL as a verifier, or not at all", async () => {
    const { ports } = rig();
    assert.equal(await ports.kept("app_1"), undefined);
    postgres.answer = () => [null];
    assert.equal(await ports.kept("app_1"), undefined);
    postgres.answer = () => ["SCRAM-SHA-256$x"];
    assert.equal(await ports.kept("app_1"), "SCRAM-SHA-256$x");
    assert.deepEqual(postgres.asked[0], [
      "root",
      "SELECT rolpassword FROM pg_authid WHERE rolname = $1",
      "app_1",
    ]);
  });

  it("makes a user that is not there yet, who is the owner at once", async () => {
    const { ports } = rig();
    await ports.keep("app_1", "SCRAM-SHA-256$x");
    postgres.answer = () => ["there"];
    await ports.keep("app_1", null);
    assert.deepEqual(
      postgres.asked.map(([, statement, ...values]) => [statement, ...values]),
      [
        ["SELECT FROM pg_authid WHERE rolname = $1", "app_1"],
        ["CREATE ROLE app_1 LOGIN IN ROLE app; ALTER ROLE app_1 SET role TO app"],
        ["ALTER ROLE app_1 PASSWORD 'SCRAM-SHA-256$x'"],
        ["SELECT FROM pg_authid WHERE rolname = $1", "app_1"],
        ["ALTER ROLE app_1 PASSWORD NULL"],
      ],
    );
  });
});

const assumed = `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>
<AccessKeyId>session</AccessKeyId><SecretAccessKey>k</SecretAccessKey><SessionToken>t</SessionToken>
<Expiration>2100-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`;
