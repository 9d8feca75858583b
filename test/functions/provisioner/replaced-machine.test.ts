import { strict as assert } from "node:assert";
import { ready, World, world } from "./world";

describe("a dev project whose machine another one replaces", () => {
  it("is shown at its new address where the platform has no names", async () => {
    for (const take of [
      (w: World) => (w.settings.domain = ""),
      (w: World) => (w.reconcilePorts.names = undefined),
    ]) {
      const w = world();
      w.addresses.set("group-1", "192.0.2.7");
      const id = await ready(w, { type: "realtime", stack: "node" }, { Group: "group-1", Scheme: "http" });
      w.addresses.set("group-1", "192.0.2.8");
      take(w);
      const detail = { AutoScalingGroupName: `gw-${id}-Group-1` };
      await w.reconcile({ source: "aws.autoscaling", "detail-type": "x", detail });
      assert.deepEqual([...w.names.values()], [{ address: "192.0.2.7" }]);
      assert.equal(w.record(id)!.url, "http://192.0.2.8");
    }
  });
});
