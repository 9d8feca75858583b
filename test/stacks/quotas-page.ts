import { QUOTAS, Quota, usedBy } from "../../scripts/quotas/quotas";
import type { StackView } from "../../policies/declared";
import { NAMES, readTemplate } from "../components/provisioner/template-files";

/** A project is static, or a server with or without a database of its own: the larger counts. */
function inOneProject({ inProjects = [], each = 1 }: Quota): number {
  const count = (name: (typeof NAMES)[number]) =>
    Object.values(readTemplate(name).Resources).filter(({ Type }) => inProjects.includes(Type)).length +
    (inProjects.includes("itself") ? 1 : 0);
  const server =
    count("server") + count("database") - (inProjects.includes("AWS::CloudFormation::Stack") ? 1 : 0);
  return each * Math.max(count("static"), server);
}

/** docs/quotas.md: what each stack and a hundred projects take of AWS's default quotas. */
export function quotasPage(views: StackView[]): string {
  const names = views.map(({ stack }) => stack);
  const rows = QUOTAS.map((quota) => {
    const used = [...views.map((view) => usedBy(quota, view)), 100 * inOneProject(quota)];
    return { quota, used };
  });
  const told = rows.flatMap(({ quota: { what, most, young }, used }) =>
    used.flatMap((one, i) =>
      one > (young ?? most) / 2
        ? [`| ${what} | ${names[i] ?? "100 projects"} | ${one} | ${young ?? most} |`]
        : [],
    ),
  );
  return `# Quotas

What each stack declares, against the quotas that AWS gives an account in a region by default. A number is the most that a stack has at once: every group at its
largest, or renewing all of its machines. A hundred projects are counted as if all were of the larger kind for that row.

| Quota | Default | ${names.join(" | ")} | 100 projects |
|---|---|${"---|".repeat(names.length + 1)}
${rows.map(({ quota, used }) => `| [${quota.what}](${quota.page}) | ${quota.most.toLocaleString("en")}${quota.young ? `, new accounts ${quota.young}` : ""} | ${used.join(" | ")} |`).join("\n")}

## Over half

Ask AWS for more before you bring these up: Service Quotas in the console, or \`aws service-quotas request-service-quota-increase\`.

| Quota | Of | Takes | There are |
|---|---|---|---|
${told.join("\n")}

A Lambda with \`reservedConcurrency\` is refused unless [100 executions stay unreserved](https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html);
in an account that starts with 10, AWS's error names 10 as what must stay, so that nothing can be reserved at all. No function here reserves any unless you
say so.
`;
}
