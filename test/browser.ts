// A real browser for tests: the Chromium inside the npm package @sparticuz/chromium, driven by playwright-core.
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";

const QUIET = [
  "--no-sandbox",
  "--disable-gpu",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  // Pages of strangers: their names lead to this machine, as a name that an attacker owns may do.
  "--host-resolver-rules=MAP *.example 127.0.0.1",
];

let started: Promise<Browser> | undefined;

/** The one browser of this test process, started by whoever asks first; ends with the process. */
function browser(): Promise<Browser> {
  return (started ??= start());
}

async function start(): Promise<Browser> {
  const { default: chromium } = await import("@sparticuz/chromium");
  const { chromium: driver } = await import("playwright-core");
  return driver.launch({ executablePath: await unpacked(chromium), args: QUIET });
}

/**
 * Where Chromium lies. The package unpacks it for its owner alone, into a folder that all users of the machine would share; and whoever comes
 * second would start what the first still writes. So each user has a folder, which is there once it is whole.
 */
async function unpacked(chromium: { executablePath(): Promise<string> }): Promise<string> {
  const shared = path.join(os.tmpdir(), `groundwork-chromium-${os.userInfo().uid}`);
  if (!fs.existsSync(shared)) {
    const own = fs.mkdtempSync(`${shared}-`);
    await withTemporary(own, () => chromium.executablePath());
    try {
      fs.renameSync(own, shared);
    } catch {
      fs.rmSync(own, { recursive: true }); // somebody else was faster
    }
  }
  return withTemporary(shared, () => chromium.executablePath());
}

async function withTemporary<Result>(folder: string, work: () => Promise<Result>): Promise<Result> {
  const saved = process.env.TMPDIR;
  process.env.TMPDIR = folder;
  try {
    return await work();
  } finally {
    if (saved === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = saved;
  }
}

/** A page of its own, with what went wrong on it: script errors and what the content security policy refused. */
export async function openPage(
  options: BrowserContextOptions = {},
): Promise<{ page: Page; problems: string[]; close(): Promise<void> }> {
  const context = await (await browser()).newContext(options);
  const page = await context.newPage();
  const problems: string[] = [];
  page.on("pageerror", (error) => problems.push(error.message));
  page.on("console", (message) => {
    // A refused request is an answer like any other, and Chromium reports each as an error.
    if (message.type() === "error" && !message.text().startsWith("Failed to load resource"))
      problems.push(message.text());
  });
  return { page, problems, close: () => context.close() };
}

/** For whoever wants to look at a page: GROUNDWORK_PICTURES names a folder. */
export async function keepPicture(page: Page, name: string, fullPage = true): Promise<void> {
  const folder = process.env["GROUNDWORK_PICTURES"];
  if (!folder) return;
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(path.join(folder, name), await page.screenshot({ fullPage }));
}

/** Ends the browser; afterwards the next `browser()` starts another. */
export async function closeBrowser(): Promise<void> {
  const running = started;
  started = undefined;
  await (await running)?.close();
}
