import { byId, showProblem, whileDisabled } from "./dom.js";
import { ask } from "./ask.js";
import { asJson, hasPasskeys, passkeyProblem } from "./passkeys.js";

const WORDS = {
  NotAllowedError: "No passkey was made. Try again when you are ready.",
  AbortError: "No passkey was made. Try again when you are ready.",
  // The browser's error if the device already has one for this account.
  InvalidStateError: "This device already has a passkey for your account.",
  NotSupportedError: "This device cannot make a passkey that is accepted here.",
  ConstraintError: "This device cannot make a passkey that is accepted here: it must have a lock of its own.",
  SecurityError: "Passkeys do not work at this address: open the site by its own name.",
};

const adding = document.getElementById("add-passkey");
// With a second factor, or all passkeys used, the page shows why none can be added.
if (adding instanceof HTMLFormElement && hasPasskeys()) {
  byId("no-passkeys").hidden = true;
  adding.hidden = false;
  adding.addEventListener("submit", (event) => {
    event.preventDefault();
    void whileDisabled(adding.querySelectorAll("button"), () => add(adding));
  });
}

/** @param {HTMLFormElement} adding */
async function add(adding) {
  const problem = byId("passkey-problem");
  const password = byId("passkey-password", HTMLInputElement);
  const form = /** @type {HTMLInputElement} */ (adding.elements.namedItem("form")).value;
  showProblem(problem, "");
  try {
    const { body: asked } = await ask("POST", "/account/passkeys", {
      form,
      body: { password: password.value },
    });
    const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(asked.options);
    const credential = asJson(await navigator.credentials.create({ publicKey }));
    const { body: done } = await ask("POST", "/account/passkeys/new", { form, body: { credential } });
    location.assign(done.location);
  } catch (error) {
    showProblem(problem, passkeyProblem(error, WORDS));
  }
}
