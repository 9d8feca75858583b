import { strict as assert } from "node:assert";
import { valueOf, runStack } from "../harness";

const certificateArn = "arn:aws:acm:eu-west-1:123456789012:certificate/0a1b-2c3d";
const webOf = (web: object) => ({ config: { web: { domainName: "www.acme.dev", ...web } } });

describe("a stack with an existing certificate", () => {
  it("serves HTTPS with it, and says where the name must point", async () => {
    const { all, outputs } = await runStack("dev", webOf({ certificateArn }));
    const served = all("lb/listener:Listener").map(({ inputs }) => inputs.certificateArn);
    assert.deepEqual(served, [certificateArn, undefined]);
    assert.deepEqual([...all("acm/certificate:Certificate"), ...all("route53/zone:Zone")], []);
    assert.deepEqual(
      [await valueOf(outputs.url), await valueOf(outputs.dnsTarget)],
      ["https://www.acme.dev", "web-123456789.eu-west-1.elb.amazonaws.com"],
    );
  });

  it("does not say so if it owns the zone", async () => {
    const { outputs } = await runStack("dev", webOf({ zoneName: "acme.dev" }));
    assert.equal("dnsTarget" in outputs, false);
  });
});
