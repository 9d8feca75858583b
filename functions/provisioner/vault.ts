import type { SecretRemover } from "./ports";
import type { Secrets } from "./project";
import type { Values } from "./values";

/** What the vault keeps for a project, or for a change to one. */
export interface Kept {
  secretArn?: string;
  valuesArn?: string;
}

export interface Keeper extends SecretRemover {
  keepSecret(id: string, secrets: Secrets): Promise<string>;
  keepValues(id: string, values: Values): Promise<string>;
}

export interface Vault extends Keeper {
  readValues(arn: string): Promise<Values>;
  /** The secret with which a project's Git host signs its deliveries. */
  keepHook(id: string, secret: string): Promise<string>;
}

/** Keeps both if both exist, or neither. */
export async function keep(vault: Keeper, id: string, secrets?: Secrets, values?: Values): Promise<Kept> {
  const secretArn = secrets && (await vault.keepSecret(id, secrets));
  try {
    const valuesArn = values && (await vault.keepValues(id, values));
    return { ...(secretArn && { secretArn }), ...(valuesArn && { valuesArn }) };
  } catch (error) {
    await forget(vault, { secretArn });
    throw error;
  }
}

export async function forget(vault: SecretRemover, { secretArn, valuesArn }: Kept = {}): Promise<void> {
  for (const arn of [secretArn, valuesArn]) if (arn) await vault.removeSecret(arn);
}
