/** The path of a tool's program, installed if it is not there yet. Throws with the reason where this machine cannot have it. */
export function tool(name: string): string;
export function isInstalled(name: string): boolean;
/** How each tool is had, as scripts/tools/list.cjs says. */
export const list: Record<string, { pypi?: string[]; asked?: string; left?: boolean }>;
