// A Git host that tells of pushes.
import { strict as assert } from "node:assert";
import { createHmac } from "node:crypto";
import { MEMBER, Person, World } from "./world";

export const HOOK = "/projects/{id}/hook";
export const NOBODY: Person = { sub: "", email: "" };
export const COMMIT = "a".repeat(40);
export const NEWER = "b".repeat(40);
export const push = (more: object = {}) => ({ ref: "refs/heads/main", after: COMMIT, ...more });

/** Makes a project's hook, and gives its secret. */
export async function hooked(w: World, id: string, person = MEMBER): Promise<string> {
  const { status, body } = await w.call(person, "PUT", HOOK, { id });
  assert.equal(status, 201, JSON.stringify(body));
  assert.equal(body.url, `https://api.example.org/v1/projects/${id}/hook`);
  assert.match(body.secret, /^[0-9a-f]{64}$/);
  return body.secret;
}

export const signed = (secret: string, body: string) => ({
  "X-GitHub-Event": "push",
  "X-Hub-Signature-256": `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`,
});

/** What GitHub sends. */
export function fromGitHub(
  w: World,
  id: string,
  secret: string,
  content: object = push(),
  more: object = {},
) {
  const body = JSON.stringify(content);
  return w.call(NOBODY, "POST", HOOK, { id, body, headers: { ...signed(secret, body), ...more } });
}
