import { EC2 } from "@aws-sdk/client-ec2";
import { crash, live } from "../../sandbox/crash";
import { readState } from "../../sandbox/state";
import type { Stage } from "./stage";

/** Ends a machine of the stack as a crash would: it gets no time to hand anything over. */
export async function endMachine({ target, region }: Stage, id: string): Promise<void> {
  if (target === "AWS") {
    await new EC2({ region }).terminateInstances({ InstanceIds: [id], SkipOsShutdown: true });
    return;
  }
  // EC2's emulator knows no such end: a machine that it ends is shut down in order.
  const server = (await live(readState())).servers.find((one) => one.id === id && one.alive);
  if (!server) throw new Error(`${id} does not run in the sandbox`);
  crash(server);
}
