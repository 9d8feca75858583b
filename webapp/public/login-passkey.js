import { byId, showProblem, whileDisabled } from "./dom.js";
import { ask } from "./ask.js";
import { asJson, hasPasskeys, passkeyProblem } from "./passkeys.js";

const email = byId("email", HTMLInputElement);
const button = byId("use-passkey", HTMLButtonElement);
const problem = byId("passkey-problem");
const form = /** @type {HTMLInputElement} */ (email.form?.elements.namedItem("form")).value;

const WORDS = {
  // The browser's error after a refusal, a timeout, or without a passkey here.
  NotAllowedError: "No passkey was used. Try again, or log in with your password.",
  AbortError: "No passkey was used. Try again, or log in with your password.",
  SecurityError: "Passkeys do not work at this address: open the site by its own name.",
};

if (hasPasskeys()) byId("passkey-login").hidden = false;
button.addEventListener("click", () => {
  showProblem(problem, "");
  // The server finds passkeys by their owner's address.
  if (email.reportValidity()) void whileDisabled([button], logIn);
});

async function logIn() {
  try {
    const { body: asked } = await ask("POST", "/login/passkey", { form, body: { email: email.value } });
    const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(asked.options);
    const credential = asJson(await navigator.credentials.get({ publicKey }));
    const answer = { ticket: asked.ticket, credential };
    const { body: done } = await ask("POST", "/login/passkey/answer", { form, body: answer });
    location.assign(done.location);
  } catch (error) {
    showProblem(problem, passkeyProblem(error, WORDS));
  }
}
