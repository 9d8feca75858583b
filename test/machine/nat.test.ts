import { strict as assert } from "node:assert";
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { natScript } from "../../components/network/nat-script";
import { listen, Listener } from "../listener";
import { sh } from "../rig/failover/shell";
import { Machine } from "./machine";
import { Site, startSite, skipWithoutMachines } from "./site";

describe("a NAT instance under systemd", function () {
  this.timeout(180_000);
  let site: Site;
  let nat: Machine;
  let vpcCidr: string;
  let world: Listener;

  before(async function () {
    skipWithoutMachines(this);
    site = await startSite(["nat", "client"], {});
    const { net } = site;
    vpcCidr = net.address("client").replace(/\d+$/, "0/24");
    sh("ip", "-n", net.ns("router"), "rule", "add", "from", vpcCidr, "to", net.outside, "lookup", "100");
    leadThroughNat();
    world = await listen((request, response) => response.end(request.socket.remoteAddress), net.outside);
    nat = site.machine("nat");
    site.cloud.launch(nat, "nat", "i-0123456789abcdef0", natScript({ vpcCidr }));
    await nat.boot();
  });
  after(async () => {
    await world?.close();
    await site?.down();
  });

  const leadThroughNat = () =>
    sh(
      "ip",
      ...["-n", site.net.ns("router"), "route", "replace"],
      ...["default", "via", site.net.address("nat"), "table", "100"],
    );
  const rules = () => nat.run("iptables -t nat -S POSTROUTING");
  const masquerades = () => [
    "-P POSTROUTING ACCEPT",
    `-A POSTROUTING -s ${vpcCidr} ! -d ${vpcCidr} -o eth0 -j MASQUERADE`,
  ];

  /** Who the world outside sees when the client asks. */
  async function seenOutside(): Promise<string> {
    const ask = ["netns", "exec", site.net.ns("client"), "curl", "--silent", "--max-time", "10", world.url];
    return (await promisify(execFile)("ip", ask)).stdout;
  }

  it("is set up by cloud-init without an error", async () => {
    assert.equal(await nat.setUp(), "status: done");
    assert.equal(await nat.run("systemctl is-active nat"), "active");
    assert.equal(await nat.run("systemctl --failed --plain --no-legend"), "");
  });

  it("forwards traffic from the VPC under its own address", async () => {
    assert.deepEqual((await rules()).split("\n"), masquerades());
    assert.equal(await seenOutside(), site.net.address("nat"));
  });

  it("forwards again after a reboot, by itself and with no rule twice", async () => {
    await nat.reboot();
    leadThroughNat(); // a VPC's route outlives a reboot
    await nat.until("nat.service", "systemctl is-active nat");
    assert.deepEqual((await rules()).split("\n"), masquerades());
    assert.equal(await seenOutside(), site.net.address("nat"));
    await nat.run("systemctl restart nat");
    assert.deepEqual((await rules()).split("\n"), masquerades());
    assert.equal(await nat.run("systemctl --failed --plain --no-legend"), "");
  });
});
