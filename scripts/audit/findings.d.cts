/** What a scanner says of a resource. */
export interface Finding {
  stack: string;
  check: string;
  title: string;
  resource: string;
  status: string;
}

export interface Waiver {
  check: string;
  stacks?: string[];
  resource?: string;
  reason: string;
}

export function judge(
  findings: Finding[],
  waivers: Waiver[],
): { passed: Finding[]; failed: Finding[]; waived: Finding[]; unused: Waiver[] };
export function count(findings: Finding[]): Record<string, Finding[]>;
