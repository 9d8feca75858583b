import assert from "node:assert/strict";
import { until } from "../../sandbox/problem";
import { starterOf } from "../../sandbox/state";
import { SharedSandbox } from "./shared";
import { Answer, ask } from "./visitor";

export interface StarterWish {
  name: string;
  type: string;
  /** The framework. */
  stack: string;
  starter: string;
  /** @default dev */
  environment?: string;
  releaseCommand?: string;
  branch?: string;
}

/** A project of a starter, as soon as it is ready; where its environment asks for an admin's yes, it gets that. */
export async function readyProject({ state }: SharedSandbox, { starter, ...wish }: StarterWish) {
  const { status, body } = await ask(state, "POST", "/console/api/projects", {
    ...{ environment: "dev", email: "team@example.com", ...wish },
    repository: starterOf(state, starter),
  });
  assert.equal(status, 202, JSON.stringify(body));
  const address = `/console/api/projects/${body.id}`;
  const project = async (): Promise<Answer["body"]> => (await ask(state, "GET", address)).body;
  if ((wish.environment ?? "dev") !== "dev") {
    await until("The request for approval", project, { wanted: ({ step }) => step === "approve" });
    const decision = { decision: "approve", comment: "go ahead" };
    await ask(state, "POST", `${address}/decision`, decision, "admin");
  }
  const rested = await until("The project's rest", project, {
    wanted: ({ moving }) => !moving,
    seconds: 240,
  });
  assert.equal(rested.state, "ready", JSON.stringify([rested.failure, rested.logTail]));
  return rested as { id: string; url: string };
}
