import { html, type Html } from "./html";

export interface FilesOptions {
  form: string;
  maxBytes: number;
  contentTypes: string[];
}

/** The page of a person's files; files.js fills the list, and sends files straight to the store. */
export const filesPage = ({ form, maxBytes, contentTypes }: FilesOptions): Html => html`
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
      <p class="hint">Up to ${Math.floor(maxBytes / 1024 / 1024)} MB each.</p>
      <button class="primary" id="send">Upload</button>
    </form>
    <ul id="progress" aria-live="polite"></ul>
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
        </tr>
      </thead>
      <tbody id="stored-files"></tbody>
    </table>
  </section>
`;
