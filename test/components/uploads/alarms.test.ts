import { strict as assert } from "node:assert";
import { uploadsMonitoring } from "../../../components/uploads/alarms";
import { alarmLines, graphLines } from "../monitoring-lines";

const monitoring = uploadsMonitoring({
  moverName: "mover-1",
  queueUrl: "https://sqs.eu-west-1.amazonaws.com/123456789012/events-1",
  deadLetterUrl: "https://sqs.eu-west-1.amazonaws.com/123456789012/dead-1",
});

describe("what uploads are watched for", () => {
  it("files that are given up, or wait ten minutes, by the queues' own names", async () => {
    assert.deepEqual(await alarmLines(monitoring), [
      "uploads-dead-letters: Maximum ApproximateNumberOfMessagesVisible of dead-1 above 0, 1 x 60 s",
      "uploads-late: Maximum ApproximateAgeOfOldestMessage of events-1 above 600, 1 x 60 s",
    ]);
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
