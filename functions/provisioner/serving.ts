import { failed, log } from "./journal";
import { CommonPorts, Directory, Settings, StackReader, Target, Visitors } from "./ports";
import { isNew, Project, Result, stackNameOf, SWITCHES } from "./project";
import type { Reads } from "./store";

type Ports = Pick<CommonPorts, "store" | "now"> &
  Pick<Directory, "names" | "addressOf"> &
  Visitors & { stacks: StackReader };

const ok: Result = { ok: true };
/** A server comes up in five minutes and replaces another in ten; a name that did not exist is known after fifteen at most. */
const MINUTES = 30;

/**
 * Points the project's name at what its stack made, and calls it there. Returns nothing while it does not answer yet: the caller
 * asks again, each minute for half an hour. An error on the way, from Route 53 too, counts as no answer.
 */
export async function serving(
  ports: Ports,
  settings: Settings,
  project: Project,
): Promise<Result | undefined> {
  let reason = "it could not be asked";
  try {
    const answer = await ask(ports, settings, project);
    if (typeof answer !== "string") return answer;
    reason = answer;
  } catch (error) {
    log("serve", project.id, error);
  }
  const waited = ports.now().getTime() - Date.parse(project.stages.serve!.at);
  if (waited < MINUTES * 60_000) return undefined;
  return failed("serve", `It was built, but does not serve after ${MINUTES} minutes: ${reason}.`);
}

/** What is wrong at the moment, or a final result. */
async function ask(ports: Ports, settings: Settings, project: Project): Promise<Result | string> {
  const { outputs = {} } = (await ports.stacks.read(stackNameOf(settings.prefix, project.id))) ?? {};
  const host = settings.domain && `${project.host}.${settings.domain}`;
  const now = { ...project, ...project.change };
  if (now.frozen) {
    // A name that pointed to a released address must not lead to whoever gets that address next.
    if (host) await ports.names?.remove(host, project.id);
    return ok;
  }
  const target = await targetOf(ports, outputs);
  if (!target) return "its stack has no address yet";
  const elsewhere = host && (await ports.names?.point(host, project.id, target));
  if (elsewhere) return failed("domain", elsewhere.refused);
  const at = "name" in target ? target.name : target.address;
  const address = await noteAddress(ports, settings, project, outputs, host || at);
  if (!changesWhatServes(project)) return ok;
  const problem = await ports.probe(`${address}${now.healthPath ?? "/"}`, at);
  if (problem) return problem;
  const { TargetGroup } = outputs;
  if (TargetGroup && !(await ports.healthy(TargetGroup)))
    return "its load balancer does not count its servers healthy";
  return ok;
}

/** Remembers where the project answers; its link differs if a server stands before the projects. */
export async function noteAddress(
  { store }: { store: Pick<Reads, "note"> },
  { link }: Settings,
  { id, host }: Project,
  outputs: Record<string, string>,
  at: string,
): Promise<string> {
  const address = `${outputs["Scheme"] ?? "https"}://${at}`;
  await store.note(id, { url: link?.replace("{name}", host) || address });
  return address;
}

/** A new address for e-mails, more time, or a further name does not affect what serves: a current outage is no reason against them. */
function changesWhatServes(project: Project): boolean {
  const { change, frozen } = project;
  const asked = Object.entries(change ?? {}).filter(([, value]) => value !== undefined);
  const thawed = Boolean(frozen && change?.extend);
  return (
    isNew(project) ||
    thawed ||
    asked.some(([name]) => !["email", "extend", "frozen", "domain", "ownName", ...SWITCHES].includes(name))
  );
}

/** A group without a balancer is reached at the address of its single instance. */
async function targetOf(
  ports: Pick<Directory, "addressOf">,
  { Target: name, TargetZone: zone, Group: group }: Record<string, string>,
): Promise<Target | undefined> {
  if (name && zone) return { name, zone };
  const address = group && (await ports.addressOf(group));
  return address ? { address } : undefined;
}
