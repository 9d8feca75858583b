import { strict as assert } from "node:assert";
import * as querystring from "node:querystring";
import { natScript } from "../../components/network/nat-script";
import { sh } from "../rig/failover/shell";
import { REGION, Service } from "./cloud";
import { Machine } from "./machine";
import { Site, skipWithoutMachines, startSite } from "./site";

const ENI = "eni-0123456789abcdef0";
const MAC = "0a:00:00:00:00:01";
const OLD = "i-0aaaaaaaaaaaaaaaa";
const NEW = "i-0bbbbbbbbbbbbbbbb";

describe("a NAT instance under systemd that takes over a network interface", function () {
  this.timeout(180_000);
  let site: Site;
  let nat: Machine;
  let address: string;
  const calls: string[] = [];
  let holder: string | undefined = OLD;

  before(async function () {
    skipWithoutMachines(this);
    site = await startSite(["nat"], { ec2 });
    address = site.net.address("nat").replace(/\d+$/, "6");
    nat = site.machine("nat");
    const takeOver = { networkInterfaceId: ENI, region: REGION };
    site.cloud.launch(nat, "nat", NEW, natScript({ vpcCidr: "192.168.0.0/16", takeOver }));
    await nat.boot();
  });
  after(() => site?.down());

  /** An interface that is away from whom it was taken, and comes to whom it is given. */
  const ec2: Service = ({ body }, response) => {
    const { Action: action } = querystring.parse(body);
    if (action !== "DescribeNetworkInterfaces") calls.push(`${action}`);
    if (action === "DetachNetworkInterface") holder = undefined;
    if (action === "AttachNetworkInterface") {
      holder = NEW;
      plug();
    }
    const attachment = holder
      ? `<attachment><attachmentId>eni-attach-1</attachmentId><instanceId>${holder}</instanceId></attachment>`
      : "";
    response.end(`<${action}Response><networkInterfaceSet><item><networkInterfaceId>${ENI}</networkInterfaceId>
      <macAddress>${MAC}</macAddress>${attachment}</item></networkInterfaceSet></${action}Response>`);
  };

  /** In the machine's own subnet; Amazon Linux gives such an interface a table of routes for itself. */
  function plug(): void {
    const [machine, router] = [site.net.ns("nat"), site.net.ns("router")];
    const gateway = address.replace(/\d+$/, "1");
    const inTable = ["dev", "eth1", "table", "10001"];
    sh(
      "ip",
      "link",
      "add",
      "eni",
      "netns",
      router,
      ..."type veth peer name eth1 address".split(" "),
      MAC,
      "netns",
      machine,
    );
    sh("ip", "-n", router, "link", "set", "eni", "up");
    sh("ip", "-n", router, "route", "add", address, "dev", "eni");
    sh("ip", "-n", machine, "link", "set", "eth1", "up");
    sh("ip", "-n", machine, "route", "add", address.replace(/\d+$/, "0/29"), ...inTable);
    sh("ip", "-n", machine, "route", "add", "default", "via", gateway, ...inTable);
    sh("ip", "-n", machine, "rule", "add", "from", address, "lookup", "10001");
    sh("ip", "-n", machine, "addr", "add", `${address}/29`, "dev", "eth1", "noprefixroute");
  }

  async function isTheWayOut(): Promise<void> {
    assert.match(await nat.run(`ip route get ${site.net.outside}`), new RegExp(` dev eth1 src ${address} `));
    assert.equal(
      await nat.run("iptables -t nat -S POSTROUTING | tail -n +2"),
      "-A POSTROUTING -s 192.168.0.0/16 ! -d 192.168.0.0/16 -o eth1 -j MASQUERADE",
    );
    assert.equal(await nat.run("curl -s -o /dev/null -w '%{http_code}' http://169.254.169.254/"), "401");
    assert.equal(await nat.run("systemctl --failed --plain --no-legend"), "");
  }

  it("takes it from the previous instance, and sends traffic out through it", async () => {
    assert.equal(await nat.setUp(), "status: done");
    assert.deepEqual(calls, ["DetachNetworkInterface", "AttachNetworkInterface"]);
    await isTheWayOut();
  });

  it("finds it again after a reboot, without asking AWS", async () => {
    await nat.reboot();
    plug();
    await nat.until("nat.service", "systemctl is-active nat");
    await isTheWayOut();
    assert.equal(calls.length, 2);
  });
});
