// Asks for the traces every second and draws them. Text goes in as text: a path is never markup.
import { byId, element } from "./dom.js";
import { drawn } from "./drawing.js";

/** @import { Trace } from "../kept" */
/** @import { Segment } from "../segment" */

const filter = byId("filter", HTMLInputElement);
/** What the page shows now. */
let shown = "";

/** @param {Segment} part */
const kindOf = ({ origin, namespace }) =>
  origin?.replace(/^AWS::/, "").replaceAll("::", " ") ?? (namespace === "aws" ? "call to AWS" : "");

/** @param {Segment} part */
const nameOf = ({ name, aws, http }) =>
  [name, aws?.operation ?? http?.request?.method].filter(Boolean).join(" ");

/** @param {number} seconds */
const took = (seconds) => (seconds < 10 ? `${Math.round(seconds * 1000)} ms` : `${Math.round(seconds)} s`);

/**
 * Where a part lies in the time of the whole.
 * @param {number} from
 * @param {number} width
 */
function track(from, width) {
  const bar = drawn("rect", { x: from, width: Math.max(width, 0.5), height: 8 });
  const asWide = { viewBox: "0 0 100 8", preserveAspectRatio: "none", "aria-hidden": "true" };
  return drawn("svg", { class: "track", ...asWide }, bar);
}

/**
 * The parts as a tree from top to bottom, each with how deep it stands.
 * @param {Segment[]} parts
 * @returns {[Segment, number][]}
 */
function tree(parts) {
  const ids = new Set(parts.map(({ id }) => id));
  /** @type {(parent: string | undefined, depth: number) => [Segment, number][]} */
  const below = (parent, depth) =>
    parts
      .filter((one) => (one.parent_id && ids.has(one.parent_id) ? one.parent_id : undefined) === parent)
      .flatMap((one) => [[one, depth], ...below(one.id, depth + 1)]);
  return below(undefined, 0);
}

/** @param {Trace} trace */
function item({ id, segments }) {
  const now = Date.now() / 1000;
  const from = Math.min(...segments.map(({ start_time }) => start_time));
  const to = Math.max(...segments.map(({ end_time }) => end_time ?? now));
  const whole = Math.max(to - from, 0.001);
  const lines = tree(segments).map(([part, depth]) => {
    const { start_time, end_time, fault, error } = part;
    const seconds = (end_time ?? now) - start_time;
    const line = element(
      "li",
      { className: fault || error ? "part fault" : "part" },
      element(
        "span",
        { className: "name" },
        nameOf(part),
        " ",
        element(
          "span",
          { className: "kind" },
          [kindOf(part), fault ? "failed" : error ? "refused" : ""].filter(Boolean).join(", "),
        ),
      ),
      element("span", { className: "took" }, end_time ? took(seconds) : "goes on"),
      track(((start_time - from) / whole) * 100, (seconds / whole) * 100),
    );
    line.style.setProperty("--depth", String(depth));
    return line;
  });
  return element("li", {}, element("code", {}, id), element("ol", {}, ...lines));
}

/** @param {Trace[]} traces */
function draw(traces) {
  const wanted = filter.value.trim().toLowerCase();
  const fitting = traces.filter(({ id, segments }) =>
    [id, ...segments.map(nameOf)].some((text) => text.toLowerCase().includes(wanted)),
  );
  byId("none").hidden = traces.length > 0;
  byId("traces").replaceChildren(...fitting.map(item));
}

async function look() {
  try {
    const text = await (await fetch("/traces.json")).text();
    byId("lost").hidden = true;
    // A selection in the page is kept while nothing changes.
    if (text + filter.value !== shown) draw(JSON.parse(text));
    shown = text + filter.value;
  } catch {
    byId("lost").hidden = false;
  }
}

filter.addEventListener("input", () => void look());
setInterval(() => void look(), 1000);
void look();
