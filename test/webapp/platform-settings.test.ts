import assert from "node:assert/strict";
import { type PlatformPorts, readPlatformSettings } from "../../webapp/identity/settings";

const PATH = "/groundwork/dev";
const UPLOADS = `${PATH}/uploads/settings`;
const IDENTITY = [
  "user-pool-id",
  "web-client-id",
  "web-client-secret",
  "api-client-id",
  "session-key-arn",
  "password-minimum-length",
  "threat-protection",
  "passkey-site",
];
const WRITTEN: Record<string, string> = {
  ...Object.fromEntries(IDENTITY.map((name) => [`${PATH}/identity/${name}`, name])),
  [`${PATH}/identity/self-sign-up`]: "true",
  [UPLOADS]: JSON.stringify({ normalBucket: "normal" }),
};

/** Parameter Store, which refuses a call whole that asks for one name beyond the role's rights. */
function store(readable: string[], written = WRITTEN): PlatformPorts {
  return {
    async parameters(names) {
      const beyond = names.filter((name) => !readable.includes(name));
      if (beyond.length > 0) throw new Error(`AccessDenied: ${beyond.join(", ")}`);
      return Object.fromEntries(
        names.flatMap((name) => (written[name] === undefined ? [] : [[name, written[name]]])),
      );
    },
    mac: async () => new Uint8Array(),
  };
}

describe("the stack's settings for the web app", () => {
  const all = Object.keys(WRITTEN);

  it("contain those of sign-in and of uploads", async () => {
    const settings = await readPlatformSettings(PATH, UPLOADS, store(all));
    assert.equal(settings.userPoolId, "user-pool-id");
    assert.equal(settings.selfSignUp, true);
    assert.deepEqual(settings.uploads, { normalBucket: "normal" });
  });

  it("are no more than Parameter Store returns at once", async () => {
    let asked = 0;
    const counting = {
      ...store(all),
      parameters: (names: string[]) => {
        asked = names.length;
        return store(all).parameters(names);
      },
    };
    await readPlatformSettings(PATH, UPLOADS, counting);
    // https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameters.html
    assert.ok(asked > 0 && asked <= 10, String(asked));
  });

  it("do not request the uploads' parameter in a stack without uploads, whose servers may not read one", async () => {
    const identity = all.filter((name) => name !== UPLOADS);
    assert.equal((await readPlatformSettings(PATH, undefined, store(identity))).uploads, undefined);
  });

  it("refuses to go on while the uploads' settings are not written yet", async () => {
    const { [UPLOADS]: _later, ...written } = WRITTEN;
    await assert.rejects(readPlatformSettings(PATH, UPLOADS, store(all, written)), {
      message: `the parameters ${UPLOADS} must exist, but do not yet`,
    });
  });
});
