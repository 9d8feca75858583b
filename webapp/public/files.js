import { byId, element, showProblem, whileDisabled } from "./dom.js";
import { askSignedIn, Refused } from "./ask.js";

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
/** When the list is read again after an upload: a file tagged as sensitive moves within seconds. */
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
  const worker = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift())
      await sendOne(next.file, next.row, sensitive);
  };
  await whileDisabled([sendButton], async () => {
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
  });
  // Not the whole form: the next batch is as sensitive as this one until the box says otherwise.
  input.value = "";
  for (const wait of REREAD_AFTER_MS) setTimeout(() => void list(), wait);
}

/**
 * @param {File} file
 * @param {ReturnType<typeof progressRow>} row
 * @param {boolean} sensitive
 */
async function sendOne(file, row, sensitive) {
  try {
    if (file.size > Number(upload.dataset.maxBytes)) throw new Error("too large to be stored");
    const type = file.type || "application/octet-stream";
    const signed = await announce({ name: file.name, size: file.size, type, sensitive });
    await post(signed, file, row.showShare);
    row.showEnd(sensitive ? "stored in the sensitive store" : "stored", "done");
  } catch (error) {
    row.showEnd(error instanceof Error ? error.message : String(error), "failed");
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
    // The server's own words list every type that it takes.
    if (error instanceof Refused && error.field === "type")
      throw new Error("this kind of file cannot be stored", { cause: error });
    throw error;
  }
}

/**
 * Sends a file straight to the store. Not by fetch, which cannot tell how far an upload is.
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
 * The line that tells how far the upload of a file is.
 * @param {string} name
 */
function progressRow(name) {
  const state = element("span", {}, "waiting");
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

async function list() {
  const problem = byId("list-problem");
  try {
    /** @type {{ files: StoredFile[] }} */
    const { files } = await askSignedIn("GET", "/uploads");
    showProblem(problem, "");
    byId("empty").hidden = files.length > 0;
    stored.hidden = files.length === 0;
    byId("stored-files").replaceChildren(...files.map(tableRow));
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    byId("empty").hidden = true;
    showProblem(problem, error.message);
  }
}

/** @param {StoredFile} file */
const tableRow = ({ name, size, uploadedAt, where }) =>
  element(
    "tr",
    {},
    element("td", {}, name),
    element("td", {}, inWords(size)),
    element("td", {}, new Date(uploadedAt).toLocaleString()),
    element("td", { className: `location ${where}` }, LOCATIONS[where]),
  );

/** @param {number} bytes */
function inWords(bytes) {
  const units = ["B", "KB", "MB", "GB"];
  let index = 0;
  for (; bytes >= 1024 && index < units.length - 1; index++) bytes /= 1024;
  return `${bytes.toLocaleString(undefined, { maximumFractionDigits: index ? 1 : 0 })} ${units[index]}`;
}

void list();
