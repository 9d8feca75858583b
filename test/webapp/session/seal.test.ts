import assert from "node:assert/strict";
import { SessionKeys } from "../../../webapp/session/seal";

describe("the session's seal", () => {
  const keys = new SessionKeys(Buffer.alloc(32, 7));
  // Asked for as each test runs: this block is read minutes before, with the rest of the suite.
  const later = () => Date.now() + 60_000;

  it("opens what it sealed, and never produces the same seal twice", () => {
    const [one, two] = [keys.seal({ id: "a" }, later()), keys.seal({ id: "a" }, later())];
    assert.deepEqual(keys.open(one), { id: "a" });
    assert.notEqual(one, two);
    assert.doesNotMatch(Buffer.from(one, "base64url").toString("latin1"), /"id"/);
  });

  it("refuses every changed bit, another secret, and what is too old", () => {
    const sealed = Buffer.from(keys.seal({ id: "a" }, later()), "base64url");
    for (let bit = 0; bit < sealed.length * 8; bit++) {
      const changed = Buffer.from(sealed);
      changed[bit >> 3]! ^= 1 << (bit & 7);
      assert.equal(keys.open(changed.toString("base64url")), undefined);
    }
    assert.equal(new SessionKeys(Buffer.alloc(32, 8)).open(sealed.toString("base64url")), undefined);
    assert.equal(keys.open(keys.seal({ id: "a" }, Date.now() - 1)), undefined);
    for (const nonsense of ["", "x", "🙂", "a".repeat(5_000), "=".repeat(40)])
      assert.equal(keys.open(nonsense), undefined);
  });

  it("opens a login's ticket only as a ticket, and a session only as a session", () => {
    const ticket = keys.seal("a", later(), "ticket");
    assert.equal(keys.open(ticket, Date.now(), "ticket"), "a");
    assert.equal(keys.open(ticket), undefined);
    assert.equal(keys.open(keys.seal("a", later()), Date.now(), "ticket"), undefined);
  });

  it("refuses a form token of another session, and a secret that is too short", () => {
    assert.equal(keys.isFormToken("a", keys.formToken("a")), true);
    for (const wrong of [keys.formToken("b"), "", undefined, 5, `${keys.formToken("a")}x`])
      assert.equal(keys.isFormToken("a", wrong), false);
    assert.throws(() => new SessionKeys(Buffer.alloc(31)), /32 bytes or more, got 31/);
  });

  it("is valid until exactly the moment that it was sealed for", () => {
    const sealed = keys.seal("a", 1_000);
    assert.equal(keys.open(sealed, 999), "a");
    assert.equal(keys.open(sealed, 1_000), undefined);
  });

  it("refuses a nonce and a tag with nothing in between", () => {
    for (const bytes of [0, 12, 28, 29])
      assert.equal(keys.open(Buffer.alloc(bytes).toString("base64url")), undefined);
  });

  // What is sealed today has to be opened by the servers of tomorrow: these were made once, and written down.
  it("keeps its form from one version to the next", () => {
    const sealed =
      "Qmh-OMJMRV6sQoHeH8PdwO44Bjzhl19vJZg_U_J3rQsJP_GakZteAhnVzO6J7ufBnThm5tNZqv-Ft_j_aRtNkmvqt24G9Wi8_dFQfM0";
    assert.deepEqual(keys.open(sealed, 0), { id: "kept" });
    assert.equal(keys.formToken("kept"), "378KsNEQ1iElwmm-QbsbRge11drje3XiyGl4hiW0C38");
  });

  it("accepts a secret of exactly 32 bytes, and derives other keys from another secret", () => {
    const other = new SessionKeys(Buffer.alloc(32, 8));
    assert.notEqual(other.formToken("a"), keys.formToken("a"));
    assert.equal(other.isFormToken("a", keys.formToken("a")), false);
  });

  it("refuses form tokens of the right length with one wrong letter", () => {
    const token = keys.formToken("a");
    assert.equal(keys.isFormToken("a", `${token.slice(0, -1)}${token.endsWith("A") ? "B" : "A"}`), false);
    assert.equal(keys.isFormToken("a", token.slice(0, -1)), false);
    assert.equal(keys.isFormToken("a", [token]), false);
  });
});
