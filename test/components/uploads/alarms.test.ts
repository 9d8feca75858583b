import { strict as assert } from "node:assert";
import { uploadsMonitoring } from "../../../components/uploads/alarms";
import { alarmLines, graphLines } from "../monitoring-lines";

const watched = {
  moverName: "mover-1",
  queueUrl: "https://sqs.eu-west-1.amazonaws.com/123456789012/events-1",
  deadLetterUrl: "https://sqs.eu-west-1.amazonaws.com/123456789012/dead-1",
  scannedBuckets: [],
};
const monitoring = uploadsMonitoring(watched);

describe("what uploads are watched for", () => {
  it("files that are given up, or wait ten minutes, by the queues' own names", async () => {
    assert.deepEqual(await alarmLines(monitoring), [
      "uploads-dead-letters: Maximum ApproximateNumberOfMessagesVisible of dead-1 above 0, 1 x 60 s",
      "uploads-late: Maximum ApproximateAgeOfOldestMessage of events-1 above 600, 1 x 60 s",
      "uploads-failing: Maximum FailingSeconds of mover-1 above 600, 1 x 60 s",
    ]);
  });

  it("malware in one of the buckets, and what was not scanned, where they are scanned", () => {
    assert.equal(monitoring.events, undefined);
    const { events } = uploadsMonitoring({ ...watched, scannedBuckets: ["normal-1", "sensitive-1"] });
    const s3ObjectDetails = { bucketName: ["normal-1", "sensitive-1"] };
    const of = (type: string, detail: object) => ({
      source: ["aws.guardduty"],
      "detail-type": [`GuardDuty Malware Protection ${type}`],
      detail: { s3ObjectDetails, ...detail },
    });
    const scanned = (...scanResultStatus: string[]) =>
      of("Object Scan Result", { scanResultDetails: { scanResultStatus } });
    assert.deepEqual(
      Object.entries(events!).map(([name, { pattern }]) => [name, pattern]),
      [
        ["uploads-malware", scanned("THREATS_FOUND")],
        ["uploads-unscanned", scanned("ACCESS_DENIED", "FAILED")],
        ["uploads-untagged", of("Post Scan Action Failed", {})],
      ],
    );
  });

  it("shows moves, what waits and how long a batch takes", () => {
    assert.deepEqual(graphLines(monitoring), [
      "Uploads",
      "Moves: batches, failed batches",
      "Waiting: seconds that the oldest waits, files, given up",
      "Milliseconds of a batch: 99 of 100",
    ]);
  });
});
