// Shows the output of servers and functions, and follows it; or a function's output in one call. Text stays text.
import { byId, element, showProblem } from "./dom.js";

/** As many as keep a page fast. */
const MOST = 2_000;
/** How long a call may take on Lambda, and how often the page asks for its log meanwhile. */
const LONGEST_CALL_MS = 15 * 60_000;
const AGAIN_MS = 2_000;

const lines = byId("lines");
const shown = byId("shown");
const search = new URLSearchParams(location.search);
const asked = search.getAll("of").filter((one) => one !== "");
const call = search.get("call");
const named = asked.join(", ");

byId("title").textContent = named ? `Logs of ${named}${call ? ", one call" : ""}` : "Logs";
document.title = `${named || "Logs"} · Groundwork sandbox`;
byId("of", HTMLInputElement).value = asked.join(" ");
byId("command").textContent = ["npm run sandbox -- logs -f", ...asked].join(" ");

for (const link of document.querySelectorAll("nav a"))
  if (link.getAttribute("href") === location.pathname + location.search)
    link.setAttribute("aria-current", "page");

void (call ? showCall(call) : follow());

/**
 * Its log is written when it ends.
 * @param {string} call
 */
async function showCall(call) {
  byId("lead").textContent = `Its output in the call ${call}, once that has ended.`;
  const query = new URLSearchParams([...asked.map((one) => ["of", one]), ["call", call]]);
  try {
    for (const end = Date.now() + LONGEST_CALL_MS; Date.now() < end;) {
      const answer = await fetch(`/sandbox/logs.txt?${query}`, { cache: "no-store" });
      const text = (await answer.text()).trim();
      if (!answer.ok) return showProblem(byId("problem"), text);
      if (text) return show(text.split("\n"));
      byId("nothing").textContent = "It said nothing, or the call is not over yet.";
      byId("nothing").hidden = false;
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
    }
  } catch {
    showProblem(byId("problem"), "The sandbox does not answer: load this page again once it runs.");
  }
}

async function follow() {
  try {
    const query = new URLSearchParams(asked.flatMap((one) => one.split(/\s+/)).map((one) => ["of", one]));
    const answer = await fetch(`/sandbox/logs.txt?${query}`, { cache: "no-store" });
    if (!answer.ok || !answer.body) return showProblem(byId("problem"), (await answer.text()).trim());
    byId("state").textContent = "Follows what is said.";
    byId("nothing").hidden = false;
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    for (;;) {
      const { value, done } = await reader.read();
      if (done) break;
      const whole = (rest + value).split("\n");
      rest = whole.pop() ?? "";
      show(whole);
    }
  } catch {
    // is told below
  }
  byId("state").textContent = "The sandbox does not answer any more: load this page again once it runs.";
}

/** @param {string[]} said */
function show(said) {
  const atEnd = shown.scrollHeight - shown.scrollTop - shown.clientHeight < 40;
  byId("nothing").hidden = true;
  lines.append(
    ...said.map((line) => {
      const [, time = "", source = "", text = line] = /^(\S*) {2,}(\S+) {2}(.*)$/.exec(line) ?? [];
      return element(
        "li",
        {},
        element("span", { className: "time" }, time),
        element("span", { className: "source" }, source),
        element("span", { className: "text" }, text),
      );
    }),
  );
  while (lines.childElementCount > MOST) lines.firstElementChild?.remove();
  if (atEnd) shown.scrollTop = shown.scrollHeight;
}
