import { skipWithoutEmulators } from "../emulated";
import { type Rig, startRig } from "./rig";

let started: Promise<Rig> | undefined;

/** One rig for all tests of a mocha run: a first one takes some seconds. */
export const sharedRig = (): Promise<Rig> => (started ??= impatient());

/** An event whose mover was cut off by a busy machine comes back from the queue after 20 seconds, not after the stack's 100. */
async function impatient(): Promise<Rig> {
  const rig = await startRig();
  const Attributes = { VisibilityTimeout: "20" };
  await rig.sqs.setQueueAttributes({ QueueUrl: rig.outputs.queueUrl, Attributes });
  return rig;
}

/** For a suite's `before`: skips it, saying why, where the emulators cannot run. */
export async function needsRig(this: Mocha.Context): Promise<void> {
  await skipWithoutEmulators(this);
}

after(async () => {
  await (await started)?.stop();
});
