import { strict as assert } from "node:assert";
import type * as Catalogue from "../../../policies/rules/iam-catalogue";
import type { Action } from "../../../policies/rules/iam-catalogue";

/** Loaded anew: it keeps what it once looked up. */
function catalogue(): typeof Catalogue {
  const file = require.resolve("../../../policies/rules/iam-catalogue");
  delete require.cache[file];
  return require(file);
}

describe("the catalogue of AWS's actions", () => {
  it("finds each action that a pattern matches, in any case of letters", async () => {
    const names = async (pattern: string) =>
      (await catalogue().actionsLike(pattern)).map(({ name }) => name).sort();
    assert.deepEqual(await names("SQS:sendmessage"), ["sqs:SendMessage"]);
    assert.deepEqual(await names("sqs:*Message"), [
      "sqs:DeleteMessage",
      "sqs:ReceiveMessage",
      "sqs:SendMessage",
    ]);
    assert.deepEqual(await names("sqs:Send*"), ["sqs:SendMessage"]);
    for (const unknown of ["sqs:Post*", "sqs", "sqs:", "mail:Send", ""])
      assert.deepEqual(await names(unknown), []);
  });

  it("knows an action's resources and condition keys, including its resources' keys", async () => {
    const [action] = await catalogue().actionsLike("ec2:AttachVolume");
    const { wildcardOnly, resourceTypes, conditionKeys } = action!;
    assert.equal(wildcardOnly, false);
    assert.deepEqual(
      resourceTypes.map(({ name, arn, required }) => [name, arn.replace(/^.*:/, ""), required]).sort(),
      [
        ["instance", "instance/${InstanceId}", true],
        ["volume", "volume/${VolumeId}", true],
      ],
    );
    for (const key of ["ec2:Region", "ec2:InstanceType", "aws:ResourceTag/${TagKey}"])
      assert.ok(conditionKeys.includes(key), key);
    const [listing] = await catalogue().actionsLike("ec2:DescribeTags");
    assert.deepEqual([listing!.wildcardOnly, listing!.resourceTypes], [true, []]);
    const [typed] = await catalogue().actionsLike("dynamodb:GetItem");
    assert.ok(typed!.conditionKeys.every((key) => /^[a-z0-9-]+:/.test(key)));
  });

  it("is queried once for each pattern", async () => {
    const { actionsLike } = catalogue();
    assert.equal(actionsLike("sqs:SendMessage"), actionsLike("sqs:SendMessage"));
  });
});

describe("the condition keys that an action supports", () => {
  const action = (...conditionKeys: string[]): Action => ({
    name: "any:Thing",
    wildcardOnly: false,
    resourceTypes: [],
    conditionKeys,
  });
  const takes = (listed: string, key: string) => catalogue().takesKey(action(listed), key);

  it("are those it lists, with any word in a variable part", () => {
    assert.equal(takes("any:Key", "ANY:key"), true);
    for (const listed of ["any:Tag/${TagKey}", "any:Tag/<tag-key>", "any:Tag/tag-key"]) {
      assert.equal(takes(listed, "any:Tag/owner"), true, listed);
      assert.equal(takes(listed, "any:Tag/"), false, listed);
      assert.equal(takes(listed, "any:Tags/owner"), false, listed);
    }
    assert.equal(takes("any:${A}:${B}-end", "any:one:two-end"), true);
  });

  it("refuses others, even if they look alike", () => {
    for (const [listed, key] of [
      ["any:Key", "any:Keys"],
      ["any:Key", "many:Key"],
      ["any:a.b", "any:aXb"],
      ["any:tag-key", "any:owner"],
      ["any:Tag/tag-key-of", "any:Tag/owner"],
      ["any:Tag/tag-key-of", "any:Tag/owner-of"],
      ["aws:ResourceTag/${TagKey}", "aws:RequestTag/a"],
    ] as const)
      assert.equal(takes(listed, key), false, `${listed} ${key}`);
    assert.equal(takes("any:a.b", "any:a.b"), true);
  });

  it("are all global ones except those that only some services set", () => {
    for (const key of ["aws:SecureTransport", "aws:securetransport", "aws:PrincipalTag/owner"])
      assert.equal(takes("any:Key", key), true, key);
    for (const key of [
      "aws:ResourceTag/a",
      "aws:RequestTag/a",
      "aws:TagKeys",
      "AWS:resourcetag/a",
      "aws:PrincipalTag",
      "aws:Unknown",
      "aws:Unknown/a",
    ])
      assert.equal(takes("any:Key", key), false, key);
  });

  it("include a provider's claims if its tokens are accepted", () => {
    const taking = { ...action(), name: "sts:AssumeRoleWithWebIdentity" };
    const takesClaim = (key: string) => catalogue().takesKey(taking, key);
    for (const key of ["a.example.com:sub", "a.example.com:aud", "my-host.example:sub"])
      assert.equal(takesClaim(key), true, key);
    for (const key of [
      "https://a.example.com:sub",
      "a.example.com:subject",
      "localhost:sub",
      "a.example.com:amr",
    ])
      assert.equal(takesClaim(key), false, key);
    assert.equal(takes("any:Key", "a.example.com:sub"), false);
  });

  it("belong to an action that is about a resource, or about everything", () => {
    const about = (arn: string) => ({ ...action(), resourceTypes: [{ name: "thing", arn, required: true }] });
    const { isAbout } = catalogue();
    assert.equal(isAbout(about("arn:${Partition}:any:::${Name}"), "arn:aws:any:::mine"), true);
    assert.equal(isAbout(about("arn:${Partition}:other:::${Name}"), "arn:aws:any:::mine"), false);
    assert.equal(isAbout(action(), "arn:aws:any:::mine"), false);
    assert.equal(isAbout(action(), "*"), true);
  });
});
