import assert from "node:assert/strict";
import { renderSVG } from "uqr";
import { formBrowser } from "./form-browser";
import { start } from "./helper";
import { platform, WITH_PEOPLE } from "./identity/platform";
import { Pool, refusal } from "./identity/pool";

const SECRET = "ABCDEFGHIJKLMNOP";
const KEY = "otpauth://totp/Groundwork%3Aann%40example.com?secret=ABCDEFGHIJKLMNOP&issuer=Groundwork";

describe("a first sign-in", () => {
  const pool = new Pool();
  beforeEach(() => pool.start());
  afterEach(() => pool.stop());

  /** Somebody who gave the password, and is to set up a second factor. */
  async function ann() {
    const { app } = await start(WITH_PEOPLE, { platform });
    pool.answer = (name) =>
      name === "AssociateSoftwareToken"
        ? { SecretCode: SECRET, Session: "next" }
        : { ChallengeName: "MFA_SETUP", Session: "first", ChallengeParameters: { USER_ID_FOR_SRP: "ann" } };
    const visitor = formBrowser(app);
    const answer = await visitor.send("/login", { email: "ann@example.com", password: "secret" });
    assert.deepEqual([answer.statusCode, answer.headers.location], [303, "/login/authenticator"]);
    return visitor;
  }

  it("shows the authenticator's key as a picture to scan, and to type", async () => {
    const { body } = await (await ann()).open("/login/authenticator");
    const picture = /src="data:image\/svg\+xml;base64,([^"]+)"/.exec(body)![1]!;
    assert.equal(Buffer.from(picture, "base64").toString(), renderSVG(KEY, { border: 2 }));
    assert.match(body, /<code>ABCD EFGH IJKL MNOP <\/code>/);
  });

  for (const name of ["VerifySoftwareToken", "RespondToAuthChallenge"])
    it(`says that it has ended if ${name} finds no session, and leads back to the start`, async () => {
      const visitor = await ann();
      pool.answer = (asked) => {
        if (asked === name) throw refusal("NotAuthorizedException");
        return { Session: "later" };
      };
      const { statusCode, body } = await visitor.send("/login/authenticator", { code: "123456" });
      assert.equal(statusCode, 401);
      assert.match(body, /This login has ended, because it took too long or had too many wrong codes/);
      assert.doesNotMatch(body, /password is wrong/);
      assert.match(body, /<a href="\/login">Start again<\/a>/);
    });

  it("keeps the key if only the code is wrong", async () => {
    const visitor = await ann();
    pool.answer = () => {
      throw refusal("EnableSoftwareTokenMFAException");
    };
    const { body } = await visitor.send("/login/authenticator", { code: "000000" });
    assert.match(body, /The code is wrong or has expired/);
    assert.match(body, /<code>ABCD EFGH IJKL MNOP <\/code>/);
  });
});
