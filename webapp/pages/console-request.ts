import { checkbox } from "./checkbox";
import { html, type Html } from "./html";

const choice = (id: string, label: string) => html`
  <div>
    <label for="${id}">${label}</label>
    <select id="${id}" name="${id}" required></select>
  </div>
`;

/** What most requests leave as it is. */
const more = (title: string, fields: Html) => html`
  <details class="more">
    <summary>${title}</summary>
    <div class="fields">${fields}</div>
  </details>
`;

const privateRepository = html`
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
      Both are stored in a vault, never shown again, and deleted with the project.
    </p>
  </div>
`;

const settings = html`
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
`;

const others = html`
  <div class="whole">
    <label for="healthPath">Health path</label>
    <input id="healthPath" name="healthPath" maxlength="200" placeholder="/" aria-describedby="health-hint" />
    <p class="hint" id="health-hint">
      Where the project answers when it is well: it counts as ready only then. Without one, its first page.
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
      A name of yours that is to lead here, too. Once the project is ready, it shows two records for you to
      enter where you keep that name.
    </p>
  </div>
  <div class="whole">
    ${checkbox(
      "previews",
      "A preview of every other branch",
      html`name="previews" aria-describedby="previews-hint"`,
    )}
    <p class="hint" id="previews-hint">
      Once "Deploy on push" is set up: a development project for each branch that is pushed, with its price,
      for a few days after the last push.
    </p>
  </div>
  <div class="whole" id="previewSecrets-field">
    ${checkbox("previewSecrets", "Previews get the project's secrets, too", html`name="previewSecrets"`)}
  </div>
`;

/** The form that asks for a project. */
export const requestForm = (email: string) => html`
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
    </div>
    ${more("A private repository", privateRepository)} ${more("Variables and program settings", settings)}
    ${more("Domain, health check and previews", others)}
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
