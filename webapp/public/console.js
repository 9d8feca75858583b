import { ask } from "./console-api.js";
import { startForm } from "./console-form.js";
import { decisionCard, projectCard } from "./console-project.js";
import { startQuotas } from "./console-quotas.js";
import { byId, showProblem } from "./dom.js";
import { Refused } from "./ask.js";

/**
 * @import { PublicProject } from "../../functions/provisioner/public-project"
 * @import { Card } from "./console-project.js"
 */

const { email, admin } = byId("console").dataset;
/** The target in the address; an e-mail's link leads to a project, or to its decision. */
const wanted = new URLSearchParams(location.search);
const problem = byId("problem");

/**
 * How long the page waits between requests: briefly while a project's state may change, and longer the more time that takes, as everybody
 * behind one address shares the firewall's limit.
 */
const MOVING_MS = 2_000;
const MOVING_LONG_MS = 10_000;
const RESTING_MS = 15_000;

const current = cardList("projects", (project) => projectCard(project, refresh));
const past = cardList("past-projects", (project) => projectCard(project, refresh));
const decisions = cardList("decision-projects", (project) => decisionCard(project, email, refresh));

/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;
let refreshing = false;
/** When this page first saw something move. */
let movesSince = 0;

/** @param {boolean} moving */
function wait(moving) {
  if (!moving) {
    movesSince = 0;
    return RESTING_MS;
  }
  movesSince ||= Date.now();
  return Math.min(MOVING_LONG_MS, MOVING_MS + (Date.now() - movesSince) / 20);
}

/** Reads and shows everything that may have changed; repeats that while the page is visible. */
async function refresh() {
  clearTimeout(timer);
  if (refreshing) return;
  refreshing = true;
  let moving = false;
  try {
    const [quota, own, waiting] = await Promise.all([
      ask("GET", "/quota"),
      ask("GET", "/projects"),
      admin === "true" ? ask("GET", "/projects?waiting=1") : { projects: [] },
    ]);
    showQuota(quota);
    /** @type {PublicProject[]} */
    const projects = [
      ...own.projects,
      ...(await projectOfAnotherUnit([...own.projects, ...waiting.projects])),
    ];
    showProjects(projects, waiting.projects);
    moving = projects.some((project) => project.moving);
    showProblem(problem, "");
    leadToWanted();
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    showProblem(problem, error.message);
  } finally {
    refreshing = false;
    if (!document.hidden) timer = setTimeout(refresh, wait(moving));
  }
}

/**
 * An e-mail's link may lead an admin to another unit's project.
 * @param {PublicProject[]} known
 * @returns {Promise<PublicProject[]>}
 */
async function projectOfAnotherUnit(known) {
  const id = wanted.get("project");
  if (!id || known.some((one) => one.id === id)) return [];
  return ask("GET", `/projects/${encodeURIComponent(id)}`).then(
    (project) => [project],
    () => [],
  );
}

/**
 * @param {PublicProject[]} projects
 * @param {PublicProject[]} waiting
 */
function showProjects(projects, waiting) {
  current.show(withPreviews(projects.filter(({ over }) => !over)));
  past.show(projects.filter(({ over }) => over));
  decisions.show(waiting);
  byId("decisions").hidden = decisions.cards.size === 0;
  byId("past").hidden = past.cards.size === 0;
  byId("past-title").textContent = `Past projects (${past.cards.size})`;
  byId("empty").hidden = current.cards.size > 0;
  byId("empty").textContent = "None yet: request one below.";
}

/**
 * Sorts previews after their project; those of a deleted project come last.
 * @param {PublicProject[]} projects
 */
function withPreviews(projects) {
  const own = projects.filter(({ previewOf }) => !previewOf);
  const listed = own.flatMap((one) => [one, ...projects.filter(({ previewOf }) => previewOf === one.id)]);
  return [...listed, ...projects.filter((one) => !listed.includes(one))];
}

/**
 * A list that keeps each project's card, so that open cards and typed text stay.
 * @param {string} id
 * @param {(project: PublicProject) => Card} makeCard
 */
function cardList(id, makeCard) {
  const list = byId(id);
  /** @type {Map<string, Card>} */
  const cards = new Map();
  /** @param {PublicProject[]} projects */
  const show = (projects) => {
    const gone = new Map(cards);
    projects.forEach((project, index) => {
      const card = cards.get(project.id) ?? makeCard(project);
      cards.set(project.id, card);
      gone.delete(project.id);
      card.show(project);
      const there = list.children[index];
      if (there !== card.item) list.insertBefore(card.item, there ?? null);
    });
    for (const [goneId, { item }] of gone) {
      cards.delete(goneId);
      item.remove();
    }
  };
  return { cards, show };
}

/** @param {{ unit: string, quota: number, committed: number, reserved: number, left: number }} usage */
function showQuota({ unit, quota, committed, reserved, left }) {
  byId("unit").textContent = unit;
  byId("unassigned").hidden = unit !== "";
  byId("asking").hidden = unit === "";
  const nothing = quota === 0 && committed === 0 && reserved === 0;
  byId("quota").hidden = nothing;
  if (nothing) return;
  /** @param {number} value */
  const share = (value) => `${quota > 0 ? Math.min(100, (100 * value) / quota) : 0}%`;
  byId("quota-committed").style.width = share(committed);
  byId("quota-reserved").style.width = share(reserved);
  const spent = committed > 0 ? ` Your projects take ${committed} USD.` : "";
  const kept = reserved > 0 ? ` ${reserved} USD are set aside for those that are not ready yet.` : "";
  const words = `${left} of ${quota} USD a month are left.${spent}${kept}`;
  byId("quota-bar").setAttribute("aria-label", words);
  byId("quota-words").textContent = words;
}

/** Once, to the project in the address. A decision's link leads to its button. */
function leadToWanted() {
  const id = wanted.get("project");
  if (!id) return;
  wanted.delete("project");
  const card = [decisions, current, past].map(({ cards }) => cards.get(id)).find(Boolean);
  if (!card)
    return showProblem(
      problem,
      "The link leads to a project that no longer exists, or that you may not see.",
    );
  card.open();
  card.item.scrollIntoView({ block: "center" });
  const verdict = wanted.get("decide");
  const target = verdict === "approve" || verdict === "reject" ? `.${verdict}` : "summary";
  /** @type {HTMLElement | null} */ (card.item.querySelector(target))?.focus();
}

document.addEventListener("visibilitychange", () => {
  if (!document.hidden) void refresh();
});
startForm(refresh);
if (admin === "true") startQuotas(refresh);
void refresh();
