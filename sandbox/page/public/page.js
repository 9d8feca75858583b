// Asks the sandbox every second and draws what it says. Text goes in as text: a mail's content is never markup.
const byId = (id) => document.getElementById(id);

function make(tag, className, text) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  return element;
}

function link(href, text) {
  const element = make("a", "", text);
  element.href = href;
  return element;
}

const HEALTH = {
  healthy: "healthy",
  initial: "starting",
  draining: "leaving",
  unhealthy: "unhealthy",
  unused: "not registered",
  died: "died, not noticed yet",
  active: "active",
  passive: "passive, ready to take over",
  fencing: "taking over: makes sure that the other is off",
  starting: "taking over: starts PostgreSQL",
  stopping: "handing over",
};
const SERVING = ["healthy", "active", "passive"];

function drawHeader({ stack, url, projects, people, endpoints, resources, seconds, servers }) {
  const healthy = servers.filter((one) => one.alive && SERVING.includes(one.health)).length;
  byId("title").textContent =
    healthy === servers.length
      ? `The stack "${stack}" is up`
      : `${healthy} of ${servers.length} servers are healthy`;
  byId("lead").textContent =
    `${resources.length} resources, made in ${seconds.toFixed(1)} seconds on ${endpoints.ministack} and ${endpoints.moto}.`;
  const links = [
    [url, "Open the site"],
    ...(projects ? [[projects, "Projects"]] : []),
    [`${url}/documentation`, "API documentation"],
  ];
  byId("links").replaceChildren(...links.map(([href, text]) => link(href, text)));
  byId("people").replaceChildren(
    ...people.map(({ email, password, group }) => {
      const item = make("li");
      item.append(make("span", "role", group), make("code", "", email), make("code", "", password));
      return item;
    }),
  );
}

function drawServers({ servers, groups }) {
  byId("servers-count").textContent = String(servers.length);
  byId("servers").replaceChildren(
    ...servers.map((one) => {
      const item = make("li");
      const row = make("div", "row");
      const health = one.alive || !SERVING.includes(one.health) ? one.health : "died";
      const who = make("span");
      who.append(make("span", "role", one.role), make("span", "id", one.id));
      row.append(who, make("span", `badge ${health}`, HEALTH[health] ?? health));
      const where = one.alive ? `port ${one.port}, process ${one.pid}` : "its process is gone";
      item.append(row, make("div", "detail", one.reason ? `${where}: ${one.reason}` : where));
      return item;
    }),
  );
  byId("groups").textContent = groups
    .map(({ name, desired, minSize, maxSize }) => `${name}: ${desired} wanted, ${minSize} to ${maxSize}`)
    .join(" · ");
}

function drawStacks({ stacks }) {
  byId("projects").hidden = stacks.length === 0;
  byId("stacks-count").textContent = String(stacks.length);
  byId("stacks").replaceChildren(
    ...stacks.map(({ name, status, project, machines }) => {
      const item = make("li");
      const row = make("div", "row");
      const done = /^(CREATE|UPDATE)_COMPLETE$/.test(status);
      const badge = done ? "healthy" : status.endsWith("_IN_PROGRESS") ? "initial" : "unhealthy";
      row.append(make("strong", "", project), make("span", `badge ${badge}`, status));
      item.append(row, make("div", "detail", machines ? `${name}, machines: ${machines}` : name));
      return item;
    }),
  );
}

function drawMail({ mails }) {
  byId("mail-count").textContent = mails.length ? String(mails.length) : "";
  byId("no-mail").hidden = mails.length > 0;
  byId("mail").replaceChildren(
    ...mails.map((one) => {
      const item = make("li");
      const row = make("div", "row");
      row.append(
        make("strong", "", one.subject),
        make("span", "detail", new Date(one.at).toLocaleTimeString()),
      );
      item.append(row, make("div", "detail", `to ${one.to.join(", ")}`), body(one.text));
      return item;
    }),
  );
}

/** The text, with what looks like an address as a link. */
function body(text) {
  const paragraph = make("p", "text");
  for (const part of text.split(/(https?:\/\/[^\s"<>]+)/)) {
    paragraph.append(/^https?:\/\//.test(part) ? link(part, part) : part);
  }
  return paragraph;
}

let drawnResources = "";

function drawResources({ resources }) {
  const wanted = byId("filter").value.trim().toLowerCase();
  const shown = resources.filter((one) => `${one.type} ${one.name} ${one.id}`.toLowerCase().includes(wanted));
  const key = `${wanted} ${resources.length}`;
  if (key === drawnResources) return;
  drawnResources = key;
  byId("resources-count").textContent = String(shown.length);
  const components = [...new Set(shown.map((one) => one.component))].sort();
  byId("resources").replaceChildren(
    ...components.map((component) => {
      const mine = shown.filter((one) => one.component === component);
      const details = make("details");
      details.open = wanted !== "";
      const summary = make("summary", "", component);
      summary.append(make("span", "count", String(mine.length)));
      const rows = make("tbody");
      for (const { type, name, id } of mine.sort((a, b) => a.type.localeCompare(b.type))) {
        const row = make("tr");
        row.append(make("td", "kind", type.split("/")[0].replace("aws:", "") + " " + type.split(":").pop()));
        row.append(make("td", "name", name), make("td", "id", id));
        rows.append(row);
      }
      const table = make("table");
      table.append(rows);
      details.append(summary, table);
      return details;
    }),
  );
}

let last;

async function look() {
  try {
    const answer = await fetch("/sandbox/state.json", { cache: "no-store" });
    last = await answer.json();
    byId("lost").hidden = true;
    drawHeader(last);
    drawServers(last);
    drawStacks(last);
    drawMail(last);
    drawResources(last);
  } catch {
    byId("lost").hidden = false;
  }
  setTimeout(look, 1000);
}

byId("filter").addEventListener("input", () => last && drawResources(last));
look();
