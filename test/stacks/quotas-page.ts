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

How much of AWS's default quotas for an account in a region each stack uses. Each number is the most that a stack can use at once: with every group at its
largest, or replacing all of its machines. The hundred projects are counted as if all were of the larger kind for that row.

| Quota | Default | ${names.join(" | ")} | 100 projects |
|---|---|${"---|".repeat(names.length + 1)}
${rows.map(({ quota, used }) => `| [${quota.what}](${quota.page}) | ${quota.most.toLocaleString("en")}${quota.young ? `, new accounts ${quota.young}` : ""} | ${used.join(" | ")} |`).join("\n")}

## More than half

Request higher quotas before you bring these up, in the console under Service Quotas, or with \`aws service-quotas request-service-quota-increase\`.

| Quota | Used by | Uses | Available |
|---|---|---|---|
${told.join("\n")}

A Lambda with \`reservedConcurrency\` is refused unless [100 executions stay unreserved](https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html);
in an account that starts with 10, AWS's error says that all 10 must stay unreserved, so nothing can be reserved at all. No function here reserves any unless you
configure it.
`;
}
