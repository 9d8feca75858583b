import { MEMBER, wish } from "./people";
import type { World } from "./in-memory";

/** A project of the member's, just accepted. */
export async function asked(w: World, more: object = {}, person = MEMBER): Promise<string> {
  const { status, body } = await w.call(person, "POST", "/projects", { body: wish(more) });
  if (status !== 202) throw new Error(JSON.stringify(body));
  return body.id as string;
}

/** A project that is up: its stack and its build are done, its name leads there. */
export async function ready(
  w: World,
  more: object = {},
  outputs: Record<string, string> = SITE,
): Promise<string> {
  const id = await asked(w, more);
  await w.step("create", id, "t-create");
  Object.assign(w.stacks.get(`gw-${id}`)!, { status: "CREATE_COMPLETE", outputs });
  await w.look(id);
  await w.step("deliver", id, "t-deliver");
  w.aws.build = { status: "done", reason: "" };
  await w.look(id);
  await serve(w, id);
  await w.step("finish", id);
  return id;
}

/** Whether what was built serves: it is asked, and if need be a minute later again. */
export async function serve(w: World, id: string): Promise<void> {
  await w.step("serve", id, "t-serve");
}

/** A project whose first build has failed: it stays, for its team to mend. */
export async function failedBuild(w: World, more: object = {}): Promise<string> {
  const id = await asked(w, more);
  await w.step("create", id, "t-create");
  Object.assign(w.stacks.get(`gw-${id}`)!, { status: "CREATE_COMPLETE", outputs: SITE });
  await w.look(id);
  await w.step("deliver", id, "t-deliver");
  w.aws.build = { status: "failed", reason: "The build failed in PRE_BUILD.", logStream: "stream-1" };
  await w.look(id);
  await w.step("hold", id);
  return id;
}

/** A project whose update runs. */
export async function updating(w: World, change: object, more: object = {}): Promise<string> {
  const id = await ready(w, more);
  const { status, body } = await w.call(MEMBER, "PATCH", "/projects/{id}", { id, body: change });
  if (status !== 202) throw new Error(JSON.stringify(body));
  return id;
}

export const SITE = {
  Target: "d1.cloudfront.net",
  TargetZone: "Z1",
  Bucket: "site-bucket",
  Releases: "site-releases",
};

/** Has something happen just before a port is asked. */
export function justBefore<Ports, Name extends keyof Ports>(
  ports: Ports,
  name: Name,
  happens: () => void,
): void {
  const own = ports[name] as (...all: unknown[]) => Promise<unknown>;
  ports[name] = (async (...all: unknown[]) => {
    happens();
    return own(...all);
  }) as Ports[Name];
}

/** The API's resource that is one project. */
export const ONE_PROJECT = "/projects/{id}";

export const last = <T>(all: T[]): T => all.at(-1)!;
