import { dialogs } from "./console-dialogs";
import { requestForm } from "./console-request";
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
  ${admin ? quotas : ""} ${dialogs}
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
