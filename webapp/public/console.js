import { ask, byId, Problem } from "./console-server.js";
import { card, MOVING, OVER } from "./console-project.js";
import { startForm } from "./console-form.js";

const { email, admin } = byId("console").dataset;
const wanted = new URLSearchParams(location.search);
const list = byId("projects");
const past = byId("past");
const decisions = byId("decisions");

/** How often the page looks again: often while something moves. */
const MOVING_MS = 2_000;
const RESTING_MS = 15_000;

let timer;
let looking = false;

/** Reads everything that may have changed and shows it; then again after a while, as long as the page is seen. */
async function look() {
  clearTimeout(timer);
  if (looking) return;
  looking = true;
  let moving = false;
  try {
    const [quota, own, waiting] = await Promise.all([
      ask("GET", "/quota"),
      ask("GET", "/projects"),
      admin === "true" ? ask("GET", "/projects?waiting=1") : { projects: [] },
    ]);
    showQuota(quota);
    const projects = [...own.projects, ...(await strayed([...own.projects, ...waiting.projects]))];
    show(
      list,
      projects.filter(({ state }) => !OVER.includes(state)),
    );
    show(
      past.querySelector("ul"),
      projects.filter(({ state }) => OVER.includes(state)),
    );
    show(decisions.querySelector("ul"), waiting.projects, { deciding: true, email });
    decisions.hidden = waiting.projects.length === 0;
    const over = past.querySelector("ul").children.length;
    past.hidden = over === 0;
    past.querySelector("summary").textContent = `Past projects (${over})`;
    byId("empty").hidden = list.children.length > 0;
    byId("empty").textContent = "None yet: ask for one below.";
    moving = projects.some(({ state }) => MOVING.includes(state));
    say("");
    leadTo();
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    say(error.message);
  } finally {
    looking = false;
    if (!document.hidden) timer = setTimeout(look, moving ? MOVING_MS : RESTING_MS);
  }
}

/** An e-mail's link may lead an admin to another unit's project. */
async function strayed(known) {
  const id = wanted.get("project");
  if (!id || known.some((one) => one.id === id)) return [];
  return ask("GET", `/projects/${encodeURIComponent(id)}`).then(
    (project) => [project],
    () => [],
  );
}

/** Keeps each project's card, so that what is open or being written stays so. */
function show(place, projects, options = {}) {
  const cards = new Map([...place.children].map((one) => [one.dataset.id, one]));
  projects.forEach((project, index) => {
    const one = cards.get(project.id) ?? card(project, { ...options, look });
    cards.delete(project.id);
    one.show(project);
    if (place.children[index] !== one) place.insertBefore(one, place.children[index] ?? null);
  });
  for (const gone of cards.values()) gone.remove();
}

function showQuota({ unit, quota, committed, reserved, left }) {
  byId("unit").textContent = unit;
  const nothing = quota === 0 && committed === 0 && reserved === 0;
  byId("quota").hidden = nothing;
  if (nothing) return;
  const share = (value) => `${quota > 0 ? Math.min(100, (100 * value) / quota) : 0}%`;
  const bar = byId("quota").querySelector(".bar-of-quota");
  bar.querySelector(".committed").style.width = share(committed);
  bar.querySelector(".reserved").style.width = share(reserved);
  const words = `${left} of ${quota} USD a month are left; projects cost ${committed}, and ${reserved} are reserved.`;
  bar.setAttribute("aria-label", words);
  byId("quota-words").textContent = words;
}

function say(text) {
  byId("problem").textContent = text;
  byId("problem").hidden = text === "";
}

/** Once, to the project that the address names; a decision's link leads to its buttons. */
function leadTo() {
  const id = wanted.get("project");
  const verdict = wanted.get("decide");
  if (!id) return;
  const one = document.querySelector(`li[data-id="${CSS.escape(id)}"]`);
  wanted.delete("project");
  if (!one) return say("The project that the link names is over, or is not yours to see.");
  one.open();
  one.scrollIntoView({ block: "center" });
  one
    .querySelector(verdict === "reject" ? ".reject" : verdict === "approve" ? ".approve" : "summary")
    ?.focus();
}

document.addEventListener("visibilitychange", () => {
  if (!document.hidden) void look();
});
startForm(look);
void look();
