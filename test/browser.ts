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
  return driver.launch({ executablePath: await inOwnFolder(() => chromium.executablePath()), args: QUIET });
}

// The package unpacks Chromium for its owner alone, into a folder that all users of the machine would share.
async function inOwnFolder<Result>(work: () => Promise<Result>): Promise<Result> {
  const saved = process.env.TMPDIR;
  process.env.TMPDIR = path.join(os.tmpdir(), `groundwork-chromium-${os.userInfo().uid}`);
  fs.mkdirSync(process.env.TMPDIR, { recursive: true });
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
