// Failures by a click, and what followed.
import { byId, element } from "./dom.js";
import { drawn, keyed, setText } from "./drawing.js";

/** @import { Live } from "../live" */
/** @typedef {Live["incidents"][number]} Incident */

const zone = byId("fail-zone", HTMLSelectElement);
const service = byId("fail-service", HTMLSelectElement);
const seconds = byId("fail-seconds", HTMLInputElement);
const said = byId("failure-said");

for (const button of document.querySelectorAll("button[data-fail]"))
  if (button instanceof HTMLButtonElement) button.addEventListener("click", () => void cause(button));

/** @param {HTMLButtonElement} button */
async function cause(button) {
  const what = button.dataset["fail"] ?? "";
  const body = new URLSearchParams({ what });
  if (what === "zone") body.set("name", zone.value);
  if (what === "throttle") {
    body.set("name", service.value);
    body.set("seconds", seconds.value);
  }
  button.disabled = true;
  try {
    const answer = await fetch("/sandbox/failures", { method: "POST", body });
    said.textContent = (await answer.text()).trim();
    said.classList.toggle("bad", !answer.ok);
  } catch {
    said.textContent = "The sandbox does not answer.";
    said.classList.add("bad");
  } finally {
    button.disabled = false;
  }
}

/** @param {Live} live */
export function drawFailures({ zones, services, throttled, incidents, servers, databases }) {
  offer(
    zone,
    zones.map(({ name }) => name),
  );
  offer(service, services, "dynamodb");
  byId("fail-by-zone").hidden = zones.length === 0;
  byId("fail-web").hidden = !servers.some(({ role }) => role === "web");
  byId("fail-database").hidden = databases.length === 0 && !servers.some(({ role }) => role === "database");
  setText(
    byId("throttled"),
    throttled.map(({ name, seconds: left }) => `${name} is throttled for another ${left} s.`).join(" "),
  );
  byId("no-incidents").hidden = incidents.length > 0;
  keyed(byId("incidents"), incidents, ({ began, title }) => `${began} ${title}`, makeIncident, setIncident);
  if (incidents[0]?.began === newest) return;
  newest = incidents[0]?.began;
  [...document.querySelectorAll(".incident details")].forEach((one, index) =>
    one.toggleAttribute("open", index === 0),
  );
}

/** When the last one began: the older ones are folded once there is another. @type {number | undefined} */
let newest;

/**
 * @param {HTMLSelectElement} select
 * @param {string[]} names
 * @param {string} [first] chosen to begin with
 */
function offer(select, names, first) {
  if ([...select.options].map(({ value }) => value).join() === names.join()) return;
  const before = select.value || first;
  select.replaceChildren(...names.map((name) => element("option", { value: name }, name)));
  if (before && names.includes(before)) select.value = before;
}

/** The words for a moment's kind, and its colour. */
const STAGES = {
  failure: "bad",
  detection: "wait",
  alarm: "wait",
  replacement: "ready",
  recovery: "good",
};

function makeIncident() {
  const scale = drawn("svg", { class: "scale", viewBox: "0 0 600 16", "aria-hidden": "true" });
  const story = element(
    "details",
    {},
    element("summary", {}, element("h3")),
    element("p", { className: "detail" }),
    scale,
    element("ol", { className: "moments" }),
  );
  return element("li", { className: "incident" }, story);
}

/**
 * @param {HTMLLIElement} made
 * @param {Incident} incident
 */
function setIncident(made, { title, began, over, moments }) {
  const [summary, when, scale, list] = made.firstElementChild?.children ?? [];
  const heading = summary?.firstElementChild;
  if (!heading || !when || !scale || !list) return;
  setText(heading, title);
  const time = new Date(began).toLocaleTimeString();
  setText(
    when,
    over === undefined ? `${time}, not over yet` : `${time}, over after ${inSeconds(over - began)}`,
  );
  const sorted = [...moments].sort((a, b) => a.at - b.at);
  const end = Math.max(over ?? Date.now(), ...sorted.map(({ at }) => at));
  const x = (/** @type {number} */ at) => 8 + (Math.max(0, at - began) / Math.max(1, end - began)) * 584;
  scale.replaceChildren(
    drawn("line", { x1: 8, y1: 8, x2: 592, y2: 8 }),
    ...sorted.map(({ stage, at }) => drawn("circle", { class: STAGES[stage], cx: x(at), cy: 8, r: 6 })),
  );
  keyed(
    list,
    sorted.map((moment, index) => ({ ...moment, since: moment.at - (sorted[index - 1]?.at ?? began) })),
    ({ stage, words }) => `${stage} ${words}`,
    () =>
      element(
        "li",
        {},
        element("span", { className: "at" }),
        element("span", { className: "badge" }),
        element("span", { className: "words" }),
      ),
    (item, { stage, words, at, since }) => {
      const [offset, badge, text] = item.children;
      if (!offset || !badge || !text) return;
      setText(offset, `${inSeconds(at - began)}${since >= 100 ? ` (+${inSeconds(since)})` : ""}`);
      badge.className = `badge ${STAGES[stage]}`;
      setText(badge, stage);
      setText(text, words);
    },
  );
}

/** @param {number} milliseconds */
const inSeconds = (milliseconds) => `${(Math.max(0, milliseconds) / 1000).toFixed(1)} s`;
