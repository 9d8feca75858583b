import { each, ofType, Rules } from "./rule";

const FUNCTION = "aws:lambda/function:Function";

/** How our functions are configured. The program's tests check the contents of their zips. */
export const lambdaRules: Rules = {
  "runs each function on Node 22 and arm64": each(
    [FUNCTION],
    ({ inputs }) =>
      !(inputs.runtime === "nodejs22.x" && inputs.architectures?.join() === "arm64") &&
      `runs on ${inputs.runtime ?? "nothing"} and ${inputs.architectures?.join() ?? "x86_64"}`,
  ),

  "gives each function a JSON log of its own": each([FUNCTION], ({ inputs }, view) => {
    const sharing = ofType(view, FUNCTION).filter(
      (other) => other.inputs.loggingConfig?.logGroup === inputs.loggingConfig?.logGroup,
    );
    return (inputs.loggingConfig?.logFormat !== "JSON" || sharing.length > 1) && "has no JSON log of its own";
  }),

  "gives each function a role of its own": each([FUNCTION], ({ inputs }, view) => {
    const sharing = ofType(view, FUNCTION).filter((other) => other.inputs.role === inputs.role);
    return sharing.length > 1 && `shares its role with ${sharing.length - 1} other`;
  }),

  "sets each function's timeout and memory": each(
    [FUNCTION],
    ({ inputs }) => !(inputs.timeout > 0 && inputs.memorySize > 0) && "sets no timeout or no memory",
  ),
};
