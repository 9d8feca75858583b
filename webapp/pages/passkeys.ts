import type { Passkey } from "../identity/passkeys";
import { html, type Html } from "./html";
import { sentence } from "./sentence";

/** Beside the password form; login-passkey.js shows it if the browser supports passkeys. */
export const passkeyLogin = (): Html => html`
  <div id="passkey-login" class="or" hidden>
    <p id="passkey-problem" class="problem" role="alert" hidden></p>
    <button id="use-passkey" type="button">Log in with a passkey</button>
  </div>
`;

export interface PasskeysOptions {
  passkeys: Passkey[];
  /** The domain of this site, which new passkeys are bound to. */
  site: string;
  /** The form's own token. */
  form: string;
  /** Cognito accepts no passkeys from people with a second factor. */
  hasFactor: boolean;
  most: number;
  problem?: { message: string };
}

/** A person's passkeys. Forms remove them; adding one needs the script account-passkeys.js. */
export const passkeysCard = (options: PasskeysOptions): Html => html`
  <section class="card" id="passkeys" aria-labelledby="passkeys-title">
    <h2 id="passkeys-title">Passkeys</h2>
    <p>
      A passkey logs you in with your device's own lock, such as a fingerprint, instead of your password. It
      is never sent, and works at ${options.site} only.
    </p>
    ${options.problem && html`<p class="problem" role="alert">${sentence(options.problem.message)}</p>`}
    ${
      options.passkeys.length === 0
        ? html`<p class="hint">You have none yet.</p>`
        : html`<ul class="passkeys">
            ${options.passkeys.map((passkey) => item(passkey, options))}
          </ul>`
    }
    ${adding(options)}
  </section>
`;

const item = ({ id, name, site, createdAt }: Passkey, options: PasskeysOptions): Html => html`
  <li>
    <span class="file">
      <strong>${name}</strong>
      <span class="hint">
        added on
        ${createdAt.toISOString().slice(0, 10)}${site !== options.site && html` for ${site}: it does not work here`}
      </span>
    </span>
    <form method="post" action="/account/passkeys/remove">
      <input type="hidden" name="form" value="${options.form}" />
      <input type="hidden" name="passkey" value="${id}" />
      <button class="quiet" aria-label="Remove ${name}">Remove</button>
    </form>
  </li>
`;

function adding({ hasFactor, passkeys, most, form }: PasskeysOptions): Html {
  if (hasFactor)
    return html`<p class="hint">
      Your second factor is on, so passkeys cannot log you in: remove it first if you would rather use
      passkeys.
    </p>`;
  if (passkeys.length >= most)
    return html`<p class="hint">You can have ${most} passkeys: remove one before you add another.</p>`;
  return html`
    <p id="no-passkeys" class="hint">
      To add one, open this page in a browser that has passkeys and runs scripts.
    </p>
    <form id="add-passkey" method="post" action="/account/passkeys" hidden>
      <input type="hidden" name="form" value="${form}" />
      <label for="passkey-password">Password, to add a passkey</label>
      <input id="passkey-password" name="password" type="password" autocomplete="current-password" required />
      <p id="passkey-problem" class="problem" role="alert" hidden></p>
      <button class="primary">Add a passkey</button>
    </form>
  `;
}

/** Asked before a passkey is removed. */
export const removeCard = ({ id, name }: Passkey, form: string): Html => html`
  <section class="card">
    <h1>Remove this passkey?</h1>
    <p>
      <strong>${name}</strong> will not log you in any more. Your password still does. Your device may keep
      offering the passkey until you delete it there as well.
    </p>
    <form method="post" action="/account/passkeys/remove/yes">
      <input type="hidden" name="form" value="${form}" />
      <input type="hidden" name="passkey" value="${id}" />
      <button class="bad">Remove it</button>
    </form>
    <p class="links"><a href="/account">Keep it</a></p>
  </section>
`;
