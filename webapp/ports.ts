import type { SecretPorts, TokenPort } from "./database/credentials";
import type { PlatformPorts } from "./identity/settings";
import type { LogStream } from "./logging";

/** The world outside the process; tests put their own in its place. */
export interface Ports {
  secrets: SecretPorts;
  /** @default AWS */
  databaseToken?: TokenPort;
  /** @default AWS */
  platform?: PlatformPorts;
  log?: LogStream;
  metrics: (line: string) => void;
}
