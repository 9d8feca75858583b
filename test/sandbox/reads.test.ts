// What a refresh finds changed by hand, of each type whose arguments are read, and that an update puts it right.
import assert from "node:assert/strict";
import { rootClients } from "../../sandbox/engine/clients";
import { IF_GIVEN } from "../../sandbox/engine/types";
import { Providers, startProviders } from "../../sandbox/provider/process";
import { changingOf } from "../../sandbox/resources/changes";
import { READS, readOf } from "../../sandbox/resources/reads";
import { Emulated, skipWithoutEmulators, startEmulated } from "../emulated";
import { leftToAll } from "../left-to-all";
import { some } from "../some";
import { ProviderClient, URN } from "./provider-client";
import { CASES } from "./reads-cases";
import { GONE } from "./reads-cases/gone";
import { Ground, zipped } from "./reads-cases/ground";

describe("the arguments that a refresh reads", () => {
  it("belong to types that have a case here and change in place", () => {
    const types = Object.keys(CASES);
    const named = types.map((type) => type.replace(/^aws:(\w+)\/\w+:/, "$1/"));
    assert.deepEqual(named.sort(), Object.keys(READS).sort());
    for (const type of some(types)) {
      const { update, carries } = changingOf(type);
      assert.notEqual(update, undefined, type);
      for (const argument of some(Object.keys(readOf(type)!.normally)))
        assert.equal(carries?.includes(argument) ?? true, true, `${type} ${argument}`);
    }
  });

  describe("on the emulators", function () {
    this.timeout(60_000);
    let emulated: Emulated;
    let providers: Providers;
    let client: ProviderClient;
    let on: Ground;

    before(async function () {
      leftToAll(this);
      await skipWithoutEmulators(this);
      emulated = await startEmulated("reads");
      providers = await startProviders({ ...process.env, ...emulated.environment });
      client = new ProviderClient(`127.0.0.1:${providers.aws}`);
      await client.configure({
        region: "eu-west-1",
        defaultTags: JSON.stringify({ tags: { team: "engines" } }),
      });
      on = await ground();
    });
    after(async () => {
      client?.close();
      providers?.close();
      await emulated?.stop();
    });

    async function ground(): Promise<Ground> {
      const use = rootClients(emulated.endpoints);
      const [ec2, iam, lambda, s3, sns, sqs] = await Promise.all([
        ...([use("ec2"), use("iam"), use("lambda")] as const),
        ...([use("s3"), use("sns"), use("sqs")] as const),
      ]);
      const bucket = "reads-ground";
      await s3.createBucket({ Bucket: bucket });
      for (const [Key, text] of [
        ["one.zip", "1"],
        ["two.zip", "2"],
      ] as const)
        // prettier-ignore
        await s3.putObject({ Bucket: bucket, Key, Body: zipped(text) });
      const AssumeRolePolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement: [] });
      for (const RoleName of ["reads", "another"])
        await iam.createRole({ RoleName, AssumeRolePolicyDocument });
      const { Vpc } = await ec2.createVpc({ CidrBlock: "10.77.0.0/16" });
      const { GroupId } = await ec2.createSecurityGroup({
        ...{ GroupName: "reads", Description: "Of the rules here", VpcId: Vpc!.VpcId },
      });
      const { Images } = await ec2.describeImages({ Owners: ["amazon"] });
      const { LaunchTemplate } = await ec2.createLaunchTemplate({
        LaunchTemplateName: "reads",
        LaunchTemplateData: { ImageId: Images![0]!.ImageId, InstanceType: "t3.micro" },
      });
      await lambda.publishLayerVersion({ LayerName: "reads", Content: { ZipFile: zipped("3") } });
      const { TopicArn } = await sns.createTopic({ Name: "reads" });
      await sqs.createQueue({ QueueName: "reads" });
      await lambda.createFunction({
        ...{ FunctionName: "worker", Runtime: "nodejs22.x", Handler: "index.handler" },
        ...{ Role: "arn:aws:iam::123456789012:role/reads", Code: { S3Bucket: bucket, S3Key: "one.zip" } },
      });
      return {
        ...{ use, bucket, role: "reads", worker: "worker", topic: TopicArn! },
        ...{ vpc: Vpc!.VpcId!, group: GroupId!, template: LaunchTemplate!.LaunchTemplateId! },
        queue: "arn:aws:sqs:eu-west-1:123456789012:reads",
      };
    }

    for (const [type, { given, byHand, found }] of some(Object.entries(CASES)))
      it(`of ${type} are reported as given, then as changed by hand, and are restored by an update`, async () => {
        const urn = URN(type, "read");
        const inputs = await client.check(urn, given(on));
        const { id, outputs } = await client.create(urn, inputs);
        assert.deepEqual(await client.read(urn, id, inputs, outputs), { id, inputs, outputs });

        await byHand(on, id);
        const seen = await client.read(urn, id, inputs, outputs);
        const expected = found(on);
        const unread = Object.entries(readOf(type)!.normally).filter(([name]) => !(name in expected));
        assert.deepEqual(unread.map(([name]) => name), notByHand(type)); // prettier-ignore
        assert.deepEqual(seen.inputs, { ...inputs, ...expected });
        for (const [name, value] of some(Object.entries(expected)))
          assert.deepEqual(seen.outputs[name], value, name);

        const difference = await client.diff(urn, id, seen.inputs, seen.outputs, inputs);
        assert.deepEqual(difference.changed.sort(), Object.keys(expected).sort());
        assert.deepEqual(difference.replaces, []);
        const updated = await client.update(urn, id, seen.inputs, seen.outputs, inputs);
        assert.deepEqual((await client.read(urn, id, inputs, updated)).inputs, inputs);
        await client.delete(urn, id, inputs, updated);
      });

    for (const [type, { given, byHand }] of some(Object.entries(GONE)))
      it(`of ${type} are not read once somebody has deleted it`, async () => {
        const urn = URN(type, "gone");
        const inputs = await client.check(urn, given(on));
        const { id, outputs } = await client.create(urn, inputs);
        assert.equal((await client.read(urn, id, inputs, outputs)).id, id);
        await byHand(on, id);
        assert.equal((await client.read(urn, id, inputs, outputs)).id, "");
        await client.delete(urn, id, inputs, outputs);
      });

    it("keep the state's value where the program gives none and AWS promises none", async () => {
      const urn = URN("aws:sqs/queue:Queue", "ungiven");
      assert.equal(READS["sqs/Queue"]!.normally["maxMessageSize"], IF_GIVEN);
      const inputs = await client.check(urn, {});
      const { id, outputs } = await client.create(urn, inputs);
      await (await on.use("sqs")).setQueueAttributes({ QueueUrl: id, Attributes: { MaximumMessageSize: "4096" } }); // prettier-ignore
      assert.deepEqual((await client.read(urn, id, inputs, outputs)).inputs, inputs);
      await client.delete(urn, id, inputs, outputs);
    });

    it("include a table's billing mode, but no figures of a table on demand", async () => {
      const urn = URN("aws:dynamodb/table:Table", "on-demand");
      const inputs = await client.check(urn, {
        ...{ hashKey: "id", attributes: [{ name: "id", type: "S" }], billingMode: "PAY_PER_REQUEST" },
      });
      const { id, outputs } = await client.create(urn, inputs);
      assert.deepEqual((await client.read(urn, id, inputs, outputs)).inputs, inputs);
      await (await on.use("dynamodb")).updateTable({ TableName: id, BillingMode: "PROVISIONED", ProvisionedThroughput: { ReadCapacityUnits: 1, WriteCapacityUnits: 1 } }); // prettier-ignore
      const seen = await client.read(urn, id, inputs, outputs);
      assert.deepEqual(seen.inputs, { ...inputs, billingMode: "PROVISIONED" });
      await client.delete(urn, id, inputs, outputs);
    });

    it("reveal no secret", async () => {
      const urn = URN("aws:ssm/parameter:Parameter", "secret");
      const inputs = await client.check(urn, { name: "/reads/secret", type: "SecureString", value: "mine" });
      const { id, outputs } = await client.create(urn, inputs);
      await (await on.use("ssm")).putParameter({ Name: id, Value: "theirs", Type: "SecureString", Overwrite: true }); // prettier-ignore
      const seen = await client.read(urn, id, inputs, outputs);
      assert.equal(JSON.stringify(seen).includes("theirs"), false);
      await client.delete(urn, id, inputs, outputs);
    });
  });
});

/** Changed in a test of its own. */
const notByHand = (type: string): string[] => (type === "aws:dynamodb/table:Table" ? ["billingMode"] : []);
