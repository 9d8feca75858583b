import { z } from "zod";
import { areas } from "./areas";
import { defaultsOf, Environment, ENVIRONMENTS } from "./environments";

/** The whole schema, with an environment's defaults. */
export const schema = (environment: Environment) =>
  z.strictObject({
    environment: z.enum(ENVIRONMENTS).describe("Determines the defaults of all settings below"),
    keepData: z
      .boolean()
      .default(defaultsOf(environment).keepData as boolean)
      .describe(
        "Keeps resources that hold data when the stack is destroyed, and protects them against mistakes",
      ),
    ...areas(environment),
  });

/** All settings of a stack, with every default filled in. An absent area is not built. */
export type Settings = z.infer<ReturnType<typeof schema>>;
