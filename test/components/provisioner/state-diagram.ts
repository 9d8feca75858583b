// Draws the state machine from its definition; only where each state stands is written down here.
interface State {
  Type: string;
  Next?: string;
  Default?: string;
  Choices?: { Next: string }[];
  Catch?: { Next: string }[];
}

type Point = readonly [x: number, y: number];

const [WIDTH, HEIGHT, ROW, TOP] = [150, 38, 66, 90];
const COLUMNS = { keep: 95, update: 275, forth: 480, back: 760, hands: 990 };
const at = (column: keyof typeof COLUMNS, row: number): Point => [COLUMNS[column], TOP + row * ROW];

const PLACES: Record<string, Point> = {
  Start: at("forth", 0),
  Approve: at("forth", 1),
  "Approved?": at("forth", 2),
  Create: at("forth", 3),
  "Created?": at("forth", 4),
  Deliver: at("forth", 5),
  "Delivered?": at("forth", 6),
  Serve: at("forth", 7),
  "Serves?": at("forth", 8),
  Finish: at("forth", 9),
  "Finished?": at("forth", 10),
  Ready: at("forth", 11),
  Update: at("update", 3),
  "Updated?": at("update", 4),
  Keep: at("keep", 6),
  Kept: at("keep", 7),
  Undone: at("back", 1),
  "Undo reserve": at("back", 2),
  "Undo create": at("back", 4),
  "Undo deliver": at("back", 6),
  "Undo serve": at("back", 8),
  "Held?": at("back", 9),
  Hold: at("back", 10),
  Held: at("hands", 9),
  "Call a person": at("hands", 8),
  "Note it": at("hands", 7),
  "Needs attention": at("hands", 6),
};

const y = (row: number) => TOP + row * ROW;
const [LEFT, RIGHT] = [-WIDTH / 2, WIDTH / 2];
const { keep, update, forth, back, hands } = COLUMNS;

/** Arrows that do not simply go along a row or a column. */
const WAYS: Record<string, Point[]> = {
  "Start>Create": [
    [forth + RIGHT, y(0) + 8],
    [forth + 105, y(0) + 8],
    [forth + 105, y(3)],
    [forth + RIGHT, y(3)],
  ],
  "Start>Update": [
    [forth + LEFT, y(0)],
    [update - 20, y(0)],
    [update - 20, y(3) - HEIGHT / 2],
  ],
  "Start>Undo serve": [
    [forth + RIGHT, y(0) - 8],
    [forth + 135, y(0) - 8],
    [forth + 135, y(8) + 12],
    [back + LEFT, y(8) + 12],
  ],
  "Approved?>Undo serve": [
    [forth + RIGHT, y(2) + 10],
    [forth + 155, y(2) + 10],
    [forth + 155, y(8) - 2],
    [back + LEFT, y(8) - 2],
  ],
  "Approved?>Update": [
    [forth + LEFT, y(2) + 8],
    [update + 30, y(2) + 8],
    [update + 30, y(3) - HEIGHT / 2],
  ],
  "Approved?>Keep": [
    [forth + LEFT, y(2) - 8],
    [keep, y(2) - 8],
    [keep, y(6) - HEIGHT / 2],
  ],
  "Updated?>Keep": [
    [update - 20, y(4) + HEIGHT / 2],
    [update - 20, y(6) - 10],
    [keep + RIGHT, y(6) - 10],
  ],
  "Updated?>Deliver": [
    [update + 30, y(4) + HEIGHT / 2],
    [update + 30, y(5)],
    [forth + LEFT, y(5)],
  ],
  "Serves?>Keep": [
    [forth + LEFT, y(8)],
    [update + 20, y(8)],
    [update + 20, y(6) + 7],
    [keep + RIGHT, y(6) + 7],
  ],
  "Finished?>Keep": [
    [forth + LEFT, y(10)],
    [update - 20, y(10)],
    [update - 20, y(6) + 14],
    [keep + RIGHT, y(6) + 14],
  ],
  "Delivered?>Hold": [
    [forth + RIGHT, y(6)],
    [forth + 105, y(6)],
    [forth + 105, y(10) - 12],
    [back + LEFT, y(10) - 12],
  ],
  "Serves?>Hold": [
    [forth + RIGHT, y(8)],
    [forth + 90, y(8)],
    [forth + 90, y(10) - 3],
    [back + LEFT, y(10) - 3],
  ],
  "Finished?>Hold": [
    [forth + RIGHT, y(10) + 9],
    [back + LEFT, y(10) + 9],
  ],
  "Hold>Call a person": [
    [back + RIGHT, y(10)],
    [hands + 84, y(10)],
    [hands + 84, y(8) + 6],
    [hands + RIGHT, y(8) + 6],
  ],
  "Keep>Call a person": [
    [keep + LEFT, y(6)],
    [8, y(6)],
    [8, y(11.7)],
    [hands + 93, y(11.7)],
    [hands + 93, y(8) - 6],
    [hands + RIGHT, y(8) - 6],
  ],
  ...Object.fromEntries(
    [2, 4, 6].map((row, index) => [
      `${["Undo reserve", "Undo create", "Undo deliver"][index]}>Call a person`,
      [
        [back + RIGHT, y(row)],
        [back + 115, y(row)],
        [back + 115, y(8)],
        [hands + LEFT, y(8)],
      ] as Point[],
    ]),
  ),
};

function wayOf(from: string, to: string): readonly Point[] {
  const known = WAYS[`${from}>${to}`];
  if (known) return known;
  const [[x1, y1], [x2, y2]] = [PLACES[from]!, PLACES[to]!];
  if (x1 === x2)
    return [
      [x1, y1 + (Math.sign(y2 - y1) * HEIGHT) / 2],
      [x2, y2 - (Math.sign(y2 - y1) * HEIGHT) / 2],
    ];
  if (y1 === y2)
    return [
      [x1 + (Math.sign(x2 - x1) * WIDTH) / 2, y1],
      [x2 - (Math.sign(x2 - x1) * WIDTH) / 2, y2],
    ];
  throw new Error(`the arrow from ${from} to ${to} has no path in the drawing yet`);
}

function arrow(from: string, to: string): string {
  const kind = to === "Call a person" ? "fail" : /^(Undo|Keep$|Hold$)/.test(to) ? "back" : "go";
  const points = wayOf(from, to)
    .map((point) => point.join(","))
    .join(" ");
  return `<polyline class="${kind}" points="${points}" marker-end="url(#${kind})"><title>${from} to ${to}</title></polyline>`;
}

function box(name: string, { Type }: State): string {
  const place = PLACES[name];
  if (!place) throw new Error(`the state ${name} has no place in the drawing yet`);
  const [x, centre] = place;
  const kind = Type === "Choice" ? "choice" : Type === "Task" ? "task" : "end";
  const radius = Type === "Choice" ? HEIGHT / 2 : 6;
  return `<rect class="${kind}" x="${x - WIDTH / 2}" y="${centre - HEIGHT / 2}" width="${WIDTH}" height="${HEIGHT}" rx="${radius}"/><text x="${x}" y="${centre + 5}">${name}</text>`;
}

/** Where a state may lead, each once. */
export function nextOf({ Next, Default, Choices = [], Catch = [] }: State): string[] {
  const all = [Next, Default, ...Choices.map((one) => one.Next), ...Catch.map((one) => one.Next)];
  return [...new Set(all.filter((one) => one !== undefined))];
}

const COLOURS = { go: "#475569", back: "#b45309", fail: "#b91c1c" };

export function draw(states: Record<string, State>): string {
  const markers = Object.entries(COLOURS).map(
    ([id, colour]) =>
      `<marker id="${id}" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0L10 5L0 10z" fill="${colour}"/></marker>`,
  );
  const lines = Object.entries(COLOURS).map(
    ([id, colour]) => `.${id}{fill:none;stroke:${colour};stroke-width:1.6}`,
  );
  const arrows = Object.entries(states).flatMap(([from, state]) =>
    nextOf(state).map((to) => arrow(from, to)),
  );
  return `${[
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1090 890" role="img" aria-labelledby="title" font-family="system-ui, -apple-system, Segoe UI, Helvetica, Arial, sans-serif">',
    '<title id="title">The state machine of a project: forth in the middle, back on the right, what stays though it failed at the bottom, an update that failed on the left</title>',
    `<defs>${markers.join("")}</defs>`,
    `<style>${lines.join("")}.fail{stroke-dasharray:5 4}.ground{fill:#f8fafc}.task{fill:#fff7ed;stroke:#ea580c}.choice{fill:#fff;stroke:#64748b}.end{fill:#f0fdf4;stroke:#15803d;stroke-width:2}text{font-size:13px;fill:#0f172a;text-anchor:middle}.note{font-size:12px;fill:#475569;text-anchor:start}</style>`,
    '<rect class="ground" width="1090" height="890"/>',
    '<text class="note" x="20" y="34">Grey: yes, or the next. Brown: no, taken back in reverse or held. Red: a compensation failed five times.</text>',
    ...arrows,
    ...Object.entries(states).map(([name, state]) => box(name, state)),
    "</svg>",
  ].join("\n")}\n`;
}
