import { html, type Html } from "./html";

export interface HomeOptions {
  /** What this visitor may do with users. */
  mayAdd: boolean;
  maySee: boolean;
  mayLogIn: boolean;
  /** The token that their form sends along. */
  form?: string;
}

/** The first page: which server answered, the users, and some work for the cores. app.js fills it. */
export const homePage = ({ mayAdd, maySee, mayLogIn, form }: HomeOptions): Html => html`
  <div class="masthead">
    <section class="wrap served" aria-labelledby="served-title">
      <div>
        <h1 id="served-title">You were served by</h1>
        <p class="host" id="host" aria-live="polite">…</p>
        <p class="actions">
          <button type="button" class="primary" id="ask">Ask again</button>
          <button type="button" id="ask-many">Ask 20 times</button>
        </p>
        <p class="status" id="database" data-state="asking" role="status">
          <span id="database-state">Database: asking</span>
        </p>
      </div>
      <div class="tally">
        <h2>Answers by instance</h2>
        <ul id="tally"></ul>
        <p class="hint">The load balancer picks one of the healthy instances for each request.</p>
      </div>
    </section>
  </div>
  <div class="wrap columns">
    <section class="card" aria-labelledby="users-title" id="users" data-form="${form ?? ""}">
      <h2 id="users-title">Users</h2>
      ${mayAdd ? newUser : mayLogIn && html`<p class="hint"><a href="/login">Log in</a> to ${maySee ? "add users" : "see the users, and to add some"}.</p>`}
      <p class="message" id="users-message" role="status"></p>
      ${maySee && people}
    </section>

    <section class="card" aria-labelledby="load-title">
      <h2 id="load-title">Work for the cores</h2>
      <form id="load" novalidate>
        <div class="field">
          <label for="number">Is this number prime?</label>
          <input
            id="number"
            name="number"
            inputmode="numeric"
            value="112272535095293"
            autocomplete="off"
            required
            aria-describedby="number-error number-hint"
          />
          <p class="error" id="number-error" role="alert"></p>
          <p class="hint" id="number-hint">Any whole number up to 9,007,199,254,740,992.</p>
        </div>
        <p class="chips" aria-label="Examples">
          <button type="button" data-number="112272535095293">15 digits</button>
          <button type="button" data-number="9007199254740881">the last prime below 2⁵³</button>
          <button type="button" data-number="9007196099250001">the square of a prime</button>
        </p>
        <p class="actions">
          <button class="primary" id="compute" type="submit">Compute</button>
          <button type="button" id="compute-many">Compute 32 at once</button>
        </p>
      </form>
      <div class="verdict" id="verdict" role="status" data-state="empty">
        <p class="answer" id="verdict-answer">Nothing computed yet</p>
        <p class="detail" id="verdict-detail">
          The divisions run on threads of their own, so this page stays quick meanwhile.
        </p>
      </div>
      <h3>Last results</h3>
      <ol class="results" id="results"></ol>
    </section>
  </div>
  <footer class="wrap">
    <nav aria-label="For developers">
      <a href="/documentation">API documentation</a>
      <a href="/health">Health</a>
      <a href="/health/ready">Readiness</a>
    </nav>
  </footer>
  <noscript><p class="wrap">This page needs JavaScript; the API at /documentation does not.</p></noscript>
`;

/** A field that a script validates, with an error message beside it. */
const field = (name: string, label: string, longest: number, type?: Html): Html => html`
  <div class="field">
    <label for="${name}">${label}</label>
    <input
      id="${name}"
      name="${name}"
      ${type}
      maxlength="${longest}"
      autocomplete="off"
      required
      aria-describedby="${name}-error"
    />
    <p class="error" id="${name}-error" role="alert"></p>
  </div>
`;

const newUser = html`
  <form id="add" novalidate>
    ${field("username", "Username", 80)} ${field("email", "E-mail", 120, html`type="email"`)}
    <button class="primary" id="add-user" type="submit">Add user</button>
  </form>
`;

const people = html`
  <ul class="people" id="people" aria-label="Users, the newest first"></ul>
  <p class="actions"><button type="button" id="older" hidden>Show older users</button></p>
`;
