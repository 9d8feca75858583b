import { isDeepStrictEqual } from "node:util";
import type { Config } from "../config";
import { awsLimits } from "../aws-limits";
import { renewing } from "../renewing";
import { SessionKeys } from "../session/seal";
import { People } from "./people";
import {
  awsPlatformPorts,
  type PlatformPorts,
  type PlatformSettings,
  readPlatformSettings,
} from "./settings";
import { tokenVerifier, type VerifyToken } from "./tokens";

/** What sign-in and uploads need, after the stack has written its settings. */
export interface Identity {
  settings: PlatformSettings;
  keys: SessionKeys;
  people: People;
  verify: VerifyToken;
}

const SESSION_MESSAGE = "groundwork web session v1";

/** How soon a running server learns of a changed setting. */
const FRESH_MS = 60_000;

/**
 * Reads the settings when they are first needed, and again until that succeeds: the first servers of a new stack run before all of
 * its parameters are written, and must serve the rest of the app meanwhile. Then it reads them once a minute.
 */
export function identitySource(
  config: Config,
  ports: PlatformPorts = awsPlatformPorts(config),
  onFailed: (error: Error) => void = () => undefined,
): () => Promise<Identity> {
  return renewing((before) => read(config, ports, before), FRESH_MS, onFailed);
}

/** Returns the same object while the settings are the same, to keep what is built on it: connections and the pool's keys. */
async function read(config: Config, ports: PlatformPorts, before?: Identity): Promise<Identity> {
  const settings = await readPlatformSettings(config.PARAMETER_PATH!, config.UPLOADS_PARAMETER, ports);
  if (before && isDeepStrictEqual(settings, before.settings)) return before;
  const secret = await ports.mac(settings.sessionKeyArn, SESSION_MESSAGE);
  const { CognitoIdentityProvider } = await import("@aws-sdk/client-cognito-identity-provider");
  // The pool's public calls are unsigned, so the server's role needs no permission for them.
  const cognito = new CognitoIdentityProvider({ region: config.AWS_REGION, ...awsLimits(3, 5000) });
  return {
    settings,
    keys: new SessionKeys(secret),
    people: new People(cognito, settings),
    verify: tokenVerifier(settings),
  };
}
