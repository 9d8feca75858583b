import { strict as assert } from "node:assert";
import * as pulumi from "@pulumi/pulumi";
import {
  allow,
  allowKey,
  asksForSamples,
  denyPlainHttp,
  policyDocument,
  serviceRole,
  ServiceRoleArgs,
  Statement,
  trustService,
  writesTraces,
} from "../../../components/shared/permissions";
import { physicalName, run, valueOf } from "../../harness";

/** The policy that is made of statements, as AWS reads it. */
const document = async (...statements: Statement[]) =>
  JSON.parse(await valueOf(policyDocument(statements))) as object;
const TABLE = "arn:aws:dynamodb:eu-west-1:123456789012:table/one";

describe("a statement that allows", () => {
  it("has lists throughout, also for values that are known later", async () => {
    const allowed = { Effect: "Allow", Action: ["dynamodb:GetItem"], Resource: [TABLE] };
    for (const resource of [TABLE, [TABLE], pulumi.output(TABLE), pulumi.output([TABLE])]) {
      const { Resource, ...rest } = allow(["dynamodb:GetItem"], resource);
      assert.deepEqual({ ...rest, Resource: await valueOf(pulumi.output(Resource)) }, allowed);
    }
    const conditions = { StringEquals: { one: "a", many: ["a", "b"], late: pulumi.output("c") } };
    const { Condition } = allow(["dynamodb:GetItem"], TABLE, conditions);
    assert.deepEqual(await valueOf(pulumi.output(Condition)), {
      StringEquals: { one: ["a"], many: ["a", "b"], late: ["c"] },
    });
  });

  it("lets a key be used only through services of its own region, also if the key is known later", async () => {
    const key = "arn:aws:kms:us-east-2:123456789012:key/1";
    const via = ["s3.us-east-2.amazonaws.com", "dynamodb.us-east-2.amazonaws.com"];
    const used = { Effect: "Allow", Action: ["kms:Decrypt"], Resource: [key] };
    for (const arn of [key, pulumi.output(key)])
      assert.deepEqual(await document(allowKey(["kms:Decrypt"], arn, ["s3", "dynamodb"])), {
        Version: "2012-10-17",
        Statement: [{ ...used, Condition: { StringEquals: { "kms:ViaService": via } } }],
      });
    const conditions = {
      StringEquals: { "aws:ResourceTag/a": "b" },
      Bool: { "aws:SecureTransport": "true" },
    };
    const { Condition } = allowKey(["kms:Decrypt"], key, ["s3"], conditions);
    assert.deepEqual(await valueOf(pulumi.output(Condition)), {
      StringEquals: { "aws:ResourceTag/a": ["b"], "kms:ViaService": ["s3.us-east-2.amazonaws.com"] },
      Bool: { "aws:SecureTransport": ["true"] },
    });
  });

  it("is part of a document of the version that supports variables", async () => {
    assert.deepEqual(await document(allow(["dynamodb:GetItem"], pulumi.output(TABLE))), {
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Action: ["dynamodb:GetItem"], Resource: [TABLE] }],
    });
  });

  it("lets a role write traces and read sampling rules, and nothing else", () => {
    assert.deepEqual(writesTraces, {
      Effect: "Allow",
      Action: ["xray:PutTraceSegments", "xray:PutTelemetryRecords"],
      Resource: ["*"],
    });
    assert.deepEqual(asksForSamples, {
      Effect: "Allow",
      Action: ["xray:GetSamplingRules", "xray:GetSamplingTargets"],
      Resource: ["*"],
    });
  });
});

describe("the role of a service", () => {
  const trust = { Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "ec2.amazonaws.com" } };
  const Condition = { StringEquals: { "aws:SourceAccount": "123456789012" } };

  it("can be assumed by that service alone, and only under a condition where one is given", async () => {
    for (const [condition, expected] of [
      [undefined, trust],
      [Condition, { ...trust, Condition }],
    ] as const) {
      const { Statement: said } = JSON.parse(await valueOf(trustService("ec2.amazonaws.com", condition)));
      assert.deepEqual(said, [expected]);
    }
  });

  it("allows exactly what it is given, and has no policy if that is nothing", async () => {
    const made = async (permissions: ServiceRoleArgs["permissions"]) => {
      const { one, all } = await run(() => {
        serviceRole("taker", { service: "ec2.amazonaws.com", permissions, trustCondition: Condition }, {});
        return {};
      });
      const { Statement: said } = JSON.parse(one("iam/role:Role", "taker").inputs.assumeRolePolicy);
      assert.deepEqual(said, [{ ...trust, Condition }]);
      return all("iam/rolePolicy:RolePolicy").map(({ name, inputs }) => [
        name,
        inputs.role,
        JSON.parse(inputs.policy).Statement,
      ]);
    };
    const permissions = [allow(["dynamodb:GetItem"], TABLE)];
    const policy = ["taker", physicalName("taker"), permissions];
    assert.deepEqual(await made(permissions), [policy]);
    assert.deepEqual(await made(pulumi.output(permissions)), [policy]);
    for (const nothing of [undefined, []]) assert.deepEqual(await made(nothing), []);
  });
});

describe("a bucket's refusal of plain HTTP", () => {
  it("covers every action and everybody, for the bucket and its objects", async () => {
    const [bucket, key] = ["arn:aws:s3:::one", "arn:aws:s3:::one/*"];
    const { Statement: said } = (await document(denyPlainHttp(pulumi.output(bucket)))) as {
      Statement: object[];
    };
    assert.deepEqual(said, [
      {
        Sid: "TlsOnly",
        Effect: "Deny",
        Principal: "*",
        Action: "s3:*",
        Resource: [bucket, key],
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ]);
  });
});
