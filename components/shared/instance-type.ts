import { matching } from "./options";

/** An instance type with one of AWS's own processors, which all our images require: the letter g follows its generation. */
export const armInstanceType = (preset: string, words: string) =>
  matching(
    /^(a1|[a-z]+\d+g[a-z]*)\.[a-z0-9-]+$/,
    "a type with an arm64 processor, such as t4g.small or m7g.large",
  )
    .default(preset)
    .describe(`${words}, arm64`);
