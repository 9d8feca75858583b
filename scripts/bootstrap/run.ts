// npm run bootstrap -- --stack STACK: creates what Pulumi needs in an AWS account before the first `up`.
import "../lean-pulumi.cjs";
import { createInterface } from "node:readline/promises";
import { Budgets } from "@aws-sdk/client-budgets";
import { KMS } from "@aws-sdk/client-kms";
import { S3 } from "@aws-sdk/client-s3";
import { Problem } from "../../sandbox/problem";
import { runCommand } from "../command";
import { askQuotas } from "../quotas/ask";
import { Caller, callerOf, refuseStrangeAccount, refuseStrangeProject, stackOf, yaml } from "../stack.cjs";
import { budgetStep, knownBudget } from "./budget";
import { Budget, emailOf, Options, readOptions, USAGE, usdOf } from "./options";
import { aliasOf, secretsKey } from "./secrets-key";
import { bucketNameOf, Place, stateBucket } from "./state-bucket";
import { Step } from "./step";

const say = (line: string) => void process.stdout.write(`${line}\n`);

async function bootstrap(options: Options): Promise<number> {
  const { stack, config, project } = readStack(options.stack);
  const caller = await callerOf(config);
  refuseStrangeAccount(stack, config, caller.Account!);
  const place = placeOf(caller, options.region ?? regionIn(stack, config));
  say(`Account ${place.account}, region ${place.region}, as ${caller.Arn}\n`);

  if (options.quotas) await requireQuotas(stack, config, place.region);
  const bucket = options.bucket ?? bucketNameOf(project, place);
  const alias = aliasOf(project, stack);
  const steps = [
    ...(await stateBucket(new S3({ region: place.region, followRegionRedirects: false }), bucket, place)),
    ...(await secretsKey(new KMS({ region: place.region }), alias)),
    ...(await budgetOf(options, place.account)),
  ];
  for (const { what, there } of steps) say(`  ${there ? "there" : "make "}  ${what}`);
  const missing = steps.filter(({ there }) => !there);
  if (missing.length === 0) say("\nEverything is there: nothing was changed.");
  else if (options.yes || (await agreed(missing.length, place.account))) await makeAll(missing);
  else {
    say("Nothing was made.");
    return 1;
  }
  const access = `?region=${place.region}&awssdk=v2${config["aws:profile"] ? `&profile=${String(config["aws:profile"])}` : ""}`;
  say(whatFollows(stack, `s3://${bucket}${access}`, `awskms://${alias}${access}`));
  return 0;
}

/** The stack's settings, and the project that it belongs to. */
function readStack(full: string | undefined) {
  const stack = stackOf(full);
  refuseStrangeProject(full!);
  return { stack, config: yaml(`Pulumi.${stack}.yaml`).config ?? {}, project: yaml("Pulumi.yaml").name! };
}

function regionIn(stack: string, config: Record<string, unknown>): string {
  const region = config["aws:region"] ?? process.env.AWS_REGION;
  if (typeof region !== "string")
    throw new Problem(`Say where: --region, or aws:region in Pulumi.${stack}.yaml.`);
  return region;
}

const placeOf = ({ Account, Arn = "" }: Caller, region: string): Place => ({
  account: Account!,
  region,
  partition: Arn.split(":")[1] || "aws",
});

/** The stack's own region counts, wherever its state is. */
async function requireQuotas(stack: string, config: Record<string, unknown>, region: string): Promise<void> {
  const { lines, refusal } = await askQuotas(stack, { "aws:region": region, ...config });
  for (const line of lines) say(line);
  if (refusal) throw new Problem(refusal);
  say("");
}

/** AWS keeps budgets in one place for all regions, which the SDK knows. */
async function budgetOf({ budget, yes }: Options, account: string): Promise<Step[]> {
  if (budget === undefined && (yes || !process.stdin.isTTY)) return [];
  const budgets = new Budgets({ region: "us-east-1" });
  const known = await knownBudget(budgets, account);
  const wanted = budget ?? (known === undefined ? await askedBudget() : { usd: Number(known), email: "" });
  return wanted === undefined ? [] : [budgetStep(budgets, account, known, wanted)];
}

async function askedBudget(): Promise<Budget | undefined> {
  const email = await ask("Who is to be told by mail what the account costs? (an address; empty: nobody) ");
  if (email === "") return undefined;
  emailOf(email);
  return { email, usd: usdOf((await ask("From how many USD a month? (50) ")) || "50") };
}

const agreed = async (count: number, account: string) =>
  /^y(es)?$/i.test(
    await ask(`\nMake ${count === 1 ? "it" : `these ${count}`} in account ${account}? (yes/no) `),
  );

async function ask(question: string): Promise<string> {
  if (!process.stdin.isTTY)
    throw new Problem("There is nobody to ask: --yes makes what is missing without a question.");
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return (await terminal.question(question)).trim();
  } finally {
    terminal.close();
  }
}

/** In order: each depends on the ones before it. */
async function makeAll(steps: Step[]): Promise<void> {
  say("");
  for (const { what, make } of steps) {
    await make();
    say(`  made   ${what}`);
  }
}

const whatFollows = (stack: string, backend: string, key: string) => `
Now, in this order:

  npx pulumi login '${backend}'
  npx pulumi stack init ${stack} --secrets-provider '${key}'
  npm run preview -- --stack ${stack}
  npm run up -- --stack ${stack}
`;

runCommand({
  usage: USAGE,
  run: (args) => bootstrap(readOptions(args)),
  failed: "The account could not be prepared",
});
