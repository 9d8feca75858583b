import { failed, log } from "./journal";
import { CommonPorts, Directory, Settings, StackReader, Target, Visitors } from "./ports";
import { isNew, Project, Result, stackNameOf, SWITCHES } from "./project";
import type { Reads } from "./store";

type Ports = Pick<CommonPorts, "store" | "now"> &
  Pick<Directory, "names" | "addressOf"> &
  Visitors & { stacks: StackReader };

const ok: Result = { ok: true };
/** A server comes up in five minutes, a new one takes another's place in ten; a name that nobody knew is one after fifteen at most. */
const MINUTES = 30;

/**
 * Leads the project's name to what its stack made, and asks there. Nothing while it does not answer yet: whoever calls asks again,
 * each minute for half an hour. What is thrown in between, by Route 53 as well, is no answer either.
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

/** What is wrong at the moment, or a result that will not change. */
async function ask(ports: Ports, settings: Settings, project: Project): Promise<Result | string> {
  const { outputs = {} } = (await ports.stacks.read(stackNameOf(settings.prefix, project.id))) ?? {};
  const host = settings.domain && `${project.host}.${settings.domain}`;
  const now = { ...project, ...project.change };
  if (now.frozen) {
    // A name that led to an address which is given up must not lead to whoever gets that next.
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

/** Remembers where the project answers; the link to it is another one where a server stands before the projects. */
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

/** A new address for e-mails, more time, or a further name asks nothing of what serves; that it is down at the moment is no reason against them. */
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

/** A group without a balancer is led to by the address of its one instance. */
async function targetOf(
  ports: Pick<Directory, "addressOf">,
  { Target: name, TargetZone: zone, Group: group }: Record<string, string>,
): Promise<Target | undefined> {
  if (name && zone) return { name, zone };
  const address = group && (await ports.addressOf(group));
  return address ? { address } : undefined;
}
