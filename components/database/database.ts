import * as pulumi from "@pulumi/pulumi";
import { Statement } from "../shared/permissions";

/** A PostgreSQL as the rest of the platform sees it, whichever engine stands behind it. */
export interface Database {
  /** User and password in Secrets Manager. */
  readonly secretArn: pulumi.Output<string>;
  /** Where writers connect; absent when only the secret knows. */
  readonly endpoint?: pulumi.Output<string>;
  /** Where readers may connect; the writers' endpoint when there is no replica. */
  readonly readEndpoint?: pulumi.Output<string>;
  /** Its members reach the database. */
  readonly clientSecurityGroupId: pulumi.Output<string>;
  /** The settings by which the web app finds it. */
  readonly environment: Record<string, pulumi.Output<string>>;
  /** What a backup brings back; absent where somebody else sees to that. */
  readonly dataArn?: pulumi.Output<string>;
  /** What a client's role needs to read the secret. */
  readonly clientStatements: Statement[];
}

export const DATABASE_PORT = 5432;

export const ENGINES = ["shared-storage", "managed", "external"] as const;
