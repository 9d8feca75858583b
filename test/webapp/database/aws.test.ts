import assert from "node:assert/strict";
import { awsPorts, awsToken } from "../../../webapp/database/aws";
import { readConfig } from "../../../webapp/config";
import { awsCallOf, listen, type Listener } from "../../listener";

const SECRET = "arn:aws:secretsmanager:us-east-1:111111111111:secret:CloudyDB-AbCdEf";
const ROLE = "arn:aws:iam::111111111111:role/SecretsManagerCloudy";

interface Call {
  target: string;
  /** From the signature: which key, region and service. */
  scope: string[];
  token: string | undefined;
  body: string;
}

describe("the AWS calls for a secret", () => {
  const calls: Call[] = [];
  let server: Listener;
  let silent = false;
  const saved = { ...process.env };

  before(async () => {
    server = await listen(async (request, response) => {
      const { target, body } = await awsCallOf(request);
      const credential =
        /Credential=([^,]+)/.exec(request.headers.authorization ?? "")?.[1]?.split("/") ?? [];
      calls.push({
        target,
        scope: [credential[0]!, credential[2]!, credential[3]!],
        token: request.headers["x-amz-security-token"] as string,
        body,
      });
      if (silent) return;
      response.end(
        target === "AssumeRole" ? assumed : JSON.stringify({ ARN: SECRET, SecretString: '{"username":"u"}' }),
      );
    });
    process.env.AWS_ENDPOINT_URL = server.url;
    process.env.AWS_ACCESS_KEY_ID = "instance";
    process.env.AWS_SECRET_ACCESS_KEY = "key";
    delete process.env.AWS_SESSION_TOKEN;
  });

  after(() => {
    for (const name of [
      "AWS_ENDPOINT_URL",
      "AWS_ACCESS_KEY_ID",
      "AWS_SECRET_ACCESS_KEY",
      "AWS_SESSION_TOKEN",
    ]) {
      if (saved[name] === undefined) delete process.env[name];
      else process.env[name] = saved[name];
    }
    return server.close();
  });

  const config = readConfig({ DATABASE_SECRET_ARN: SECRET, AWS_REGION: "eu-west-1", INSTANCE_NAME: "web 1" });

  it("give up if no answer comes", async function () {
    this.timeout(30_000);
    silent = true;
    try {
      await assert.rejects(awsPorts(readConfig({ DATABASE_SECRET_ARN: SECRET })).readSecret(SECRET), {
        name: "TimeoutError",
      });
    } finally {
      silent = false;
      server.hangUp();
      calls.length = 0;
    }
  });

  it("assume the role in the own region, then read the secret in its region with that role", async () => {
    calls.length = 0;
    const ports = awsPorts(config);
    const session = await ports.assumeRole(ROLE);
    assert.deepEqual(session, {
      accessKeyId: "assumed",
      secretAccessKey: "other",
      sessionToken: "session",
      expiration: new Date("2030-01-01T00:00:00Z"),
    });
    assert.equal(await ports.readSecret(SECRET, session), '{"username":"u"}');
    assert.deepEqual(
      calls.map(({ target, scope, token }) => ({ target, scope, token })),
      [
        { target: "AssumeRole", scope: ["instance", "eu-west-1", "sts"], token: undefined },
        {
          target: "secretsmanager.GetSecretValue",
          scope: ["assumed", "us-east-1", "secretsmanager"],
          token: "session",
        },
      ],
    );
    const asked = new URLSearchParams(calls[0]!.body);
    assert.deepEqual([asked.get("RoleArn"), asked.get("RoleSessionName")], [ROLE, "groundwork-web-1"]);
  });

  it("read a secret of the own account as the instance", async () => {
    calls.length = 0;
    await awsPorts(config).readSecret(SECRET);
    assert.deepEqual(calls[0]!.scope, ["instance", "us-east-1", "secretsmanager"]);
  });

  it("are not needed for a token, which is signed for one host, one user and a quarter of an hour", async () => {
    calls.length = 0;
    const token = awsToken(config);
    for (const host of ["db.example.com", "db-ro.example.com"]) {
      const url = new URL(`https://${await token({ host, port: 5432, user: "web" })}`);
      const { searchParams } = url;
      assert.equal(url.host, `${host}:5432`);
      assert.deepEqual(
        ["Action", "DBUser", "X-Amz-Expires", "X-Amz-SignedHeaders"].map((name) => searchParams.get(name)),
        ["connect", "web", "900", "host"],
      );
      const [key, , region, service] = searchParams.get("X-Amz-Credential")!.split("/");
      assert.deepEqual([key, region, service], ["instance", "eu-west-1", "rds-db"]);
    }
    assert.deepEqual(calls, []);
  });
});

const assumed = `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>
<AccessKeyId>assumed</AccessKeyId><SecretAccessKey>other</SecretAccessKey><SessionToken>session</SessionToken>
<Expiration>2030-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`;
