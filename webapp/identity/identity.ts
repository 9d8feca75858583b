import type { Config } from "../config";
import { awsLimits } from "../aws-limits";
import { SessionKeys } from "../session/seal";
import { People } from "./people";
import {
  awsPlatformPorts,
  type PlatformPorts,
  type PlatformSettings,
  readPlatformSettings,
} from "./settings";
import { tokenVerifier, type VerifyToken } from "./tokens";

/** What sign-in and uploads need, once the stack has written its settings. */
export interface Identity {
  settings: PlatformSettings;
  keys: SessionKeys;
  people: People;
  verify: VerifyToken;
}

const SESSION_MESSAGE = "groundwork web session v1";

/**
 * Reads the settings when they are first needed, and again until that succeeds: the first servers of a new stack run before all of
 * its parameters are written, and must serve the rest of the app meanwhile.
 */
export function identitySource(
  config: Config,
  ports: PlatformPorts = awsPlatformPorts(config),
): () => Promise<Identity> {
  let reading: Promise<Identity> | undefined;
  return () => {
    reading ??= read(config, ports).catch((error: unknown) => {
      reading = undefined;
      throw error;
    });
    return reading;
  };
}

async function read(config: Config, ports: PlatformPorts): Promise<Identity> {
  const settings = await readPlatformSettings(config.PARAMETER_PATH!, config.UPLOADS_PARAMETER, ports);
  const secret = await ports.mac(settings.sessionKeyArn, SESSION_MESSAGE);
  const { CognitoIdentityProvider } = await import("@aws-sdk/client-cognito-identity-provider");
  // The pool's public calls carry no signature, so they need no permission of the server's role.
  const cognito = new CognitoIdentityProvider({ region: config.AWS_REGION, ...awsLimits(3, 5000) });
  return {
    settings,
    keys: new SessionKeys(secret),
    people: new People(cognito, settings),
    verify: tokenVerifier(settings),
  };
}
