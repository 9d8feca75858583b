import { EC2 } from "@aws-sdk/client-ec2";
import { crash, live } from "../../sandbox/crash";
import { readState } from "../../sandbox/state";
import type { Stage } from "./stage";

/** Ends a machine of the stack like a crash: it has no time to hand anything over. */
export async function endMachine({ target, region }: Stage, id: string): Promise<void> {
  if (target === "AWS") {
    await new EC2({ region }).terminateInstances({ InstanceIds: [id], SkipOsShutdown: true });
    return;
  }
  // EC2's emulator has no such end: it shuts down a machine in order.
  const server = (await live(readState())).servers.find((one) => one.id === id && one.alive);
  if (!server) throw new Error(`${id} does not run in the sandbox`);
  crash(server);
}
