import { strict as assert } from "node:assert";
import { watchApi } from "../../../components/shared/rest-api-alarms";
import { watchUploads } from "../../../components/uploads/alarms";
import { watchWeb } from "../../../components/web/alarms";
import { Watch } from "../../../components/shared/monitoring";
import { run, valueOf } from "../../harness";

const shown = ({ section }: Watch) => [
  section!.title,
  ...section!.graphs.map(({ title, lines }) => `${title}: ${lines.map((line) => line.label).join(", ")}`),
];

describe("what an area shows of itself", () => {
  it("web: requests, times and servers", () => {
    assert.deepEqual(
      shown(watchWeb({ loadBalancer: "lb", targetGroup: "tg", groupName: "group", minSize: 2 })),
      [
        "Web",
        "Requests and errors: requests, 5xx of the app, 5xx of the load balancer, 4xx of the app",
        "Seconds to answer: half of them, 99 of 100",
        "Servers: healthy, unhealthy, CPU %",
      ],
    );
  });

  it("an API: requests and times", () => {
    assert.deepEqual(shown(watchApi("delivery", "delivery-1", "v1")), [
      "API: delivery",
      "Requests and errors: requests, 4xx, 5xx",
      "Milliseconds to answer: 99 of 100",
    ]);
  });

  const uploads = () =>
    watchUploads({
      moverName: "mover-1",
      queueUrl: "https://sqs.eu-west-1.amazonaws.com/123456789012/events-1",
      deadLetterUrl: "https://sqs.eu-west-1.amazonaws.com/123456789012/dead-1",
    });

  it("uploads: moves, what waits and how long a batch takes", () => {
    assert.deepEqual(shown(uploads()), [
      "Uploads",
      "Moves: batches, failed batches",
      "Waiting: seconds that the oldest waits, files, given up",
      "Milliseconds of a batch: 99 of 100",
    ]);
  });

  it("uploads: raises an alarm when a file waits ten minutes, by the queue's own name", async () => {
    const { outputs } = await run(async () => {
      const alarm = uploads().alarms!["uploads-late"]!;
      return {
        name: await valueOf(alarm.dimensions!.QueueName!),
        metric: alarm.metricName,
        threshold: alarm.threshold,
      };
    });
    assert.deepEqual(outputs, { name: "events-1", metric: "ApproximateAgeOfOldestMessage", threshold: 600 });
  });
});
