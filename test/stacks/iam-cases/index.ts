// What each role is for, an area a file: add yours here. A role of any stack without a case fails test/stacks/iam.test.ts,
// whose message lists what the role can do with the stack's resources, so that the case is quickly written.
import { RoleCases } from "./case";
import { databaseCases } from "./database";
import { deliveryCases } from "./delivery";
import { networkCases } from "./network";
import { operationsCases } from "./operations";
import { peopleCases } from "./people";
import { provisionerCases } from "./provisioner";
import { webCases } from "./web";

const apiCases: RoleCases = {
  api: {
    takenBy: ["apigateway.amazonaws.com"],
    may: [["logs:CreateLogGroup", "*"]],
    wider: "API Gateway refuses a role that grants less than AWS's own policy for its logs",
  },
};

export const IAM_CASES: RoleCases = {
  ...networkCases,
  ...databaseCases,
  ...webCases,
  ...peopleCases,
  ...deliveryCases,
  ...provisionerCases,
  ...operationsCases,
  ...apiCases,
};
