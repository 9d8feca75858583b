import type { Resource } from "../engine";
import { Use } from "../engine/clients";
import { everyPage } from "../engine/pages";
import { functionsWithLogs } from "./functions";
import { readable } from "./lines";
import type { Line } from "./logs";

/** The output of a function, by its name in the program or on AWS, in one call; undefined if there is no such function. */
export async function saidInCall(
  { use, resources }: { use: Use; resources: () => Resource[] },
  name: string,
  call: string,
): Promise<Line[] | undefined> {
  const declared = resources().find(
    (one) => one.type === "aws:lambda/function:Function" && one.name === name,
  );
  const found = (await functionsWithLogs(use)).find((one) => one.name === (declared?.id ?? name));
  if (!found) return undefined;
  const logs = await use("logs");
  const events = await everyPage(
    (from) => logs.filterLogEvents({ logGroupName: found.group, ...from }),
    (page) => page.events,
  );
  // Lambda writes calls one after the other into a stream, each between two marker lines.
  let within: string | undefined;
  return events.flatMap(({ message = "", logStreamName, timestamp }) => {
    if (message.startsWith(`START RequestId: ${call} `)) within = logStreamName;
    if (message.startsWith(`END RequestId: ${call}`)) within = undefined;
    if (within === undefined || logStreamName !== within) return [];
    return readable(message.trimEnd()).map(({ at, text }) => ({ at: timestamp ?? at, text, source: name }));
  });
}
