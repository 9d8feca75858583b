const { Spec } = require("mocha").reporters;

/** Mocha's Spec reporter, plus the totals on a line of their own that other programs can read. */
module.exports = class extends Spec {
  epilogue() {
    super.epilogue();
    const { passes, failures, pending } = this.stats;
    console.log(`${passes} passed, ${failures} failed${pending ? `, ${pending} skipped` : ""}`);
  }
};
