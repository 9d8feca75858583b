import { domainOf } from "./console-domain.js";
import { DRIFTS, SIGNS, STACKS, STAGES, VERDICTS, WANTS } from "./console-words.js";
import { element } from "./dom.js";

/** @import { PublicProject } from "../../functions/provisioner/public-project" */

/** @typedef {{ status: string, drift: string }} CloudFormationStack */

/** @param {string} at */
const timeOf = (at) => new Date(at).toLocaleTimeString();

/**
 * A project's stages as lines, in their order.
 * @param {PublicProject} project
 */
export function stagesOf({ stages }) {
  return Object.entries(stages)
    .sort(([, a], [, b]) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))
    .map(([name, { state, at, endedAt, reason }]) =>
      element(
        "li",
        { className: state },
        element("span", { className: "sign", ariaHidden: "true" }, SIGNS[state]),
        element("span", {}, STAGES[/** @type {keyof typeof STAGES} */ (name)] ?? name),
        element(
          "span",
          { className: "when" },
          endedAt
            ? `${timeOf(at)} – ${timeOf(endedAt)}`
            : `${state === "running" ? "since " : ""}${timeOf(at)}`,
        ),
        ...(reason ? [element("span", { className: "reason" }, reason)] : []),
      ),
    );
}

/**
 * What is known about a project, as the terms and descriptions of a list.
 * @param {PublicProject} project
 * @param {CloudFormationStack} [stack]
 */
export function factsOf(project, stack) {
  const { url, type, stack: framework, repository, branch, unit, ownerEmail, failure } = project;
  const {
    decision,
    approved,
    expiresAt,
    logUrl,
    notified,
    healthPath,
    state,
    commit,
    nextPush,
    hook,
    releaseCommand,
  } = project;
  /** @type {[string, Node | string | undefined][]} */
  const facts = [
    ["Address", url && link(url)],
    ["Own domain", domainOf(project)],
    ["What went wrong", failure && `${STAGES[failure.step] ?? failure.step}: ${failure.reason}`],
    ["E-mail", notified && notified.refused],
    ["Kind", `${type}, ${framework}`],
    ["Repository", `${repository}, ${branch}`],
    ["Commit", commit && short(commit)],
    ["Builds next", nextPush && `${short(nextPush.commit)}, once the current run has ended`],
    ["Releases kept", releasesOf(project)],
    ["Deploys on push", hook && `since ${new Date(hook.at).toLocaleDateString()}, set up by ${hook.by}`],
    ["Previews", previewsOf(project)],
    ["Health path", healthPath],
    ["Before each release", releaseCommand],
    ["Requested by", `${ownerEmail}, ${unit}`],
    ["Would change", wantsOf(project)],
    ["Earlier decision", approved && approved.at !== decision?.at ? inWords(approved) : undefined],
    ["Decision", decision && inWords(decision)],
    ["Kept until", expiresAt && untilOf(expiresAt, state)],
    ["Build log", logUrl && link(logUrl, "The whole log, on AWS")],
    ["Stack", stack && `${STACKS[stack.status] ?? stack.status}${DRIFTS[stack.drift] ?? ""}`],
  ];
  return facts.flatMap(([term, fact]) => (fact ? [element("dt", {}, term), element("dd", {}, fact)] : []));
}

/**
 * What a person is asked to approve; of variables and secrets, only the names.
 * @param {PublicProject} project
 */
function wantsOf({ wants = {} }) {
  const lines = Object.entries(wants).map(([name, value]) => {
    const words = WANTS[/** @type {keyof typeof WANTS} */ (name)] ?? name;
    if (typeof value === "boolean") return element("li", {}, `${words}: ${value ? "yes" : "no"}`);
    const said = value && typeof value === "object" && !Array.isArray(value) ? Object.keys(value) : value;
    return element("li", {}, `${words}: ${Array.isArray(said) ? said.join(", ") || "none" : said || "none"}`);
  });
  return lines.length > 0 ? element("ul", { className: "releases" }, ...lines) : undefined;
}

/** @param {PublicProject} project */
function previewsOf({ previews, previewSecrets, hook }) {
  if (!previews) return undefined;
  const secrets = previewSecrets ? ", with the project's secrets" : "";
  return `of every other branch that is pushed${secrets}${hook ? "" : "; set up Deploy on push for it"}`;
}

/** As Git hosts show it. @param {string} commit */
const short = (commit) => commit.slice(0, 10);

/**
 * The releases that can run again, the running one first.
 * @param {PublicProject} project
 */
function releasesOf({ releases = [], commits = {}, template }) {
  if (releases.length < 2) return undefined;
  const kept = template === "server" ? "image" : "files";
  const list = releases.map((release, index) => {
    const commit = commits[release];
    const what = commit ? `commit ${short(commit)}` : `${kept} ${short(release.replace("sha256:", ""))}`;
    return element("li", {}, index === 0 ? `${what}, runs now` : what);
  });
  return element("ol", { className: "releases" }, ...list);
}

/**
 * @param {string} href
 * @param {string} words
 */
const link = (href, words = href) => element("a", { href, rel: "noreferrer" }, words);

/**
 * Includes the hour if the end is within a day.
 * @param {string} at
 * @param {PublicProject["state"]} state
 */
const untilOf = (at, state) =>
  state === "failed" ? new Date(at).toLocaleString() : new Date(at).toLocaleDateString();

/** @param {NonNullable<PublicProject["decision"]>} decision */
const inWords = ({ verdict, by, comment }) => `${VERDICTS[verdict]} by ${by}${comment && `: ${comment}`}`;

/**
 * The parts of a planned project, as the items of a list.
 * @param {string[]} parts in the API's words
 */
export const planOf = (parts) => parts.map((part) => element("li", {}, part));
