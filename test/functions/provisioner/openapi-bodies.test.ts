// What the document says of bodies, by a validator that others use as well: it must take what the function takes.
import { strict as assert } from "node:assert";
import Fastify from "fastify";
import { kinds } from "../../../functions/provisioner/catalogue";
import { OPERATIONS } from "../../../functions/provisioner/operations";
import { some } from "../../some";
import { wish } from "./world";

const bodyOf = (route: string) => OPERATIONS.find(({ method, path }) => `${method} ${path}` === route)!.body!;

describe("a body in the provisioner's OpenAPI document", () => {
  /** Whether a validator that holds to the schema, and changes nothing, takes a body. */
  async function takes(route: string, bodies: object[]): Promise<boolean[]> {
    const customOptions = { coerceTypes: false, removeAdditional: false, allowUnionTypes: true } as const;
    const app = Fastify({ ajv: { customOptions } });
    app.post("/", { schema: { body: bodyOf(route) } }, async () => "");
    const statuses: number[] = [];
    for (const body of bodies)
      statuses.push((await app.inject({ method: "POST", url: "/", payload: body })).statusCode);
    await app.close();
    return statuses.map((status) => status === 200);
  }
  const SERVER = { type: "dynamic", stack: "node" };
  const many = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`A${index}`, "x"]));
  const OF_EITHER: [fits: boolean, more: object][] = [
    [true, { repository: "git@github.com:a/b" }],
    [true, { branch: "next", email: "a@example.org", healthPath: "/health" }],
    [true, { domain: "www.example.com" }],
    [true, { port: 1, previews: true, previewSecrets: false }],
    [true, { port: 65_535, releaseCommand: "npm run migrate" }],
    [true, { variables: { A: "x" }, secrets: { B_2: "y" } }],
    [true, { variables: many(50) }],
    [true, { variables: { ["A".repeat(64)]: "x".repeat(16_384) } }],
    [false, { plan: "x" }],
    [false, { email: "nobody" }],
    [false, { branch: "b".repeat(101) }],
    [false, { branch: 1 }],
    [false, { port: 0 }],
    [false, { port: 65_536 }],
    [false, { port: 80.5 }],
    [false, { previews: "yes" }],
    [false, { previewSecrets: 1 }],
    [false, { variables: { "a-b": "x" } }],
    [false, { variables: { ["A".repeat(65)]: "x" } }],
    [false, { secrets: { A: 1 } }],
    [false, { secrets: ["A"] }],
    [false, { variables: { A: "x".repeat(16_385) } }],
    [false, { variables: many(51) }],
    [false, { domain: "localhost" }],
  ];
  const judge = async (route: string, cases: [boolean, object][], whole: (more: object) => object) =>
    assert.deepEqual(
      await takes(
        route,
        cases.map(([, more]) => whole(more)),
      ),
      cases.map(([fits]) => fits),
    );

  it("is a request for a project, with what none goes without", async () => {
    const { accessToken: _, ...plain } = wish() as Record<string, string>;
    await judge("POST /projects", OF_EITHER, (more) => ({ ...plain, ...more }));
    await judge(
      "POST /projects",
      some(["name", "environment", "type", "repository", "email"]).map((name) => [
        false,
        { [name]: undefined },
      ]),
      (more) => ({ ...plain, ...more }),
    );
    await judge(
      "POST /projects",
      [
        [true, SERVER],
        [true, { stack: undefined, accessToken: "t" }],
        [true, { environment: "prod" }],
        [false, { environment: "qa" }],
        [false, { type: "none" }],
        [false, { stack: "none" }],
        [false, { variables: { A: null } }],
        [false, { domain: null }],
        [false, { rebuild: true }],
      ],
      (more) => ({ ...plain, ...more }),
    );
    const all = Object.entries(kinds).flatMap(([type, stacks]) =>
      Object.keys(stacks).map((stack): [boolean, object] => [true, { type, stack }]),
    );
    await judge("POST /projects", some(all), (more) => ({ ...plain, ...more }));
  });

  it("is a change of a project, of one thing at least", async () => {
    await judge("PATCH /projects/{id}", OF_EITHER, (more) => more);
    await judge(
      "PATCH /projects/{id}",
      [
        [false, {}],
        [true, { rebuild: true }],
        [true, { extend: true }],
        [false, { extend: false }],
        [false, { rebuild: "yes" }],
        [true, { domain: null }],
        [true, { accessToken: "t" }],
        [true, { variables: { A: null }, secrets: { B: null } }],
        [false, { name: "other" }],
        [false, { environment: "prod" }],
      ],
      (more) => more,
    );
  });

  it("is a unit's quota, a decision, or the name of a runbook", async () => {
    await judge(
      "PUT /units",
      [
        [true, { unit: "ct1", quota: 0 }],
        [true, { unit: "ct1", quota: 1_000_000 }],
        [true, { unit: "ct1", quota: null }],
        [false, { unit: "ct1", quota: -1 }],
        [false, { unit: "ct1", quota: 1_000_001 }],
        [false, { unit: "ct1", quota: "5" }],
        [false, { unit: "", quota: 5 }],
        [false, { unit: 1, quota: 5 }],
        [false, { unit: "ct1" }],
        [false, { quota: 5 }],
        [false, { unit: "ct1", quota: 5, more: 1 }],
      ],
      (more) => more,
    );
    await judge(
      "POST /projects/{id}/decision",
      [
        [true, { decision: "approve" }],
        [true, { decision: "reject", comment: "x".repeat(500) }],
        [false, { decision: "reject", comment: "x".repeat(501) }],
        [false, { decision: "reject", comment: 1 }],
        [false, { decision: "withdraw" }],
        [false, { comment: "x" }],
      ],
      (more) => more,
    );
    await judge(
      "POST /projects/{id}/runbook",
      [
        [true, { name: "restart" }],
        [true, { name: "patch" }],
        [false, { name: "stop" }],
        [false, {}],
      ],
      (more) => more,
    );
  });

  it("of secrets is marked to be sent only, never to be read", () => {
    const { properties } = bodyOf("POST /projects") as { properties: Record<string, { writeOnly?: true }> };
    const hidden = Object.entries(properties).filter(([, { writeOnly }]) => writeOnly);
    assert.deepEqual(
      hidden.map(([name]) => name),
      ["accessToken", "privateKey"],
    );
  });
});
