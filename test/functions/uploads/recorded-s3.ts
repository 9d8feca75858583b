import type { S3Client } from "@aws-sdk/client-s3";

/** A request to S3, by the name of its operation. */
export type Call = [operation: string, input: Record<string, unknown>];

/** S3 as far as its client is asked: keeps every request, and answers by the operation. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- each operation has inputs of its own
export function recordedS3(answer: (operation: string, input: Record<string, any>) => unknown) {
  const calls: Call[] = [];
  const send = async (command: { constructor: { name: string }; input: Record<string, unknown> }) => {
    const operation = command.constructor.name.replace(/Command$/, "");
    calls.push([operation, defined(command.input)]);
    await Promise.resolve();
    return answer(operation, command.input) ?? {};
  };
  return { s3: { send } as unknown as S3Client, calls };
}

/** What is undefined is not sent. */
const defined = (input: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined));
