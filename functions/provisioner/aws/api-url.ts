import { GetParameterCommand, SSMClient } from "@aws-sdk/client-ssm";

/** The API's own address, which the stack wrote down as soon as it was known. */
export const apiUrlAt = (client: SSMClient, Name: string) => async (): Promise<string> =>
  (await client.send(new GetParameterCommand({ Name }))).Parameter!.Value!;
