import { ask, byId, el, money, Problem } from "./console-server.js";

export const MOVING = ["running", "updating", "deleting"];
export const OVER = ["rejected", "rolled-back", "deleted"];

const STATES = {
  running: "on its way",
  "needs-hands": "needs a person",
  "rolled-back": "taken back",
};
const STAGES = {
  reserve: "Quota reserved",
  approve: "Approval",
  create: "Stack",
  update: "Stack's update",
  deliver: "Content",
  finish: "Name and e-mail",
  keep: "Kept as it was",
  "undo finish": "Name taken back",
  "undo deliver": "Build stopped",
  "undo create": "Stack deleted",
  "undo reserve": "Quota released",
};
const DRIFTS = { IN_SYNC: ", as its template says", DRIFTED: ", changed by hand" };
const SERVERS = ["dynamic", "cms", "realtime"];

/** A project's line, which opens to its stages, its facts and what can be done; `show` brings it up to date. */
export function card(project, options) {
  const { deciding = false } = options;
  const body = el("div", { className: "body" });
  const summary = el("summary");
  const details = el("details", { open: deciding }, summary, body);
  const item = el("li", {}, details);
  item.dataset.id = project.id;
  const parts = deciding ? decisionParts(project, options) : projectParts(project, options);
  body.append(...parts.elements);
  item.show = (now) => {
    item.dataset.state = now.state;
    summary.replaceChildren(...headline(now));
    parts.show(now, details.open);
  };
  item.open = () => {
    details.open = true;
    const outer = item.closest("details#past");
    if (outer) outer.open = true;
  };
  details.addEventListener("toggle", () => details.open && parts.opened?.());
  return item;
}

const headline = ({ name, environment, state, monthlyPrice, step, unit }) => [
  el("span", { className: "name" }, name),
  el("span", { className: "tag" }, environment),
  el(
    "span",
    { className: `tag state ${state}` },
    state === "running" && step === "approve" ? "waits for approval" : (STATES[state] ?? state),
  ),
  el("span", { className: "cost", title: unit }, money(monthlyPrice)),
];

function projectParts(project, { look }) {
  const stages = el("ol", { className: "stages" });
  const facts = el("dl", { className: "facts" });
  const actions = el("div", { className: "actions" });
  const { run, said } = runner(actions, look);
  let stack;
  let latest = project;
  const opened = async () => {
    const { cloudFormation } = await ask("GET", `/projects/${project.id}`).catch(() => ({}));
    stack = cloudFormation;
    facts.replaceChildren(...factsOf(latest, stack));
  };
  let buttons = "";
  return {
    elements: [stages, facts, actions, said],
    opened: () => void opened(),
    show(now) {
      if (now.state !== latest.state && !OVER.includes(now.state)) void opened();
      latest = now;
      stages.replaceChildren(...stagesOf(now));
      facts.replaceChildren(...factsOf(now, stack));
      // Only when they change: else the focus would be lost at every look.
      const wanted = actionsOf(now);
      if (buttons === wanted.map(([label]) => label).join()) return;
      buttons = wanted.map(([label]) => label).join();
      actions.replaceChildren(
        ...wanted.map(([label, act, className = "quiet"]) =>
          el("button", { type: "button", className, onclick: () => run(() => act(latest)) }, label),
        ),
      );
    },
  };
}

function actionsOf({ id, state, type, environment }) {
  const change = (body) => () => ask("PATCH", `/projects/${id}`, body);
  const runbook = (name) => () => ask("POST", `/projects/${id}/runbook`, { name });
  const all = [];
  if (state === "ready") all.push(["Build again", change({ rebuild: true })]);
  if (state === "ready" && SERVERS.includes(type))
    all.push(["Restart", runbook("restart")], ["Patch", runbook("patch")]);
  if (environment === "dev" && (state === "ready" || state === "frozen"))
    all.push(["Extend", change({ extend: true })]);
  if (state === "running") all.push(["Cancel", removed, "bad"]);
  else if (!OVER.includes(state) && !MOVING.includes(state)) all.push(["Delete", removed, "bad"]);
  return all;
}

/** Asks for the name first. */
function removed({ id, name, state }) {
  const dialog = byId("remove");
  const typed = byId("remove-typed");
  const yes = byId("remove-yes");
  byId("remove-title").textContent = state === "running" ? "Cancel this project?" : "Delete this project?";
  byId("remove-name").textContent = name;
  typed.value = "";
  yes.disabled = true;
  typed.oninput = () => (yes.disabled = typed.value !== name);
  byId("remove-not").onclick = () => dialog.close("no");
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve, reject) => {
    dialog.onclose = () =>
      dialog.returnValue === "yes" && typed.value === name
        ? ask("DELETE", `/projects/${id}`).then(resolve, reject)
        : resolve();
  });
}

function decisionParts(project, { email, look }) {
  const facts = el("dl", { className: "facts" });
  const plan = el("ul", { className: "plan" });
  const comment = el("textarea", { rows: 2, maxLength: 500, id: `comment-${project.id}` });
  const actions = el("div", { className: "actions" });
  const { run, said } = runner(actions, look);
  const decide = (decision) => () =>
    ask("POST", `/projects/${project.id}/decision`, { decision, comment: comment.value });
  const button = (label, className, decision) =>
    el("button", { type: "button", className, onclick: () => run(decide(decision)) }, label);
  const own = project.askedBy === email;
  if (own) actions.append(el("p", { className: "hint" }, "It is yours: another admin has to decide."));
  else actions.append(button("Reject", "bad reject", "reject"), button("Approve", "approve", "approve"));
  ask("GET", `/projects/${project.id}`).then(
    ({ resources }) => plan.replaceChildren(...planOf(resources)),
    () => {},
  );
  return {
    elements: [
      facts,
      plan,
      ...(own ? [] : [el("label", { htmlFor: comment.id }, "Comment for the team"), comment]),
      actions,
      said,
    ],
    show: (now) => facts.replaceChildren(...factsOf(now)),
  };
}

export const planOf = (resources) =>
  Object.entries(resources).map(([type, count]) => el("li", {}, `${count} × ${type.replace("::", " ")}`));

/** Runs what a button does, once at a time; says what was refused, and looks what has become of it. */
function runner(actions, look) {
  const said = el("p", { className: "problem", hidden: true });
  said.setAttribute("role", "alert");
  const run = async (act) => {
    const buttons = actions.querySelectorAll("button");
    for (const one of buttons) one.disabled = true;
    said.hidden = true;
    try {
      await act();
      await look();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      said.textContent = error.message;
      said.hidden = false;
    } finally {
      for (const one of buttons) one.disabled = false;
    }
  };
  return { run, said };
}

const time = (at) => new Date(at).toLocaleTimeString();
const SIGNS = { running: "…", done: "✓", failed: "✗" };

function stagesOf({ stages }) {
  return Object.entries(stages)
    .sort(([, a], [, b]) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))
    .map(([stage, { state, at, endedAt, reason }]) =>
      el(
        "li",
        { className: state },
        el("span", { className: "sign", ariaHidden: "true" }, SIGNS[state]),
        el("span", {}, STAGES[stage] ?? stage),
        el("span", { className: "when" }, `${time(at)}${endedAt ? ` – ${time(endedAt)}` : `, ${state}`}`),
        reason ? el("span", { className: "reason" }, reason) : "",
      ),
    );
}

function factsOf(project, stack) {
  const { url, type, stack: built, repository, branch, unit, ownerEmail, failure, decision } = project;
  const { expiresAt, logUrl } = project;
  const link = (href) => el("a", { href, rel: "noreferrer" }, href);
  const facts = [
    ["Address", url && link(url)],
    ["What went wrong", failure && `${failure.step}: ${failure.reason}`],
    ["Kind", `${type}, ${built}`],
    ["Repository", `${repository}, ${branch}`],
    ["Asked for by", `${ownerEmail}, ${unit}`],
    [
      "Decision",
      decision &&
        `${decision.verdict === "approve" ? "approved" : "rejected"} by ${decision.by}${decision.comment && `: ${decision.comment}`}`,
    ],
    ["Kept until", expiresAt && new Date(expiresAt).toLocaleDateString()],
    ["Build's log", logUrl && link(logUrl)],
    ["Stack", stack && `${stack.status}${DRIFTS[stack.drift] ?? ""}`],
  ];
  return facts
    .filter(([, value]) => value)
    .flatMap(([label, value]) => [el("dt", {}, label), el("dd", {}, value)]);
}
