import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { closeBrowser, openPage } from "../browser";
import { start, startWithDatabase } from "./helper";
import { some } from "../some";

const PHONE = { viewport: { width: 375, height: 812 } };

/** Runs on an open page; fails when a script failed or the content security policy refused something. */
async function visit(
  environment: Record<string, string>,
  work: (page: Page) => Promise<void>,
  { database = true, context = {} } = {},
): Promise<void> {
  const { app } = await (database ? startWithDatabase : start)(environment);
  const url = await app.listen({ port: 0, host: "127.0.0.1" });
  const { page, problems, close } = await openPage(context);
  try {
    await page.goto(url);
    await page.waitForSelector(".status:not([data-state=asking])");
    await work(page);
    assert.deepEqual(problems, []);
  } finally {
    await close();
  }
}

const textOf = async (page: Page, selector: string): Promise<string> =>
  (await page.locator(selector).innerText()).trim();

describe("the page", () => {
  after(closeBrowser);

  it("shows who served it, and counts who serves it again", async () => {
    await visit({ INSTANCE_NAME: "web-7" }, async (page) => {
      await page.locator("#host", { hasText: "web-7" }).waitFor();
      await page.click("#ask-many");
      await page.locator("#tally", { hasText: "21 of 21" }).waitFor();
      assert.equal(await textOf(page, "#database"), "Database ready");
    });
  });

  it("notices by itself that the database is away and back, and then lists the users", async () => {
    await visit({}, async (page) => {
      let isAway = true;
      await page.route(/\/(health\/ready|users)/, async (route) =>
        isAway
          ? route.fulfill({ status: 503, contentType: "application/json", body: '{"message":"it is away"}' })
          : route.continue(),
      );
      await page.reload();
      await page.locator("#database", { hasText: "Database away" }).waitFor();
      await page.locator("#users-message", { hasText: "It is away." }).waitFor();
      isAway = false;
      await page.locator("#database", { hasText: "Database ready" }).waitFor();
      await page.locator("#people", { hasText: "Nobody yet" }).waitFor();
      assert.equal(await textOf(page, "#users-message"), "");
    });
  });

  it("adds users and lists them, the newest first, older ones on request", async () => {
    await visit({}, async (page) => {
      await page.locator("#people", { hasText: "Nobody yet" }).waitFor();
      for (let n = 1; n <= 21; n += 1) {
        await page.fill("#username", `user ${n}`);
        await page.fill("#email", `user${n}@example.com`);
        await page.press("#email", "Enter");
        await page.locator("#users-message", { hasText: `User [user ${n}] added successfully` }).waitFor();
        await page.locator("#people li:first-child .name", { hasText: `user ${n}` }).waitFor();
      }
      assert.equal(await page.locator("#people li").count(), 20);
      await page.click("#older");
      await page.locator("#people li:nth-child(21)").waitFor();
      assert.equal(await textOf(page, "#people li:nth-child(21) .name"), "user 1");
      assert.equal(await page.locator("#older").isVisible(), false);
    });
  });

  it("shows what was wrong beside the field, and puts the cursor there", async () => {
    await visit({}, async (page) => {
      await page.fill("#username", "demo");
      await page.fill("#email", "nowhere");
      await page.press("#email", "Enter");
      await page.locator("#email-error:not(:empty)").waitFor();
      assert.equal(await textOf(page, "#email-error"), "Enter an e-mail address of at most 120 characters.");
      assert.equal(await page.locator("#email").getAttribute("aria-invalid"), "true");
      assert.equal(await page.evaluate("document.activeElement.id"), "email");
    });
  });

  it("shows a user's name as text, whatever it holds", async () => {
    await visit({}, async (page) => {
      const name = `<img src=x onerror="document.title='owned'">`;
      await page.fill("#username", name);
      await page.fill("#email", "x@example.com");
      await page.press("#email", "Enter");
      await page.locator("#people .name").waitFor();
      assert.equal(await textOf(page, "#people .name"), name);
      assert.equal(await page.title(), "Groundwork");
    });
  });

  it("computes one prime, and many at once", async () => {
    await visit({}, async (page) => {
      await page.click("#load [type=submit]");
      await page.locator("#verdict[data-state=prime]").waitFor();
      assert.match(
        await textOf(page, "#verdict"),
        /^112,272,535,095,293 is prime\s+Computed in [\d.]+ (ms|s)\.$/,
      );
      await page.click("[data-number='9007196099250001']");
      await page.click("#load [type=submit]");
      await page.locator("#verdict .answer", { hasText: "9,007,196,099,250,001 is not prime" }).waitFor();
      await page.fill("#number", "12345678");
      await page.click("#compute-many");
      await page.locator("#verdict .answer", { hasText: "32 of 32 computed" }).waitFor();
      assert.equal(await page.locator("#results li").count(), 3);
    });
  });

  it("refuses an invalid number, beside the field", async () => {
    await visit({}, async (page) => {
      await page.fill("#number", "twelve");
      await page.press("#number", "Enter");
      await page.locator("#number-error:not(:empty)").waitFor();
      assert.match(
        await textOf(page, "#number-error"),
        /^Enter a whole number from 0 to 9007199254740992 \(a larger one could hold a core for minutes\)\.$/,
      );
    });
  });

  it("fits a phone, with every control named and large enough for a finger", async () => {
    await visit(
      {},
      async (page) => {
        assert.equal(await page.evaluate("document.documentElement.scrollWidth"), 375);
        const controls = await page.locator("button:visible, input:visible").all();
        assert.equal(controls.length, 11);
        for (const control of some(controls)) {
          const { height } = (await control.boundingBox())!;
          assert.ok(height >= 36, `${await control.getAttribute("id")} is ${height} high`);
        }
        for (const input of some(await page.locator("input").all())) {
          assert.equal(await page.locator(`label[for=${await input.getAttribute("id")}]`).count(), 1);
        }
      },
      { context: PHONE },
    );
  });

  for (const colorScheme of ["light", "dark"] as const) {
    it(`has readable text in the ${colorScheme} scheme`, async () => {
      await visit(
        {},
        async (page) => {
          const faint = await page.evaluate(contrastOfText);
          assert.deepEqual(faint, []);
        },
        { context: { colorScheme } },
      );
    });
  }

  it("says that there is no database, and still computes", async () => {
    await visit(
      {},
      async (page) => {
        assert.equal(
          await textOf(page, "#users-message"),
          "No database is configured: set DATABASE_SECRET_ARN.",
        );
        await page.click("#load [type=submit]");
        await page.locator("#verdict[data-state=prime]").waitFor();
      },
      { database: false },
    );
  });

  it("links to the documentation of its API", async () => {
    await visit({}, async (page) => {
      await page.getByRole("link", { name: "API documentation" }).click();
      const load = page.locator(".operation", { hasText: "GET /load" });
      await load.locator("summary").click();
      assert.match(await load.locator("pre").innerText(), /^curl 'http:.*\/load\?number=112272535095293'$/);
    });
  });
});

/** Runs in the page: the texts whose contrast with the nearest opaque background is under 4.5 to 1 (WCAG AA). */
const contrastOfText = `(() => {
  const channels = (color) => color.match(/[\\d.]+/g).map(Number);
  const luminance = (color) => {
    const [r, g, b] = channels(color).map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const backdrop = (node) => {
    for (let at = node; at; at = at.parentElement) {
      if (at.classList.contains("masthead")) return getComputedStyle(document.documentElement).getPropertyValue("--blueprint");
      const color = getComputedStyle(at).backgroundColor;
      if (channels(color)[3] !== 0) return color;
    }
    return "rgb(255, 255, 255)";
  };
  const asRgb = (color) => {
    const probe = document.body.appendChild(document.createElement("i"));
    probe.style.color = color;
    const found = getComputedStyle(probe).color;
    probe.remove();
    return found;
  };
  const faint = [];
  for (const node of document.querySelectorAll("body *")) {
    const text = [...node.childNodes].filter((each) => each.nodeType === 3).map((each) => each.data.trim()).join("");
    if (!text || !node.checkVisibility() || node.closest("noscript")) continue;
    const [a, b] = [luminance(getComputedStyle(node).color), luminance(asRgb(backdrop(node)))].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < 4.5) faint.push(text.slice(0, 30) + " " + ratio.toFixed(2));
  }
  return faint;
})()`;
