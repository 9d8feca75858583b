import { clock } from "./clock";
import { Report } from "./report";

const WIDTH = 960;
const LEFT = 70;
const RIGHT = 24;
const PANEL = 120;
const GAP = 52;
const TOP = 104;

interface Line {
  name: string;
  /** A class of the style sheet below. */
  look: string;
  points: [at: number, value: number][];
  /** Holds its value until the next point, as a group's size does. */
  steps?: boolean;
}

interface Panel {
  title: string;
  unit: string;
  lines: Line[];
  /** @default what the lines need */
  most?: number;
}

const STYLE = `
text{font:12px system-ui,sans-serif;fill:#334155} .t{font-size:18px;font-weight:700;fill:#0f172a} .h{font-weight:600;fill:#0f172a}
.bg{fill:#fff} .load{fill:#f1f5f9} .grid{stroke:#e2e8f0} path{fill:none;stroke-width:2}
.a{stroke:#0369a1} .b{stroke:#b45309} .c{stroke:#b91c1c} .d{stroke:#64748b;stroke-dasharray:5 4}
.OK{fill:#15803d} .ALARM{fill:#b91c1c} .INSUFFICIENT_DATA{fill:#94a3b8}
@media (prefers-color-scheme:dark){text{fill:#cbd5e1} .t,.h{fill:#f1f5f9} .bg{fill:#0f172a} .load{fill:#1e293b} .grid{stroke:#334155}
.a{stroke:#38bdf8} .b{stroke:#fbbf24} .c{stroke:#f87171} .d{stroke:#94a3b8} .OK{fill:#22c55e} .ALARM{fill:#ef4444}}`;

/** Load, latency, CPU, servers and alarms over one axis of time, as an SVG. */
export function pictureOf(report: Report): string {
  const panels = panelsOf(report);
  const alarms = alarmsOf(report);
  const alarmsTop = TOP + panels.length * (PANEL + GAP);
  const height = alarmsTop + (alarms.length > 0 ? alarms.length * 22 + 24 : 0) + 40;
  const x = (at: number) => round(LEFT + (at / report.seconds) * (WIDTH - LEFT - RIGHT));
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
    ...timesOf(report.seconds).map(
      (at) => `<text x="${x(at)}" y="${height - 12}" text-anchor="middle">${clock(at)}</text>`,
    ),
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
            // An even number, so that the middle of the scale is a number of servers, too.
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

function drawn({ title, unit, lines, most }: Panel, top: number, x: (at: number) => number): string[] {
  const highest = most ?? niceAbove(Math.max(1, ...lines.flatMap(({ points }) => points.map(([, y]) => y))));
  const y = (value: number) => round(top + PANEL - (Math.min(value, highest) / highest) * PANEL);
  const head = [title, unit].filter(Boolean).join(", ");
  const legend = lines.map(
    ({ name, look }, index) =>
      `<path class="${look}" d="M${560 + index * 130} ${top - 14}h18"/><text x="${584 + index * 130}" y="${top - 10}">${name}</text>`,
  );
  return [
    `<text class="h" x="${LEFT}" y="${top - 10}">${head}</text>`,
    ...legend,
    ...[0, highest / 2, highest].flatMap((value) => [
      `<path class="grid" d="M${LEFT} ${y(value)}H${WIDTH - RIGHT}"/>`,
      `<text x="${LEFT - 8}" y="${y(value) + 4}" text-anchor="end">${numberText(value)}</text>`,
    ]),
    ...lines
      .filter(({ points }) => points.length > 0)
      .map(({ look, points, steps, name }) => {
        const path = points.map(([at, value], index) =>
          index === 0 ? `M${x(at)} ${y(value)}` : steps ? `H${x(at)}V${y(value)}` : `L${x(at)} ${y(value)}`,
        );
        return `<path class="${look}" data-line="${name}" d="${path.join("")}"/>`;
      }),
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

function timesOf(seconds: number): number[] {
  const step = [5, 10, 30, 60, 120, 300, 600, 1_800, 3_600].find((one) => seconds / one <= 10) ?? 7_200;
  return Array.from({ length: Math.floor(seconds / step) + 1 }, (_, index) => index * step);
}

/** The next of 1, 2, 4, 5, 10, 20 ... that is as large. */
function niceAbove(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 4, 5, 10].map((one) => one * power).find((one) => one >= value)!;
}

const numberText = (value: number) =>
  value >= 10 || Number.isInteger(value) ? String(Math.round(value)) : value.toFixed(1);
const round = (value: number) => Math.round(value * 10) / 10;
const escaped = (text: string) =>
  text.replace(/[<>&"]/g, (one) => ({ "<": "&lt;", ">": "&gt;", "&": "&amp;", '"': "&quot;" })[one]!);
