import { html, type Html } from "./html";

export interface ConsoleOptions {
  form: string;
  email: string;
  admin: boolean;
}

/** The page of a business unit's projects; console.js fills it with the server's answers. */
export const consolePage = ({ form, email, admin }: ConsoleOptions): Html => html`
  <section
    class="card wide"
    id="console"
    data-form="${form}"
    data-email="${email}"
    data-admin="${String(admin)}"
  >
    <div class="row">
      <h1>Your projects</h1>
      <p id="unit" class="hint"></p>
    </div>
    <p id="unassigned" class="problem" hidden>
      You can ask for projects once an admin has given you a business unit and a quota.
    </p>
    <noscript
      ><p class="problem">This page needs JavaScript: turn it on, and load the page again.</p></noscript
    >
    <p id="problem" class="problem" role="alert" hidden></p>
    <div id="quota" hidden>
      <div id="quota-bar" role="img"><span id="quota-committed"></span><span id="quota-reserved"></span></div>
      <p id="quota-words" class="hint"></p>
    </div>
  </section>
  <section class="card wide" id="decisions" hidden>
    <h2>Waiting for a decision</h2>
    <ul id="decision-projects" class="projects"></ul>
  </section>
  <section class="card wide">
    <h2>Projects</h2>
    <p id="empty" class="hint">Loading …</p>
    <ul id="projects" class="projects"></ul>
    <details id="past" hidden>
      <summary id="past-title"></summary>
      <ul id="past-projects" class="projects"></ul>
    </details>
  </section>
  <section class="card wide" id="asking">${requestForm(email)}</section>
  ${admin ? quotas : ""}
  <dialog class="card wide" id="values" aria-labelledby="values-title">
    <form method="dialog" autocomplete="off">
      <h2 id="values-title"></h2>
      <p id="values-words"></p>
      <div id="values-fields" class="fields"></div>
      <p id="values-problem" class="problem" role="alert" hidden></p>
      <div class="actions">
        <button type="button" class="quiet" id="values-not">Cancel</button>
        <button class="primary" id="values-yes">Save</button>
      </div>
    </form>
  </dialog>
  <dialog class="card wide" id="hook" aria-labelledby="hook-title">
    <h2 id="hook-title"></h2>
    <p id="hook-words" role="status"></p>
    <div id="hook-made"></div>
    <form id="hook-previews" method="dialog" autocomplete="off">
      ${check("hook-shows", "Make a preview of every other branch that is pushed")}
      <p class="hint" id="hook-shows-hint">
        A development project of its own, with its price, for a few days after the last push. It ends with its
        branch. What a fork pushes never gets here.
      </p>
      <div id="hook-secrets-field">${check("hook-secrets", "Previews get the project's secrets, too")}</div>
      <div class="actions"><button class="quiet" id="hook-save">Save the previews' settings</button></div>
    </form>
    <p id="hook-problem" class="problem" role="alert" hidden></p>
    <div class="actions">
      <button type="button" class="bad" id="hook-end">Turn it off</button>
      <button type="button" class="quiet" id="hook-not">Cancel</button>
      <button type="button" class="primary" id="hook-make"></button>
    </div>
  </dialog>
  <dialog class="card wide" id="domain-dialog" aria-labelledby="domain-title">
    <form method="dialog" autocomplete="off">
      <h2 id="domain-title"></h2>
      <p id="domain-words"></p>
      <label for="domain-name">Domain</label>
      <input id="domain-name" name="domain" maxlength="64" placeholder="www.example.com" autocomplete="off" />
      <div id="domain-records"></div>
      <p id="domain-problem" class="problem" role="alert" hidden></p>
      <div class="actions">
        <button type="button" class="bad" id="domain-remove">Take it away</button>
        <button type="button" class="quiet" id="domain-not">Close</button>
        <button class="primary" id="domain-yes">Save</button>
      </div>
    </form>
  </dialog>
  <dialog class="card" id="correct" aria-labelledby="correct-title">
    <form method="dialog" autocomplete="off">
      <h2 id="correct-title"></h2>
      <p><strong id="correct-name"></strong> is built again. What was made for it stays.</p>
      ${correction("repository", "Repository to build", 500)} ${correction("branch", "Branch to build", 100)}
      ${correction("folder", "Folder of the built site", 200)}
      ${correction("healthPath", "Path that answers when it is well", 200)}
      ${correction("releaseCommand", "Command before each release", 500)}
      <p id="correct-problem" class="problem" role="alert" hidden></p>
      <div class="actions">
        <button type="button" class="quiet" id="correct-not">Not now</button>
        <button class="primary" id="correct-yes">Build it again</button>
      </div>
    </form>
  </dialog>
  <dialog class="card" id="remove" aria-labelledby="remove-title">
    <form method="dialog">
      <h2 id="remove-title">Delete this project?</h2>
      <p><span id="remove-words"></span> Type <strong id="remove-name"></strong> to confirm.</p>
      <label for="remove-typed">Name of the project</label>
      <input id="remove-typed" autocomplete="off" />
      <div class="actions">
        <button type="button" class="quiet" id="remove-not">Keep it</button>
        <button id="remove-yes" class="bad" value="yes" disabled>Delete it</button>
      </div>
    </form>
  </dialog>
`;

const quotas = html`
  <section class="card wide">
    <details id="quotas">
      <summary><h2>Quotas of units</h2></summary>
      <p id="quota-none" class="hint">No unit has asked for a project yet.</p>
      <ul id="quota-units" class="units"></ul>
      <form id="quota-form" autocomplete="off">
        <div class="fields">
          <div>
            <label for="quota-unit">Business unit</label>
            <input id="quota-unit" name="unit" required maxlength="64" />
          </div>
          <div>
            <label for="quota-amount">Quota in USD a month</label>
            <input
              id="quota-amount"
              name="quota"
              type="number"
              min="0"
              step="any"
              aria-describedby="quota-hint"
            />
            <p class="hint" id="quota-hint">
              For all of its projects together. Left empty, what stands with each person counts.
            </p>
          </div>
        </div>
        <p id="quota-problem" class="problem" role="alert" hidden></p>
        <div class="actions"><button class="primary" id="quota-set">Set the quota</button></div>
      </form>
    </details>
  </section>
`;

const correction = (name: string, label: string, longest: number) => html`
  <div id="correct-${name}-field">
    <label for="correct-${name}">${label}</label>
    <input id="correct-${name}" name="${name}" maxlength="${String(longest)}" autocomplete="off" />
  </div>
`;

const check = (id: string, label: string, more = html``) => html`
  <label class="check" for="${id}"><input type="checkbox" id="${id}" ${more} />${label}</label>
`;

const choice = (id: string, label: string) => html`
  <div>
    <label for="${id}">${label}</label>
    <select id="${id}" name="${id}" required></select>
  </div>
`;

const requestForm = (email: string) => html`
  <h2>Request a project</h2>
  <form id="request" autocomplete="off">
    <div class="fields">
      <div class="whole">
        <label for="file">From a file</label>
        <input id="file" type="file" accept=".json,application/json" aria-describedby="file-hint" />
        <p class="hint" id="file-hint">
          A request as JSON, as the API takes it: choose it, or drop it anywhere on this form. It fills the
          form, and nothing is sent yet.
        </p>
      </div>
      <div>
        <label for="name">Name</label>
        <input id="name" name="name" required maxlength="40" aria-describedby="name-hint" />
        <p class="hint" id="name-hint">Part of its address: lower-case letters, digits and hyphens</p>
      </div>
      ${choice("environment", "Environment")} ${choice("type", "Kind")} ${choice("stack", "Built with")}
      <div class="whole">
        <label for="repository">Repository</label>
        <input
          id="repository"
          name="repository"
          required
          maxlength="500"
          placeholder="https://github.com/team/site"
        />
        <button type="button" id="starter" class="quiet" hidden></button>
      </div>
      <div>
        <label for="branch">Branch</label>
        <input id="branch" name="branch" value="main" maxlength="100" />
      </div>
      <div>
        <label for="email">Notify by e-mail</label>
        <input id="email" name="email" type="email" required maxlength="254" value="${email}" />
      </div>
      <div class="whole">
        <label for="healthPath">Health path</label>
        <input
          id="healthPath"
          name="healthPath"
          maxlength="200"
          placeholder="/"
          aria-describedby="health-hint"
        />
        <p class="hint" id="health-hint">
          Where the project answers when it is well: it counts as ready only then. Without one, its first
          page.
        </p>
      </div>
      <div class="whole" id="domain-field">
        <label for="domain">Own domain</label>
        <input
          id="domain"
          name="domain"
          maxlength="64"
          placeholder="www.example.com"
          aria-describedby="domain-hint"
        />
        <p class="hint" id="domain-hint">
          A name of yours that is to lead here, too. Once the project is ready, it shows two records for you
          to enter where you keep that name.
        </p>
      </div>
      <div class="whole">
        ${check(
          "previews",
          "A preview of every other branch",
          html`name="previews" aria-describedby="previews-hint"`,
        )}
        <p class="hint" id="previews-hint">
          Once "Deploy on push" is set up: a development project for each branch that is pushed, with its
          price, for a few days after the last push.
        </p>
      </div>
      <div class="whole" id="previewSecrets-field">
        ${check("previewSecrets", "Previews get the project's secrets, too", html`name="previewSecrets"`)}
      </div>
      <div class="whole">
        <label for="accessToken">Access token of the repository</label>
        <input
          id="accessToken"
          name="accessToken"
          type="password"
          autocomplete="off"
          maxlength="4096"
          aria-describedby="secret-hint"
        />
      </div>
      <div class="whole">
        <label for="privateKey">Private key of the repository</label>
        <textarea
          id="privateKey"
          name="privateKey"
          rows="3"
          maxlength="16384"
          spellcheck="false"
          aria-describedby="secret-hint"
        ></textarea>
        <p class="hint" id="secret-hint">
          Only for a private repository. Both are stored in a vault, never shown again, and deleted with the
          project.
        </p>
      </div>
      <div id="request-values" class="whole"></div>
      <div class="whole" id="releaseCommand-field">
        <label for="releaseCommand">Command before each release</label>
        <input
          id="releaseCommand"
          name="releaseCommand"
          maxlength="500"
          placeholder="npm run migrate"
          aria-describedby="release-hint"
        />
        <p class="hint" id="release-hint">
          Runs once in the new image, with the project's settings and database, before it serves. If it fails,
          what served before stays.
        </p>
      </div>
      <div id="port-field">
        <label for="port">Port</label>
        <input id="port" name="port" type="number" min="1" max="65535" aria-describedby="port-hint" />
        <p class="hint" id="port-hint">Only for a Dockerfile of your own: where its program listens</p>
      </div>
    </div>
    <p id="price" class="price" role="status"></p>
    <ul id="notes" class="hint"></ul>
    <div id="plan" class="note" role="status" hidden></div>
    <p id="request-problem" class="problem" role="alert" hidden></p>
    <div class="actions">
      <button type="button" id="check" class="quiet">See the plan</button>
      <button class="primary" id="ask">Send the request</button>
    </div>
  </form>
`;
