import type { Refusal } from "../refusal";
import { html } from "./html";
import { page, type Visitor } from "./layout";
import { sentence } from "./sentence";

/** What a person can do after a refusal. */
const ADVICE: Record<number, [title: string, advice: string]> = {
  401: ["Log in first", "Log in, then try again."],
  403: ["That did not work", "Go back, load the page again, and send it once more."],
  404: ["Nothing here", "Check the address, or begin at the first page."],
  413: ["Too large", "Go back and choose something smaller."],
  415: ["This kind of file cannot be stored", "Go back and choose a file of another kind."],
  429: ["Too many requests", "Wait a minute, then try again."],
  503: ["Not available right now", "Wait a moment, then load the page again."],
};

/** A refusal as a page, for a person who did not send the request by a script. */
export function refusalPage(
  { statusCode, message }: Refusal,
  requestId: string,
  visitor: Visitor = {},
): string {
  const [title, advice] = ADVICE[statusCode] ?? [
    statusCode < 500 ? "That did not work" : "Something went wrong",
    "Go back and try again.",
  ];
  return page(
    { title, visitor },
    html`<section class="card">
      <h1>${title}</h1>
      <p class="problem" role="alert">${sentence(message)}</p>
      <p>${advice}</p>
      <p class="hint">Request ${requestId}</p>
      <p class="links">
        <a href="/">First page</a>
        ${visitor.files && visitor.person && html`<a href="/home">Your files</a>`}
        ${visitor.logIn && !visitor.person && html`<a href="/login">Log in</a>`}
      </p>
    </section>`,
  );
}
