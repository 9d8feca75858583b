import { apisOf } from "./apis";
import type { Options } from "./options";
import { starterOf, type State } from "./state";

const LINE = 60;
const INSPECTED =
  "  A debugger can attach to each web server at the port that npm run sandbox -- status shows; so can anybody else with an account on this machine.";

/** A name, and what goes by it. */
type Row = [name: string, value: string];

/** What a person is told once everything runs: first what most of them look for. */
export function announcement(state: State, { watch, inspect }: Pick<Options, "watch" | "inspect">): string[] {
  const groups: Row[][] = [
    [
      ["Site", state.url],
      ...state.addresses.slice(1).map(({ protocol, port, url }): Row => [`${protocol} ${port}`, url]),
      ...state.people.map(({ group, email, password }): Row => [
        group === "admin" ? "Admin" : "Member",
        `${email}  ${password}`,
      ]),
      ["Sandbox page", `${state.page}/sandbox`],
      ...(state.traces ? [["Traces", state.traces] as Row] : []),
    ],
    state.projects ? [["Projects", state.projects], ...startersOf(state), ["Docker", dockerOf(state)]] : [],
    [
      ...apisOf(state).map(([name, value]): Row => [capitalised(name), value]),
      ...(state.source ? [["Source", `git push ${state.source.folder} ${state.source.branch}`] as Row] : []),
    ],
    [
      ["AWS (MiniStack)", state.endpoints.ministack],
      ["AWS (moto: EC2 ...)", state.endpoints.moto],
    ],
  ];
  return [
    ...groups
      .filter(({ length }) => length > 0)
      .flatMap((rows) => ["", ...rows.map(([name, value]) => `  ${name.padEnd(22)}${value}`)]),
    "",
    `  ${state.resources.length} resources in ${state.seconds.toFixed(1)} s. Ctrl-C takes all of it down.`,
    "  Try in another terminal: npm run sandbox -- status | logs -f | kill web | kill database | mail | aws s3 ls",
    ...(inspect ? [INSPECTED] : []),
    ...(watch ? ["  What you save is followed: functions/ webapp/ components/ stacks/ Pulumi.*.yaml"] : []),
    "",
    `ready ${state.url}`,
  ];
}

const startersOf = ({ starters }: State): Row[] => [
  ["Starters", `${starterOf({ starters }, "NAME")}, with one of these names:`],
  ...inLines(starters.names, LINE).map((line): Row => ["", line]),
];

/** Words, in lines no longer than this. */
const inLines = (words: string[], length: number): string[] =>
  words.reduce<string[]>((lines, word) => {
    const longer = [...lines.slice(-1), word].join(" ");
    return longer.length > length ? [...lines, word] : [...lines.slice(0, -1), longer];
  }, []);

const dockerOf = ({ docker }: State): string =>
  "version" in docker
    ? `${docker.version} builds and runs projects on other than Node and Python; not with --no-docker`
    : `not used (${docker.because}): projects on other than Node and Python do not run`;

const capitalised = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
