import { checkbox } from "./checkbox";
import { html } from "./html";

const correction = (name: string, label: string, longest: number) => html`
  <div id="correct-${name}-field">
    <label for="correct-${name}">${label}</label>
    <input id="correct-${name}" name="${name}" maxlength="${String(longest)}" autocomplete="off" />
  </div>
`;

/** The dialogs of the projects' page; console.js opens and fills them. */
export const dialogs = html`
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
      ${checkbox("hook-shows", "Make a preview of every other branch that is pushed")}
      <p class="hint" id="hook-shows-hint">
        A development project of its own, with its price, for a few days after the last push. It ends with its
        branch. What a fork pushes never gets here.
      </p>
      <div id="hook-secrets-field">
        ${checkbox("hook-secrets", "Previews get the project's secrets, too")}
      </div>
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
