import { Refused } from "./ask.js";
import { ask } from "./console-api.js";
import { element } from "./dom.js";

/** @import { LogLine, PublicProject } from "../../functions/provisioner/public-project" */

/** The page asks less often the longer nothing is written, as everybody behind one address shares the firewall's limit. */
const SOON_MS = 2_000;
const LATER_MS = 10_000;
const DAY_MS = 24 * 60 * 60_000;
/** The most lines that a page shows: older ones are removed. */
const MOST = 2_000;

/**
 * Follows what a project's builds and servers write, while the log is open and the page is visible.
 * @param {Pick<PublicProject, "id" | "template">} project
 */
export function logPanel({ id, template }) {
  const lines = element("pre", { className: "log", tabIndex: 0, role: "log", ariaLive: "off" });
  const said = element("p", { className: "hint" });
  const build = element("button", { type: "button", className: "quiet" }, "Build");
  const servers = element("button", { type: "button", className: "quiet" }, "Servers");
  const longer = element("button", { type: "button", className: "quiet" }, "Servers, the whole day");
  const buttons = template === "server" ? [build, servers, longer] : [];
  const details = element(
    "details",
    { className: "live" },
    element("summary", {}, "Log"),
    element("div", { className: "actions" }, ...buttons),
    said,
    lines,
  );
  let of = "build";
  /** @type {string | undefined} */
  let since;
  let wait = SOON_MS;
  /** The time of each line that may arrive again. @type {Map<string, string>} */
  const known = new Map();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  let turn = 0;

  /** @param {LogLine[]} told */
  function show(told) {
    const atEnd = lines.scrollTop + lines.clientHeight >= lines.scrollHeight - 4;
    const fresh = told.filter((line) => !known.has(line.id));
    for (const line of fresh) {
      known.set(line.id, line.at);
      lines.append(`${new Date(line.at).toLocaleTimeString()} ${line.text}\n`);
    }
    while (lines.childNodes.length > MOST) lines.firstChild?.remove();
    if (atEnd) lines.scrollTop = lines.scrollHeight;
    wait = fresh.length > 0 ? SOON_MS : Math.min(LATER_MS, wait * 1.5);
  }

  async function follow() {
    clearTimeout(timer);
    const mine = ++turn;
    if (!details.open || !details.isConnected) return;
    let again = wait;
    if (!document.hidden)
      try {
        const query = new URLSearchParams({ of, ...(since && { since }) });
        const answer = await ask("GET", `/projects/${id}/logs?${query}`);
        if (mine !== turn) return;
        show(answer.lines);
        since = answer.next;
        for (const [line, at] of known) if (at < answer.next) known.delete(line);
        again = answer.more ? 0 : wait;
        said.textContent = lines.childNodes.length > 0 ? "" : NOTHING[of === "app" ? "app" : "build"];
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        if (mine !== turn) return;
        said.textContent = error.message;
        again = LATER_MS;
      }
    timer = setTimeout(() => void follow(), again);
  }

  /**
   * @param {HTMLButtonElement} button
   * @param {string} log
   * @param {string} [from]
   */
  function begin(button, log, from) {
    for (const each of buttons) each.ariaPressed = String(each === button);
    of = log;
    since = from;
    wait = SOON_MS;
    known.clear();
    lines.replaceChildren();
    lines.ariaLabel = log === "app" ? "What its servers write" : "What its build writes";
    void follow();
  }
  build.onclick = () => begin(build, "build");
  servers.onclick = () => begin(servers, "app");
  longer.onclick = () => begin(longer, "app", new Date(Date.now() - DAY_MS).toISOString());
  details.addEventListener("toggle", () => details.open && begin(build, "build"));
  return details;
}

const NOTHING = {
  build: "Its latest build has written nothing yet.",
  app: "Its servers have written nothing in this time.",
};
