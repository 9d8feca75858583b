import type { SecretPorts, TokenPort } from "./database/credentials";
import type { PlatformPorts } from "./identity/settings";
import type { LogStream } from "./logging";

/** The world outside the process; tests replace it. */
export interface Ports {
  secrets: SecretPorts;
  /** @default AWS */
  databaseToken?: TokenPort;
  /** @default AWS */
  platform?: PlatformPorts;
  log?: LogStream;
  metrics: (line: string) => void;
}
