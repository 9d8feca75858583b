import { policyLetsIn } from "./rights";
import { Inputs, inUse, needs, Rule, Standing, taken } from "./rule";

const METHOD = "apigateway/method:Method";
const INTEGRATION = "apigateway/integration:Integration";
const DEPLOYMENT = "apigateway/deployment:Deployment";
const STAGE = "apigateway/stage:Stage";
const ACCOUNT = "apigateway/account:Account";
const API = "https://docs.aws.amazon.com/apigateway/latest/api";

const methodKey = ({ restApi, resourceId, httpMethod }: Inputs) =>
  `${String(restApi)} ${String(resourceId)} ${String(httpMethod)}`;
/** The account's one role for logs; API Gateway asks for it, and tries it when it is set. */
const logs = (account: Standing) => account.all(ACCOUNT).some(({ inputs }) => inputs.cloudwatchRoleArn);

export const apis: Rule[] = [
  taken(
    {
      name: "an API's path has one resource",
      code: "ConflictException",
      call: "API Gateway: CreateResource",
      source: `${API}/API_CreateResource.html`,
    },
    ["apigateway/resource:Resource"],
    ({ restApi, parentId, pathPart }) => `${String(restApi)} ${String(parentId)} ${String(pathPart)}`,
    (key) => `Another resource with the same parent already has this name: ${key.split(" ")[2]}`,
  ),
  taken(
    {
      name: "an API's resource has each method once",
      code: "ConflictException",
      call: "API Gateway: PutMethod",
      source: `${API}/API_PutMethod.html`,
    },
    [METHOD],
    methodKey,
    () => "Method already exists for this resource",
  ),
  needs(
    {
      name: "an integration belongs to a method",
      code: "NotFoundException",
      call: "API Gateway: PutIntegration",
      source: `${API}/API_PutIntegration.html`,
    },
    [INTEGRATION],
    (inputs, account) => account.all(METHOD).some((one) => methodKey(one.inputs) === methodKey(inputs)),
    () => "Invalid Method identifier specified",
  ),
  needs(
    {
      name: "a deployment's methods have integrations",
      code: "BadRequestException",
      call: "API Gateway: CreateDeployment",
      source: `${API}/API_CreateDeployment.html`,
    },
    [DEPLOYMENT],
    ({ restApi }, account) => {
      const methods = account.all(METHOD).filter(({ inputs }) => inputs.restApi === restApi);
      const integrated = new Set(account.all(INTEGRATION).map(({ inputs }) => methodKey(inputs)));
      return methods.length > 0 && methods.every(({ inputs }) => integrated.has(methodKey(inputs)));
    },
    () => "No integration defined for method",
    { on: ["create"] },
  ),
  inUse(
    {
      name: "a deployment stays while a stage serves it",
      code: "BadRequestException",
      call: "API Gateway: DeleteDeployment",
      source: `${API}/API_DeleteDeployment.html`,
    },
    [DEPLOYMENT],
    ({ id }) => id,
    [STAGE],
    () => "Active stages pointing to this deployment must be moved or deleted",
  ),
  ...["authorizer:Authorizer", "requestValidator:RequestValidator"].map((type) =>
    inUse(
      {
        name: `what a method uses stays: ${type.split(":")[1]}`,
        code: "ConflictException",
        call: `API Gateway: Delete${type.split(":")[1]}`,
        source: `${API}/API_Operations.html`,
      },
      [`apigateway/${type}`],
      ({ id }) => id,
      [METHOD],
      ({ id }) => `Cannot delete '${id}', is referenced in method`,
    ),
  ),
  taken(
    {
      name: "a model's name is unique",
      code: "ConflictException",
      call: "API Gateway: CreateModel",
      source: `${API}/API_CreateModel.html`,
    },
    ["apigateway/model:Model"],
    ({ restApi, name }) => `${String(restApi)} ${String(name)}`,
    (key) => `Model name already exists for this REST API: ${key.split(" ")[1]}`,
  ),
  taken(
    {
      name: "an API has each stage once",
      code: "ConflictException",
      call: "API Gateway: CreateStage",
      source: `${API}/API_CreateStage.html`,
    },
    [STAGE],
    ({ restApi, stageName }) => `${String(restApi)} ${String(stageName)}`,
    () => "Stage already exists",
  ),
  needs(
    {
      name: "a stage logs with the account's role",
      code: "BadRequestException",
      call: "API Gateway: UpdateStage",
      source: "https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html",
    },
    [STAGE],
    ({ accessLogSettings }, account) => !accessLogSettings || logs(account),
    () => "CloudWatch Logs role ARN must be set in account settings to enable logging",
  ),
  needs(
    {
      name: "methods log with the account's role",
      code: "BadRequestException",
      call: "API Gateway: UpdateStage",
      source: "https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html",
    },
    ["apigateway/methodSettings:MethodSettings"],
    ({ settings }, account) => (settings?.loggingLevel ?? "OFF") === "OFF" || logs(account),
    () => "CloudWatch Logs role ARN must be set in account settings to enable logging",
  ),
  needs(
    {
      name: "the account's role trusts API Gateway",
      code: "BadRequestException",
      call: "API Gateway: UpdateAccount",
      source: "https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html",
    },
    [ACCOUNT],
    ({ cloudwatchRoleArn }, account) => {
      const role = account.find("iam/role:Role", cloudwatchRoleArn);
      return (
        !role || policyLetsIn(role.inputs.assumeRolePolicy, "apigateway.amazonaws.com", "sts:AssumeRole")
      );
    },
    () =>
      "The role ARN does not have required permissions configured. Please grant trust permission for API Gateway and add the required role policy.",
  ),
];
