import type { State as ProjectState, Step, Undo } from "../../functions/provisioner/project";

export interface MachineArgs {
  /** The function that runs every step. */
  stepsArn: string;
  /** The queue for projects that a person has to repair. */
  queueUrl: string;
  tableName: string;
  approvalHours: number;
  /** The wait before the first retry of a failed compensation. It doubles each time. */
  retrySeconds: number;
}

type State = Record<string, unknown>;
const HOUR = 3_600;

/** Limits of the waiting steps, in hours: a database in two zones or a distribution takes half an hour, and a build may queue for eight hours. */
const HOURS = { create: 2, update: 2, deliver: 10, serve: 1, "undo create": 2 };

/** Lambda's transient errors, by AWS's names; our own errors have none. Fifty deletions at once must not use up their retries. */
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
 * The saga of a project in Amazon States Language. Going forward, every step is a task and a choice by its answer; an error or
 * a timeout counts as "no". Going back, the compensations run in reverse from the step that failed, with five attempts
 * each. If one still fails, a person takes over the project. Once the stack exists, a project that fails is held instead.
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
      // From here on there is something valuable, such as a database, so a failed project stays unless it was cancelled.
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
  /** How long to wait for the answer. @default the function's own answer counts */
  hours?: number;
  /** The next state of actions that do not continue like a creation. */
  elsewhere?: Record<string, string>;
  next: string;
  /** The first state of the way back. */
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
        // A step without a wait is retried for two minutes. A step that waits reports its result itself.
        ...(hours
          ? []
          : [{ ErrorEquals: ["States.ALL"], IntervalSeconds: 2, MaxAttempts: 6, BackoffRate: 2 }]),
      ],
      // The error replaces the result, so that an earlier "yes" is not read again.
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
        // A project that existed before its update stays as it was. A failed update step leads there anyway, and no update runs the create step.
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

/** Uses no function of ours, since that may be what is broken. */
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
