import { matching } from "./options";

/** A type of machine with a processor of AWS's own, for which all our images are: it has a g behind its generation. */
export const armInstanceType = (preset: string, words: string) =>
  matching(
    /^(a1|[a-z]+\d+g[a-z]*)\.[a-z0-9-]+$/,
    "a type with an arm64 processor, such as t4g.small or m7g.large",
  )
    .default(preset)
    .describe(`${words}, arm64`);
