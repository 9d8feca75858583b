import { html, type Html } from "./html";

export interface PageOptions {
  title: string;
  visitor?: Visitor;
  /** The path of the page, which marks its link in the header. */
  path?: string;
  script?: string;
  /** Beside those that all pages share. @default those of the pages of a person */
  styles?: string[];
  description?: string;
}

/** Who looks at a page, and which parts of the platform they may use: the header links to nothing else. */
export interface Visitor {
  person?: { email: string; /** The token that the logout form sends. */ form: string };
  files?: boolean;
  projects?: boolean;
  logIn?: boolean;
  signUp?: boolean;
}

/** A whole page around its content. */
export function page(options: PageOptions, content: Html): string {
  const { title, visitor = {}, path, script, styles = ["account.css"], description } = options;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        ${description && html`<meta name="description" content="${description}" />`}
        <title>${title === "Groundwork" ? title : `${title} · Groundwork`}</title>
        <link rel="icon" href="/assets/favicon.svg" type="image/svg+xml" />
        <link rel="stylesheet" href="/assets/base.css" />
        ${styles.map((style) => html`<link rel="stylesheet" href="/assets/${style}" />`)}
        ${script && html`<script type="module" src="/assets/${script}"></script>`}
      </head>
      <body>
        <a class="skip" href="#main">Skip to the content</a>
        ${header(visitor, path)}
        <main id="main">${content}</main>
      </body>
    </html>`.text;
}

/** The header of every page. */
const header = ({ person, files, projects, logIn, signUp }: Visitor, path?: string): Html => {
  const link = (href: string, text: string, title?: string) =>
    html`<a href="${href}" ${title && html`title="${title}"`} ${href === path && html`aria-current="page"`}
      >${text}</a
    >`;
  return html`<header class="bar">
    <a class="brand" href="/">
      <svg viewBox="0 0 32 32" width="26" height="26" aria-hidden="true">
        <path d="M3 26h26M6 26v-6h8v6M18 26V14h8v12M10 20v-8h8" />
      </svg>
      Groundwork
    </a>
    ${
      person
        ? html`<nav aria-label="Main">
            ${files && link("/home", "Files")} ${projects && link("/console", "Projects")}
            ${link("/account", "Account", person.email)}
            <form method="post" action="/logout">
              <input type="hidden" name="form" value="${person.form}" />
              <button class="quiet">Log out</button>
            </form>
          </nav>`
        : logIn &&
          html`<nav aria-label="Main">
            ${link("/login", "Log in")} ${signUp && link("/signup", "Sign up")}
          </nav>`
    }
  </header>`;
};
