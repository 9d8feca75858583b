import type { Waiver } from "../../scripts/audit/findings.cjs";
import waivers from "../../policies/waivers.json";

const ABOUT: Record<string, string> = {
  prowler: "Prowler: FSBP and CIS, against the running sandbox",
  checkov: "checkov: dev, stag and prod as they are written",
  permissions: "Permissions that nothing used while the tests and the sandbox ran",
};

const cell = (text: string) => text.replaceAll("|", "\\|");
const code = (text: string) => `\`${cell(text)}\``;

/** docs/waivers.md: what policies/waivers.json excuses, one line a reason. */
export function waiversPage(): string {
  const sections = Object.entries(ABOUT).map(([scanner, title]) => {
    const all = (waivers as Record<string, Waiver[]>)[scanner]!;
    const byReason = new Map<string, Waiver[]>();
    for (const waiver of all) byReason.set(keyOf(waiver), [...(byReason.get(keyOf(waiver)) ?? []), waiver]);
    const rows = [...byReason.values()].map((group) => {
      const { stacks, resource, reason } = group[0]!;
      const checks = group.map(({ check }) => code(check)).join(", ");
      return `| ${checks} | ${stacks?.join(", ") ?? "all"} | ${resource ? code(resource) : "all"} | ${cell(reason)} |`;
    });
    return [
      `## ${title}`,
      "",
      "| Check | Stacks | Resources | Why it is excused |",
      "|---|---|---|---|",
      ...rows,
    ].join("\n");
  });
  return ["# What the audits excuse", INTRODUCTION, ...sections].join("\n\n") + "\n";
}

const INTRODUCTION =
  "Made from `policies/waivers.json`, which the audits read. A finding that no line here fits fails `npm run audit`, and a line that fits\nno finding is told as needless.";

const keyOf = ({ stacks, resource, reason }: Waiver) => JSON.stringify([stacks, resource, reason]);
