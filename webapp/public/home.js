const byId = (id) => document.getElementById(id);
const form = byId("upload");
const input = byId("files");
const token = form.elements.form.value;
const places = { normal: "Normal store", sensitive: "Sensitive store", moving: "Moving …" };

/** How often the list is read again after an upload: a file tagged sensitive moves within seconds. */
const LOOKS = [0, 1500, 4000, 10000];

form.addEventListener("submit", (event) => {
  event.preventDefault();
  void send([...input.files]);
});
for (const type of ["dragover", "dragleave", "drop"])
  form.addEventListener(type, (event) => {
    event.preventDefault();
    form.classList.toggle("over", type === "dragover");
    if (type === "drop") void send([...event.dataTransfer.files]);
  });
byId("refresh").addEventListener("click", () => void list());

async function send(files) {
  if (files.length === 0) return;
  const sensitive = byId("sensitive").checked;
  byId("send").disabled = true;
  // Three at a time: each is one connection to the store.
  const waiting = files.map((file) => [file, row(file)]);
  const worker = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) await sendOne(...next, sensitive);
  };
  await Promise.all([worker(), worker(), worker()]);
  byId("send").disabled = false;
  form.reset();
  for (const wait of LOOKS) setTimeout(() => void list(), wait);
}

async function sendOne(file, { say, bar }, sensitive) {
  try {
    if (file.size > Number(form.dataset.maxBytes)) throw new Error("too large to be stored");
    const type = file.type || "application/octet-stream";
    const signed = await ask("/uploads", { name: file.name, size: file.size, type, sensitive });
    await post(signed, file, (share) => {
      bar.value = share;
      say(`${Math.round(share * 100)} %`);
    });
    bar.value = 1;
    say(sensitive ? "stored in the sensitive store" : "stored", "done");
  } catch (error) {
    say(error.message, "failed");
  }
}

async function ask(path, body) {
  const response = await fetch(path, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/json", "x-form-token": token },
    body: JSON.stringify(body),
  });
  const answer = await response.json();
  if (response.status === 401) location.assign("/login");
  // The server's own words list every type that it takes.
  if (answer.field === "type") throw new Error("this kind of file cannot be stored");
  if (!response.ok) throw new Error(answer.message);
  return answer;
}

/** Straight to the store; fetch cannot tell how far an upload is. */
function post({ url, fields }, file, progressed) {
  const data = new FormData();
  for (const [name, value] of Object.entries(fields)) data.append(name, value);
  data.append("file", file);
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", url);
    request.upload.onprogress = ({ loaded, total }) => progressed(loaded / total);
    request.onload = () =>
      request.status < 300 ? resolve() : reject(new Error("the store refused the file"));
    request.onerror = () => reject(new Error("the connection was lost"));
    request.send(data);
  });
}

function row(file) {
  const item = document.createElement("li");
  const name = Object.assign(document.createElement("span"), { className: "name", textContent: file.name });
  const state = Object.assign(document.createElement("span"), { textContent: "waiting" });
  const bar = Object.assign(document.createElement("progress"), { max: 1, value: 0 });
  bar.setAttribute("aria-label", file.name);
  item.append(name, state, bar);
  byId("progress").append(item);
  return { bar, say: (text, kind = "") => Object.assign(state, { textContent: text, className: kind }) };
}

async function list() {
  const response = await fetch("/uploads", { headers: { accept: "application/json" } });
  if (response.status === 401) return location.assign("/login");
  if (!response.ok) return;
  const { files } = await response.json();
  byId("empty").hidden = files.length > 0;
  byId("stored").hidden = files.length === 0;
  byId("stored").tBodies[0].replaceChildren(...files.map(rowOf));
}

function rowOf({ name, size, uploadedAt, where }) {
  const tr = document.createElement("tr");
  const cells = [name, inWords(size), new Date(uploadedAt).toLocaleString(), places[where]];
  tr.append(...cells.map((text) => Object.assign(document.createElement("td"), { textContent: text })));
  tr.lastChild.className = `place ${where}`;
  return tr;
}

function inWords(bytes) {
  const units = ["B", "KB", "MB", "GB"];
  let index = 0;
  for (; bytes >= 1024 && index < units.length - 1; index++) bytes /= 1024;
  return `${bytes.toLocaleString(undefined, { maximumFractionDigits: index ? 1 : 0 })} ${units[index]}`;
}

void list();
