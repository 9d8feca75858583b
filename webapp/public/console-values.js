import { element } from "./dom.js";

/**
 * What a project's program finds in its environment: variables with their values, and secrets, of which only the names are known.
 * @typedef {{ variables?: Record<string, string>, secrets?: string[] }} Values
 * @typedef {"variables" | "secrets"} List
 * @typedef {{ name: string, value: string }} Row
 */

/** @satisfies {Record<List, { one: string, add: string, hint: string }>} */
const WORDS = {
  variables: {
    one: "Variable",
    add: "Add a variable",
    hint: "Everybody in your unit can read them, and the build can use them too.",
  },
  secrets: {
    one: "Secret",
    add: "Add a secret",
    hint: "Stored in a vault and never shown again; the servers can use them, the build cannot.",
  },
};
/** The number of rows so far, for unique ids. */
let count = 0;

const LISTS = /** @type {List[]} */ (Object.keys(WORDS));

/** Rows of names and values that can be added and removed. */
export function valuesEditor() {
  const parts = LISTS.map((list) => ({ list, ...listEditor(list) }));
  const secrets = parts.find(({ list }) => list === "secrets");
  return {
    nodes: parts.map(({ node }) => node),
    /** @param {Values} before */
    show: (before) => parts.forEach(({ show }) => show(before)),
    /** A request, with the values of its secrets. @param {Record<string, unknown>} asked */
    fill: (asked) => parts.forEach(({ list, fill }) => fill(asked[list])),
    /** A site is built and then only served: it could keep no secret. @param {boolean} possible */
    allowSecrets(possible) {
      if (secrets) secrets.node.hidden = !possible;
    },
    /** The changes in the API's form: null removes. */
    given: () =>
      Object.fromEntries(
        parts
          .map(({ list, node, changes }) => /** @type {const} */ ([list, node.hidden ? {} : changes()]))
          .filter(([, changes]) => Object.keys(changes).length > 0),
      ),
  };
}

/** @param {List} list */
function listEditor(list) {
  const { one, add, hint } = WORDS[list];
  const rows = element("div", { className: "values" });
  /** Every existing name, with its value if that is known. @type {Record<string, string | undefined>} */
  let before = {};
  /** @param {Partial<Row & { known: boolean }>} row */
  const addRow = ({ name = "", value = "", known = false } = {}) => {
    const nameField = element("input", {
      ...{ value: name, maxLength: 64, readOnly: known, ariaLabel: one },
      id: `${list}-${++count}`,
    });
    /** A refusal finds its row by this. */
    const label = () => (nameField.dataset.field = `${list}.${nameField.value.trim()}`);
    nameField.oninput = label;
    label();
    const valueField = element("textarea", {
      value,
      rows: 1,
      maxLength: 16_384,
      spellcheck: false,
      ariaLabel: `Value of the ${one.toLowerCase()}`,
      className: list === "secrets" ? "hidden-text" : "",
      placeholder: list === "secrets" && known ? "as it is" : "",
    });
    const remove = element("button", { type: "button", className: "quiet" }, "Remove");
    remove.setAttribute("aria-label", `Remove ${name || `this ${one.toLowerCase()}`}`);
    const row = element("div", { className: "value" }, nameField, valueField, remove);
    remove.onclick = () => {
      if (row.nextElementSibling?.classList.contains("error")) row.nextElementSibling.remove();
      row.remove();
      addButton.focus();
    };
    rows.append(row);
    return nameField;
  };
  const addButton = element(
    "button",
    { type: "button", className: "quiet", onclick: () => addRow().focus() },
    add,
  );
  const node = element(
    "fieldset",
    { className: "whole" },
    element("legend", {}, `${one}s`),
    element("p", { className: "hint" }, hint),
    rows,
    addButton,
  );
  return {
    node,
    /** @param {Values} values */
    show(values) {
      before =
        list === "variables"
          ? { ...values.variables }
          : Object.fromEntries((values.secrets ?? []).map((name) => [name, undefined]));
      rows.replaceChildren();
      for (const [name, value] of Object.entries(before)) addRow({ name, value, known: true });
    },
    /** @param {unknown} asked */
    fill(asked) {
      before = {};
      rows.replaceChildren();
      for (const [name, value] of Object.entries(asked ?? {})) addRow({ name, value: String(value) });
    },
    /** @returns {Record<string, string | null>} */
    changes() {
      /** @type {Record<string, string | null>} */
      const changes = Object.fromEntries(Object.keys(before).map((name) => [name, null]));
      for (const { name, value } of entered(rows)) {
        // Unchanged values are left out; nobody here knows a secret's value.
        const same = name in before && (list === "secrets" ? value === "" : value === before[name]);
        if (same) delete changes[name];
        else changes[name] = value;
      }
      return changes;
    },
  };
}

/**
 * @param {HTMLElement} rows
 * @returns {Row[]}
 */
const entered = (rows) =>
  [...rows.querySelectorAll(".value")]
    .map((row) => ({
      name: row.querySelector("input")?.value.trim() ?? "",
      value: row.querySelector("textarea")?.value ?? "",
    }))
    .filter(({ name, value }) => name !== "" || value !== "");
