const { reporters, Runner } = require("mocha");
const { summary } = require("../scripts/test/summary.cjs");

const { EVENT_TEST_PASS, EVENT_TEST_FAIL, EVENT_TEST_PENDING, EVENT_RUN_BEGIN } = Runner.constants;

/** The reason that `skip` of test/skip.ts left, with the test or with a suite around it. */
function reasonOf(test) {
  for (let at = test; at; at = at.parent) if (at.skipReason) return at.skipReason;
  return undefined;
}

/**
 * Mocha's Spec reporter, with a closing block that groups what was skipped by its reason. As a part of `npm test` it tells the whole
 * run of its results instead.
 */
module.exports = class extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    this.results = { passed: 0, failures: [], skipped: [] };
    runner.on(EVENT_RUN_BEGIN, () => this.tell({ total: runner.total }));
    runner.on(EVENT_TEST_PASS, () => this.tell({ passed: (this.results.passed += 1) }));
    runner.on(EVENT_TEST_FAIL, (test, error) =>
      this.results.failures.push({ title: test.fullTitle(), message: error.message ?? String(error) }),
    );
    runner.on(EVENT_TEST_PENDING, (test) => {
      const reason = reasonOf(test);
      const title = test.fullTitle();
      if (reason) this.results.skipped.push({ title, reason });
      else this.results.failures.push({ title, message: "was skipped without a reason" });
    });
  }

  tell(message) {
    if (process.connected) process.send(message);
  }

  epilogue() {
    if (this.failures.length > 0) reporters.Base.list(this.failures);
    if (process.connected) this.tell({ results: this.results });
    else console.log(`\n${summary(this.results)}`);
  }
};
