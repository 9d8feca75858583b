// npm run bootstrap against the emulators: the real command, in the account of the credentials that it is given.
import { strict as assert } from "node:assert";
import { spawn } from "node:child_process";
import * as path from "node:path";
import { Budgets } from "@aws-sdk/client-budgets";
import { IAM } from "@aws-sdk/client-iam";
import { KMS } from "@aws-sdk/client-kms";
import { S3 } from "@aws-sdk/client-s3";
import { ACCOUNT, ownKey } from "../../sandbox/emulators/endpoints";
import { Emulated, REGION, ROOT_ARN, skipWithoutEmulators, startEmulated } from "../emulated";
import { listen } from "../listener";
import { ServiceQuotas, startServiceQuotas } from "./service-quotas";
import { leftToAll } from "../left-to-all";

const ROOT = path.join(__dirname, "../..");
const BUCKET = `groundwork-state-${ACCOUNT}-${REGION}`;
const STACK = ["--stack", "first", "--region", REGION];

describe("npm run bootstrap", function () {
  this.timeout(120_000);
  let emulated: Emulated;
  let quotas: ServiceQuotas;
  let s3: S3;

  before(async function () {
    await skipWithoutEmulators(this);
    emulated = await startEmulated("bootstrap");
    quotas = await startServiceQuotas();
    s3 = new S3({ ...emulated.client, forcePathStyle: true });
  });
  after(async () => {
    await quotas?.close();
    await emulated?.stop();
  });
  beforeEach(() => {
    quotas.own = {};
    quotas.allowed = true;
    quotas.asked = [];
  });

  async function bootstrap(args: string[], credentials: Record<string, string> = emulated.environment) {
    const child = spawn(process.execPath, ["scripts/with-install.cjs", "scripts/bootstrap/run.ts", ...args], {
      cwd: ROOT,
      env: { PATH: process.env.PATH, HOME: emulated.folder, ...credentials, ...quotas.environment },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let [said, errors] = ["", ""];
    child.stdout.on("data", (chunk) => (said += chunk));
    child.stderr.on("data", (chunk) => (errors += chunk));
    const code = await new Promise((resolve) => child.on("close", resolve));
    return { code, said, errors: errors.trim() };
  }

  const all = async () => ({
    buckets: (await s3.listBuckets()).Buckets?.map(({ Name }) => Name),
    aliases: (await new KMS(emulated.client).listAliases()).Aliases?.map(({ AliasName }) => AliasName).filter(
      (name) => name?.includes("groundwork"),
    ),
    keys: (await new KMS(emulated.client).listKeys()).Keys?.length,
  });

  it("asks first, and creates nothing if nobody can answer", async () => {
    const before = await all();
    const { code, errors } = await bootstrap(STACK);
    assert.deepEqual([code, await all()], [1, before]);
    assert.match(errors, /^There is nobody to ask: --yes makes what is missing without a question\.$/);
  });

  it("creates the bucket and the key, and says what to do next", async () => {
    const { code, said, errors } = await bootstrap([...STACK, "--yes"]);
    assert.deepEqual([code, errors], [0, ""], said + errors);
    assert.equal(said.match(/^ {2}made/gm)!.length, 8);
    assert.match(said, new RegExp(`^Account ${ACCOUNT}, region ${REGION}, as arn:aws:iam::${ACCOUNT}:`));
    assert.match(said, new RegExp(`npx pulumi login 's3://${BUCKET}\\?region=${REGION}&awssdk=v2'`));
    assert.match(
      said,
      new RegExp(
        `npx pulumi stack init first --secrets-provider 'awskms://alias/groundwork-first-secrets\\?region=${REGION}&awssdk=v2'`,
      ),
    );

    const of = { Bucket: BUCKET };
    assert.equal((await s3.getBucketVersioning(of)).Status, "Enabled");
    const { ServerSideEncryptionConfiguration } = await s3.getBucketEncryption(of);
    assert.deepEqual(
      ServerSideEncryptionConfiguration!.Rules!.map((one) => one.ApplyServerSideEncryptionByDefault),
      [{ SSEAlgorithm: "AES256" }],
    );
    const { PublicAccessBlockConfiguration } = await s3.getPublicAccessBlock(of);
    assert.deepEqual(Object.values(PublicAccessBlockConfiguration!), [true, true, true, true]);
    const { OwnershipControls } = await s3.getBucketOwnershipControls(of);
    assert.deepEqual(OwnershipControls!.Rules, [{ ObjectOwnership: "BucketOwnerEnforced" }]);
    const policy = JSON.parse((await s3.getBucketPolicy(of)).Policy!) as { Statement: object[] };
    assert.deepEqual(policy.Statement, [
      {
        Sid: "GroundworkTlsOnly",
        Effect: "Deny",
        Principal: "*",
        Action: "s3:*",
        Resource: [`arn:aws:s3:::${BUCKET}`, `arn:aws:s3:::${BUCKET}/*`],
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ]);

    const kms = new KMS(emulated.client);
    const { KeyMetadata } = await kms.describeKey({ KeyId: "alias/groundwork-first-secrets" });
    assert.equal((await kms.getKeyRotationStatus({ KeyId: KeyMetadata!.KeyId! })).KeyRotationEnabled, true);
  });

  it("changes nothing the second time, and says so", async () => {
    const before = await all();
    const { code, said, errors } = await bootstrap(STACK);
    assert.deepEqual([code, await all()], [0, before], said + errors);
    assert.match(said, /Everything is there: nothing was changed\./);
    assert.doesNotMatch(said, /^ {2}(make|made) /m);
    assert.match(said, /npx pulumi login /);
  });

  it("restores what somebody has changed, and keeps the rest of the bucket's policy", async function () {
    leftToAll(this);
    const Statement = [
      {
        Sid: "Mine",
        Effect: "Allow",
        Principal: { AWS: ROOT_ARN },
        Action: "s3:GetObject",
        Resource: `arn:aws:s3:::${BUCKET}/*`,
      },
    ];
    const of = { Bucket: BUCKET };
    await s3.putBucketPolicy({ ...of, Policy: JSON.stringify({ Version: "2012-10-17", Statement }) });
    await s3.putBucketVersioning({ ...of, VersioningConfiguration: { Status: "Suspended" } });
    const { code, said } = await bootstrap([...STACK, "--yes"]);
    assert.equal(code, 0);
    assert.deepEqual(
      [...said.matchAll(/^ {2}made {3} +(.*)$/gm)].map(([, what]) => what),
      ["keeps every version", "answers by TLS only"],
    );
    const policy = JSON.parse((await s3.getBucketPolicy(of)).Policy!) as { Statement: { Sid: string }[] };
    assert.deepEqual(
      policy.Statement.map(({ Sid }) => Sid),
      ["Mine", "GroundworkTlsOnly"],
    );
  });

  it("creates a budget when told to, once", async function () {
    leftToAll(this);
    const args = [...STACK, "--yes", "--budget", "60", "--email", "who@example.com"];
    const { code, said } = await bootstrap(args);
    assert.equal(code, 0, said);
    assert.match(said, /made {3}the budget groundwork-account, 60 USD a month, told to who@example\.com/);
    const budgets = new Budgets({ ...emulated.client, endpoint: emulated.endpoints.moto });
    const of = { AccountId: ACCOUNT, BudgetName: "groundwork-account" };
    const { Budget } = await budgets.describeBudget(of);
    assert.equal(Number(Budget!.BudgetLimit!.Amount), 60);
    const { Notifications } = await budgets.describeNotificationsForBudget(of);
    assert.deepEqual(Notifications!.map((one) => [one.NotificationType, one.Threshold]).sort(), [
      ["ACTUAL", 80],
      ["FORECASTED", 100],
    ]);
    assert.match((await bootstrap(args)).said, /Everything is there: nothing was changed\./);
  });

  it("refuses a bucket that belongs to somebody else", async () => {
    const Bucket = "somebody-elses-state";
    await inAnotherAccount().createBucket({
      Bucket,
      CreateBucketConfiguration: { LocationConstraint: REGION },
    });
    const before = await all();
    const { code, errors } = await bootstrap([...STACK, "--yes", "--bucket", Bucket]);
    assert.deepEqual([code, await all()], [1, before]);
    assert.match(
      errors,
      new RegExp(`^The bucket ${Bucket} is not account ${ACCOUNT}'s, or these credentials`),
    );
  });

  /** MiniStack does not know the header by which S3 itself refuses the bucket of another account than is expected. */
  it("refuses a stranger's bucket that grants us access", async function () {
    leftToAll(this);
    const asked: string[] = [];
    const theirs = await listen((request, response) => {
      asked.push(request.method!);
      response.statusCode = request.headers["x-amz-expected-bucket-owner"] === undefined ? 200 : 403;
      response.end();
    });
    const env = { ...emulated.environment, AWS_ENDPOINT_URL_S3: theirs.url };
    try {
      const { code, errors } = await bootstrap([...STACK, "--yes", "--bucket", "open-to-all"], env);
      assert.deepEqual([code, asked], [1, ["HEAD"]]);
      assert.match(errors, /^The bucket open-to-all is not account \d{12}'s, or these credentials may not/);
    } finally {
      await theirs.close();
    }
  });

  /** MiniStack takes twelve digits for the root of that account; the proxy before it lets in who shows its own key. */
  function inAnotherAccount(): S3 {
    const credentials = { accessKeyId: "999999999999", secretAccessKey: "test" };
    const other = new S3({ ...emulated.client, forcePathStyle: true, credentials });
    other.middlewareStack.add(
      (next) => (args) => {
        const { headers } = args.request as { headers: Record<string, string> };
        Object.assign(headers, ownKey(emulated.endpoints));
        return next(args);
      },
      { step: "build" },
    );
    return other;
  }

  it("names the missing permission", async function () {
    leftToAll(this);
    const role = await roleWith(["s3:ListBucket", "s3:GetBucketVersioning"]);
    const { code, errors } = await bootstrap([...STACK, "--yes"], await emulated.environmentAs(role));
    assert.equal(code, 1);
    assert.match(
      errors,
      new RegExp(`^These credentials may not s3:GetEncryptionConfiguration on ${BUCKET}\\.`),
    );
  });

  async function roleWith(Action: string[]): Promise<string> {
    const iam = new IAM(emulated.client);
    const document = (statement: object) => JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
    const RoleName = "little";
    const { Role } = await iam.createRole({
      RoleName,
      AssumeRolePolicyDocument: document({
        Effect: "Allow",
        Action: "sts:AssumeRole",
        Principal: { AWS: ROOT_ARN },
      }),
    });
    await iam.putRolePolicy({
      RoleName,
      PolicyName: "little",
      PolicyDocument: document({ Effect: "Allow", Action, Resource: "*" }),
    });
    return Role!.Arn!;
  }

  it("refuses a stack that exceeds the account's quotas, with the number that it needs, and creates nothing", async () => {
    quotas.own = { "L-1216C47A": 1 };
    const before = await all();
    const { code, errors } = await bootstrap([...STACK, "--yes", "--bucket", "never-made"]);
    assert.deepEqual([code, await all()], [1, before]);
    assert.match(
      errors,
      /vCPUs of running on-demand standard instances: needs 4, has 1 \(ec2 L-1216C47A\)\n +aws service-quotas request-service-quota-increase --region us-east-1 --service-code ec2 --quota-code L-1216C47A --desired-value 4\n/,
    );
    assert.ok(quotas.asked.includes("GetAWSDefaultServiceQuota vpc L-F678F1CE"), quotas.asked.join("\n"));
    assert.equal((await bootstrap([...STACK, "--yes", "--no-quotas"])).code, 0);
  });

  it("goes on if the credentials may not read quotas, and says so, and whether the projects' e-mails would go out", async function () {
    leftToAll(this);
    quotas.allowed = false;
    const { code, said } = await bootstrap(["--stack", "dev", "--region", REGION, "--yes"]);
    assert.equal(code, 0);
    assert.match(
      said,
      /^The account's quotas were not looked at: these credentials may not servicequotas:GetServiceQuota and GetAWSDefaultServiceQuota\.$/m,
    );
    assert.match(said, /^SES in \S+ sends nothing from projects@example\.com, .* before it is verified:$/m);
  });
});
