import { createHmac } from "node:crypto";
import type {
  CognitoIdentityProvider,
  InitiateAuthCommandOutput,
} from "@aws-sdk/client-cognito-identity-provider";
import { refusalOf } from "./errors";
import type { PlatformSettings } from "./settings";

export interface Tokens {
  id: string;
  access: string;
  /** Absent if tokens were only refreshed. */
  refresh?: string;
}

export function tokensOf({ AuthenticationResult: result }: InitiateAuthCommandOutput): Tokens {
  return { id: result!.IdToken!, access: result!.AccessToken!, refresh: result!.RefreshToken };
}

/** What each call to the pool includes, and how each is refused. */
export class PoolCalls {
  constructor(
    protected readonly cognito: CognitoIdentityProvider,
    protected readonly settings: PlatformSettings,
    protected readonly address?: string,
  ) {}

  protected client(username: string) {
    return {
      ClientId: this.settings.webClientId,
      SecretHash: this.hash(username),
      ...this.context(),
    };
  }

  /** Cognito accepts an address only from a client configured to send it, which only pools with threat protection have. */
  protected context() {
    return this.settings.threatProtection && this.address
      ? { UserContextData: { IpAddress: this.address } }
      : {};
  }

  protected hash(username: string): string {
    const { webClientId, webClientSecret } = this.settings;
    return createHmac("sha256", webClientSecret)
      .update(username + webClientId)
      .digest("base64");
  }

  protected async ask<T>(call: () => Promise<T>): Promise<T> {
    try {
      return await call();
    } catch (error) {
      throw refusalOf(error);
    }
  }
}
