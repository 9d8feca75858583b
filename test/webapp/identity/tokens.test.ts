import assert from "node:assert/strict";
import { createHmac, generateKeyPairSync } from "node:crypto";
import { tokenVerifier } from "../../../webapp/identity/tokens";
import { Pool, POOL, SETTINGS } from "./pool";

const now = () => Math.floor(Date.now() / 1000);

describe("a token of the user pool", () => {
  let pool: Pool;
  before(() => void (pool = new Pool()));
  beforeEach(() => pool.start());
  afterEach(() => pool.stop());

  const verify = (token: string) => tokenVerifier(SETTINGS)(token);

  it("says who its holder is", async () => {
    const exp = now() + 300;
    assert.deepEqual(await verify(pool.token({ exp, "cognito:groups": ["admin"] })), {
      id: "4f1e6a50-0000-4000-8000-000000000001",
      username: "ann",
      email: "ann@example.com",
      groups: ["admin"],
      until: exp * 1000,
    });
  });

  it("identifies its subject if it names no user, groups or address", async () => {
    const { username, email, groups } = await verify(
      pool.token({ sub: "s", "cognito:username": undefined, email: undefined }),
    );
    assert.deepEqual({ username, email, groups }, { username: "s", email: "", groups: [] });
  });

  it("may be issued for either client", async () => {
    for (const aud of [SETTINGS.webClientId, SETTINGS.apiClientId])
      assert.equal((await verify(pool.token({ aud }))).username, "ann");
  });

  const other = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
  const forged = (header: object, secret: string) => {
    const [, payload] = pool.token().split(".");
    const text = `${Buffer.from(JSON.stringify({ kid: "own", ...header })).toString("base64url")}.${payload}`;
    return `${text}.${secret && createHmac("sha256", secret).update(text).digest("base64url")}`;
  };
  const wrong: [what: string, token: () => string, told: RegExp][] = [
    ["that has expired", () => pool.token({ exp: now() - 1 }), /expired/i],
    ["that never expires", () => pool.token({ exp: undefined }), /must end/],
    ["that is not valid yet", () => pool.token({ nbf: now() + 300 }), /before/i],
    ["for another client", () => pool.token({ aud: "other-client" }), /audience/i],
    ["for nobody", () => pool.token({ aud: undefined }), /audience/i],
    [
      "with its client under an access token's name",
      () => pool.token({ aud: undefined, client_id: SETTINGS.webClientId }),
      /audience/i,
    ],
    [
      "of another pool",
      () => pool.token({ iss: `https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Other0000` }),
      /issuer/i,
    ],
    ["of another issuer", () => pool.token({ iss: `https://evil.example/${POOL}` }), /issuer/i],
    ["for access", () => pool.token({ token_use: "access", client_id: SETTINGS.webClientId }), /token use/i],
    ["for no use", () => pool.token({ token_use: undefined }), /token use/i],
    ["by a key that the pool does not have", () => pool.token({}, { kid: "other" }), /kid/],
    ["by no named key", () => pool.token({}, { kid: undefined }), /kid/],
    ["signed by somebody else", () => pool.token({}, {}, other), /signature/i],
    ["of another algorithm", () => pool.token({}, { alg: "RS384" }), /alg/i],
    ["without a signature", () => forged({ alg: "none" }, ""), /./],
    ["signed with the public key as a password", () => forged({ alg: "HS256" }, pool.publicPem()), /alg/i],
    [
      "whose claims were changed",
      () => {
        const [header, , signature] = pool.token().split(".");
        const claims = Buffer.from(JSON.stringify(pool.claims({ sub: "root" }))).toString("base64url");
        return `${header}.${claims}.${signature}`;
      },
      /signature/i,
    ],
    ["that is none", () => "nonsense", /./],
  ];
  for (const [what, token, told] of wrong)
    it(`refuses one ${what}`, async () => {
      await assert.rejects(verify(token()), told);
    });

  it("is checked with keys that are fetched once from where the pool publishes them", async () => {
    const once = tokenVerifier(SETTINGS);
    await Promise.all([once(pool.token()), once(pool.token({ aud: SETTINGS.apiClientId }))]);
    await once(pool.token());
    assert.deepEqual(pool.fetched, [`/${POOL}/.well-known/jwks.json`]);
  });

  it("is refused if the keys cannot be fetched", async () => {
    pool.keysStatus = 500;
    await assert.rejects(verify(pool.token()), /status 200, got 500/);
  });

  it("is checked with the pool's own endpoint before the general one, and with AWS's if there is none", async () => {
    process.env["AWS_ENDPOINT_URL"] = "http://127.0.0.1:1";
    await verify(pool.token());
    const own = process.env["AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER"]!;
    process.env["AWS_ENDPOINT_URL"] = own;
    delete process.env["AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER"];
    await verify(pool.token());
    assert.equal(pool.fetched.length, 2);
    delete process.env["AWS_ENDPOINT_URL"];
    const asked: unknown[] = [];
    const real = globalThis.fetch;
    globalThis.fetch = async (at, options) => {
      asked.push(String(at), options?.signal instanceof AbortSignal);
      return real(`${own}/keys`);
    };
    try {
      await verify(pool.token());
    } finally {
      globalThis.fetch = real;
    }
    assert.deepEqual(asked, [
      `https://cognito-idp.eu-west-1.amazonaws.com/${POOL}/.well-known/jwks.json`,
      true,
    ]);
  });
});
