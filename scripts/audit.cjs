// npm run audit: what scanners that we did not write say of a stack, less what policies/waivers.json excuses with a reason.
//   npm run audit                      Prowler (FSBP and CIS) against the running sandbox
//   npm run audit -- checkov FOLDER    checkov on stacks rendered as Terraform JSON (prod.tf.json)
//   npm run audit -- permissions FILE       what the running sandbox's roles allow and nothing used: the emulators write FILE when
//                                      GROUNDWORK_PERMISSIONS names it, at npm start as at npm test
const fs = require("node:fs");
const path = require("node:path");
const { spawnSync } = require("node:child_process");
const { count, judge } = require("./audit/findings.cjs");
const scanners = require("./audit/scanners.cjs");

const waivers = JSON.parse(fs.readFileSync(path.join(__dirname, "../policies/waivers.json"), "utf8"));

async function main([scanner = "prowler", ...args]) {
  if (!scanners[scanner]) return fail(`audit takes ${Object.keys(scanners).join(", ")}, got ${scanner}.`);
  const findings = await scanners[scanner]({ args, run });
  const judged = judge(findings, waivers[scanner]);
  print(judged);
  return judged.failed.length > 0 ? 1 : 0;
}

/** Runs a program to its end; its output goes to the terminal unless the caller wants it. */
function run(command, args, options = {}) {
  const result = spawnSync(command, args, { encoding: "utf8", maxBuffer: 1 << 28, ...options });
  if (result.error) throw new Error(`${command} could not be started: ${result.error.message}`);
  return result;
}

function print({ failed, passed, waived, unused }) {
  for (const [check, findings] of Object.entries(count(failed)))
    console.log(
      `FAILED ${check}  ${findings[0].title}\n${findings.map((f) => `         ${f.stack} ${f.resource}`).join("\n")}`,
    );
  for (const waiver of unused)
    console.log(
      `NEEDLESS waiver of ${waiver.check}${waiver.resource ? ` (${waiver.resource})` : ""}: nothing fails it here`,
    );
  console.log(`${failed.length} failed, ${passed.length} passed, ${waived.length} waived`);
}

function fail(message) {
  console.error(message);
  return 2;
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error) => {
    process.exitCode = fail(error.message);
  },
);
