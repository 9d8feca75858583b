import { axis, drawn, escaped, GAP, LEFT, PANEL, type Panel, STYLE, times, TOP, WIDTH } from "../chart";
import type { Moment, Outcome } from "./simulation/scenario";

const of = (moments: Moment[], name: string, look: string, value: (moment: Moment) => number) => ({
  name,
  look,
  // Minutes stand for seconds, so that the axis reads as hours and minutes.
  points: moments
    .filter(({ minute }) => minute % 5 === 0)
    .map((moment) => [moment.minute, value(moment)] as [number, number]),
});

/** The provisioner's queues over time, as an SVG: a day within its limits, one beyond them, and the hour of an outage. */
export function pictureOf(outcomes: Record<"raised" | "fewBuilds" | "events", Outcome>): string {
  const { raised, fewBuilds, events } = outcomes;
  const moving = ({ moments }: Outcome): Panel["lines"] => [
    of(moments, "stack is made", "a", ({ creating }) => creating),
    of(moments, "builds", "b", ({ building }) => building),
    of(moments, "waits to build", "c", ({ queued }) => queued),
  ];
  const panels: Panel[] = [
    { title: "10,000 projects in eight hours, 120 builds at once", unit: "", lines: moving(raised) },
    { title: "At the same pace, 60 builds at once", unit: "", lines: moving(fewBuilds) },
    {
      title: "10,000 that stand, nobody looks from 1:00 to 2:00",
      unit: "",
      lines: [
        of(events.moments, "overdue", "c", ({ overdue }) => overdue),
        of(
          events.moments,
          "on their way",
          "a",
          ({ creating, building, serving }) => creating + building + serving,
        ),
      ],
    },
  ];
  const minutes = raised.moments.at(-1)!.minute;
  const height = TOP + panels.length * (PANEL + GAP) + 20;
  const x = axis(minutes);
  const words = "Projects that wait, and for what, over hours";
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-labelledby="t d">`,
    `<title id="t">${words}</title>`,
    `<desc id="d">${panels.map(({ title }) => escaped(title)).join("; ")}.</desc>`,
    `<style>${STYLE}</style><rect class="bg" width="${WIDTH}" height="${height}"/>`,
    `<text class="t" x="${LEFT}" y="34">${words}</text>`,
    `<text x="${LEFT}" y="54">simulated by npm run scale, hours and minutes from the first request</text>`,
    ...panels.flatMap((panel, index) => drawn(panel, TOP + index * (PANEL + GAP), x)),
    ...times(minutes, height - 12),
    "</svg>\n",
  ].join("\n");
}
