import { GetParameterCommand, SSMClient } from "@aws-sdk/client-ssm";

/** Where the API itself answers, as the stack has written it down once it knew. */
export const apiUrlAt = (client: SSMClient, Name: string) => async (): Promise<string> =>
  (await client.send(new GetParameterCommand({ Name }))).Parameter!.Value!;
