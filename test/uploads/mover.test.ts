import { strict as assert } from "node:assert";
import { until } from "../../sandbox/problem";
import { keysFor } from "./awkward-keys";
import { s3Event } from "./events";
import type { Rig } from "./rig";
import { needsRig, sharedRig } from "./shared-rig";
import { each, messagesIn, versionsIn } from "./waiting";

/** What a busy machine cut off comes back from the queue after 20 seconds, and may be cut off again. */
const COMES_BACK = 90;

describe("the mover's own zip, on S3's events", function () {
  this.timeout(2 * COMES_BACK * 1000);
  let rig: Rig;
  before(needsRig);
  before(async () => {
    rig = await sharedRig();
  });

  const put = (key: string, tagging?: string, body = `body of ${key}`) =>
    rig.s3.putObject({
      Bucket: rig.outputs.normal,
      Key: key,
      Body: body,
      Tagging: tagging,
      ContentType: "text/plain; charset=utf-8",
      CacheControl: "max-age=60",
      Metadata: { owner: "somebody" },
    });
  const left = async (prefix: string) => versionsIn(rig.s3, rig.outputs.normal, prefix);
  const stored = async (prefix: string) => versionsIn(rig.s3, rig.outputs.sensitive, prefix);
  const names = (versions: { key: string }[]) => [...new Set(versions.map(({ key }) => key))];
  const gone = (prefix: string) =>
    until(`The move of ${prefix}`, () => left(prefix), {
      wanted: (versions) => versions.length === 0,
      everyMs: 100,
      seconds: COMES_BACK,
    });
  const send = (body: string) => rig.sqs.sendMessage({ QueueUrl: rig.outputs.queueUrl, MessageBody: body });
  const idle = () =>
    until("The queue's emptiness", () => messagesIn(rig.sqs, rig.outputs.queueUrl), {
      wanted: (count) => count === 0,
      everyMs: 100,
      seconds: COMES_BACK,
    });

  it("moves 200 objects with awkward keys completely, and leaves the others", async () => {
    const keys = keysFor(200);
    // The rig is shared with other tests, and such keys take no prefix.
    const before = { normal: names(await left("")), sensitive: names(await stored("")) };
    const since = (now: string[], then: string[]) => now.filter((key) => !then.includes(key)).sort();
    await each(keys, (key, index) => put(key, ["sensitive=", "Class=SENSITIVE", "Sensitive=yes"][index % 3]));
    await put("stays.txt", "sensitive=no");
    await put("stays too.txt");
    const remaining = await until(
      "The move of all but two",
      async () => since(names(await left("")), before.normal),
      {
        wanted: ({ length }) => length === 2,
        everyMs: 100,
        seconds: COMES_BACK + 90,
      },
    );
    assert.deepEqual(remaining, ["stays too.txt", "stays.txt"]);
    assert.deepEqual(since(names(await stored("")), before.sensitive), [...keys].sort());
    await each(keys, async (key) => {
      const got = await rig.s3.getObject({ Bucket: rig.outputs.sensitive, Key: key });
      assert.equal(await got.Body!.transformToString(), `body of ${key}`);
      assert.equal(got.ServerSideEncryption, "aws:kms");
      assert.equal(got.SSEKMSKeyId, rig.outputs.keyArn);
      assert.equal(got.ContentType, "text/plain; charset=utf-8");
      assert.equal(got.CacheControl, "max-age=60");
      assert.equal(got.Metadata!.owner, "somebody");
      assert.match(got.Metadata!["moved-version"]!, /./);
    });
    const { TagSet } = await rig.s3.getObjectTagging({ Bucket: rig.outputs.sensitive, Key: keys[1]! });
    assert.deepEqual(TagSet, [{ Key: "Class", Value: "SENSITIVE" }]);
  });

  it("moves objects that are tagged later", async () => {
    await put("later/a b.txt");
    await idle();
    assert.equal((await left("later/")).length, 1);
    const Tagging = { TagSet: [{ Key: "Sensitive", Value: "" }] };
    await rig.s3.putObjectTagging({ Bucket: rig.outputs.normal, Key: "later/a b.txt", Tagging });
    await gone("later/");
    assert.deepEqual(
      (await stored("later/")).map(({ key }) => key),
      ["later/a b.txt"],
    );
  });

  it("moves every version up to the tagged one, in order, and leaves a later one", async () => {
    await put("versions/x", undefined, "one");
    await put("versions/x", undefined, "two");
    await put("versions/x", "sensitive=1", "three");
    await gone("versions/x");
    const bodies = await Promise.all(
      (await stored("versions/x")).map(async ({ versionId }) => {
        const { Body } = await rig.s3.getObject({
          Bucket: rig.outputs.sensitive,
          Key: "versions/x",
          VersionId: versionId,
        });
        return Body!.transformToString();
      }),
    );
    // Two movers that were told of the key at the same moment may each write a copy.
    assert.deepEqual([...new Set(bodies)], ["three", "two", "one"]);
    await put("versions/x", undefined, "four");
    await idle();
    assert.equal((await left("versions/x")).length, 1);
  });

  it("does nothing new if events come twice or in another order", async () => {
    const keys = ["again/1", "again/2", "again/3"];
    const events = keys.flatMap((key) => [
      s3Event(rig.outputs.normal, key),
      s3Event(rig.outputs.normal, key, "ObjectCreated:Put"),
      s3Event(rig.outputs.normal, key),
    ]);
    await each(keys, (key) => put(key, "sensitive=yes"));
    for (const event of [...events].reverse()) await send(event);
    await gone("again/");
    await idle();
    for (const event of events) await send(event);
    await idle();
    const newest = new Set((await stored("again/")).map(({ key }) => key));
    assert.deepEqual([...newest].sort(), keys);
    for (const key of keys) {
      const { Body } = await rig.s3.getObject({ Bucket: rig.outputs.sensitive, Key: key });
      assert.equal(await Body!.transformToString(), `body of ${key}`);
    }
    assert.equal(await messagesIn(rig.sqs, rig.outputs.deadLetterUrl), 0);
  });

  it("moves an object that was uploaded in parts, part by part", async () => {
    const at = { Bucket: rig.outputs.normal, Key: "parts/big" };
    const part = Buffer.alloc(5 * 1024 * 1024, "p");
    const { UploadId } = await rig.s3.createMultipartUpload({
      ...at,
      ChecksumAlgorithm: "SHA256",
    });
    const Parts = await Promise.all(
      [part, part, Buffer.from("the end")].map(async (Body, index) => {
        const done = await rig.s3.uploadPart({
          ...at,
          UploadId,
          PartNumber: index + 1,
          Body,
          ChecksumAlgorithm: "SHA256",
        });
        return { PartNumber: index + 1, ETag: done.ETag, ChecksumSHA256: done.ChecksumSHA256 };
      }),
    );
    await rig.s3.completeMultipartUpload({ ...at, UploadId, MultipartUpload: { Parts } });
    // MiniStack drops the tags that such an upload begins with, so they come later.
    const Tagging = { TagSet: [{ Key: "sensitive", Value: "yes" }] };
    await rig.s3.putObjectTagging({ ...at, Tagging });
    await send(s3Event(rig.outputs.normal, at.Key));
    await gone("parts/");
    const { ContentLength, ETag } = await rig.s3.headObject({
      Bucket: rig.outputs.sensitive,
      Key: "parts/big",
    });
    assert.equal(ContentLength, 2 * part.length + 7);
    assert.match(ETag!, /-3"$/);
  });

  it("ignores S3's test message", async () => {
    await send(JSON.stringify({ Service: "Amazon S3", Event: "s3:TestEvent", Bucket: rig.outputs.normal }));
    await idle();
    assert.equal(await messagesIn(rig.sqs, rig.outputs.deadLetterUrl), 0);
  });

  it("refuses to process its own writes: the sensitive bucket sends no events, and its events are not accepted", async () => {
    const told = await rig.s3.getBucketNotificationConfiguration({ Bucket: rig.outputs.sensitive });
    assert.deepEqual(
      [told.QueueConfigurations, told.LambdaFunctionConfigurations, told.TopicConfigurations],
      [undefined, undefined, undefined],
    );
    const body = s3Event(rig.outputs.sensitive, "again/1", "ObjectCreated:Copy");
    const Payload = JSON.stringify({
      Records: [
        {
          messageId: "m-1",
          receiptHandle: "none",
          body,
          attributes: { ApproximateReceiveCount: "1", SentTimestamp: String(Date.now()) },
        },
      ],
    });
    const answer = await rig.lambda.invoke({ FunctionName: rig.outputs.moverName, Payload });
    assert.deepEqual(JSON.parse(Buffer.from(answer.Payload!).toString()), {
      batchItemFailures: [{ itemIdentifier: "m-1" }],
    });
  });
});
