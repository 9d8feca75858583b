// What the catalogue shows to whoever chooses from it.
import { centsOf, Environment, ENVIRONMENTS, Kind, kinds } from "./catalogue";

const KEPT =
  "Uploads are stored in the project's own file system (Amazon EFS), which all of its servers share and which outlives them. The price includes 2 GB in dev, 5 GB in stag and 10 GB in prod; each further GB costs about 40 cents a month with its backup.";

const LEFT =
  "A deletion keeps the database's last snapshot. AWS charges about 10 cents a month for each GB of it, beside any price or quota here, until somebody deletes it.";

/** A client always returns to the same server, and meets there only those whom the balancer sent there as well. */
const APART =
  "With several servers, as in stag and prod, each server knows only its own visitors, and always the same ones. A message for all visitors must go through something that the servers share, as socketio's servers do through their database.";

const TOGETHER =
  "With several servers, as in prod, a message on one server reaches the visitors of the others through the project's database, if the program does this: the starter does, with @socket.io/postgres-adapter. Without an adapter, each visitor hears only those on the same server.";

const UNTRIED =
  "Not tried: nobody has built an image of this kind on this platform yet, or seen a page of it. Request one in dev first.";

/** What a team must know about a kind before it asks for one. */
export function notesOf({ needs, sticky, engine, untried, uploads }: Kind): string[] {
  return [
    ...(untried ? [UNTRIED] : []),
    ...(sticky && !engine ? [APART] : []),
    ...(sticky && engine && !uploads ? [TOGETHER] : []),
    ...(needs ? [`${needs.secret} must be among its secrets: ${needs.because}.`] : []),
    ...(uploads ? [KEPT] : []),
    ...(engine ? [LEFT] : []),
  ];
}

/** What a form must know about a kind beside its price. */
export interface About {
  template: "static" | "server";
  notes: string[];
  /** The address of a starter repository. */
  starter?: string;
}

/** @param starters how a starter's address reads, `{name}` being its name; empty where none are offered */
export const aboutKinds = (starters: string): Record<string, Record<string, About>> =>
  Object.fromEntries(
    Object.entries(kinds).map(([type, frameworks]) => [
      type,
      Object.fromEntries(
        Object.entries(frameworks).map(([framework, kind]) => [
          framework,
          {
            template: kind.template,
            notes: notesOf(kind),
            ...(starters && kind.starter && { starter: starters.replace("{name}", kind.starter) }),
          },
        ]),
      ),
    ]),
  );

/** Every accepted combination, with its price in every environment. */
export function priceList(): Record<string, Record<string, Record<Environment, number>>> {
  const pricesOf = (type: string, framework: string) =>
    Object.fromEntries(
      ENVIRONMENTS.map((environment) => [environment, centsOf({ type, framework, environment }) / 100]),
    ) as Record<Environment, number>;
  return Object.fromEntries(
    Object.entries(kinds).map(([type, frameworks]) => [
      type,
      Object.fromEntries(Object.keys(frameworks).map((framework) => [framework, pricesOf(type, framework)])),
    ]),
  );
}
