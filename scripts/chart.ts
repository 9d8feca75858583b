import { clock } from "./load/clock";

export const WIDTH = 960;
export const LEFT = 70;
export const RIGHT = 24;
export const PANEL = 120;
export const GAP = 52;
export const TOP = 104;

export interface Line {
  name: string;
  /** A class of the style sheet below. */
  look: string;
  points: [at: number, value: number][];
  /** Holds its value until the next point, as a group's size does. */
  steps?: boolean;
}

export interface Panel {
  title: string;
  unit: string;
  lines: Line[];
  /** @default what the lines need */
  most?: number;
}

/** For both colour schemes. */
export const STYLE = `
text{font:12px system-ui,sans-serif;fill:#334155} .t{font-size:18px;font-weight:700;fill:#0f172a} .h{font-weight:600;fill:#0f172a}
.bg{fill:#fff} .load{fill:#f1f5f9} .grid{stroke:#e2e8f0} path{fill:none;stroke-width:2}
.a{stroke:#0369a1} .b{stroke:#b45309} .c{stroke:#b91c1c} .d{stroke:#64748b;stroke-dasharray:5 4}
.OK{fill:#15803d} .ALARM{fill:#b91c1c} .INSUFFICIENT_DATA{fill:#94a3b8}
@media (prefers-color-scheme:dark){text{fill:#cbd5e1} .t,.h{fill:#f1f5f9} .bg{fill:#0f172a} .load{fill:#1e293b} .grid{stroke:#334155}
.a{stroke:#38bdf8} .b{stroke:#fbbf24} .c{stroke:#f87171} .d{stroke:#94a3b8} .OK{fill:#22c55e} .ALARM{fill:#ef4444}}`;

/** The position of a moment on an axis of this many seconds. */
export const axis =
  (seconds: number) =>
  (at: number): number =>
    round(LEFT + (at / seconds) * (WIDTH - LEFT - RIGHT));

/** The axis' own labels. */
export const times = (seconds: number, bottom: number): string[] =>
  timesOf(seconds).map(
    (at) => `<text x="${axis(seconds)(at)}" y="${bottom}" text-anchor="middle">${clock(at)}</text>`,
  );

/** One panel of lines over time, with its scale and legend. */
export function drawn({ title, unit, lines, most }: Panel, top: number, x: (at: number) => number): string[] {
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
export const round = (value: number) => Math.round(value * 10) / 10;
export const escaped = (text: string) =>
  text.replace(/[<>&"]/g, (one) => ({ "<": "&lt;", ">": "&gt;", "&": "&amp;", '"': "&quot;" })[one]!);
