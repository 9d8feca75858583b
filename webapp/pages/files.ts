import { html, type Html } from "./html";

export interface FilesOptions {
  form: string;
  maxBytes: number;
  maxPersonBytes?: number;
  contentTypes: string[];
}

/** Familiar names for file types. */
const NAMES: Record<string, string> = {
  "image/png": "PNG",
  "image/jpeg": "JPEG",
  "image/gif": "GIF",
  "image/webp": "WebP",
  "application/pdf": "PDF",
  "text/plain": "text",
  "text/csv": "CSV",
  "application/json": "JSON",
  "application/zip": "ZIP",
  "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "Word",
  "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "Excel",
  "application/vnd.openxmlformats-officedocument.presentationml.presentation": "PowerPoint",
};

/** The page of a person's files; files.js fills the list, and sends files straight to the store. */
export const filesPage = ({ form, maxBytes, maxPersonBytes, contentTypes }: FilesOptions): Html => html`
  <section class="card wide">
    <h1>Your files</h1>
    <form
      id="upload"
      class="drop"
      method="post"
      action="/uploads/files"
      enctype="multipart/form-data"
      data-max-bytes="${maxBytes}"
    >
      <input type="hidden" id="form" name="form" value="${form}" />
      <input type="hidden" name="sensitive" value="no" />
      <label class="check"
        ><input type="checkbox" id="sensitive" name="sensitive" value="yes" /> These files are
        sensitive</label
      >
      <p class="hint">Sensitive files go straight to a store of their own, encrypted under its own key.</p>
      <label class="pick" for="files"><strong>Choose files</strong> or drop them here</label>
      <input id="files" name="file" type="file" multiple required accept="${contentTypes.join(",")}" />
      <p class="hint">
        Up to ${Math.floor(maxBytes / 1024 / 1024)} MB
        each${maxPersonBytes && html`, ${Math.floor(maxPersonBytes / 1024 ** 3)} GB in all`}:
        ${contentTypes.map((type) => NAMES[type] ?? type).join(", ")}.
      </p>
      <button class="primary" id="send">Upload</button>
    </form>
    <p id="told" class="unseen" role="status"></p>
    <ul id="progress"></ul>
  </section>
  <section class="card wide">
    <div class="row">
      <h2>Stored</h2>
      <button id="refresh" class="quiet" type="button">Refresh</button>
    </div>
    <p id="list-problem" class="problem" role="alert" hidden></p>
    <p id="empty" class="hint" hidden>Nothing yet.</p>
    <table id="stored" hidden>
      <thead>
        <tr>
          <th scope="col">Name</th>
          <th scope="col">Size</th>
          <th scope="col">Uploaded</th>
          <th scope="col">Where</th>
          <th scope="col"><span class="unseen">What to do with it</span></th>
        </tr>
      </thead>
      <tbody id="stored-files"></tbody>
    </table>
    <p class="actions"><button id="older" class="quiet" type="button" hidden>Show older files</button></p>
  </section>
  <dialog class="card" id="remove" aria-labelledby="remove-title">
    <form method="dialog">
      <h2 id="remove-title">Delete this file?</h2>
      <p><strong id="remove-name"></strong> cannot be brought back from here.</p>
      <div class="actions">
        <button class="quiet" value="no">Keep it</button>
        <button class="bad" value="yes">Delete it</button>
      </div>
    </form>
  </dialog>
`;
