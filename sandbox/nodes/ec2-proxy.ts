import { EmulatorProxy } from "../emulator-proxy";

export interface DataPlane {
  /** Ends an instance's processes; resolves when the last one is gone. */
  stop(instanceId: string): Promise<void>;
  /** A route has changed. */
  routed(): Promise<void>;
}

/**
 * EC2 as the database nodes reach it: when it reports an instance as stopped, it really is. moto alone would report that
 * immediately, and a node that believes it would start a second PostgreSQL beside the first.
 */
export const ec2Proxy = (moto: string, plane: DataPlane, note: (line: string) => void) =>
  new EmulatorProxy(
    moto,
    async (body, { pass, refused }) => {
      const call = new URLSearchParams(body);
      const action = call.get("Action") ?? "";
      if (/^(Stop|Terminate)Instances$/.test(action)) {
        const refusal = await refused();
        if (refusal) return refusal;
        for (const [name, id] of call) if (name.startsWith("InstanceId.")) await plane.stop(id);
      }
      const answer = await pass(body);
      if (/^(Create|Replace|Delete)Route$/.test(action)) await plane.routed();
      return answer;
    },
    note,
  );
