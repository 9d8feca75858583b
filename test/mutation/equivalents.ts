import { Equivalent } from "./score";

/** Survivors that were looked at and cannot be killed; an entry that names none fails the run. */
export const EQUIVALENTS: Equivalent[] = [
  {
    file: "webapp/plugins/session.ts",
    line: "const bearerOf = (request: FastifyRequest) => /^Bearer (\\S+)$/.exec(request.headers.autho…",
    was: '""',
    becomes: '"Stryker was here!"',
    why: "neither text is a bearer token",
  },
  {
    file: "webapp/session/seal.ts",
    line: "} catch {",
    was: "{ return undefined; // not authentic, or too short to be }",
    becomes: "{}",
    why: "a function that ends without a return returns undefined",
  },
];
