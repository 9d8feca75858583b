import { ask } from "../ask";
import { Broken, expectStatus, needs, Promised } from "../promised";
import type { Stage } from "../stage";

const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");

/** Tokens that must not admit anybody. */
function wrongOf(token: string): Record<string, string> {
  const [head, payload, signature] = token.split(".") as [string, string, string];
  const claims = JSON.parse(Buffer.from(payload, "base64url").toString()) as Record<string, unknown>;
  const raised = encoded({ ...claims, "cognito:groups": ["admin"] });
  return {
    nonsense: "not-a-token",
    "a token with other claims": `${head}.${raised}.${signature}`,
    "a token without a signature": `${encoded({ alg: "none", typ: "JWT" })}.${payload}.`,
  };
}

/** One address of each API that takes a token, and what precedes the token there. */
const apisOf = ({ url, outputs }: Stage) =>
  [
    { name: "the web app", at: `${url}/users`, before: "Bearer " },
    { name: "delivery", at: outputs["deliveryUrl"] && `${outputs["deliveryUrl"]}/pipeline`, before: "" },
    {
      name: "provisioner",
      at: outputs["provisionerUrl"] && `${outputs["provisionerUrl"]}/quota`,
      before: "",
    },
  ].filter(({ at }) => at);

export const tokens: Promised = {
  name: "a wrong token is refused",
  expected: "401 from each API for each wrong token, and for no valid one",
  takes: { sandbox: 3, AWS: 5 },
  usd: 0,
  missing: needs("userPoolId"),
  async run({ stage, token }) {
    const right = await token();
    const wrong = Object.entries(wrongOf(right));
    const apis = apisOf(stage);
    for (const { name, at, before } of apis) {
      for (const [kind, value] of wrong)
        expectStatus(`${name}, given ${kind},`, await ask(at!, { authorization: before + value }), 401);
      // An API that refuses everybody proves nothing.
      const { status } = await ask(at!, { authorization: before + right });
      if (status === 401 || status === 403) throw new Broken(`${name} answered ${status} to a valid token`);
    }
    const kinds = wrong.map(([kind]) => kind).join(", ");
    return `401 from ${apis.map(({ name }) => name).join(", ")} for ${kinds}; the valid one was accepted`;
  },
};
