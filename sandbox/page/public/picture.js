// The current stack, from the outside in. The sandbox's answer decides what it shows, the page's grid where things lie, and the lines
// between them follow that.
import { byId, element } from "./dom.js";
import { drawn, keyed, setText, svgById } from "./drawing.js";

/** @import { Health, Live } from "../live" */

/**
 * The words for a server's health, and its colour. `died` is what only this page sees: the process has ended, and no check
 * has noticed it yet.
 * @type {Record<Health | "died", { words: string, tone: "good" | "ready" | "wait" | "bad" }>}
 */
const HEALTH = {
  healthy: { words: "healthy", tone: "good" },
  initial: { words: "starting", tone: "wait" },
  draining: { words: "leaving", tone: "wait" },
  unhealthy: { words: "unhealthy", tone: "bad" },
  unused: { words: "not registered", tone: "wait" },
  died: { words: "died, not noticed yet", tone: "bad" },
  active: { words: "the writer", tone: "good" },
  passive: { words: "stands by", tone: "ready" },
  fencing: { words: "taking over: fences the other", tone: "wait" },
  starting: { words: "taking over: starts PostgreSQL", tone: "wait" },
  stopping: { words: "handing over", tone: "wait" },
};

/** @typedef {Live["servers"][number]} Server */

/** @param {Server} server */
const healthOf = ({ alive, health }) => HEALTH[!alive && isGood(health) ? "died" : health];
/** @param {Health} health */
const isGood = (health) => ["good", "ready"].includes(HEALTH[health].tone);
/** @param {Server} server */
export const serves = ({ alive, health }) => alive && isGood(health);

/** @param {string[]} of */
export const logsOf = (...of) => `/sandbox/logs?${new URLSearchParams(of.map((one) => ["of", one]))}`;
/** @param {string} name */
export const resourceOf = (name) => `#find=${encodeURIComponent(name)}`;

/** @param {Live} live */
export function drawPicture(live) {
  const [tone, words] = stateOf(live);
  setText(byId("lacks"), words);
  byId("lacks").className = `badge ${tone}`;
  drawBalancer(live);
  drawZones(live);
  drawBeside(live);
  drawLines(live);
}

/**
 * @param {Live} live
 * @returns {[tone: string, words: string]}
 */
function stateOf({ lacks, throttled }) {
  if (lacks) return ["bad", `Not whole: ${lacks}.`];
  if (throttled.length) return ["wait", `Throttled: ${throttled.map(({ name }) => name).join(", ")}.`];
  return ["good", "Everything that was declared exists and is healthy."];
}

/**
 * One item of the picture: a linked name, a state, a line of details.
 * @param {string} kind
 */
function makeNode(kind) {
  const node = element("li", { className: `node ${kind}` });
  node.append(
    element("span", { className: "badge" }),
    element("a", { className: "id" }),
    element("span", { className: "detail" }),
  );
  return node;
}

/**
 * @param {Element} node
 * @param {{ name: string, href: string, about: string, tone: string, state: string, detail: string }} shown
 */
function setNode(node, { name, href, about, tone, state, detail }) {
  const [badge, link, particulars] = node.children;
  if (!(link instanceof HTMLAnchorElement) || !badge || !particulars) return;
  if (badge.className !== `badge ${tone}`) badge.className = `badge ${tone}`;
  setText(badge, state);
  setText(link, name);
  if (link.getAttribute("href") !== href) link.href = href;
  if (link.getAttribute("aria-label") !== about) link.setAttribute("aria-label", about);
  setText(particulars, detail);
}

/**
 * @template One
 * @param {Element} list
 * @param {string} kind
 * @param {One[]} items
 * @param {(one: One) => string} keyOf
 * @param {(one: One) => { name: string, href: string, about: string, tone: string, state: string }} shownOf
 */
function drawNodes(list, kind, items, keyOf, shownOf) {
  const set = (/** @type {Element} */ node, /** @type {One} */ one) =>
    setNode(node, { detail: "", ...shownOf(one) });
  keyed(list, items, keyOf, () => makeNode(kind), set);
}

/** @param {Live} live */
function drawBalancer({ servers, traffic, resources, url }) {
  const balancers = resources.filter(({ type }) => type === "aws:lb/loadBalancer:LoadBalancer");
  byId("tier-balancer").hidden = balancers.length === 0;
  const web = servers.filter(({ role }) => role === "web");
  const healthy = web.filter(serves).length;
  drawNodes(
    byId("balancers"),
    "balancer",
    balancers,
    ({ id }) => id,
    ({ name }) => ({
      name,
      href: resourceOf(name),
      about: `${name}, the load balancer: its resource`,
      tone: healthy === 0 ? "bad" : healthy < web.length ? "wait" : "good",
      state: `${healthy} of ${web.length} servers are healthy`,
    }),
  );
  const site = byId("site", HTMLAnchorElement);
  setText(site, new URL(url).host);
  site.href = url;
  const lately = traffic.answered.slice(-10).reduce((sum, one) => sum + one, 0) / 10;
  const [all, bad] = [traffic.answered, traffic.failed].map((list) =>
    list.reduce((sum, one) => sum + one, 0),
  );
  setText(byId("rate"), `${rate(lately)} requests/s`);
  setText(byId("minute"), `${all} in the last minute, ${bad === 0 ? "none" : bad} failed`);
  drawTraffic(traffic);
}

/** A bar for each second: the answers, and the failed ones among them. @param {Live["traffic"]} traffic */
function drawTraffic({ answered, failed }) {
  const most = Math.max(5, ...answered);
  const height = (/** @type {number} */ count) => (count === 0 ? 0 : Math.max(1, (count / most) * 30));
  const bar = (/** @type {string} */ kind, /** @type {number} */ index, /** @type {number} */ count) =>
    drawn("rect", { class: kind, x: index * 4, y: 32 - height(count), width: 3, height: height(count) });
  svgById("traffic").replaceChildren(
    drawn("line", { x1: 0, y1: 32.5, x2: 240, y2: 32.5 }),
    ...answered.flatMap((count, index) => (count ? [bar("answered", index, count)] : [])),
    ...failed.flatMap((count, index) => (count ? [bar("failed", index, count)] : [])),
  );
}

/** @param {number} perSecond */
const rate = (perSecond) =>
  perSecond === 0 ? "0" : perSecond < 10 ? perSecond.toFixed(1) : perSecond.toFixed(0);

/** @param {Live} live */
function drawZones({ servers, zones, groups }) {
  const known = new Set(zones.map(({ name }) => name));
  const elsewhere = servers.filter(({ zone }) => !known.has(zone)).map(({ zone }) => zone);
  const all = [...zones, ...[...new Set(elsewhere)].map((name) => ({ name, downFor: 0 }))];
  byId("tier-zones").hidden = servers.length === 0;
  keyed(
    byId("zones"),
    all,
    ({ name }) => name,
    ({ name }) => {
      const title = element(
        "h4",
        {},
        element("span", {}, name || "no zone"),
        element("span", { className: "badge" }),
      );
      const [web, database] = ["web", "database"].map((role) =>
        element("ul", { className: `nodes ${role}` }),
      );
      return element(
        "li",
        { className: "zone" },
        title,
        /** @type {Node} */ (web),
        /** @type {Node} */ (database),
      );
    },
    (made, { name, downFor }) => {
      const badge = made.querySelector("h4 .badge");
      if (badge) {
        badge.className = downFor > 0 ? "badge bad" : "badge";
        setText(badge, downFor > 0 ? `cut off for ${downFor} s` : "");
      }
      made.classList.toggle("down", downFor > 0);
      for (const role of /** @type {const} */ (["web", "database"])) {
        const list = made.querySelector(`.${role}`);
        const own = servers.filter((one) => one.zone === name && one.role === role);
        if (list)
          keyed(
            list,
            own,
            ({ id }) => id,
            () => makeNode(role),
            setServer,
          );
      }
    },
  );
  setText(
    byId("groups"),
    groups
      .map(({ name, desired, minSize, maxSize }) => `${name}: ${desired} wanted, ${minSize} to ${maxSize}`)
      .join(" · "),
  );
}

/**
 * @param {Element} node
 * @param {Server} server
 */
function setServer(node, server) {
  const { id, role, port, pid, alive, reason, perSecond, inspector } = server;
  const { words, tone } = healthOf(server);
  const debug = inspector ? `, debugger at 127.0.0.1:${inspector}` : "";
  const process = alive ? `port ${port}, process ${pid}${debug}` : "its process is gone";
  const traffic = role === "web" && alive ? [`${rate(perSecond)} requests/s`] : [];
  node.setAttribute("data-server", id);
  node.setAttribute("data-tone", tone);
  setNode(node, {
    name: id,
    href: logsOf(id),
    about: `${id}, a ${role} server: its log`,
    tone,
    state: `${role}: ${words}`,
    detail: [...traffic, process, ...(reason ? [reason] : [])].join(" · "),
  });
}

/** @param {Live} live */
function drawBeside({ buckets, functions, pipelines, resources }) {
  byId("part-functions").hidden = functions.length === 0;
  byId("part-buckets").hidden = buckets.length === 0;
  byId("part-pipelines").hidden = pipelines.length === 0;
  drawNodes(
    byId("functions"),
    "function",
    functions,
    ({ id }) => id,
    ({ name, calls, lastAt }) => ({
      name,
      href: logsOf(name),
      about: `${name}, a function: its log`,
      tone: calls ? "good" : "rest",
      state: callsInWords(calls, lastAt),
    }),
  );
  drawNodes(
    byId("buckets"),
    "bucket",
    buckets,
    ({ id }) => id,
    ({ name, objects }) => ({
      name,
      href: resourceOf(name),
      about: `${name}, a bucket: its resource`,
      tone: objects ? "good" : "rest",
      state: objects === undefined ? "…" : `${objects} object${objects === 1 ? "" : "s"}`,
    }),
  );
  drawNodes(
    byId("pipeline-stages"),
    "stage",
    pipelines.flatMap(({ name, stages }) => stages.map((stage) => ({ pipeline: name, ...stage }))),
    ({ pipeline, name }) => `${pipeline} ${name}`,
    ({ name, actions }) => ({
      name,
      href: "#delivery",
      about: `${name}, a stage of the pipeline`,
      ...stageState(actions),
    }),
  );
  keyed(
    byId("also"),
    ALSO.map((one) => ({
      ...one,
      count: resources.filter(({ type }) => type.endsWith(`:${one.find}`)).length,
    })).filter(({ count }) => count > 0),
    ({ find }) => find,
    ({ find }) => element("li", {}, element("a", { href: resourceOf(`:${find}`) })),
    (item, { one, more, count }) => {
      if (item.firstElementChild) setText(item.firstElementChild, `${count} ${count === 1 ? one : more}`);
    },
  );
}

/**
 * @param {number | undefined} calls
 * @param {string | undefined} lastAt
 */
function callsInWords(calls, lastAt) {
  if (calls === undefined) return "…";
  if (calls === 0 || lastAt === undefined) return "no calls";
  return `${calls} call${calls === 1 ? "" : "s"}, last ${new Date(lastAt).toLocaleTimeString()}`;
}

/** A stack's other parts, and their names in the list of resources. */
const ALSO = [
  { find: "RestApi", one: "API", more: "APIs" },
  { find: "StateMachine", one: "state machine", more: "state machines" },
  { find: "Queue", one: "queue", more: "queues" },
  { find: "Table", one: "table", more: "tables" },
  { find: "Topic", one: "topic", more: "topics" },
  { find: "UserPool", one: "user pool", more: "user pools" },
  { find: "MetricAlarm", one: "alarm", more: "alarms" },
];

/**
 * @param {Live["pipelines"][number]["stages"][number]["actions"]} actions
 * @returns {{ tone: string, state: string }}
 */
function stageState(actions) {
  const is = (/** @type {string} */ status) => actions.some((one) => one.status === status);
  if (actions.some(({ approval }) => approval)) return { tone: "wait", state: "waits for you" };
  if (is("Failed") || is("Abandoned")) return { tone: "bad", state: "failed" };
  if (is("InProgress")) return { tone: "wait", state: "under way" };
  if (actions.length > 0 && actions.every(({ status }) => status === "Succeeded"))
    return { tone: "good", state: "done" };
  return { tone: "rest", state: "not started" };
}

/** From the load balancer to each web server, and from there to the database's writer. @param {Live} live */
function drawLines({ servers }) {
  const picture = byId("picture-map");
  const box = picture.getBoundingClientRect();
  const lines = svgById("lines");
  lines.setAttribute("viewBox", `0 0 ${box.width} ${box.height}`);
  const at = (/** @type {Element | null} */ node) => {
    const found = node?.getBoundingClientRect();
    if (!found) return undefined;
    const x = found.left - box.left + found.width / 2;
    return { x, top: found.top - box.top, bottom: found.bottom - box.top };
  };
  const nodeOf = (/** @type {string} */ id) => at(picture.querySelector(`[data-server="${id}"]`));
  const balancer = at(picture.querySelector(".balancer"));
  const web = servers.filter(({ role, alive }) => role === "web" && alive);
  const writer = servers.find(({ health, alive }) => health === "active" && alive);
  const target = writer && nodeOf(writer.id);
  const paths = web.flatMap((server) => {
    const node = nodeOf(server.id);
    if (!node) return [];
    const flow = server.health !== "healthy" ? "idle" : server.perSecond > 0 ? "flows" : "open";
    return [
      ...(balancer ? [line(flow, balancer.x, balancer.bottom, node.x, node.top)] : []),
      ...(target && server.health === "healthy"
        ? [line("open", node.x, node.bottom, target.x, target.top)]
        : []),
    ];
  });
  const key = paths.map(({ d, flow }) => `${flow} ${d}`).join();
  if (key === drawnLines) return; // otherwise what moves along them would restart every second
  drawnLines = key;
  lines.replaceChildren(...paths.map(({ d, flow }) => drawn("path", { class: flow, d })));
}

let drawnLines = "";

/**
 * @param {string} flow
 * @param {number} x1
 * @param {number} y1
 * @param {number} x2
 * @param {number} y2
 */
function line(flow, x1, y1, x2, y2) {
  const middle = (y1 + y2) / 2;
  const points = [x1, y1, x1, middle, x2, middle, x2, y2].map((one) => Math.round(one));
  return { flow, d: `M${points[0]} ${points[1]}C${points.slice(2).join(" ")}` };
}
