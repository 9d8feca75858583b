import { strict as assert } from "node:assert";
import { uploadsMonitoring } from "../../../components/uploads/alarms";
import { alarmLines, eventPatterns, graphLines } from "../monitoring-lines";

const watched = {
  moverName: "mover-1",
  queueUrl: "https://sqs.eu-west-1.amazonaws.com/123456789012/events-1",
  deadLetterUrl: "https://sqs.eu-west-1.amazonaws.com/123456789012/dead-1",
  scannedBuckets: [],
};
const monitoring = uploadsMonitoring(watched);

describe("the alarms and graphs of uploads", () => {
  it("report files that are given up or wait ten minutes, by the queues' own names", async () => {
    assert.deepEqual(await alarmLines(monitoring), [
      "uploads-dead-letters: Maximum AWS/SQS ApproximateNumberOfMessagesVisible of QueueName dead-1 above 0, 1 x 60 s",
      "uploads-late: Maximum AWS/SQS ApproximateAgeOfOldestMessage of QueueName events-1 above 600, 1 x 60 s",
      "uploads-failing: Maximum Groundwork/Uploads FailingSeconds of FunctionName mover-1 above 600, 1 x 60 s",
    ]);
  });

  it("report malware in one of the buckets, and failed scans, if scanning is on", async () => {
    assert.equal(monitoring.events, undefined);
    const scanning = uploadsMonitoring({ ...watched, scannedBuckets: ["normal-1", "sensitive-1"] });
    const s3ObjectDetails = { bucketName: ["normal-1", "sensitive-1"] };
    const of = (type: string, detail: object) => ({
      source: ["aws.guardduty"],
      "detail-type": [`GuardDuty Malware Protection ${type}`],
      detail: { s3ObjectDetails, ...detail },
    });
    const scanned = (...scanResultStatus: string[]) =>
      of("Object Scan Result", { scanResultDetails: { scanResultStatus } });
    assert.deepEqual(await eventPatterns(scanning), {
      "uploads-malware": scanned("THREATS_FOUND"),
      "uploads-unscanned": scanned("ACCESS_DENIED", "FAILED"),
      "uploads-untagged": of("Post Scan Action Failed", {}),
    });
  });

  it("show moves, the queue and how long a batch takes", async () => {
    assert.deepEqual(await graphLines(monitoring), [
      "Uploads",
      "Moves",
      "  batches: Sum AWS/Lambda Invocations of FunctionName mover-1",
      "  failed batches: Sum AWS/Lambda Errors of FunctionName mover-1",
      "Waiting",
      "  seconds that the oldest waits: Maximum AWS/SQS ApproximateAgeOfOldestMessage of QueueName events-1",
      "  files: Maximum AWS/SQS ApproximateNumberOfMessagesVisible of QueueName events-1",
      "  given up: Maximum AWS/SQS ApproximateNumberOfMessagesVisible of QueueName dead-1",
      "Milliseconds of a batch",
      "  99 of 100: p99 AWS/Lambda Duration of FunctionName mover-1",
    ]);
  });
});
