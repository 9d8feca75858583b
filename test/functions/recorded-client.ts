/** A request to AWS, by the name of its operation. */
export type Call = [operation: string, input: Record<string, unknown>];

/** An error as the SDK throws it. */
export const awsError = (name: string, message = name, more: object = {}) =>
  Object.assign(new Error(message), { name, ...more });

/** A client of the SDK that keeps every request, and answers by the operation; an error among the answers is thrown. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- each operation has inputs and answers of its own
export function recordedClient(answers: Record<string, any> = {}) {
  const calls: Call[] = [];
  const send = async (command: { constructor: { name: string }; input: Record<string, unknown> }) => {
    const operation = command.constructor.name.replace(/Command$/, "");
    calls.push([operation, JSON.parse(JSON.stringify(command.input))]);
    await Promise.resolve();
    const found = answers[operation];
    const answer = Array.isArray(found) ? found.shift() : found;
    const said = typeof answer === "function" ? answer(command.input) : answer;
    if (said instanceof Error) throw said;
    return said ?? {};
  };
  return { client: { send } as never, calls };
}
