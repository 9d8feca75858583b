// Lists what a run could leave behind: processes that it started (they have GROUNDWORK_RUN's value in their environment, wherever they
// went), mounts in its folders, network namespaces, temporary files. Only Linux tells.
const fs = require("node:fs");
const path = require("node:path");

if (process.platform !== "linux") process.exit();
const run = process.env.GROUNDWORK_RUN;
const root = path.join(__dirname, "..");
const read = (file) => {
  try {
    return fs.readFileSync(file, "utf8");
  } catch {
    return ""; // gone meanwhile, or another user's
  }
};

const parentOf = (pid) => Number(/^PPid:\s*(\d+)$/m.exec(read(`/proc/${pid}/status`))?.[1] ?? 0);
/** This very process, and whoever waits for it. */
const own = new Set();
for (let pid = process.pid; pid > 0; pid = parentOf(pid)) own.add(pid);

const processes = fs
  .readdirSync("/proc")
  .filter((pid) => /^\d+$/.test(pid) && !own.has(Number(pid)))
  .filter((pid) => read(`/proc/${pid}/environ`).split("\0").includes(`GROUNDWORK_RUN=${run}`))
  .map((pid) => `process ${pid} ${read(`/proc/${pid}/cmdline`).replaceAll("\0", " ").trim()}`);
const mounts = read("/proc/self/mountinfo")
  .split("\n")
  .map((line) => line.split(" ")[4] ?? "")
  .filter((place) => [run, root].some((folder) => place.startsWith(`${folder}/`)))
  .map((place) => `mount ${place}`);
const namespaces = fs.existsSync("/run/netns")
  ? fs.readdirSync("/run/netns").map((one) => `network ${one}`)
  : [];
/** An unpacked browser and a package's own compile cache are there for the next run; a browser that is ended may leave its own socket's folder. */
const temporary = fs
  .readdirSync(process.env.TMPDIR)
  .filter(
    (name) => !/^((groundwork-chromium|v8-compile-cache)-\d+|\.org\.chromium\.Chromium\.\w+)$/.test(name),
  )
  .map((name) => `temporary ${name}`);

for (const line of [...processes, ...mounts, ...namespaces, ...temporary].sort()) console.log(line);
