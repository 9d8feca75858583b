import { ask, clearErrors, runForm } from "./console-api.js";
import { byId, element } from "./dom.js";

/** @typedef {{ unit: string, quota?: number, setBy?: string, committed: number, reserved: number }} Unit */

/** The admins' list of units, read when it is opened. @param {() => Promise<void>} refresh reloads the page */
export function startQuotas(refresh) {
  const part = byId("quotas", HTMLDetailsElement);
  const form = byId("quota-form", HTMLFormElement);
  const problem = byId("quota-problem");
  const show = async () => {
    const { units } = await ask("GET", "/units");
    byId("quota-units").replaceChildren(...units.map((/** @type {Unit} */ unit) => row(unit, form)));
    byId("quota-none").hidden = units.length > 0;
  };
  part.addEventListener("toggle", () => {
    if (part.open) void runForm([], form, problem, show);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const unit = byId("quota-unit", HTMLInputElement);
    const quota = byId("quota-amount", HTMLInputElement);
    void runForm([byId("quota-set", HTMLButtonElement)], form, problem, async () => {
      const given = quota.value === "" ? null : Number(quota.value);
      await ask("PUT", "/units", { unit: unit.value.trim(), quota: given });
      form.reset();
      await Promise.all([show(), refresh()]);
    });
  });
}

/**
 * @param {Unit} unit
 * @param {HTMLFormElement} form
 */
function row({ unit, quota, setBy, committed, reserved }, form) {
  const taken = `${committed} USD a month taken${reserved > 0 ? `, ${reserved} set aside` : ""}`;
  const may =
    quota === undefined
      ? "no quota of its own: each person's quota counts"
      : `${quota} USD a month${setBy ? `, set by ${setBy}` : ""}`;
  const change = element("button", { type: "button", className: "quiet" }, "Change");
  change.setAttribute("aria-label", `Change the quota of ${unit}`);
  change.onclick = () => {
    clearErrors(form);
    byId("quota-unit", HTMLInputElement).value = unit;
    const amount = byId("quota-amount", HTMLInputElement);
    amount.value = quota === undefined ? "" : String(quota);
    amount.focus();
  };
  return element(
    "li",
    {},
    element("span", { className: "name" }, unit),
    element("span", {}, `${may}; ${taken}`),
    change,
  );
}
