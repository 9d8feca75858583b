import type { State as ProjectState, Step, Undo } from "../../functions/provisioner/project";

export interface MachineArgs {
  /** The function that runs every step. */
  stepsArn: string;
  /** Where a project is reported that a person has to mend. */
  queueUrl: string;
  tableName: string;
  approvalHours: number;
  /** The wait before a failed compensation is tried again; it doubles each time. */
  retrySeconds: number;
}

type State = Record<string, unknown>;
const HOUR = 3_600;

/** The longest each waiting step may take: a database in two zones or a distribution takes half an hour, and a build waits eight for its turn. */
const HOURS = { create: 2, update: 2, deliver: 10, serve: 1, "undo create": 2 };

/** Lambda's own passing faults, as AWS names them; nothing of ours goes by names. Fifty deletions at once must not use up their tries. */
const PASSING = {
  ErrorEquals: [
    "Lambda.TooManyRequestsException",
    "Lambda.ServiceException",
    "Lambda.AWSLambdaException",
    "Lambda.SdkClientException",
  ],
  IntervalSeconds: 1,
  MaxAttempts: 12,
  BackoffRate: 2,
  MaxDelaySeconds: 60,
  JitterStrategy: "FULL",
};

/**
 * The saga of a project as Amazon States Language. Forth, every step is a task and the choice by what it answered; whatever
 * is thrown or takes too long counts as "no". Back, the compensations run in reverse from the step that failed, each tried
 * five times; one that still fails leaves the project to a person. Once its stack stands, a project that fails is held instead.
 */
export function stateMachine(args: MachineArgs): {
  Comment: string;
  StartAt: string;
  States: Record<string, State>;
} {
  return {
    Comment: "Provisions, updates and deletes one project",
    StartAt: "Start",
    States: {
      Start: {
        Type: "Choice",
        Choices: [
          { Variable: "$.approval", BooleanEquals: true, Next: "Approve" },
          is("delete", "Undo serve"),
          is("update", "Update"),
        ],
        Default: "Create",
      },
      ...step(args, "approve", {
        hours: args.approvalHours + 1,
        elsewhere: { update: "Update", delete: "Undo serve" },
        next: "Create",
        undo: "Undo reserve",
      }),
      ...step(args, "create", { hours: HOURS.create, next: "Deliver", undo: "Undo create" }),
      ...step(args, "update", { hours: HOURS.update, next: "Deliver", undo: "Keep" }),
      // From here on there is something of worth, a database perhaps: what fails stays, unless the project was cancelled.
      ...step(args, "deliver", { hours: HOURS.deliver, next: "Serve", undo: "Hold" }),
      ...step(args, "serve", { hours: HOURS.serve, next: "Finish", undo: "Hold" }),
      ...step(args, "finish", { next: "Ready", undo: "Hold" }),
      Ready: { Type: "Succeed" },
      ...compensation(args, "hold", "Held?"),
      "Held?": {
        Type: "Choice",
        Choices: [{ Variable: "$.result.ok", BooleanEquals: true, Next: "Held" }],
        Default: "Undo serve",
      },
      Held: { Type: "Succeed" },
      ...compensation(args, "keep", "Kept"),
      Kept: { Type: "Succeed" },
      ...compensation(args, "undo serve", "Undo deliver"),
      ...compensation(args, "undo deliver", "Undo create"),
      ...compensation(args, "undo create", "Undo reserve", HOURS["undo create"]),
      ...compensation(args, "undo reserve", "Undone"),
      Undone: { Type: "Succeed" },
      ...needsAttention(args),
    },
  };
}

const is = (action: string, Next: string) => ({ Variable: "$.action", StringEquals: action, Next });
const titled = (step: string) => step[0]!.toUpperCase() + step.slice(1);
const PAST: Record<Exclude<Step, "reserve">, string> = {
  approve: "Approved?",
  create: "Created?",
  update: "Updated?",
  deliver: "Delivered?",
  serve: "Serves?",
  finish: "Finished?",
};

interface Ways {
  /** Waits so long for the answer. @default the function's own answer counts */
  hours?: number;
  /** Where an action goes on that does not go on as a creation. */
  elsewhere?: Record<string, string>;
  next: string;
  /** Where the way back begins. */
  undo: string;
}

function step(
  args: MachineArgs,
  name: Exclude<Step, "reserve">,
  { hours, elsewhere = {}, next, undo }: Ways,
): Record<string, State> {
  const choice = PAST[name];
  const yes = [
    { Variable: "$.result.ok", IsPresent: true },
    { Variable: "$.result.ok", BooleanEquals: true },
  ];
  return {
    [titled(name)]: {
      ...task(args, name, hours),
      Retry: [
        PASSING,
        // Nobody waits: what this step throws is tried again for two minutes. One that waits answers by itself.
        ...(hours
          ? []
          : [{ ErrorEquals: ["States.ALL"], IntervalSeconds: 2, MaxAttempts: 6, BackoffRate: 2 }]),
      ],
      // What was thrown takes the result's place, so that an earlier "yes" is not read again.
      Catch: [{ ErrorEquals: ["States.ALL"], ResultPath: "$.result", Next: choice }],
      Next: choice,
    },
    [choice]: {
      Type: "Choice",
      Choices: [
        ...Object.entries(elsewhere).map(([action, Next]) => ({
          And: [...yes, { Variable: "$.action", StringEquals: action }],
          Next,
        })),
        { And: yes, Next: next },
        // A project that was there before its update stays as it was; a failed update leads there anyway, and none creates.
        ...(name === "update" || name === "create" ? [] : [is("update", "Keep")]),
        ...("delete" in elsewhere ? [is("delete", "Keep")] : []),
      ],
      Default: undo,
    },
  };
}

function compensation(args: MachineArgs, name: Undo, next: string, hours?: number): Record<string, State> {
  return {
    [titled(name)]: {
      ...task(args, name, hours),
      Retry: [
        PASSING,
        { ErrorEquals: ["States.ALL"], IntervalSeconds: args.retrySeconds, MaxAttempts: 4, BackoffRate: 2 },
      ],
      Catch: [{ ErrorEquals: ["States.ALL"], ResultPath: "$.result", Next: "Call a person" }],
      Next: next,
    },
  };
}

function task({ stepsArn }: MachineArgs, name: Step | Undo, hours?: number): State {
  const Payload = { step: name, "id.$": "$.id" };
  return {
    Type: "Task",
    Resource: `arn:aws:states:::lambda:invoke${hours ? ".waitForTaskToken" : ""}`,
    Parameters: {
      FunctionName: stepsArn,
      Payload: hours ? { ...Payload, "token.$": "$$.Task.Token" } : Payload,
    },
    ...(hours ? {} : { ResultSelector: { "ok.$": "$.Payload.ok" } }),
    ResultPath: "$.result",
    TimeoutSeconds: hours ? hours * HOUR : 120,
  };
}

/** Without any function of ours, since that may be what is broken. */
function needsAttention({ queueUrl, tableName, retrySeconds }: MachineArgs): Record<string, State> {
  const Retry = [
    { ErrorEquals: ["States.ALL"], IntervalSeconds: retrySeconds, MaxAttempts: 6, BackoffRate: 2 },
  ];
  return {
    "Call a person": {
      Type: "Task",
      Resource: "arn:aws:states:::sqs:sendMessage",
      Parameters: {
        QueueUrl: queueUrl,
        MessageBody: { "project.$": "$.id", "execution.$": "$$.Execution.Name" },
      },
      ResultPath: null,
      Retry,
      Next: "Note it",
    },
    "Note it": {
      Type: "Task",
      Resource: "arn:aws:states:::dynamodb:updateItem",
      Parameters: {
        TableName: tableName,
        Key: { pk: { "S.$": "States.Format('project#{}', $.id)" } },
        UpdateExpression: "SET #state = :state REMOVE due, queue, #token",
        ExpressionAttributeNames: { "#state": "state", "#token": "token" },
        ExpressionAttributeValues: { ":state": { S: "needs-attention" satisfies ProjectState } },
      },
      ResultPath: null,
      Retry,
      Next: "Needs attention",
    },
    "Needs attention": { Type: "Fail", Error: "needs-attention", Cause: "A compensation failed five times" },
  };
}
