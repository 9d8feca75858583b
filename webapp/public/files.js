import { byId, element, showProblem, whileDisabled } from "./dom.js";
import { askSignedIn, Refused } from "./ask.js";
import { forPeople, sizeInWords } from "./words.js";

/** @import { Location, StoredFile } from "../uploads/stored-file" */

const upload = byId("upload", HTMLFormElement);
const input = byId("files", HTMLInputElement);
const sensitiveBox = byId("sensitive", HTMLInputElement);
const sendButton = byId("send", HTMLButtonElement);
const stored = byId("stored", HTMLTableElement);
const form = byId("form", HTMLInputElement).value;

/** @type {Record<Location, string>} */
const LOCATIONS = { normal: "Normal store", sensitive: "Sensitive store", moving: "Moving …" };

/** Each upload is one connection to the store. */
const AT_ONCE = 3;
/** When to read the list again after an upload: a file tagged as sensitive moves within seconds. */
const REREAD_AFTER_MS = [0, 1500, 4000, 10000];

upload.addEventListener("submit", (event) => {
  event.preventDefault();
  void send(input.files);
});
upload.addEventListener("dragover", (event) => dragged(event, true));
upload.addEventListener("dragleave", (event) => dragged(event, false));
upload.addEventListener("drop", (event) => {
  dragged(event, false);
  void send(event.dataTransfer?.files);
});
byId("refresh").addEventListener("click", () => void list());

/**
 * @param {DragEvent} event
 * @param {boolean} over whether files would be dropped here
 */
function dragged(event, over) {
  event.preventDefault();
  upload.classList.toggle("over", over);
}

/** @param {Iterable<File> | null | undefined} files */
async function send(files) {
  const waiting = [...(files ?? [])].map((file) => ({ file, row: progressRow(file.name) }));
  if (waiting.length === 0) return;
  const sensitive = sensitiveBox.checked;
  const count = waiting.length;
  let stored = 0;
  // Only at the start and end: reading each step of each file aloud would be noise.
  tell(count === 1 ? "Uploading one file." : `Uploading ${count} files.`);
  const worker = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift())
      if (await sendOne(next.file, next.row, sensitive)) stored += 1;
  };
  await whileDisabled([sendButton], async () => {
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
  });
  tell(`${stored} of ${count} stored.`);
  // Not the whole form: the next batch is as sensitive as this one until the box changes.
  input.value = "";
  for (const wait of REREAD_AFTER_MS) setTimeout(() => void list(), wait);
}

/**
 * @param {File} file
 * @param {ReturnType<typeof progressRow>} row
 * @param {boolean} sensitive
 * @returns {Promise<boolean>} whether it is stored
 */
async function sendOne(file, row, sensitive) {
  try {
    if (file.size > Number(upload.dataset.maxBytes)) throw new Error("Too large: choose a smaller file.");
    if (file.size === 0) throw new Error("Empty: there is nothing to store.");
    const type = file.type || "application/octet-stream";
    const signed = await announce({ name: file.name, size: file.size, type, sensitive });
    await post(signed, file, row.showShare);
    row.showEnd(sensitive ? "Stored in the sensitive store" : "Stored", "done");
    return true;
  } catch (error) {
    row.showEnd(forPeople(error instanceof Error ? error.message : String(error)), "failed");
    return false;
  }
}

/**
 * Asks for a signed form by which the store takes exactly this file.
 * @param {{ name: string, size: number, type: string, sensitive: boolean }} file
 * @returns {Promise<{ url: string, fields: Record<string, string> }>}
 */
async function announce(file) {
  try {
    return await askSignedIn("POST", "/uploads", { body: file, form });
  } catch (error) {
    // The server's message lists every accepted type.
    if (error instanceof Refused && error.field === "type")
      throw new Error("This kind of file cannot be stored: see what is accepted above.", { cause: error });
    throw error;
  }
}

/**
 * Sends a file straight to the store. Not with fetch, which does not report the progress of an upload.
 * @param {{ url: string, fields: Record<string, string> }} signed
 * @param {File} file
 * @param {(share: number) => void} showShare
 * @returns {Promise<void>}
 */
function post({ url, fields }, file, showShare) {
  const data = new FormData();
  for (const [name, value] of Object.entries(fields)) data.append(name, value);
  data.append("file", file);
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", url);
    request.upload.onprogress = ({ loaded, total }) => showShare(loaded / total);
    request.onload = () =>
      request.status < 300 ? resolve() : reject(new Error("the store refused the file: try again"));
    request.onerror = () => reject(new Error("the connection was lost: try again"));
    request.send(data);
  });
}

/**
 * The line that shows the progress of a file's upload.
 * @param {string} name
 */
function progressRow(name) {
  const state = element("span", {}, "Waiting");
  const bar = element("progress", { max: 1, value: 0, ariaLabel: name });
  byId("progress").append(element("li", {}, element("span", { className: "name" }, name), state, bar));
  return {
    /** @param {number} share */
    showShare(share) {
      bar.value = share;
      state.textContent = `${Math.round(share * 100)} %`;
    },
    /**
     * @param {string} words
     * @param {"done" | "failed"} className
     */
    showEnd(words, className) {
      if (className === "done") bar.value = 1;
      Object.assign(state, { textContent: words, className });
    },
  };
}

/** @param {string} words */
const tell = (words) => void (byId("told").textContent = words);

const older = byId("older", HTMLButtonElement);
/** The address of the older files. @type {string | undefined} */
let next;
older.addEventListener("click", () => whileDisabled([older], async () => show(next ?? "/uploads", true)));

const list = () => show("/uploads", false);

/**
 * Shows the files of this address.
 * @param {string} address
 * @param {boolean} added below those that are shown
 */
async function show(address, added) {
  const problem = byId("list-problem");
  try {
    /** @type {{ files: StoredFile[], next?: string }} */
    const answer = await askSignedIn("GET", address);
    showProblem(problem, "");
    next = answer.next;
    older.hidden = !next;
    const rows = answer.files.map(tableRow);
    if (added) byId("stored-files").append(...rows);
    else byId("stored-files").replaceChildren(...rows);
    const nothing = byId("stored-files").children.length === 0;
    byId("empty").hidden = !nothing;
    stored.hidden = nothing;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    byId("empty").hidden = true;
    showProblem(problem, forPeople(error.message));
  }
}

/** @param {StoredFile} file */
function tableRow(file) {
  const { name, size, uploadedAt, where } = file;
  return element(
    "tr",
    {},
    element("td", { className: "file" }, name),
    element("td", {}, sizeInWords(size)),
    element(
      "td",
      {},
      new Date(uploadedAt).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" }),
    ),
    element("td", { className: `location ${where}` }, LOCATIONS[where]),
    element("td", { className: "does" }, ...actionsOf(file)),
  );
}

/**
 * What can be done with a file. Only files in the normal store are opened from here.
 * @param {StoredFile} file
 */
function actionsOf({ id, name, where }) {
  const address = `/files/${id}`;
  /** @param {string} words */
  const named = (words) => ({ className: "quiet", ariaLabel: `${words}: ${name}` });
  const remove = element("button", { ...named("Delete"), type: "button" }, "Delete");
  remove.addEventListener("click", () => {
    askFirst(name, () => change([remove], "DELETE", address, `${name} is deleted.`));
  });
  if (where !== "normal") return [remove];
  const mark = element("button", { ...named("Mark as sensitive"), type: "button" }, "Mark as sensitive");
  mark.addEventListener("click", () => {
    void change([mark], "POST", `${address}/sensitive`, `${name} moves to the sensitive store.`);
  });
  return [
    element("a", { href: address, target: "_blank", rel: "noreferrer", ...named("Open") }, "Open"),
    element("a", { href: `${address}?download=1`, ...named("Download") }, "Download"),
    mark,
    remove,
  ];
}

/**
 * @param {HTMLButtonElement[]} buttons
 * @param {string} method
 * @param {string} address
 * @param {string} words the message once it is done
 */
const change = (buttons, method, address, words) =>
  whileDisabled(buttons, async () => {
    try {
      await askSignedIn(method, address, { form });
      tell(words);
      for (const wait of method === "POST" ? REREAD_AFTER_MS : [0]) setTimeout(() => void list(), wait);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      showProblem(byId("list-problem"), forPeople(error.message));
    }
  });

/**
 * @param {string} name
 * @param {() => Promise<void>} work
 */
function askFirst(name, work) {
  const dialog = byId("remove", HTMLDialogElement);
  byId("remove-name").textContent = name;
  dialog.returnValue = "no";
  dialog.onclose = () => void (dialog.returnValue === "yes" && work());
  dialog.showModal();
}

void list();
