// Who holds a key of this start may ask the emulators, each kind of caller in its own way; who holds none may not.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { promisify } from "node:util";
import { CognitoIdentityProvider } from "@aws-sdk/client-cognito-identity-provider";
import { EC2 } from "@aws-sdk/client-ec2";
import { S3 } from "@aws-sdk/client-s3";
import { createPresignedPost } from "@aws-sdk/s3-presigned-post";
import { installEmulators } from "../../sandbox/emulators/install";
import { Credentials, ownKey } from "../../sandbox/emulators/endpoints";
import { clientsOf } from "../../sandbox/engine/clients";
import { originsOf } from "../../sandbox/engine/config";
import { ec2Proxy } from "../../sandbox/nodes/ec2-proxy";
import { SharedSandbox, sharedSandbox } from "./shared";

const run = promisify(execFile);
const BUCKET = "keys";
const FORM = { "content-type": "application/x-www-form-urlencoded" };
const ACTIONS = {
  ministack: "Action=ListUsers&Version=2010-05-08",
  moto: "Action=DescribeVpcs&Version=2016-11-15",
};

describe("the emulators' proxy", () => {
  let sandbox: SharedSandbox;
  let root: Credentials;
  let ministack: string;
  let moto: string;
  let region: string;
  let role: Credentials & { sessionToken: string };
  before(async function () {
    sandbox = await sharedSandbox(this);
    ({ ministack, moto, region, credentials: root } = sandbox.state.endpoints);
    const [iam, sts, s3] = [await sandbox.use("iam"), await sandbox.use("sts"), await sandbox.use("s3")];
    await s3.createBucket({ Bucket: BUCKET, CreateBucketConfiguration: { LocationConstraint: "eu-west-1" } });
    await s3.putObject({ Bucket: BUCKET, Key: "a/ä b+c", Body: "text", Metadata: { who: "Zoë" } });
    const allow = (statement: object) =>
      JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", ...statement }] });
    const { Role } = await iam.createRole({
      RoleName: "keys",
      AssumeRolePolicyDocument: allow({
        Principal: { Service: "ec2.amazonaws.com" },
        Action: "sts:AssumeRole",
      }),
    });
    await iam.putRolePolicy({ RoleName: "keys", PolicyName: "all", PolicyDocument: allow({ Action: "*", Resource: "*" }) }); // prettier-ignore
    const { Credentials: given } = await sts.assumeRole({ RoleArn: Role!.Arn, RoleSessionName: "keys" });
    role = {
      accessKeyId: given!.AccessKeyId!,
      secretAccessKey: given!.SecretAccessKey!,
      sessionToken: given!.SessionToken!,
    };
  });

  const as = (credentials: Credentials, endpoint: string) => clientsOf({ region, credentials, endpoint });
  const s3As = (credentials: Credentials) =>
    new S3({ region, credentials, endpoint: ministack, forcePathStyle: true });
  const header = (key: string, service: string, signature = "none") =>
    `AWS4-HMAC-SHA256 Credential=${key}/20260101/${region}/${service}/aws4_request, SignedHeaders=host, Signature=${signature}`;
  /** By Python's SDK, as ours has nothing for it among the packages that are here. */
  const python = async (script: string, more: Record<string, string> = {}) => {
    const { interpreter, packages } = await installEmulators();
    const own = { PYTHONPATH: packages, PYTHONUTF8: "1" };
    const env = { ...process.env, ...sandbox.state.environment, ...own, ...more };
    return (await run(interpreter, ["-c", `import boto3, botocore\n${script}`], { env })).stdout.trim();
  };
  const presigned = (credentials: Credentials & { sessionToken?: string }) =>
    python(
      `print(boto3.client("s3", config=botocore.config.Config(signature_version="s3v4")).generate_presigned_url("get_object", {"Bucket": "${BUCKET}", "Key": "a/ä b+c"}))`,
      {
        AWS_ACCESS_KEY_ID: credentials.accessKeyId,
        AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
        ...(credentials.sessionToken && { AWS_SESSION_TOKEN: credentials.sessionToken }),
      },
    );
  const status = async (url: string, options?: RequestInit) => (await fetch(url, options)).status;

  describe("lets in", () => {
    it("root, and a role, on both emulators", async () => {
      for (const credentials of [root, role]) {
        const { Users } = await (await as(credentials, ministack)("iam")).listUsers({});
        assert.ok(Array.isArray(Users));
        const { Reservations } = await (await as(credentials, moto)("ec2")).describeInstances({});
        assert.ok(Reservations!.length > 0);
      }
    });

    it("a user's own key", async () => {
      const iam = await sandbox.use("iam");
      await iam.createUser({ UserName: "keys" });
      const { AccessKey } = await iam.createAccessKey({ UserName: "keys" });
      const user = { accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! };
      const { Arn } = await (await as(user, ministack)("sts")).getCallerIdentity({});
      assert.match(Arn!, /:user\/keys$/);
      const { Vpcs } = await (await as(user, moto)("ec2")).describeVpcs({});
      assert.ok(Vpcs!.length > 0);
    });

    it("whoever has an address or a form that a key has signed", async () => {
      for (const credentials of [root, role]) {
        const s3 = s3As(credentials);
        assert.equal(await (await fetch(await presigned(credentials))).text(), "text");
        const form = await createPresignedPost(s3, { Bucket: BUCKET, Key: "sent" });
        const body = new FormData();
        for (const [name, value] of Object.entries(form.fields)) body.append(name, value);
        body.append("file", new Blob(["by a form"]));
        const [origin] = originsOf(new URL(sandbox.state.url).host);
        assert.equal(await status(form.url, { method: "POST", body, headers: { origin: origin! } }), 204);
        const { Body } = await s3.getObject({ Bucket: BUCKET, Key: "sent" });
        assert.equal(await Body!.transformToString(), "by a form");
      }
    });

    it("a site's page that asks whether it may send a file", async () => {
      const origin = originsOf(new URL(sandbox.state.url).host)[1]!;
      const asks = { origin, "access-control-request-method": "POST" };
      const answer = await fetch(`${ministack}/${BUCKET}`, { method: "OPTIONS", headers: asks });
      assert.doesNotMatch(await answer.text(), /The sandbox refuses/); // the bucket itself allows nobody
    });

    it("whoever signs in, reads a pool's keys, or calls an API, which need no signature on AWS either", async () => {
      const { userPoolId } = sandbox.state.outputs as { userPoolId: string };
      const unsigned = new CognitoIdentityProvider({ region, endpoint: ministack, credentials: root });
      const { UserPoolClients } = await unsigned.listUserPoolClients({ UserPoolId: userPoolId });
      await assert.rejects(
        unsigned.initiateAuth({
          ClientId: UserPoolClients![0]!.ClientId,
          AuthFlow: "USER_PASSWORD_AUTH",
          AuthParameters: { USERNAME: "nobody@example.com", PASSWORD: "Wrong-1-password" },
        }),
        (error: Error) =>
          !/The sandbox refuses/.test(error.message) && error.name !== "AccessDeniedException",
      );
      const keys = await fetch(`${ministack}/${userPoolId}/.well-known/jwks.json`);
      assert.ok(((await keys.json()) as { keys: unknown[] }).keys.length > 0);
      const api = await fetch(`${String(sandbox.state.outputs["provisionerUrl"])}/projects`);
      assert.equal(api.status, 401);
      assert.match(await api.text(), /valid token of the user pool/);
    });

    it("Python's SDK, whose signature covers the body itself", async () => {
      const script = `
print(len(boto3.client("ec2").describe_vpcs()["Vpcs"]) > 0)
print(boto3.client("sqs").create_queue(QueueName="python")["QueueUrl"].endswith("python"))
print(boto3.client("s3").get_object(Bucket="${BUCKET}", Key="a/ä b+c")["Metadata"]["who"])
print(boto3.client("dynamodb").list_tables()["TableNames"] != [])`;
      assert.deepEqual((await python(script)).split("\n"), ["True", "True", "Zoë", "True"]);
    });

    it("the sandbox itself, to the emulators' own pages", async () => {
      const headers = ownKey({ credentials: root });
      assert.equal(await status(`${ministack}/_ministack/health`, { headers }), 200);
      assert.equal(await status(`${moto}/moto-api/`, { headers }), 200);
    });
  });

  describe("refuses", () => {
    const both = (ask: (endpoint: string, action: string, service: string) => Promise<void>) =>
      Promise.all([ask(ministack, ACTIONS.ministack, "iam"), ask(moto, ACTIONS.moto, "ec2")]);

    it("well-known keys, and a known name without its secret", async () => {
      for (const key of ["123456789012", "test", "", root.accessKeyId, role.accessKeyId])
        await both(async (endpoint, body, service) => {
          const headers = { ...FORM, authorization: header(key, service) };
          assert.equal(
            await status(endpoint, { method: "POST", body, headers }),
            403,
            `${key} at ${endpoint}`,
          );
        });
    });

    it("a wrong secret, and the secret of another key", async () => {
      for (const credentials of [
        { ...root, secretAccessKey: "test" },
        { ...root, secretAccessKey: role.secretAccessKey },
        { ...role, secretAccessKey: root.secretAccessKey },
      ]) {
        const refused = {
          name: /AccessDenied|SignatureDoesNotMatch/,
          message: /does not match the signature/,
        };
        await assert.rejects((await as(credentials, ministack)("iam")).listUsers({}), refused);
        await assert.rejects((await as(credentials, moto)("ec2")).describeVpcs({}), {
          message: /does not match/,
        });
        await assert.rejects(s3As(credentials).listBuckets({}), refused);
        await assert.rejects((await as(credentials, ministack)("dynamodb")).listTables({}), refused);
      }
    });

    it("a request without a signature", async () => {
      await both(async (endpoint, body) => {
        assert.equal(await status(endpoint, { method: "POST", body, headers: FORM }), 403);
        assert.equal(await status(`${endpoint}/?${body}`), 403);
      });
      const cases: [string, string, RequestInit?][] = [
        ["an object", `/${BUCKET}/sent`],
        ["a metadata service", "/latest/meta-data/iam/security-credentials/"],
        ["a load balancer", "/_alb/web/"],
        ["a function", "/2015-03-31/functions"],
        ["a form at another service", "/services", { method: "POST", body: new FormData() }],
        ["another service's call", "/", { method: "POST", body: "{}", headers: { "x-amz-target": "DynamoDB_20120810.ListTables", "content-type": "application/x-amz-json-1.0" } }], // prettier-ignore
      ];
      for (const [what, path, options] of cases)
        assert.match(await (await fetch(ministack + path, options)).text(), /The sandbox refuses/, what);
      // Which of Cognito's calls need one, MiniStack knows as AWS does.
      const headers = {
        "x-amz-target": "AWSCognitoIdentityProviderService.ListUserPools",
        "content-type": "application/x-amz-json-1.1",
      };
      const body = JSON.stringify({ MaxResults: 1 });
      assert.equal(await status(ministack, { method: "POST", body, headers }), 400);
    });

    it("an address that no key has signed, or that names another signer as well", async () => {
      const url = await presigned(role);
      assert.equal(await status(url.replace("/a/", "/b/")), 403);
      assert.equal(await status(url.replace(/(X-Amz-Signature=).*?(&|$)/, "$100$2")), 403);
      assert.equal(await status(`${url}&x-amz-credential=${root.accessKeyId}/20260101/${region}/s3/aws4_request`), 403); // prettier-ignore
      assert.equal(await status(url, { headers: { authorization: header(root.accessKeyId, "s3") } }), 403);
      const stage = String(sandbox.state.outputs["provisionerUrl"]);
      assert.equal(await status(`${stage}/projects?AWSAccessKeyId=${root.accessKeyId}`), 403);
      assert.equal(
        await status(`${stage}/projects`, { headers: { authorization: `AWS ${root.accessKeyId}:x` } }),
        403,
      );
    });

    it("anyone but the sandbox on the emulators' own pages: their state, mail, secrets and reset", async () => {
      const pages = [
        ...["/_ministack/health", "/_ministack/ses/messages", "/_ministack/reset", "/_ministack/config"],
        ...["/_localstack/health", `/_groundwork/secret/${role.accessKeyId}`],
      ].map((path) => ministack + path);
      for (const url of [...pages, `${moto}/moto-api/data.json`, `${moto}/moto-api/reset`])
        for (const method of ["GET", "POST"])
          for (const headers of [
            {},
            { "x-groundwork-key": "wrong" },
            { authorization: header(root.accessKeyId, "iam") },
          ] as Record<string, string>[])
            assert.equal(await status(url, { method, headers }), 403, `${method} ${url}`);
    });

    it("a role on those pages, however well it signs", async () => {
      const script = `
import botocore.auth, botocore.awsrequest, urllib.error, urllib.request
for url in ["${ministack}/_ministack/ses/messages", "${moto}/moto-api/data.json", "${ministack}/?Action=GetCallerIdentity&Version=2011-06-15"]:
    request = botocore.awsrequest.AWSRequest("GET", url)
    botocore.auth.SigV4Auth(boto3.Session().get_credentials(), "sts", "${region}").add_auth(request)
    try:
        print(urllib.request.urlopen(urllib.request.Request(url, headers=dict(request.headers))).status)
    except urllib.error.HTTPError as error:
        print(error.code)`;
      const own = {
        AWS_ACCESS_KEY_ID: role.accessKeyId,
        AWS_SECRET_ACCESS_KEY: role.secretAccessKey,
        AWS_SESSION_TOKEN: role.sessionToken,
      };
      assert.deepEqual((await python(script, own)).split("\n"), ["403", "403", "200"]);
    });

    it("keys of a function that its name and its role's name would give", async () => {
      const lambda = await sandbox.use("lambda");
      const { Functions } = await lambda.listFunctions({});
      const { FunctionArn, Role } = Functions!.find(({ FunctionName }) => FunctionName!.startsWith("database-failover"))!; // prettier-ignore
      const sum = (text: string) => createHash("sha256").update(text).digest("hex");
      const digest = sum(`${FunctionArn}:${Role}`);
      const guessed = {
        accessKeyId: `ASIA${digest.slice(0, 16).toUpperCase()}`,
        secretAccessKey: sum(`secret:${digest}`),
        sessionToken: sum(`token:${digest}`),
      };
      await lambda.invoke({ FunctionName: FunctionArn });
      await assert.rejects(
        (await as(guessed, ministack)("sts")).getCallerIdentity({}),
        /no key of this start/,
      );
    });

    it("an order to the nodes' EC2 without a key, before it is carried out", async () => {
      const { Instances } = await (await sandbox.use("ec2")).runInstances({ MinCount: 1, MaxCount: 1, ImageId: "ami-12c6146b" }); // prettier-ignore
      const InstanceIds = [Instances![0]!.InstanceId!];
      const ended: string[] = [];
      const plane = { stop: async (id: string) => void ended.push(id), routed: async () => {} };
      const proxy = ec2Proxy(moto, plane, assert.fail);
      const endpoint = await proxy.start();
      try {
        const forged = new EC2({ region, endpoint, credentials: { ...root, secretAccessKey: "test" } });
        await assert.rejects(forged.terminateInstances({ InstanceIds }), /does not match the signature/);
        assert.deepEqual(ended, []);
        await new EC2({ region, endpoint, credentials: root }).terminateInstances({ InstanceIds });
        assert.deepEqual(ended, InstanceIds);
      } finally {
        await proxy.stop();
      }
    });
  });
});
