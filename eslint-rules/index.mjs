// Two holes that let a test pass whatever the code does.
import { loopMayBeEmpty } from "./loop-may-be-empty.mjs";
import { truthIsCertain } from "./truth-is-certain.mjs";

export default { rules: { "loop-may-be-empty": loopMayBeEmpty, "truth-is-certain": truthIsCertain } };
