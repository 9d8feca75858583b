import { strict as assert } from "node:assert";
import { readSettings } from "../../stacks/settings";
import { allProblems as problems, readAll as read } from "./settings-problems";

describe("settings", () => {
  it("fills in cheap defaults for dev", () => {
    const { keepData, network, web, bastion } = read({ environment: "dev", web: {} });
    assert.equal(keepData, false);
    assert.equal(network.egress, "instance");
    assert.deepEqual(network.zones, ["a", "b"]);
    assert.deepEqual([web?.minSize, web?.maxSize, web?.subnets], [1, 2, "public"]);
    assert.equal(bastion, undefined);
  });

  it("fills in protected, highly available defaults for prod", () => {
    const { keepData, network, web } = read({ environment: "prod", web: {} });
    assert.equal(keepData, true);
    assert.equal(network.egress, "gateway-per-zone");
    assert.deepEqual([web?.minSize, web?.maxSize, web?.subnets], [2, 3, "private"]);
  });

  it("refuses windows of RDS that overlap, are too short, or are invalid", () => {
    const database = (more: object) =>
      problems({ environment: "dev", database: { engine: "managed", ...more } });
    assert.deepEqual(database({ maintenanceWindow: "mon:01:00-mon:02:00" }), [
      'groundwork:database.maintenanceWindow must be at another time than backupWindow, got "mon:01:00-mon:02:00"',
    ]);
    for (const backupWindow of ["00:30-00:59", "24:00-25:00", "sun:01:00-sun:02:00"])
      assert.deepEqual(database({ backupWindow }), [
        `groundwork:database.backupWindow must be a window of half an hour or more, such as 00:30-01:30, got "${backupWindow}"`,
      ]);
  });

  it("leaves out an area that is not named", () => {
    assert.equal(read({ environment: "dev" }).web, undefined);
  });

  it("ignores what other packages configure", () => {
    assert.equal(
      readSettings("test", { "groundwork:environment": "dev", "aws:region": "eu-west-1" }).environment,
      "dev",
    );
  });

  it("refuses an unknown environment", () => {
    assert.deepEqual(problems({ environment: "production" }), [
      'groundwork:environment must be one of dev, stag, prod, got "production"',
    ]);
  });

  it("refuses unknown keys, at every depth", () => {
    assert.deepEqual(problems({ environment: "dev", netwrok: {}, web: { minsize: 1 } }), [
      "groundwork:web.minsize is not a setting",
      "groundwork:netwrok is not a setting",
    ]);
  });

  it("refuses everything that is wrong in one error, each with its path", () => {
    assert.deepEqual(
      problems({
        environment: "prod",
        network: { cidrBlock: "10.0.0.0/8", zones: ["a"], peerCidrBlocks: ["10.0.4.0/24"] },
        bastion: { access: "telnet", adminCidrs: ["0.0.0.0/0"] },
        web: { minSize: 3, maxSize: 2, sshCidrs: ["0.0.0.0/0"], metricsSeconds: 30 },
      }),
      [
        'groundwork:network.cidrBlock must be a block from /16 to /23, got "10.0.0.0/8"',
        'groundwork:network.zones must be a list of at least 2, got ["a"]',
        'groundwork:bastion.access must be one of ssh, session-manager, got "telnet"',
        "groundwork:web.metricsSeconds must be one of 10, 60, got 30",
        "groundwork:web.maxSize must be minSize or more, got 2",
        "groundwork:web.keyName must be an EC2 key pair where sshCidrs lists a block, got nothing",
      ],
    );
  });

  it("refuses wrong settings before any resource is registered, naming the file", () => {
    assert.throws(() => read({ environment: "dev", keepData: "maybe" }), {
      name: "SettingsError",
      message:
        'Pulumi.test.yaml has 1 wrong setting:\n  groundwork:keepData must be of type boolean, got "maybe"',
    });
  });

  it("refuses text, numbers and nothing in place of a structure", () => {
    assert.deepEqual(problems({ environment: "dev", web: "yes", network: 7 }), [
      "groundwork:network must be of type object, got 7",
      'groundwork:web must be of type object, got "yes"',
    ]);
  });

  it("refuses a peer's block inside the VPC's usual one", () => {
    const peers = (network: object) => problems({ environment: "dev", network });
    assert.deepEqual(peers({ peerCidrBlocks: ["10.0.4.0/24"] }), [
      'groundwork:network.peerCidrBlocks must be outside the VPC\'s own cidrBlock, got ["10.0.4.0/24"]',
    ]);
    assert.deepEqual(peers({ cidrBlock: "10.1.0.0/16", peerCidrBlocks: ["10.0.4.0/24"] }), []);
  });

  it("reports several problems, one per line", () => {
    assert.throws(() => read({ environment: "dev", keepData: "maybe", colour: "red" }), {
      message:
        'Pulumi.test.yaml has 2 wrong settings:\n  groundwork:keepData must be of type boolean, got "maybe"\n  groundwork:colour is not a setting',
    });
  });

  it("also refuses what else is wrong in a file without an environment", () => {
    assert.deepEqual(problems({ web: { appPort: 1 } }), [
      "groundwork:environment must be one of dev, stag, prod, got nothing",
      "groundwork:web.appPort must be a whole number from 1024 to 65535, got 1",
    ]);
  });
});
