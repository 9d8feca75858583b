import { byId } from "./dom.js";
import { Refused } from "./ask.js";

/** The API's limit for a dropped file. */
const LONGEST = 65_536;

/**
 * Lets a request be chosen as a file, or dropped on the form.
 * @param {HTMLFormElement} form
 * @param {(read: () => Promise<Record<string, unknown>>) => void} take
 */
export function takeFiles(form, take) {
  const input = byId("file", HTMLInputElement);
  input.addEventListener("change", () => {
    const [file] = input.files ?? [];
    if (file) take(() => read(file));
    // A corrected file is often chosen again.
    input.value = "";
  });
  /** @param {DragEvent} event */
  const isFile = (event) => event.dataTransfer?.types.includes("Files") ?? false;
  form.addEventListener("dragover", (event) => {
    if (!isFile(event)) return;
    event.preventDefault();
    form.classList.add("takes");
  });
  form.addEventListener("dragleave", () => form.classList.remove("takes"));
  form.addEventListener("drop", (event) => {
    if (!isFile(event)) return;
    event.preventDefault();
    form.classList.remove("takes");
    const file = event.dataTransfer?.files[0];
    if (file) take(() => read(file));
  });
}

/** @param {File} file */
async function read(file) {
  if (file.size > LONGEST) throw new Refused(`${file.name} is longer than ${LONGEST} bytes.`);
  try {
    const content = JSON.parse(await file.text());
    if (typeof content === "object" && content !== null && !Array.isArray(content)) return content;
  } catch (error) {
    if (error instanceof SyntaxError) throw new Refused(`${file.name} is not JSON: ${error.message}.`);
    throw error;
  }
  throw new Refused(`${file.name} must be one JSON object, with a field for each input of the form.`);
}
