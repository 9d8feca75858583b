import { missingPython } from "../../sandbox/emulators/install";
import { type Rig, startRig } from "./rig";

let started: Promise<Rig> | undefined;

/** One rig for all tests of a mocha run; skips the suite, saying why, where the emulators cannot run. */
export async function sharedRig(context: Mocha.Context): Promise<Rig> {
  const missing = await missingPython();
  if (missing) {
    console.log(`    skipped: ${missing}`);
    context.skip();
  }
  context.timeout(240_000); // the first start on a machine installs the emulators
  return (started ??= startRig());
}

after(async function () {
  this.timeout(30_000);
  await (await started)?.stop();
});
