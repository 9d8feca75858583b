// What the catalogue shows to whoever chooses from it.
import { centsOf, Environment, ENVIRONMENTS, Kind, kinds } from "./catalogue";

const KEPT =
  "What is uploaded lies in a file system of the project's own (Amazon EFS), which all of its servers share, and which outlives them. The price reckons with 2 GB in dev, 5 GB in stag and 10 GB in prod; each further GB is about 40 cents a month with its backup.";

/** A client always returns to the same server, and meets there only those whom the balancer sent there as well. */
const APART =
  "Where several servers run, as they do in stag and prod, each knows only its own visitors, and always the same ones: what all of them must hear goes by way of something that they share, as socketio's servers do by their database.";

const TOGETHER =
  "Where several servers run, as they do in prod, what is said on one reaches the visitors of the others by way of the project's database, if the program has it do so: the starter does, by @socket.io/postgres-adapter. Without an adapter each visitor hears only those on the same server.";

const UNTRIED =
  "Not tried: nobody has built an image of this kind with this platform yet, or seen a page of it. Ask for one in dev first.";

/** What a team must know about a kind before it asks for one. */
export function notesOf({ needs, sticky, engine, untried, uploads }: Kind): string[] {
  return [
    ...(untried ? [UNTRIED] : []),
    ...(sticky && !engine ? [APART] : []),
    ...(sticky && engine && !uploads ? [TOGETHER] : []),
    ...(needs ? [`${needs.secret} must be among its secrets: ${needs.because}.`] : []),
    ...(uploads ? [KEPT] : []),
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
