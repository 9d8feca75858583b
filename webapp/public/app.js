import { byId, element, whileDisabled } from "./dom.js";
import { ask, Refused } from "./ask.js";
import { forPeople } from "./words.js";

const USERS_A_PAGE = 20;
const RESULTS_KEPT = 5;

/** @param {number} seconds */
const inWords = (seconds) =>
  seconds < 1
    ? `${(seconds * 1000).toLocaleString("en", { maximumFractionDigits: 1 })} ms`
    : `${seconds.toFixed(2)} s`;

/**
 * What the server refused; any other error is a fault of this page, and stays one.
 * @param {unknown} error
 */
function refusalIn(error) {
  if (error instanceof Refused) return error;
  throw error;
}

/**
 * @param {HTMLInputElement} input
 * @param {string} message empty when the field is right
 */
function showFieldError(input, message) {
  byId(`${input.id}-error`).textContent = message;
  if (message) input.setAttribute("aria-invalid", "true");
  else input.removeAttribute("aria-invalid");
}

// Who served this page

/** How many answers came from each server. @type {Map<string, number>} */
const answers = new Map();

async function askWhoServes() {
  try {
    const { hostname } = (await ask("GET", "/")).body;
    answers.set(hostname, (answers.get(hostname) ?? 0) + 1);
    byId("host").textContent = hostname;
    showAnswers();
  } catch (error) {
    byId("host").textContent = forPeople(refusalIn(error).message);
  }
}

function showAnswers() {
  const total = [...answers.values()].reduce((sum, count) => sum + count, 0);
  const rows = [...answers].sort(([a], [b]) => a.localeCompare(b, "en", { numeric: true }));
  byId("tally").replaceChildren(
    ...rows.map(([hostname, count]) => {
      const row = element(
        "li",
        {},
        element("span", {}, hostname),
        element("span", {}, `${count} of ${total}`),
      );
      row.style.setProperty("--share", `${(count / total) * 100}%`);
      return row;
    }),
  );
}

const askOnce = byId("ask", HTMLButtonElement);
askOnce.addEventListener("click", () => whileDisabled([askOnce], askWhoServes));
const askMany = byId("ask-many", HTMLButtonElement);
askMany.addEventListener("click", () =>
  whileDisabled([askMany], async () => {
    for (let n = 0; n < 20; n += 1) await askWhoServes();
  }),
);

// Whether the database answers; the page keeps asking, to show both a failover and its end

const ASK_AGAIN_MS = { ready: 20_000, away: 3_000, unknown: 20_000 };

async function checkDatabase() {
  const before = byId("database").dataset.state;
  const state = await databaseState();
  if (state !== before) {
    showDatabase(state);
    // What could not be listed before may work now.
    if (state === "ready" && before === "away") await listNewestUsers();
  }
  setTimeout(() => void checkDatabaseWhenSeen(), ASK_AGAIN_MS[state]);
}

/** A hidden page asks for nothing. */
function checkDatabaseWhenSeen() {
  if (!document.hidden) return void checkDatabase();
  document.addEventListener("visibilitychange", () => void checkDatabaseWhenSeen(), { once: true });
}

/** @returns {Promise<"ready" | "away" | "unknown">} */
async function databaseState() {
  try {
    await ask("GET", "/health/ready");
    return "ready";
  } catch (error) {
    return /configured/.test(refusalIn(error).message) ? "unknown" : "away";
  }
}

const DATABASE_WORDS = { ready: "Database ready", away: "Database away", unknown: "No database" };

/** @param {"ready" | "away" | "unknown"} state */
function showDatabase(state) {
  byId("database").dataset.state = state;
  byId("database-state").textContent = DATABASE_WORDS[state];
}

// Users: the page holds only the parts that this visitor may use

const form = byId("users").dataset.form || undefined;
const users = document.getElementById("people");
const older = document.getElementById("older");
/** The address of the next page. @type {string | undefined} */
let olderUsers;

/**
 * @param {"good" | "bad" | ""} state
 * @param {string} message
 */
function showUsersMessage(state, message) {
  const note = byId("users-message");
  note.dataset.state = state;
  note.textContent = message;
}

/** @param {{ id: number, username: string, email?: string }} user */
const userRow = ({ id, username, email }) =>
  element(
    "li",
    {},
    element("span", { className: "name" }, username),
    element("span", { className: "mail" }, email ?? ""),
    element("span", { className: "id" }, `#${id}`),
  );

async function listNewestUsers() {
  if (!users) return;
  await listUsers(`/users?limit=${USERS_A_PAGE}`, (rows) => {
    const nobody = element(
      "li",
      { className: "none" },
      newUser ? "Nobody yet. Add the first user above." : "Nobody yet.",
    );
    users.replaceChildren(...(rows.length > 0 ? rows : [nobody]));
  });
}

/**
 * @param {string} url
 * @param {(rows: HTMLLIElement[]) => void} show
 */
async function listUsers(url, show) {
  try {
    const { body, next } = await ask("GET", url);
    show(body.map(userRow));
    olderUsers = next;
    if (older) older.hidden = !next;
    if (byId("users-message").dataset.state === "bad") showUsersMessage("", "");
  } catch (error) {
    showUsersMessage("bad", forPeople(refusalIn(error).message));
  }
}

if (older instanceof HTMLButtonElement)
  older.addEventListener("click", () =>
    whileDisabled([older], async () => {
      if (olderUsers) await listUsers(olderUsers, (rows) => users?.append(...rows));
    }),
  );

const newUser = document.querySelector("form#add");
if (newUser instanceof HTMLFormElement) {
  const inputs = [byId("username", HTMLInputElement), byId("email", HTMLInputElement)];
  newUser.addEventListener("submit", (event) => {
    event.preventDefault();
    void whileDisabled([byId("add-user", HTMLButtonElement)], () => addUser(newUser, inputs));
  });
}

/**
 * @param {HTMLFormElement} newUser
 * @param {HTMLInputElement[]} newUserInputs
 */
async function addUser(newUser, newUserInputs) {
  newUserInputs.forEach((input) => showFieldError(input, ""));
  showUsersMessage("", "");
  const body = Object.fromEntries(newUserInputs.map((input) => [input.name, input.value.trim()]));
  try {
    const answer = await ask("POST", "/users", { body, form });
    newUser.reset();
    showUsersMessage("good", forPeople(answer.body.message));
    await listNewestUsers();
    newUserInputs[0]?.focus();
  } catch (error) {
    const { field, message } = refusalIn(error);
    const wrong = newUserInputs.find((input) => input.name === field);
    if (!wrong) return showUsersMessage("bad", forPeople(message));
    showFieldError(wrong, forPeople(message));
    wrong.focus();
  }
}

// Load

const number = byId("number", HTMLInputElement);
const results = byId("results");
const nothingComputed = element("li", { className: "none" }, "None yet.");

/**
 * @param {"prime" | "composite" | "refused"} state
 * @param {string} answer
 * @param {string} detail
 */
function showVerdict(state, answer, detail) {
  byId("verdict").dataset.state = state;
  byId("verdict-answer").textContent = answer;
  byId("verdict-detail").textContent = detail;
}

/**
 * @param {string} text
 * @param {string} time
 */
function addResult(text, time) {
  nothingComputed.remove();
  results.prepend(element("li", {}, element("span", {}, text), element("span", {}, time)));
  while (results.children.length > RESULTS_KEPT) results.lastElementChild?.remove();
}

const compute = async () =>
  (await ask("GET", `/load?number=${encodeURIComponent(number.value.trim())}`)).body;

async function computeOnce() {
  try {
    const { number: computed, isPrime, processingTime } = await compute();
    const shown = computed.toLocaleString("en");
    const kind = isPrime ? "prime" : "not prime";
    const time = inWords(processingTime);
    showVerdict(isPrime ? "prime" : "composite", `${shown} is ${kind}`, `Computed in ${time}.`);
    addResult(`${shown} ${kind}`, time);
  } catch (error) {
    const { field, message } = refusalIn(error);
    if (field !== "number") return showVerdict("refused", "Not computed", forPeople(message));
    showFieldError(number, forPeople(message));
    number.focus();
  }
}

/** @param {number} count */
async function computeMany(count) {
  const start = performance.now();
  const outcomes = await Promise.allSettled(Array.from({ length: count }, compute));
  const refused = outcomes.flatMap((one) => (one.status === "rejected" ? [refusalIn(one.reason)] : []));
  const time = inWords((performance.now() - start) / 1000);
  const why = forPeople(refused[0]?.message ?? "");
  const computed = count - refused.length;
  if (computed === 0) return showVerdict("refused", "Not computed", why);
  const tail = refused.length > 0 ? ` ${refused.length} were refused: ${why}` : "";
  showVerdict("composite", `${computed} of ${count} computed`, `All of them took ${time}.${tail}`);
  addResult(`${computed} at once`, time);
}

const computeButton = byId("compute", HTMLButtonElement);
byId("load").addEventListener("submit", (event) => {
  event.preventDefault();
  showFieldError(number, "");
  void whileDisabled([computeButton], computeOnce);
});
const computeManyButton = byId("compute-many", HTMLButtonElement);
computeManyButton.addEventListener("click", () => {
  showFieldError(number, "");
  void whileDisabled([computeManyButton], () => computeMany(32));
});
for (const example of document.querySelectorAll("button[data-number]"))
  example.addEventListener("click", () => {
    number.value = /** @type {HTMLButtonElement} */ (example).dataset.number ?? "";
    showFieldError(number, "");
  });

results.replaceChildren(nothingComputed);
void askWhoServes();
void checkDatabase();
void listNewestUsers();
