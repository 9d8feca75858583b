import { strict as assert } from "node:assert";
import { Dashboard } from "../../../components/operations/dashboard";
import { dashboardBody } from "../../../components/operations/dashboard-body";
import { Graph } from "../../../components/shared/monitoring";
import { run, valueOf } from "../../harness";
import { some } from "../../some";

const graph = (title: string): Graph => ({
  title,
  lines: [{ namespace: "N", metricName: "M", dimensions: { D: "d" }, statistic: "Sum", label: "l" }],
});
type Widget = ReturnType<typeof dashboardBody>["widgets"][number];
const WIDTH = 24; // CloudWatch's grid

/** Widgets from top to bottom, those side by side in one row. */
function rowsOf(widgets: Widget[]): Widget[][] {
  const tops = [...new Set(widgets.map(({ y }) => y))].sort((a, b) => a - b);
  return tops.map((top) => widgets.filter(({ y }) => y === top).sort((a, b) => a.x - b.x));
}
const named = ({ type, properties }: Widget): string =>
  type === "metric" ? String((properties as { title: string }).title) : type;

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
    const rows = rowsOf(body.widgets);
    assert.deepEqual(
      rows.map((row) => row.map(named)),
      [["alarm"], ["text"], ["a", "b", "c"], ["d"], ["text"], ["e"]],
    );
    // Each begins where the one beside it, and the row above it, ends; nothing lies over another.
    let bottom = 0;
    for (const row of some(rows)) {
      assert.deepEqual(
        row.map(({ x, y }) => [x, y]),
        row.map(({ width }, index) => [index * width, bottom]),
      );
      assert.equal(
        row.every(({ x, width }) => x + width <= WIDTH),
        true,
      );
      bottom += Math.max(...row.map(({ height }) => height));
    }
  });

  it("leaves out the alarms if there are none", () => {
    const { widgets } = dashboardBody("eu-west-1", [], [{ title: "One", graphs: [] }]);
    assert.deepEqual(
      widgets.map(({ type, y }) => [type, y]),
      [["text", 0]],
    );
  });

  it("draws a metric in CloudWatch's format", () => {
    const { widgets } = dashboardBody("eu-west-1", [], [{ title: "One", graphs: [graph("a")] }]);
    assert.deepEqual(widgets.find(({ type }) => type === "metric")!.properties, {
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
  it("shows what the stack created, and exposes its address", async () => {
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
    const of = (type: string) =>
      (widgets as Widget[]).filter((one) => one.type === type).map((one) => one.properties);
    assert.deepEqual(of("alarm"), [{ title: "Alarms", alarms: ["arn:1"] }]);
    assert.deepEqual(
      of("metric").map((properties) => (properties as { region: string }).region),
      ["eu-west-1"],
    );
    assert.equal(
      await valueOf(outputs.url),
      "https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1#dashboards:name=groundwork-dev",
    );
  });
});
