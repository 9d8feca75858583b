import { html } from "./html";

export const checkbox = (id: string, label: string, more = html``) => html`
  <label class="check" for="${id}"><input type="checkbox" id="${id}" ${more} />${label}</label>
`;
