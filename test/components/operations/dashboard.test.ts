import { strict as assert } from "node:assert";
import { Dashboard } from "../../../components/operations/dashboard";
import { dashboardBody } from "../../../components/operations/dashboard-body";
import { Graph } from "../../../components/shared/monitoring";
import { run, valueOf } from "../../harness";

const graph = (title: string): Graph => ({
  title,
  lines: [{ namespace: "N", metricName: "M", dimensions: { D: "d" }, statistic: "Sum", label: "l" }],
});
const places = (body: ReturnType<typeof dashboardBody>) =>
  body.widgets.map((w) => [w.type, w.x, w.y, w.width, w.height]);

describe("the dashboard's layout", () => {
  it("puts the alarms on top, then each section below its title, three graphs side by side", () => {
    const body = dashboardBody(
      "eu-west-1",
      ["arn:1", "arn:2", "arn:3", "arn:4", "arn:5"],
      [
        { title: "One", graphs: ["a", "b", "c", "d"].map(graph) },
        { title: "Two", graphs: [graph("e")] },
      ],
    );
    assert.deepEqual(places(body), [
      ["alarm", 0, 0, 24, 3],
      ["text", 0, 3, 24, 1],
      ["metric", 0, 4, 8, 6],
      ["metric", 8, 4, 8, 6],
      ["metric", 16, 4, 8, 6],
      ["metric", 0, 10, 8, 6],
      ["text", 0, 16, 24, 1],
      ["metric", 0, 17, 8, 6],
    ]);
  });

  it("leaves out the alarms where there are none", () => {
    assert.deepEqual(places(dashboardBody("eu-west-1", [], [{ title: "One", graphs: [] }])), [
      ["text", 0, 0, 24, 1],
    ]);
  });

  it("draws a figure as CloudWatch writes it", () => {
    const { widgets } = dashboardBody("eu-west-1", [], [{ title: "One", graphs: [graph("a")] }]);
    assert.deepEqual(widgets[1]!.properties, {
      title: "a",
      region: "eu-west-1",
      view: "timeSeries",
      period: 60,
      yAxis: { left: { min: 0 } },
      metrics: [["N", "M", "D", "d", { stat: "Sum", label: "l" }]],
    });
  });
});

describe("Dashboard", () => {
  it("fills in what the stack made, and tells where it is", async () => {
    const { one, outputs } = await run(
      () =>
        new Dashboard("dashboard", {
          dashboardName: "groundwork-dev",
          alarmArns: ["arn:1"],
          monitoring: [{ dashboard: { title: "One", graphs: [graph("a")] } }, { alarms: {} }],
        }),
    );
    const { inputs } = one("cloudwatch/dashboard:Dashboard");
    const { widgets } = JSON.parse(inputs.dashboardBody);
    assert.equal(inputs.dashboardName, "groundwork-dev");
    assert.deepEqual(widgets[0].properties, { title: "Alarms", alarms: ["arn:1"] });
    assert.equal(widgets[2].properties.region, "eu-west-1");
    assert.equal(
      await valueOf(outputs.url),
      "https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1#dashboards:name=groundwork-dev",
    );
  });
});
