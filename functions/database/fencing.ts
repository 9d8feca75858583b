import { DescribeInstancesCommand, EC2Client, StopInstancesCommand } from "@aws-sdk/client-ec2";

/**
 * Stops an instance by force; returns true only when EC2 itself reports it as off. Everybody who may fence shares this
 * one way: the node that holds the lease, the failover function in its place, and a person's `confirm-dead`.
 */
export async function fence(ec2: Pick<EC2Client, "send">, node: string): Promise<boolean> {
  let refusal: Error | undefined;
  try {
    // Asked every time: only a state read after our own stop is certain to be newer than the suspicion.
    await ec2.send(new StopInstancesCommand({ InstanceIds: [node], Force: true, SkipOsShutdown: true }));
  } catch (error) {
    // For any reason: a terminated instance has lost the tag that lets us stop it, and EC2 answers `unauthorized`.
    refusal = error as Error;
  }
  const state = await stateOf(ec2, node);
  if (isFinal(state) || (state === "stopped" && !refusal)) return true;
  if (refusal) throw refusal;
  return false;
}

/** EC2's state of an instance; `gone` once EC2 has forgotten it, `unknown` if EC2 reports nothing. */
export async function stateOf(ec2: Pick<EC2Client, "send">, node: string): Promise<string> {
  try {
    const answer = await ec2.send(new DescribeInstancesCommand({ InstanceIds: [node] }));
    return answer.Reservations?.[0]?.Instances?.[0]?.State?.Name ?? "unknown";
  } catch (error) {
    // EC2 forgets a terminated instance after about an hour.
    if (isName(error, "InvalidInstanceID.NotFound")) return "gone";
    throw error;
  }
}

/** Nothing of it will ever run again. */
const isFinal = (state: string) => state === "terminated" || state === "gone";

function isName(error: unknown, name: string): boolean {
  return (error as Error).name === name || (error as { Code?: string }).Code === name;
}
