import assert from "node:assert/strict";
import { prefersHtml } from "../../webapp/accept";

describe("content negotiation", () => {
  const cases: [string | undefined, boolean][] = [
    [undefined, false],
    ["", false],
    ["*/*", false],
    ["application/json", false],
    ["text/html", true],
    ["TEXT/HTML;q=0.9, application/json;q=0.8", false],
    ["text/html;q=0.9, application/json;q=0.8", true],
    ["text/html;q=0.5, application/json", false],
    ["application/json, text/html;q=0.9", false],
    ["text/html;q=0", false],
    ["text/html;q=0.4, */*;q=0.8", false],
    ["text/html;q=nonsense", false],
    ["text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8", true],
  ];
  for (const [accept, expected] of cases) {
    it(`gives ${expected ? "the page" : "JSON"} for ${JSON.stringify(accept)}`, () => {
      assert.equal(prefersHtml(accept), expected);
    });
  }
});
