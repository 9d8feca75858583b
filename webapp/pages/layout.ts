import { html, type Html } from "./html";

export interface PageOptions {
  title: string;
  /** Who is signed in, with the token that the logout form sends. */
  person?: SignedIn;
  script?: string;
  style?: string;
}

export interface SignedIn {
  email: string;
  form: string;
  /** Whether the stack has projects to lead to. */
  projects?: boolean;
}

/** A whole page around its content. */
export function page({ title, person, script, style }: PageOptions, content: Html): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title} · Groundwork</title>
        <link rel="stylesheet" href="/assets/base.css" />
        <link rel="stylesheet" href="/assets/account.css" />
        ${style && html`<link rel="stylesheet" href="/assets/${style}" />`}
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

const signedIn = ({ email, form, projects }: SignedIn) =>
  html`<nav>
    ${projects && html`<a href="/home">Files</a><a href="/console">Projects</a>`}
    <a href="/account">${email}</a>
    <form method="post" action="/logout">
      <input type="hidden" name="form" value="${form}" />
      <button class="quiet">Log out</button>
    </form>
  </nav>`;
