import { z } from "zod";
import { areas } from "./areas";
import { defaultsOf, Environment, ENVIRONMENTS } from "./environments";

/** The whole schema, with the defaults of an environment. */
export const schema = (environment: Environment) =>
  z.strictObject({
    environment: z.enum(ENVIRONMENTS).describe("Decides the defaults of everything below"),
    keepData: z
      .boolean()
      .default(defaultsOf(environment).keepData as boolean)
      .describe(
        "Keeps what holds data when the stack is destroyed, and guards it against a slip of the hand",
      ),
    ...areas(environment),
  });

/** All settings of a stack, with every default filled in; an area that is absent is not built. */
export type Settings = z.infer<ReturnType<typeof schema>>;
