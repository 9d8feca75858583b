import { html, type Html } from "./html";
import { sentence } from "./sentence";

export interface Field {
  name: string;
  label: string;
  type: "email" | "password" | "text";
  autocomplete: string;
  hint?: string;
  value?: string;
  /** Digits only, for codes. */
  digits?: boolean;
}

export interface FormOptions {
  title: string;
  intro?: Html | string;
  action: string;
  /** The form's own token. */
  form: string;
  fields: Field[];
  button: string;
  /** A second action for the entered data. */
  second?: { button: string; action: string };
  problem?: { message: string; field?: string };
  note?: string;
  /** Another way to the same end, below the form. */
  instead?: Html;
  links?: { href: string; text: string }[];
}

export const EMAIL: Field = {
  name: "email",
  label: "E-mail address",
  type: "email",
  autocomplete: "username",
};
export const CODE: Field = {
  name: "code",
  label: "Code",
  type: "text",
  autocomplete: "one-time-code",
  digits: true,
};
export const PASSWORD: Field = {
  name: "password",
  label: "Password",
  type: "password",
  autocomplete: "current-password",
};
export const NEW_PASSWORD: Field = {
  name: "password",
  label: "New password",
  type: "password",
  autocomplete: "new-password",
};

/** The pool's rules for a new password. */
export const passwordHint = (length: number) =>
  `At least ${length} characters, with upper and lower case letters, digits and symbols`;

/** One card with a form: the layout of every page about an account. */
export const formCard = (options: FormOptions): Html => html`
  <section class="card">
    <h1>${options.title}</h1>
    ${options.intro && html`<p>${options.intro}</p>`}
    ${options.note && html`<p class="note" role="status">${options.note}</p>`}
    ${options.problem && html`<p class="problem" role="alert">${sentence(options.problem.message)}</p>`}
    <form method="post" action="${options.action}">
      <input type="hidden" name="form" value="${options.form}" />
      ${options.fields.map((field) => input(field, options.problem?.field === field.name))}
      <button class="primary">${options.button}</button>
      ${options.second && html`<button class="bad" formaction="${options.second.action}">${options.second.button}</button>`}
    </form>
    ${options.instead}
    ${options.links && html`<p class="links">${options.links.map(({ href, text }) => html`<a href="${href}">${text}</a>`)}</p>`}
  </section>
`;

const input = (field: Field, wrong: boolean): Html => html`
  <label for="${field.name}">${field.label}</label>
  <input
    id="${field.name}"
    name="${field.name}"
    type="${field.type}"
    autocomplete="${field.autocomplete}"
    value="${field.value ?? ""}"
    required
    ${field.digits && html`inputmode="numeric" pattern="[0-9]{6}" maxlength="6"`}
    ${wrong && html`aria-invalid="true"`}
    ${field.hint && html`aria-describedby="${field.name}-hint"`}
  />
  ${field.hint && html`<p class="hint" id="${field.name}-hint">${field.hint}</p>`}
`;
