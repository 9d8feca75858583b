import { skipWithoutEmulators } from "../emulated";
import { type Rig, startRig } from "./rig";

let started: Promise<Rig> | undefined;

/** One rig for all tests of a mocha run. */
export async function sharedRig(context: Mocha.Context): Promise<Rig> {
  await skipWithoutEmulators(context);
  return (started ??= startRig());
}

after(async function () {
  this.timeout(30_000);
  await (await started)?.stop();
});
