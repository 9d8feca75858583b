import { startRig } from "../../test/uploads/rig";
import type { Figure } from "../figure";
import { memoryFigures } from "./memory";
import { latencyFigures } from "./moving";
import { zipFigures } from "./zips";

const OBJECTS = 1_000;

export const about =
  "how fast sensitive files move, what a 1 GB upload costs the server, and the mover's zip [objects]";

/** All on one run of the emulators, so that nothing is compared across runs. */
export async function run([objects = String(OBJECTS)]: string[]): Promise<Figure[]> {
  const rig = await startRig({ uploads: { maxUploadMiB: 1_200, moverRetrySeconds: 1 } });
  try {
    return [
      ...(await latencyFigures(rig, Number(objects))),
      ...(await zipFigures(rig)),
      ...(await memoryFigures(rig)),
    ];
  } finally {
    await rig.stop();
  }
}
