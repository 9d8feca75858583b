/** What stands in the way, in words for whoever called. */
export class Refusal extends Error {}
export interface Caller {
  Account?: string;
  Arn?: string;
}
type Config = Record<string, unknown>;
/** The stack that `--stack` means; refuses what has no file, and what is for this machine. */
export function stackOf(full: string | undefined): string;
export function refuseStrangeProject(full: string): void;
export function yaml(file: string): { name?: string; config?: Config };
export function callerOf(config: Config): Promise<Caller>;
export function refuseStrangeAccount(stack: string, config: Config, account: string): void;
