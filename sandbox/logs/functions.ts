import { Use } from "../engine/clients";
import { everyPage } from "../engine/pages";

/** Each function's own name, and its log group's. */
export async function functionsWithLogs(use: Use): Promise<{ name: string; group: string }[]> {
  const lambda = await use("lambda");
  const found = await everyPage(
    (from) => lambda.listFunctions(from),
    (page) => page.Functions,
  );
  return found.map(({ FunctionName: name, LoggingConfig }) => ({
    name: name!,
    group: LoggingConfig?.LogGroup ?? `/aws/lambda/${name}`,
  }));
}
