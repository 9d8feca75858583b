import { strict as assert } from "node:assert";
import * as pulumi from "@pulumi/pulumi";
import { networkMonitoring } from "../../../components/network/alarms";
import { alarmLines } from "../monitoring-lines";

const out = (text: string) => pulumi.output(text);

describe("the alarms of the network", () => {
  it("report gateways without a free port", async () => {
    const gatewayIds = { a: out("nat-1"), b: out("nat-2") };
    assert.deepEqual(await alarmLines(networkMonitoring("network", { gatewayIds, instanceIds: {} })), [
      "network-nat-a-crowded: Sum AWS/NATGateway ErrorPortAllocation of NatGatewayId nat-1 above 0, 1 x 300 s",
      "network-nat-b-crowded: Sum AWS/NATGateway ErrorPortAllocation of NatGatewayId nat-2 above 0, 1 x 300 s",
    ]);
  });

  it("report the one machine that nothing replaces", async () => {
    const instanceIds = { a: out("i-1") };
    assert.deepEqual(await alarmLines(networkMonitoring("network", { gatewayIds: {}, instanceIds })), [
      "network-nat-a-down: Maximum AWS/EC2 StatusCheckFailed of InstanceId i-1 above 0, 3 x 60 s, silence is alarm",
    ]);
  });
});
