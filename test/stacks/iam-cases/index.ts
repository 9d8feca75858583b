// What each role is for, an area a file: add yours here. A role of any stack without a case fails test/stacks/iam.test.ts,
// whose message lists what the role can do with the stack's resources, so that the case is quickly written.
import { RoleCases } from "./case";
import { networkCases } from "./network";
import { operationsCases } from "./operations";
import { peopleCases } from "./people";
import { webCases } from "./web";

export const IAM_CASES: RoleCases = { ...networkCases, ...webCases, ...peopleCases, ...operationsCases };
