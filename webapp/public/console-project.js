import { actionRow, actionsOf } from "./console-actions.js";
import { ask } from "./console-api.js";
import { factsOf, planOf, stagesOf } from "./console-facts.js";
import { logPanel } from "./console-log.js";
import { money, STATES } from "./console-words.js";
import { element } from "./dom.js";

/** @import { PublicProject } from "../../functions/provisioner/public-project" */

/**
 * The content of a project's card. `show` updates it.
 * @typedef {object} Body
 * @property {Node[]} nodes
 * @property {(project: PublicProject) => void} show
 * @property {() => void} [opened]
 */

/** @typedef {{ item: HTMLLIElement, show(project: PublicProject): void, open(): void }} Card */

/**
 * A project's line in a list, which opens to its body.
 * @param {string} id
 * @param {Body} body
 * @param {{ open?: boolean }} options
 * @returns {Card}
 */
function card(id, body, { open = false } = {}) {
  const summary = element("summary");
  const details = element("details", { open }, summary, element("div", { className: "body" }, ...body.nodes));
  const item = element("li", {}, details);
  item.dataset.id = id;
  details.addEventListener("toggle", () => details.open && body.opened?.());
  return {
    item,
    show(project) {
      item.dataset.state = project.state;
      item.classList.toggle("preview", project.previewOf !== undefined);
      summary.replaceChildren(...headline(project));
      body.show(project);
    },
    open() {
      details.open = true;
      const past = item.parentElement?.closest("details");
      if (past) past.open = true;
    },
  };
}

/**
 * What a moving project waits for, if that may take long.
 * @param {Pick<PublicProject, "state" | "step" | "queued" | "queuePlace">} project
 */
function waitOf({ state, step, queued, queuePlace }) {
  if (state === "running" && step === "approve") return "waits for approval";
  if (step !== "deliver" || !queued) return undefined;
  return queuePlace ? `waits to be built, number ${queuePlace} in the queue` : "waits for its turn to build";
}

/** @param {PublicProject} project */
function headline({
  name,
  environment,
  state,
  monthlyPrice,
  step,
  unit,
  queued,
  queuePlace,
  previewOf,
  branch,
}) {
  const { words, tone } = STATES[state] ?? { words: state, tone: "" };
  return [
    element("span", { className: "name" }, name),
    element("span", { className: "tag" }, previewOf ? `preview of ${branch}` : environment),
    element("span", { className: `tag state ${tone}` }, waitOf({ state, step, queued, queuePlace }) ?? words),
    element("span", { className: "cost", title: unit }, money(monthlyPrice)),
  ];
}

/**
 * A project with its stages, its facts and what can be done with it.
 * @param {PublicProject} project
 * @param {() => Promise<void>} refresh reloads the projects
 */
export function projectCard(project, refresh) {
  const stages = element("ol", { className: "stages" });
  const facts = element("dl", { className: "facts" });
  const log = element("pre", { className: "log", tabIndex: 0, hidden: true });
  log.setAttribute("aria-label", "The last lines of the build");
  const live = logPanel(project);
  const { row, problem, button } = actionRow(refresh);
  let latest = project;
  /** @type {import("./console-facts.js").CloudFormationStack | undefined} */
  let stack;
  const readStack = async () => {
    const read = await ask("GET", `/projects/${project.id}`).catch(() => ({}));
    stack = read.cloudFormation;
    log.textContent = read.logTail ?? "";
    log.hidden = !read.logTail;
    facts.replaceChildren(...factsOf(latest, stack));
  };
  let shownActions = "";
  /** Replaces the buttons only when they change: otherwise each refresh would take the focus from them. */
  const showActions = () => {
    const actions = actionsOf(latest);
    const labels = actions.map(({ label }) => label).join();
    if (labels === shownActions) return;
    shownActions = labels;
    row.replaceChildren(
      ...actions.map(({ label, className, act }) => button(label, className, () => act(latest))),
    );
  };
  return card(project.id, {
    nodes: [stages, facts, log, live, row, problem],
    opened: () => void readStack(),
    show(now) {
      if (now.state !== latest.state && !now.over) void readStack();
      latest = now;
      live.hidden = now.over;
      stages.replaceChildren(...stagesOf(now));
      facts.replaceChildren(...factsOf(now, stack));
      showActions();
    },
  });
}

/**
 * A project that waits for an admin's decision.
 * @param {PublicProject} project
 * @param {string | undefined} email whose decision it would be
 * @param {() => Promise<void>} refresh reloads the projects
 */
export function decisionCard({ id, askedBy }, email, refresh) {
  const facts = element("dl", { className: "facts" });
  const plan = element("ul", { className: "plan" });
  const comment = element("textarea", { rows: 2, maxLength: 500, id: `comment-${id}` });
  const label = element("label", { htmlFor: comment.id }, "Comment for the team");
  const { row, problem, button } = actionRow(refresh);
  /** @param {string} decision */
  const decide = (decision) => () =>
    ask("POST", `/projects/${id}/decision`, { decision, comment: comment.value });
  const own = askedBy === email;
  if (own)
    row.append(element("p", { className: "hint" }, "This is your own request: another admin must decide."));
  else
    row.append(
      button("Reject", "bad reject", decide("reject")),
      button("Approve", "primary approve", decide("approve")),
    );
  ask("GET", `/projects/${id}`).then(
    ({ parts }) => plan.replaceChildren(...planOf(parts)),
    () => {},
  );
  return card(
    id,
    {
      nodes: [facts, plan, ...(own ? [] : [label, comment]), row, problem],
      show: (now) => facts.replaceChildren(...factsOf(now)),
    },
    { open: true },
  );
}
