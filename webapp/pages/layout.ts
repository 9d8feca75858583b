import { html, type Html } from "./html";

export interface PageOptions {
  title: string;
  /** Who is signed in, with the token that the logout form sends. */
  person?: { email: string; form: string };
  script?: string;
}

/** A whole page around its content. */
export function page({ title, person, script }: PageOptions, content: Html): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title} · Groundwork</title>
        <link rel="stylesheet" href="/assets/account.css" />
        ${script && html`<script type="module" src="/assets/${script}"></script>`}
      </head>
      <body>
        <header class="bar">
          <a class="brand" href="/">Groundwork</a>
          ${person ? signedIn(person) : html`<nav><a href="/login">Log in</a><a href="/signup">Sign up</a></nav>`}
        </header>
        <main>${content}</main>
      </body>
    </html>`.text;
}

const signedIn = ({ email, form }: { email: string; form: string }) =>
  html`<nav>
    <a href="/account">${email}</a>
    <form method="post" action="/logout">
      <input type="hidden" name="form" value="${form}" />
      <button class="quiet">Log out</button>
    </form>
  </nav>`;
