// Whether the account's quotas allow a stack, in words.
import { inAccount } from "./account";
import { askMail } from "./mail";
import { needsOf } from "./needs";
import { Quota } from "./quotas";

export interface Asked extends Quota {
  needs: number;
  has: number;
}

export interface Answer {
  /** What to report on the way. */
  lines: string[];
  /** Why the stack cannot be created; undefined if it can. */
  refusal?: string;
}

/** Asks Service Quotas about everything that the stack needs, and SES about its mail. What cannot be counted or asked blocks nothing. */
export async function askQuotas(stack: string, config: Record<string, unknown>): Promise<Answer> {
  const region = String(config["aws:region"] ?? process.env.AWS_REGION ?? "us-east-1");
  const [{ lines, refusal }, mail] = await Promise.all([
    quotasOf(stack, config, region),
    askMail(config, region),
  ]);
  return { lines: [...lines, ...mail], refusal };
}

async function quotasOf(stack: string, config: Record<string, unknown>, region: string): Promise<Answer> {
  try {
    const needs = await needsOf(stack, config);
    return answer(
      stack,
      region,
      await inAccount(region, (ask) =>
        Promise.all(needs.map(async ({ quota, needs }) => ({ ...quota, needs, has: await ask(quota) }))),
      ),
    );
  } catch (error) {
    return { lines: [`The account's quotas were not looked at: ${reasonOf(error as Error)}`] };
  }
}

function reasonOf({ name, message }: Error): string {
  if (name === "AccessDeniedException")
    return "these credentials may not servicequotas:GetServiceQuota and GetAWSDefaultServiceQuota.";
  return `${message.split("\n")[0]!.replace(/\.$/, "")}.`;
}

const few = ({ needs, has }: Asked) => needs > has;
const named = ({ what, needs, has, code }: Asked) =>
  `${what}: needs ${needs}, has ${has} (${code!.join(" ")})`;

function answer(stack: string, region: string, asked: Asked[]): Answer {
  const short = asked.filter(few);
  const refused = short.filter(({ waits }) => !waits);
  const more = (one: Asked) =>
    `  ${named(one)}\n    aws service-quotas request-service-quota-increase --region ${region} --service-code ${one.code![0]} --quota-code ${one.code![1]} --desired-value ${one.needs}`;
  const lines = short
    .filter(({ waits }) => waits)
    .map((one) => `Stack ${stack} may have to wait at times, for it takes more than there is:\n${more(one)}`);
  if (refused.length > 0)
    return {
      lines,
      refusal: `AWS would refuse a part of stack ${stack}, because the account's quotas in ${region} are too small:\n${refused.map(more).join("\n")}\nA request may take AWS a day. Pulumi.first.yaml fits a new account; --no-quotas goes on all the same.`,
    };
  const fits = asked.filter((one) => !few(one)).map(({ what, needs, has }) => `${what} ${needs} of ${has}`);
  return { lines: [...lines, `The account's quotas suffice for stack ${stack}: ${fits.join(", ")}.`] };
}
