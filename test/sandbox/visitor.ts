import type { Person } from "../../sandbox/program";
import type { State } from "../../sandbox/state";

type Group = Person["group"];
type Visitor = { headers: Record<string, string> };
const visitors = new WeakMap<State, Map<Group, Promise<Visitor>>>();

/** A person whom the sandbox made ready; signs in once, because who tries too often is refused. */
function signedIn(state: State, group: Group): Promise<Visitor> {
  const known = visitors.get(state) ?? new Map<Group, Promise<Visitor>>();
  visitors.set(state, known);
  const visitor = known.get(group) ?? signIn(state, group);
  known.set(group, visitor);
  visitor.catch(() => known.delete(group));
  return visitor;
}

/** By the site's own form; may then send what a page of the site sends. */
async function signIn({ url, people }: State, group: Group): Promise<Visitor> {
  const { email, password } = people.find((one) => one.group === group)!;
  const first = await fetch(`${url}/login`);
  const cookie = cookieOf(first);
  const body = new URLSearchParams({ email, password, form: formOf(await first.text()) });
  const done = await fetch(`${url}/login`, { method: "POST", body, headers: { cookie }, redirect: "manual" });
  const session = cookieOf(done);
  const home = await (await fetch(`${url}/home`, { headers: { cookie: session } })).text();
  return { headers: { cookie: session, "x-form-token": formOf(home) } };
}

export interface Answer {
  status: number;
  body: any; // eslint-disable-line @typescript-eslint/no-explicit-any -- the site's answers have no common type
}

/** Asks the site as a page of it does for the person who is signed in. */
export async function ask(
  state: State,
  method: string,
  path: string,
  body?: unknown,
  group: Group = "member",
): Promise<Answer> {
  const { headers } = await signedIn(state, group);
  const response = await fetch(state.url + path, {
    method,
    headers: body === undefined ? headers : { ...headers, "content-type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await response.text();
  return { status: response.status, body: text ? JSON.parse(text) : undefined };
}

/** Adds a user to the list. Answers the status. */
export async function addUser(state: State, username: string): Promise<number> {
  return (await ask(state, "POST", "/users", { username, email: `${username}@example.com` })).status;
}

export async function userNames(state: State): Promise<string[]> {
  const { body } = await ask(state, "GET", "/users");
  return (body as { username: string }[]).map(({ username }) => username);
}

function cookieOf(response: Response): string {
  const cookie = response.headers.getSetCookie()[0]?.split(";")[0];
  if (!cookie) throw new Error(`${response.url} answered ${response.status} without a session`);
  return cookie;
}

function formOf(page: string): string {
  const token =
    /name="form" value="([^"]+)"/.exec(page)?.[1] ?? /value="([^"]+)" name="form"/.exec(page)?.[1];
  if (!token) throw new Error("the page holds no form of its own");
  return token;
}
