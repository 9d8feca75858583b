// Asks the sandbox every second and draws its answer. Text goes in as text: a mail's content is never markup.
import { drawCalls } from "./calls.js";
import { byId, element } from "./dom.js";
import { drawFailures } from "./failures.js";
import { drawPicture, serves } from "./picture.js";

/** @import { ActionState, Live } from "../live" */

const title = byId("title");
const filter = byId("filter", HTMLInputElement);
const lost = byId("lost");

/**
 * @param {string} href
 * @param {string} text
 */
const link = (href, text) => element("a", { href }, text);
/** @param {string} text */
const detail = (text) => element("div", { className: "detail" }, text);
/**
 * @param {string} tone
 * @param {string} words
 */
const badge = (tone, words) => element("span", { className: `badge ${tone}` }, words);
/** @param {...Node} parts */
const row = (...parts) => element("div", { className: "row" }, ...parts);
/** @param {string} text */
const strong = (text) => element("strong", {}, text);

/** @param {Live} live */
function drawHeader({ stack, url, projects, people, endpoints, resources, seconds, servers, traces }) {
  const healthy = servers.filter(serves).length;
  title.textContent =
    healthy === servers.length
      ? `The stack "${stack}" is up`
      : `${healthy} of ${servers.length} servers are healthy`;
  byId("lead").textContent =
    `${resources.length} resources, made in ${seconds.toFixed(1)} seconds on ${endpoints.ministack} and ${endpoints.moto}.`;
  byId("links").replaceChildren(
    link(url, "Open the site"),
    link("/sandbox/logs", "Logs"),
    ...(projects ? [link(projects, "Projects")] : []),
    link(`${url}/documentation`, "API documentation"),
    ...(traces ? [link(traces, "Traces")] : []),
  );
  byId("people").replaceChildren(
    ...people.map(({ email, password, group }) =>
      element(
        "li",
        {},
        element("span", { className: "role" }, group),
        element("code", {}, email),
        element("code", {}, password),
      ),
    ),
  );
}

/**
 * The words for what an action does, and their colour.
 * @type {Record<ActionState, { words: string, tone: "good" | "rest" | "wait" | "bad" }>}
 */
const ACTION = {
  NotStarted: { words: "not started", tone: "rest" },
  InProgress: { words: "under way", tone: "wait" },
  Succeeded: { words: "done", tone: "good" },
  Failed: { words: "failed", tone: "bad" },
  Abandoned: { words: "stopped", tone: "bad" },
};

let drawnPipelines = "";

/** @param {Live} live */
function drawDelivery({ pipelines, source }) {
  byId("delivery").hidden = pipelines.length === 0;
  byId("source").textContent = source ? `${source.folder} (${source.branch})` : "";
  const key = JSON.stringify(pipelines);
  if (key === drawnPipelines) return; // a focused element keeps the focus
  drawnPipelines = key;
  byId("pipelines").replaceChildren(
    ...pipelines.flatMap(({ stages }) =>
      stages.flatMap(({ name, actions }) => actions.map((action) => actionItem(name, action))),
    ),
  );
}

/**
 * @param {string} stage
 * @param {Live["pipelines"][number]["stages"][number]["actions"][number]} action
 */
function actionItem(stage, { name, status, words, log, approval }) {
  const { words: state, tone } = approval ? { words: "waits for you", tone: "wait" } : ACTION[status];
  const title = element(
    "span",
    {},
    element("span", { className: "role" }, stage),
    element("strong", {}, name),
  );
  return element(
    "li",
    {},
    row(title, badge(tone, state)),
    ...(words || log
      ? [element("div", { className: "detail" }, words, ...(log ? [" ", link(log, `Log of ${name}`)] : []))]
      : []),
    ...(approval
      ? [
          element(
            "p",
            { className: "verdicts" },
            verdict(approval, "approve", "Approve"),
            verdict(approval, "reject", "Reject"),
          ),
        ]
      : []),
  );
}

/**
 * @param {string} token
 * @param {"approve" | "reject"} verdict
 * @param {string} words
 */
function verdict(token, verdict, words) {
  const button = element("button", { type: "button", className: verdict }, words);
  button.addEventListener("click", () => {
    button.disabled = true;
    void fetch("/sandbox/approval", { method: "POST", body: new URLSearchParams({ token, verdict }) });
  });
  return button;
}

const APART =
  "A project's build runs its repository's code on this machine, isolated from your files and processes, but with your network access.";
const NOT_APART =
  "A project's build runs its repository's code on this machine, which cannot isolate it: it could read everything that you may read. Build only what you trust.";

/** @param {Live["docker"]} docker */
const dockerWords = (docker) =>
  "version" in docker
    ? `Docker ${docker.version} builds and runs the projects that stand on other than Node and Python.`
    : `Docker is not used: ${docker.because}. Projects that stand on other than Node and Python do not run.`;

/** @param {Live} live */
function drawStacks({ stacks, starters, apart, docker, projects }) {
  byId("projects").hidden = projects === undefined;
  byId("isolation").textContent = `${apart ? APART : NOT_APART} ${dockerWords(docker)}`;
  byId("starters").textContent = `${starters.address}NAME.git`;
  byId("starter-names").textContent = starters.names.join(", ");
  byId("stacks-count").textContent = String(stacks.length);
  byId("stacks").replaceChildren(
    ...stacks.map(({ name, status, project, machines }) => {
      const done = /^(CREATE|UPDATE)_COMPLETE$/.test(status);
      const tone = done ? "good" : status.endsWith("_IN_PROGRESS") ? "wait" : "bad";
      return element(
        "li",
        {},
        row(strong(project), badge(tone, status)),
        detail(machines ? `${name}, machines: ${machines}` : name),
      );
    }),
  );
}

/** @param {Live} live */
function drawMail({ mails }) {
  byId("mail-count").textContent = mails.length ? String(mails.length) : "";
  byId("no-mail").hidden = mails.length > 0;
  byId("mail").replaceChildren(
    ...mails.map(({ subject, at, to, text }) => {
      const time = element("span", { className: "detail" }, new Date(at).toLocaleTimeString());
      return element(
        "li",
        {},
        row(strong(subject), time),
        detail(`to ${to.join(", ")}`),
        element("p", { className: "text" }, ...withLinks(text)),
      );
    }),
  );
}

/**
 * A text in parts, with what looks like an address as a link.
 * @param {string} text
 */
const withLinks = (text) =>
  text.split(/(https?:\/\/[^\s"<>]+)/).map((part) => (/^https?:\/\//.test(part) ? link(part, part) : part));

let drawnResources = "";

/** @param {Live} live */
function drawResources({ resources }) {
  const wanted = filter.value.trim().toLowerCase();
  const key = `${wanted} ${resources.length}`;
  if (key === drawnResources) return;
  drawnResources = key;
  const found = resources.filter(({ type, name, id }) =>
    `${type} ${name} ${id}`.toLowerCase().includes(wanted),
  );
  byId("resources-count").textContent = String(found.length);
  const components = [...new Set(found.map(({ component }) => component))].sort();
  byId("resources").replaceChildren(
    ...components.map((component) => {
      const own = found.filter((one) => one.component === component);
      const count = element("span", { className: "count" }, String(own.length));
      const rows = own.sort((a, b) => a.type.localeCompare(b.type)).map(resourceRow);
      return element(
        "details",
        { open: wanted !== "" },
        element("summary", {}, component, count),
        element("table", {}, element("tbody", {}, ...rows)),
      );
    }),
  );
}

/** @param {Live["resources"][number]} resource */
function resourceRow({ type, name, id }) {
  const [service, kind] = [type.split("/")[0]?.replace("aws:", ""), type.split(":").pop()];
  return element(
    "tr",
    {},
    element("td", { className: "kind" }, `${service} ${kind}`),
    element("td", { className: "name" }, name),
    element("td", { className: "id" }, id),
  );
}

/** @type {Live | undefined} */
let last;

async function refresh() {
  const answer = await readLive();
  lost.hidden = answer !== undefined;
  setTimeout(refresh, 1000);
  if (!answer) return;
  const isFirst = last === undefined;
  last = answer;
  for (const draw of [
    drawHeader,
    drawPicture,
    drawFailures,
    drawCalls,
    drawDelivery,
    drawStacks,
    drawMail,
    drawResources,
  ])
    draw(last);
  if (isFirst) find();
}

/** @returns {Promise<Live | undefined>} undefined when the sandbox does not answer */
const readLive = () =>
  fetch("/sandbox/state.json?picture", { cache: "no-store" })
    .then((answer) => answer.json())
    .catch(() => undefined);

/** Shows the resources that a URL asks for: #find=WORDS. */
function find() {
  const [, words] = /^#find=(.*)$/.exec(location.hash) ?? [];
  if (words === undefined) return;
  filter.value = decodeURIComponent(words);
  if (last) drawResources(last);
  byId("found").scrollIntoView();
  filter.focus({ preventScroll: true });
}

window.addEventListener("hashchange", find);
window.addEventListener("resize", () => last && drawPicture(last));
filter.addEventListener("input", () => last && drawResources(last));
void refresh();
