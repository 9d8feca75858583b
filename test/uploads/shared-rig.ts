import { skipWithoutEmulators } from "../emulated";
import { type Rig, startRig } from "./rig";

let started: Promise<Rig> | undefined;

/** One rig for all tests of a mocha run: a first one takes some seconds. */
export const sharedRig = (): Promise<Rig> => (started ??= startRig());

/** For a suite's `before`: skips it, saying why, where the emulators cannot run. */
export async function needsRig(this: Mocha.Context): Promise<void> {
  await skipWithoutEmulators(this);
}

after(async () => {
  await (await started)?.stop();
});
