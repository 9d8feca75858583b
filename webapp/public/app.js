const byId = (id) => document.getElementById(id);
const PAGE = 20;
const seconds = (value) =>
  value < 1
    ? `${(value * 1000).toLocaleString("en", { maximumFractionDigits: 1 })} ms`
    : `${value.toFixed(2)} s`;

/** What a request was refused with, in the server's own words. */
class Refused extends Error {
  constructor({ message, field }) {
    super(message);
    this.field = field;
  }
}

async function ask(url, options = {}) {
  let response;
  try {
    response = await fetch(url, { ...options, headers: { accept: "application/json", ...options.headers } });
  } catch {
    throw new Refused({ message: "The server cannot be reached. Check the connection and try again." });
  }
  const body = await response.json().catch(() => ({}));
  if (!response.ok) throw new Refused({ message: `The server answered ${response.status}.`, ...body });
  return { body, next: /<([^>]+)>; rel="next"/.exec(response.headers.get("link") ?? "")?.[1] };
}

function element(tag, className, text) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  node.textContent = text;
  return node;
}

/** Disables a button while its work runs. */
async function busy(button, work) {
  button.disabled = true;
  try {
    await work();
  } finally {
    button.disabled = false;
  }
}

function showFieldError(input, message) {
  byId(`${input.id}-error`).textContent = message;
  if (message) input.setAttribute("aria-invalid", "true");
  else input.removeAttribute("aria-invalid");
}

// Who served me

const answers = new Map();

async function whoServed() {
  const { hostname } = (await ask("/")).body;
  answers.set(hostname, (answers.get(hostname) ?? 0) + 1);
  byId("host").textContent = hostname;
  showTally();
}

function showTally() {
  const total = [...answers.values()].reduce((sum, count) => sum + count, 0);
  const rows = [...answers].sort(([a], [b]) => a.localeCompare(b, "en", { numeric: true }));
  byId("tally").replaceChildren(
    ...rows.map(([hostname, count]) => {
      const row = document.createElement("li");
      row.append(element("span", "", hostname), element("span", "", `${count} of ${total}`));
      row.style.setProperty("--share", `${(count / total) * 100}%`);
      return row;
    }),
  );
}

const tellHost = (error) => void (byId("host").textContent = error.message);
byId("ask").addEventListener("click", ({ currentTarget }) =>
  busy(currentTarget, () => whoServed().catch(tellHost)),
);
byId("ask-many").addEventListener("click", ({ currentTarget }) =>
  busy(currentTarget, async () => {
    for (let n = 0; n < 20; n += 1) await whoServed().catch(tellHost);
  }),
);

// Who is signed in: where a stack has people, only they add users

let form;

async function showSession() {
  const { body } = await ask("/session").catch(() => ({ body: {} }));
  form = body.form;
  const links = body.email
    ? { "/home": "Your files", "/account": body.email }
    : body.signIn
      ? { "/login": "Log in", "/signup": "Sign up" }
      : {};
  byId("session").replaceChildren(
    ...Object.entries(links).map(([href, text]) => Object.assign(element("a", "", text), { href })),
  );
}

async function checkDatabase() {
  const badge = byId("database");
  const [state, text] = await ask("/health/ready").then(
    () => ["ready", "Database ready"],
    (error) => (/configured/.test(error.message) ? ["unknown", "No database"] : ["away", "Database away"]),
  );
  badge.dataset.state = state;
  badge.firstElementChild.textContent = text;
}

// Users

const people = byId("people");
let older;

function tellUsers(state, message) {
  const note = byId("users-message");
  note.dataset.state = state;
  note.textContent = message;
}

function personRow({ id, username, email }) {
  const row = document.createElement("li");
  row.append(
    element("span", "name", username),
    element("span", "mail", email),
    element("span", "id", `#${id}`),
  );
  return row;
}

async function listUsers(url) {
  try {
    const { body, next } = await ask(url);
    const rows = body.map(personRow);
    const isFirstPage = !url.includes("after=");
    if (isFirstPage)
      people.replaceChildren(
        ...(rows.length > 0 ? rows : [element("li", "none", "Nobody yet. Add the first user above.")]),
      );
    else people.append(...rows);
    older = next;
    byId("older").hidden = !next;
  } catch (error) {
    tellUsers("bad", error.message);
  }
}

byId("older").addEventListener("click", ({ currentTarget }) => busy(currentTarget, () => listUsers(older)));

byId("add").addEventListener("submit", (event) => {
  event.preventDefault();
  const card = event.currentTarget;
  const inputs = [card.elements.username, card.elements.email];
  inputs.forEach((input) => showFieldError(input, ""));
  tellUsers("", "");
  void busy(card.querySelector("[type=submit]"), async () => {
    const user = Object.fromEntries(inputs.map((input) => [input.name, input.value.trim()]));
    try {
      const { body } = await ask("/users", {
        method: "POST",
        headers: { "content-type": "application/json", ...(form && { "x-form-token": form }) },
        body: JSON.stringify(user),
      });
      card.reset();
      tellUsers("good", body.message);
      await listUsers(`/users?limit=${PAGE}`);
      inputs[0].focus();
    } catch (error) {
      const wrong = inputs.find((input) => input.name === error.field);
      if (!wrong) return tellUsers("bad", error.message);
      showFieldError(wrong, error.message);
      wrong.focus();
    }
  });
});

// Load

const number = byId("number");

function showVerdict(state, answer, detail) {
  const verdict = byId("verdict");
  verdict.dataset.state = state;
  verdict.querySelector(".answer").textContent = answer;
  verdict.querySelector(".detail").textContent = detail;
}

function addResult(text, time) {
  const results = byId("results");
  results.querySelector(".none")?.remove();
  const row = document.createElement("li");
  row.append(element("span", "", text), element("span", "", time));
  results.prepend(row);
  while (results.children.length > 5) results.lastElementChild.remove();
}

const compute = (value) => ask(`/load?number=${encodeURIComponent(value)}`);

async function computeOnce(value) {
  try {
    const { body } = await compute(value);
    const shown = body.number.toLocaleString("en");
    const time = seconds(body.processingTime);
    showVerdict(
      body.isPrime ? "prime" : "composite",
      `${shown} is ${body.isPrime ? "prime" : "not prime"}`,
      `Computed in ${time}.`,
    );
    addResult(`${shown} ${body.isPrime ? "prime" : "not prime"}`, time);
  } catch (error) {
    if (error.field === "number") {
      showFieldError(number, error.message);
      number.focus();
    } else showVerdict("refused", "Not computed", error.message);
  }
}

async function computeMany(value, count) {
  const start = performance.now();
  const all = await Promise.allSettled(Array.from({ length: count }, () => compute(value)));
  const refused = all.filter(({ status }) => status === "rejected");
  const time = seconds((performance.now() - start) / 1000);
  if (refused.length === count) return showVerdict("refused", "Not computed", refused[0].reason.message);
  const tail = refused.length > 0 ? ` ${refused.length} were refused: ${refused[0].reason.message}` : "";
  showVerdict(
    "composite",
    `${count - refused.length} of ${count} computed`,
    `All of them took ${time}.${tail}`,
  );
  addResult(`${count - refused.length} at once`, time);
}

byId("load").addEventListener("submit", (event) => {
  event.preventDefault();
  showFieldError(number, "");
  void busy(event.submitter ?? byId("compute-many"), () => computeOnce(number.value.trim()));
});
byId("compute-many").addEventListener("click", ({ currentTarget }) => {
  showFieldError(number, "");
  void busy(currentTarget, () => computeMany(number.value.trim(), 32));
});
document.querySelectorAll("[data-number]").forEach((chip) =>
  chip.addEventListener("click", () => {
    number.value = chip.dataset.number;
    showFieldError(number, "");
  }),
);

byId("results").replaceChildren(element("li", "none", "None yet."));
void whoServed().catch(tellHost);
void checkDatabase();
void showSession();
void listUsers(`/users?limit=${PAGE}`);
