import {
  DescribeExecutionCommand,
  SendTaskFailureCommand,
  SendTaskSuccessCommand,
  SFNClient,
  StartExecutionCommand,
} from "@aws-sdk/client-sfn";
import { CommonPorts, Failer, Starter, ReconcilePorts } from "../ports";
import { named } from "../../shared/is-named";

/** A state that no longer waits has had its answer, or has timed out: either way it has moved on. */
const unlessOver = (error: unknown) => {
  if (!named(error, "TaskTimedOut", "TaskDoesNotExist", "InvalidToken")) throw error;
};

export function answerer(client: SFNClient): CommonPorts["answer"] {
  return async (taskToken, result) => {
    const output = JSON.stringify(result);
    await client.send(new SendTaskSuccessCommand({ taskToken, output })).catch(unlessOver);
  };
}

export function failer(client: SFNClient): Failer["fail"] {
  return async (taskToken, cause) => {
    await client.send(new SendTaskFailureCommand({ taskToken, error: "failed", cause })).catch(unlessOver);
  };
}

export function starter(client: SFNClient, stateMachineArn: string): Starter["start"] {
  return async (name, input) => {
    const command = new StartExecutionCommand({ stateMachineArn, name, input: JSON.stringify(input) });
    await client.send(command).catch((error: unknown) => {
      if (!named(error, "ExecutionAlreadyExists")) throw error;
    });
  };
}

export function executionState(client: SFNClient, stateMachineArn: string): ReconcilePorts["execution"] {
  return async (name) => {
    const executionArn = `${stateMachineArn.replace(":stateMachine:", ":execution:")}:${name}`;
    try {
      const { status } = await client.send(new DescribeExecutionCommand({ executionArn }));
      return status === "RUNNING" ? "running" : "ended";
    } catch (error) {
      if (named(error, "ExecutionDoesNotExist")) return "absent";
      throw error;
    }
  };
}
