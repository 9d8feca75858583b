import type { PlatformPorts } from "../../../webapp/identity/settings";
import { type Session } from "../../../webapp/plugins/session";
import { SessionKeys } from "../../../webapp/session/seal";
import { POOL, SETTINGS } from "./pool";

const PATH = "/groundwork/dev";
const NAMES = {
  "user-pool-id": POOL,
  "web-client-id": SETTINGS.webClientId,
  "web-client-secret": SETTINGS.webClientSecret,
  "api-client-id": SETTINGS.apiClientId,
  "session-key-arn": SETTINGS.sessionKeyArn,
  "password-minimum-length": "12",
  "self-sign-up": "true",
  "threat-protection": "true",
  "passkey-site": "off",
};
const SECRET = Buffer.alloc(32, 7);

/** The environment of an app whose stack has people. */
export const WITH_PEOPLE = { PARAMETER_PATH: PATH, AWS_REGION: "eu-west-1" };

/** What the stack of `Pool` has written for the app, with other values for some. */
export const platformWith = (more: Partial<typeof NAMES>): PlatformPorts => ({
  parameters: async () =>
    Object.fromEntries(
      Object.entries({ ...NAMES, ...more }).map(([name, value]) => [`${PATH}/identity/${name}`, value]),
    ),
  mac: async () => SECRET,
});
export const platform = platformWith({});

/** The keys that the app of this platform seals sessions with. */
export const keys = new SessionKeys(SECRET);

const MINUTE = 60_000;
export const person = (until = Date.now() + 10 * MINUTE) => ({
  id: "4f1e6a50-0000-4000-8000-000000000001",
  username: "ann",
  email: "ann@example.com",
  groups: [],
  until,
});

/** The cookie of a session. */
export const sealed = (session: Session, name = "session") =>
  `${name}=${keys.seal(session, Date.now() + MINUTE)}`;
