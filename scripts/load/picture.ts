import {
  axis,
  drawn,
  escaped,
  GAP,
  LEFT,
  type Line,
  PANEL,
  type Panel,
  round,
  STYLE,
  times,
  TOP,
  WIDTH,
} from "../chart";
import { Report } from "./report";

/** Load, latency, CPU, servers and alarms on one time axis, as an SVG. */
export function pictureOf(report: Report): string {
  const panels = panelsOf(report);
  const alarms = alarmsOf(report);
  const alarmsTop = TOP + panels.length * (PANEL + GAP);
  const height = alarmsTop + (alarms.length > 0 ? alarms.length * 22 + 24 : 0) + 40;
  const x = axis(report.seconds);
  const end = x(Math.min(report.loadSeconds, report.seconds));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-labelledby="t d">`,
    `<title id="t">${escaped(report.site)} under load</title>`,
    `<desc id="d">${report.clients} clients for ${Math.round(report.loadSeconds)} seconds: ${panels.map(({ title }) => title).join(", ")}${alarms.length > 0 ? ", alarms" : ""}, over time.</desc>`,
    `<style>${STYLE}</style><rect class="bg" width="${WIDTH}" height="${height}"/>`,
    `<text class="t" x="${LEFT}" y="34">${escaped(report.site)}</text>`,
    `<text x="${LEFT}" y="54">${report.clients} clients, ${escaped(report.started.slice(0, 16).replace("T", " "))} UTC; shaded while they ask</text>`,
    `<rect class="load" x="${LEFT}" y="${TOP - 6}" width="${round(end - LEFT)}" height="${height - TOP - 34}"/>`,
    ...panels.flatMap((panel, index) => drawn(panel, TOP + index * (PANEL + GAP), x)),
    ...(alarms.length > 0 ? [`<text class="h" x="${LEFT}" y="${alarmsTop + 10}">Alarms</text>`] : []),
    ...alarms.flatMap((alarm, index) => strip(alarm, alarmsTop + 20 + index * 22, x, report.seconds)),
    ...times(report.seconds, height - 12),
    "</svg>\n",
  ].join("\n");
}

function panelsOf({ stretches, group }: Report): Panel[] {
  const lineOf = (
    name: string,
    look: string,
    value: (one: (typeof stretches)[number]) => number | undefined,
  ) => ({
    name,
    look,
    points: stretches.flatMap((one): [number, number][] => {
      const y = value(one);
      return y === undefined ? [] : [[one.at, y]];
    }),
  });
  const seen = ({ points }: Line) => points.some(([, value]) => value > 0);
  return [
    {
      title: "Answers",
      unit: "a second",
      lines: [
        lineOf("served", "a", (one) => one.servedPerSecond),
        ...[
          lineOf("held back (429)", "b", (one) => one.heldBackPerSecond),
          lineOf("failed", "c", (one) => one.failedPerSecond),
        ].filter(seen),
      ],
    },
    {
      title: "Latency",
      unit: "ms",
      lines: [lineOf("p50", "a", (one) => one.p50Ms), lineOf("p99", "b", (one) => one.p99Ms)],
    },
    ...(group
      ? [
          {
            title: "CPU of the group",
            unit: "%",
            most: 100,
            lines: [
              {
                name: "average",
                look: "a",
                points: group.cpu.map(({ at, percent }) => [at, percent] as [number, number]),
              },
            ],
          },
          {
            title: "Servers",
            unit: "",
            // An even number, so that the middle of the scale is a whole number of servers, too.
            most:
              2 *
              Math.ceil(
                (Math.max(...group.looks.map(({ wanted, inService }) => Math.max(wanted, inService))) + 1) /
                  2,
              ),
            lines: [
              {
                name: "wanted",
                look: "d",
                steps: true,
                points: group.looks.map(({ at, wanted }) => [at, wanted] as [number, number]),
              },
              {
                name: "in service",
                look: "a",
                steps: true,
                points: group.looks.map(({ at, inService }) => [at, inService] as [number, number]),
              },
            ],
          },
        ]
      : []),
  ];
}

interface Alarm {
  name: string;
  /** Each state, from when it held. */
  states: { at: number; state: string }[];
}

function alarmsOf({ group }: Report): Alarm[] {
  const names = [...new Set(group?.looks.flatMap(({ alarms }) => Object.keys(alarms)))].sort();
  return names.map((name) => ({
    name,
    states: group!.looks
      .map(({ at, alarms }) => ({ at, state: alarms[name] ?? "INSUFFICIENT_DATA" }))
      .filter(({ state }, index, all) => state !== all[index - 1]?.state),
  }));
}

function strip({ name, states }: Alarm, top: number, x: (at: number) => number, seconds: number): string[] {
  return [
    ...states.map(({ at, state }, index) => {
      const until = states[index + 1]?.at ?? seconds;
      return `<rect class="${state}" x="${x(at)}" y="${top}" width="${round(x(until) - x(at))}" height="6"><title>${escaped(name)}: ${state}</title></rect>`;
    }),
    `<text x="${LEFT}" y="${top + 18}" font-size="11">${escaped(name)}</text>`,
  ];
}
