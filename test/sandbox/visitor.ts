import { State } from "../../sandbox/state";

type Visitor = { headers: Record<string, string> };
const visitors = new WeakMap<State, Promise<Visitor>>();

/** The person whom the sandbox made ready; signs in once, because who tries too often is refused. */
function signedIn(state: State): Promise<Visitor> {
  const known = visitors.get(state);
  if (known) return known;
  const visitor = signIn(state);
  visitors.set(state, visitor);
  visitor.catch(() => visitors.delete(state));
  return visitor;
}

/** By the site's own form; may then send what a page of the site sends. */
async function signIn({ url, user }: State): Promise<Visitor> {
  const first = await fetch(`${url}/login`);
  const cookie = cookieOf(first);
  const body = new URLSearchParams({
    email: user!.email,
    password: user!.password,
    form: formOf(await first.text()),
  });
  const done = await fetch(`${url}/login`, { method: "POST", body, headers: { cookie }, redirect: "manual" });
  const session = cookieOf(done);
  const home = await (await fetch(`${url}/home`, { headers: { cookie: session } })).text();
  return { headers: { cookie: session, "x-form-token": formOf(home) } };
}

/** Adds a user to the list, as the person who is signed in. Answers the status. */
export async function addUser(state: State, username: string): Promise<number> {
  const { headers } = await signedIn(state);
  const response = await fetch(`${state.url}/users`, {
    method: "POST",
    headers: { ...headers, "content-type": "application/json" },
    body: JSON.stringify({ username, email: `${username}@example.com` }),
  });
  return response.status;
}

export async function userNames(state: State): Promise<string[]> {
  const { headers } = await signedIn(state);
  const users = (await (await fetch(`${state.url}/users`, { headers })).json()) as { username: string }[];
  return users.map(({ username }) => username);
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
