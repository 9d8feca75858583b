// Each call of a function: its trigger, its calls to AWS, its end. Asks only when there is something new.
import { byId, element } from "./dom.js";
import { keyed, setText } from "./drawing.js";

/** @import { Call, Live } from "../live" */

/** What is drawn, and from which calls. */
let drawn = -1;
let asking = false;

/** @param {Live} live */
export function drawCalls({ calls }) {
  if (calls === drawn || asking) return;
  asking = true;
  void fetch("/sandbox/calls.json", { cache: "no-store" })
    .then((answer) => answer.json())
    .then((/** @type {Call[]} */ list) => {
      draw(list);
      drawn = calls;
    })
    .catch(() => {}) // the page itself says that the sandbox does not answer
    .finally(() => (asking = false));
}

/** @param {Call[]} list */
function draw(list) {
  byId("calls-shown").hidden = list.length === 0;
  byId("no-calls").hidden = list.length > 0;
  keyed(byId("calls"), list, ({ id }) => id, make, set);
}

/** @param {Call} call */
function make({ id, name, at, woken }) {
  const time = new Date(at).toLocaleTimeString();
  const href = `/sandbox/logs?${new URLSearchParams({ of: name, call: id })}`;
  return element(
    "li",
    { className: "call" },
    element("span", { className: "time" }, time),
    element("a", { className: "id", href, ariaLabel: `${name} at ${time}: its log` }, name),
    element("span", { className: "woken" }, woken),
    element("span", { className: "took" }),
    element("span", { className: "badge" }),
    element("span", { className: "asked" }),
  );
}

/**
 * @param {Element} made
 * @param {Call} call
 */
function set(made, { ms, failed, answered, asked }) {
  const [took, badge, list] = [...made.children].slice(3);
  if (!took || !badge || !list) return;
  const bad = failed || (answered ?? 0) >= 500;
  const ended = answered ? String(answered) : failed ? "failed" : "done";
  setText(took, ms === undefined ? "" : ms < 10_000 ? `${Math.round(ms)} ms` : `${Math.round(ms / 1000)} s`);
  setText(badge, ms === undefined ? "runs" : ended);
  badge.className = `badge ${ms === undefined ? "wait" : bad ? "bad" : "good"}`;
  setText(list, inWords(asked));
}

/** Each service once, with its operations behind it. @param {Call["asked"]} asked */
const inWords = (asked) =>
  [...new Set(asked.map(({ service }) => service))]
    .map(
      (of) =>
        `${of} ${asked
          .filter(({ service }) => service === of)
          .map(operationInWords)
          .join(", ")}`,
    )
    .join(" · ");

/** @param {Call["asked"][number]} asked */
function operationInWords({ operation, times, failed }) {
  const often = times > 1 ? ` ×${times}` : "";
  return `${operation}${often}${failed ? ` (${times > 1 ? `${failed} ` : ""}failed)` : ""}`;
}
