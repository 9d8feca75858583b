import { mayDo, roleAllows, trusts } from "./rights";
import { inUse, needs, overwritten, Rule, taken } from "./rule";

const FUNCTION = "lambda/function:Function";
const MAPPING = "lambda/eventSourceMapping:EventSourceMapping";
const PERMISSION = "lambda/permission:Permission";
const QUEUE = "sqs/queue:Queue";
const TOPIC = "sns/topic:Topic";
const EVENT_RULE = "cloudwatch/eventRule:EventRule";
const TARGET = "cloudwatch/eventTarget:EventTarget";
const MACHINE = "sfn/stateMachine:StateMachine";

const LAMBDA = "https://docs.aws.amazon.com/lambda/latest";
const EVENTS = "https://docs.aws.amazon.com/eventbridge/latest/APIReference";

/** What Lambda does in a function's name at the source of its events, by the service in the source's ARN. */
const POLLED: Record<string, string[]> = {
  sqs: ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
  dynamodb: [
    "dynamodb:GetRecords",
    "dynamodb:GetShardIterator",
    "dynamodb:DescribeStream",
    "dynamodb:ListStreams",
  ],
  kinesis: ["kinesis:GetRecords", "kinesis:GetShardIterator", "kinesis:DescribeStream"],
};

export const functions: Rule[] = [
  taken(
    {
      name: "a function's name is unique",
      code: "ResourceConflictException",
      call: "Lambda: CreateFunction",
      source: `${LAMBDA}/api/API_CreateFunction.html`,
    },
    [FUNCTION],
    ({ name }) => name as unknown,
    (name) => `Function already exist: ${name}`,
  ),
  trusts(
    {
      code: "InvalidParameterValueException",
      call: "Lambda: CreateFunction",
      source: `${LAMBDA}/dg/lambda-intro-execution-role.html`,
      message: "The role defined for the function cannot be assumed by Lambda.",
    },
    FUNCTION,
    ({ role }) => role as unknown,
    "lambda.amazonaws.com",
  ),
  mayDo(
    {
      name: "a function's role may create network interfaces",
      code: "InvalidParameterValueException",
      call: "Lambda: CreateFunction",
      source: `${LAMBDA}/dg/configuration-vpc.html`,
      message: "The provided execution role does not have permissions to call CreateNetworkInterface on EC2",
    },
    FUNCTION,
    ({ role }) => role as unknown,
    ({ vpcConfig }) => (vpcConfig ? [["ec2:CreateNetworkInterface"]] : []),
  ),
  mayDo(
    {
      name: "a traced function's role may write traces",
      code: "InvalidParameterValueException",
      call: "Lambda: CreateFunction",
      source: `${LAMBDA}/dg/services-xray.html`,
      message: "The provided execution role does not have permissions to call PutTraceSegments on XRAY",
    },
    FUNCTION,
    ({ role }) => role as unknown,
    ({ tracingConfig }) => (tracingConfig?.mode === "Active" ? [["xray:PutTraceSegments"]] : []),
  ),
  taken(
    {
      name: "a permission's name is unique",
      code: "ResourceConflictException",
      call: "Lambda: AddPermission",
      source: `${LAMBDA}/api/API_AddPermission.html`,
    },
    [PERMISSION],
    ({ function: of, statementId }) => `${String(of)} ${String(statementId)}`,
    (key) => `The statement id (${key.split(" ")[1]}) provided already exists.`,
  ),
  needs(
    {
      name: "a permission belongs to a function",
      code: "ResourceNotFoundException",
      call: "Lambda: AddPermission",
      source: `${LAMBDA}/api/API_AddPermission.html`,
    },
    [PERMISSION],
    ({ function: of }, account) =>
      account.all(FUNCTION).some(({ id, inputs, outputs }) => [id, inputs.name, outputs.arn].includes(of)),
    ({ function: of }) => `Function not found: ${String(of)}`,
  ),
  taken(
    {
      name: "a function polls a source once",
      code: "ResourceConflictException",
      call: "Lambda: CreateEventSourceMapping",
      source: `${LAMBDA}/api/API_CreateEventSourceMapping.html`,
    },
    [MAPPING],
    ({ functionName, eventSourceArn }) => `${String(functionName)} ${String(eventSourceArn)}`,
    (key) => `An event source mapping with ${key.split(" ")[1]} and this function already exists.`,
  ),
  {
    name: "a function may read what it polls",
    code: "InvalidParameterValueException",
    source: `${LAMBDA}/dg/services-sqs-configure.html`,
    on: ["create"],
    types: [MAPPING],
    patient: true,
    refuses({ inputs: { functionName, eventSourceArn } }, account) {
      const found = account
        .all(FUNCTION)
        .find(({ id, inputs, outputs }) => [id, inputs.name, outputs.arn].includes(functionName));
      const service = String(eventSourceArn).split(":")[2]!;
      const missing = (POLLED[service] ?? []).find(
        (action) => found && !roleAllows(account, found.inputs.role, action, String(eventSourceArn)),
      );
      return missing === undefined
        ? undefined
        : {
            call: "Lambda: CreateEventSourceMapping",
            message: `The function execution role does not have permissions to call ${missing.split(":")[1]} on ${service.toUpperCase()}`,
          };
    },
  },
  needs(
    {
      name: "a queue hides a message as long as its function may run",
      code: "InvalidParameterValueException",
      call: "Lambda: CreateEventSourceMapping",
      source: `${LAMBDA}/dg/services-sqs-configure.html`,
    },
    [MAPPING],
    ({ functionName, eventSourceArn }, account) => {
      const queue = account.find(QUEUE, eventSourceArn);
      const found = account
        .all(FUNCTION)
        .find(({ inputs, outputs }) => [inputs.name, outputs.arn].includes(functionName));
      return (
        !queue ||
        !found ||
        Number(queue.inputs.visibilityTimeoutSeconds ?? 30) >= Number(found.inputs.timeout ?? 3)
      );
    },
    () => "Queue visibility timeout is less than Function timeout",
  ),
  taken(
    {
      name: "a queue's name is unique",
      code: "QueueNameExists",
      call: "SQS: CreateQueue",
      source: "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html",
    },
    [QUEUE],
    ({ name }) => name as unknown,
    () => "A queue already exists with the same name and a different value for an attribute",
  ),
  overwritten(
    {
      name: "a queue has one policy",
      call: "SQS: SetQueueAttributes",
      source:
        "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html",
    },
    ["sqs/queuePolicy:QueuePolicy"],
    ({ queueUrl }) => queueUrl as unknown,
  ),
  taken(
    {
      name: "a topic's name is unique",
      code: "InvalidParameter",
      call: "SNS: CreateTopic",
      source: "https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html",
    },
    [TOPIC],
    ({ name }) => name as unknown,
    () => "Topic already exists with different attributes",
  ),
  overwritten(
    {
      name: "a topic has one policy",
      call: "SNS: SetTopicAttributes",
      source: "https://docs.aws.amazon.com/sns/latest/api/API_SetTopicAttributes.html",
    },
    ["sns/topicPolicy:TopicPolicy"],
    ({ arn }) => arn as unknown,
  ),
  overwritten(
    { name: "a rule's name is unique", call: "EventBridge: PutRule", source: `${EVENTS}/API_PutRule.html` },
    [EVENT_RULE],
    ({ eventBusName, name }) => `${String(eventBusName ?? "default")} ${String(name)}`,
  ),
  overwritten(
    {
      name: "a target's name is unique",
      call: "EventBridge: PutTargets",
      source: `${EVENTS}/API_PutTargets.html`,
    },
    [TARGET],
    ({ rule, targetId }) => `${String(rule)} ${String(targetId)}`,
  ),
  inUse(
    {
      name: "a rule with targets stays",
      code: "ValidationException",
      call: "EventBridge: DeleteRule",
      source: `${EVENTS}/API_DeleteRule.html`,
    },
    [EVENT_RULE],
    ({ inputs }) => inputs.name as unknown,
    [TARGET],
    () => "Rule can't be deleted since it has targets.",
  ),
  trusts(
    {
      code: "ValidationException",
      call: "EventBridge: PutTargets",
      source: `${EVENTS}/API_PutTargets.html`,
      message: "Provided role cannot be assumed by principal 'events.amazonaws.com'.",
    },
    TARGET,
    ({ roleArn }) => roleArn as unknown,
    "events.amazonaws.com",
  ),
  taken(
    {
      name: "a state machine's name is unique",
      code: "StateMachineAlreadyExists",
      call: "SFN: CreateStateMachine",
      source: "https://docs.aws.amazon.com/step-functions/latest/apireference/API_CreateStateMachine.html",
    },
    [MACHINE],
    ({ name }) => name as unknown,
    (name) => `State Machine Already Exists: '${name}'`,
  ),
  trusts(
    {
      code: "AccessDeniedException",
      call: "SFN: CreateStateMachine",
      source: "https://docs.aws.amazon.com/step-functions/latest/dg/procedure-create-iam-role.html",
      message:
        "Neither the global service principal states.amazonaws.com, nor the regional one is authorized to assume the provided role.",
    },
    MACHINE,
    ({ roleArn }) => roleArn as unknown,
    "states.amazonaws.com",
  ),
  mayDo(
    {
      name: "a logged state machine's role may deliver logs",
      code: "AccessDeniedException",
      call: "SFN: CreateStateMachine",
      source: "https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html",
      message: "The state machine IAM Role is not authorized to access the Log Destination",
    },
    MACHINE,
    ({ roleArn }) => roleArn as unknown,
    ({ loggingConfiguration }) =>
      (loggingConfiguration?.level ?? "OFF") === "OFF"
        ? []
        : [
            ["logs:CreateLogDelivery"],
            ["logs:UpdateLogDelivery"],
            ["logs:DescribeResourcePolicies"],
            ["logs:PutResourcePolicy"],
            ["logs:DescribeLogGroups"],
          ],
  ),
];
