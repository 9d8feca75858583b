import type { Inputs, Standing } from "./rule";

/** What a look into the account finds there, for the calls whose answer depends on it. */
export function looked(account: Standing, token: string, inputs: Inputs): Inputs | undefined {
  if (token !== "aws:ssm/getParametersByPath:getParametersByPath") return undefined;
  const path = String(inputs.path);
  const found = account
    .all("ssm/parameter:Parameter")
    .map((one) => one.inputs)
    .filter(({ name }) => String(name).startsWith(`${path}/`));
  return {
    ...{ id: path, path, arns: [], types: found.map(({ type }) => type as unknown) },
    ...{
      names: found.map(({ name }) => name as unknown),
      values: found.map(({ value }) => value as unknown),
    },
  };
}
