import type { DnsRecord, DomainState, Project } from "./project";
import type { Mail, Settings } from "./ports";
import { pageOf } from "./project-page";

type Says = Pick<Settings, "consoleUrl">;

const mail = (settings: Says, project: Project, subject: string, lines: string[]): Mail => ({
  to: [project.email],
  subject,
  text: [...lines, "", pageOf(settings, project)].join("\n"),
});

const listed = (records: DnsRecord[] = []) =>
  records.flatMap(({ name, type, value }) => ["", `  ${name}`, `  ${type}`, `  ${value}`]);

export const recordsMail = (
  settings: Says,
  project: Project,
  { domain, records, until }: DomainState,
): Mail =>
  mail(settings, project, `${project.name}: two records for ${domain}`, [
    `${domain} leads to ${project.name} once these two records exist in the name's DNS zone (name, type, value):`,
    ...listed(records),
    "",
    "The first one proves that the name is yours. It must stay, because the certificate is renewed with it.",
    "The second one points the name to the project. Where no CNAME is possible, as at the top of a zone, use an ALIAS or ANAME.",
    `Without the first one by ${until!.slice(0, 16).replace("T", " ")} UTC the project goes on without ${domain}.`,
  ]);

export const lapsingMail = (
  settings: Says,
  project: Project,
  { domain, records, reason }: DomainState,
): Mail =>
  mail(settings, project, `${project.name}: ${domain} is about to stop working`, [
    `${reason} Enter it again (name, type, value), or the project goes on without ${domain}:`,
    ...listed(records?.slice(0, 1)),
  ]);

export const givenUpMail = (settings: Says, project: Project, { domain, reason }: DomainState): Mail =>
  mail(settings, project, `${project.name} goes on without ${domain}`, [
    `${domain} does not lead to ${project.name}. ${reason}`,
    "The project itself is unchanged. The name can be requested again.",
  ]);
