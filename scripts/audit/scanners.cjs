const fs = require("node:fs");
const path = require("node:path");
const { lastLine, tool } = require("../tools/index.cjs");
const { permissions, runningSandbox } = require("./permissions.cjs");

const root = path.join(__dirname, "../..");
const home = path.join(root, ".sandbox");
const FRAMEWORKS = ["aws_foundational_security_best_practices_aws", "cis_7.0_aws"];

/** Prowler inspects the existing resources, through the AWS API of the running sandbox. */
function prowler({ run }) {
  const { environment, stack } = runningSandbox();
  const program = tool("prowler");
  const output = path.join(home, "scanners/findings");
  fs.rmSync(output, { recursive: true, force: true });
  // One run per framework: Prowler accepts one at a time.
  const findings = FRAMEWORKS.flatMap((framework) => {
    const args = [
      "aws",
      "--compliance",
      framework,
      "--region",
      environment.AWS_REGION,
      "--no-banner",
      "--ignore-exit-code-3",
    ];
    const files = [
      "--output-formats",
      "json-ocsf",
      "--output-directory",
      output,
      "--output-filename",
      framework,
    ];
    const { status, stderr } = run(program, [...args, ...files], {
      env: { ...process.env, ...environment },
      stdio: ["ignore", "ignore", "pipe"],
    });
    if (status !== 0) throw new Error(`Prowler ended with ${status}: ${lastLine(stderr)}`);
    return fromOcsf(stack, JSON.parse(fs.readFileSync(path.join(output, `${framework}.ocsf.json`), "utf8")));
  });
  return unique(findings);
}

function fromOcsf(stack, events) {
  return events.map((event) => ({
    stack,
    check: event.metadata.event_code,
    title: event.finding_info.title,
    resource: event.resources?.[0]?.uid ?? "",
    status: event.status_code,
  }));
}

/** checkov reads code: a folder with stacks rendered as Terraform JSON, each as STACK.tf.json. */
function checkov({ args: [folder], run }) {
  const stacks =
    folder && fs.existsSync(folder) ? fs.readdirSync(folder).filter((file) => file.endsWith(".tf.json")) : [];
  if (stacks.length === 0)
    throw new Error(
      `audit checkov takes a folder with stacks as Terraform JSON (prod.tf.json), got ${folder ?? "nothing"}.`,
    );
  const program = tool("checkov");
  return stacks.sort().flatMap((file) => {
    const flags = ["--framework", "terraform_json", "--compact", "--skip-download", "-o", "json"];
    const { stdout, stderr } = run(program, ["-f", path.join(folder, file), ...flags]);
    const { results } = parsed(stdout) ?? {};
    // checkov reports no finding for a file that it cannot read.
    if (!results?.passed_checks.length)
      throw new Error(`checkov judged nothing in ${file}: ${lastLine(stderr)}`);
    const finding =
      (status) =>
      ({ check_id: check, check_name: title, resource }) => ({
        stack: file.replace(".tf.json", ""),
        check,
        title,
        resource,
        status,
      });
    return [...results.passed_checks.map(finding("PASS")), ...results.failed_checks.map(finding("FAIL"))];
  });
}

function parsed(json) {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

/** The two frameworks share checks. */
function unique(findings) {
  return [...new Map(findings.map((f) => [`${f.check} ${f.resource} ${f.status}`, f])).values()];
}

module.exports = {
  prowler,
  checkov,
  permissions: (given) => permissions({ ...given, state: runningSandbox() }),
};
