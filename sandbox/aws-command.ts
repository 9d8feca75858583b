import { spawn } from "node:child_process";
import { closedWays, Endpoints, withoutAws } from "./emulators/endpoints";
import { Emulator, SERVICES } from "./emulators/services";
import { Problem } from "./problem";
import { State } from "./state";

/** The options that precede the service's name and take a value. */
const WITH_VALUE = [
  ...["--output", "--query", "--profile", "--region", "--color", "--ca-bundle"],
  ...["--cli-read-timeout", "--cli-connect-timeout", "--cli-binary-format"],
];

/**
 * The AWS CLI's arguments with the emulator's address at the end: for some services (sqs) the CLI uses an internet address of
 * its own, whatever its environment variables say. Refuses a service that no emulator offers.
 */
export function awsArguments(
  args: string[],
  endpoints: Pick<Endpoints, Emulator>,
  environment: Record<string, string> = {},
): string[] {
  if (args.some((one) => /^--endpoint-url(=|$)/.test(one)))
    throw new Problem("The sandbox says itself where its emulators are: leave out --endpoint-url.");
  const service = args.find(
    (one, index) => !one.startsWith("-") && !WITH_VALUE.includes(args[index - 1] ?? ""),
  );
  if (service === undefined || service === "help") return args;
  const carried = Object.values(SERVICES).find(({ commands }) => commands.includes(service));
  if (!carried) {
    const known = Object.values(SERVICES).flatMap(({ commands }) => commands);
    throw new Problem(`No emulator carries "${service}": the sandbox has ${known.sort().join(", ")}.`);
  }
  return [
    ...args,
    "--endpoint-url",
    environment[`AWS_ENDPOINT_URL_${carried.variable}`] ?? endpoints[carried.on],
  ];
}

/** Runs the AWS CLI against the emulators, with no way to reach anything else. Returns its exit code. */
export function runAws(args: string[], { endpoints, environment }: State): Promise<number> {
  const env = { ...withoutAws(process.env), ...environment, ...closedWays() };
  const child = spawn("aws", awsArguments(args, endpoints, environment), { stdio: "inherit", env });
  return new Promise((resolve, reject) => {
    child.once("error", () =>
      reject(new Problem("The AWS CLI is not installed: see https://aws.amazon.com/cli/.")),
    );
    child.once("exit", (code) => resolve(code ?? 1));
  });
}
