// What no single area can know.
import { strict as assert } from "node:assert";
import { readSettings } from "../../stacks/settings";
import { allProblems as problems, readAll as read } from "./settings-problems";

/** A VPC that was there before. */
const existing = {
  vpcId: "vpc-1",
  cidrBlock: "10.8.0.0/16",
  publicSubnetIds: ["subnet-1", "subnet-2"],
  privateSubnetIds: ["subnet-3", "subnet-4"],
};

describe("settings of several areas", () => {
  it("refuses windows of RDS that conflict with AWS Backup, if both exist", () => {
    const database = {
      engine: "managed",
      backupWindow: "04:00-04:30",
      maintenanceWindow: "sun:05:59-sun:07:00",
    };
    const early = { ...database, backupWindow: "02:00-03:00", maintenanceWindow: "sun:06:00-sun:07:00" };
    const asked = (operations: object, more: object = database) =>
      problems({ environment: "prod", database: more, operations });
    const closed = (hour: number) =>
      `closed while AWS Backup begins, from ${hour}:00 for two hours (operations.backupHour), and an hour after that`;
    assert.deepEqual(asked({}), [
      `groundwork:database.backupWindow must be ${closed(3)}, got "04:00-04:30"`,
      `groundwork:database.maintenanceWindow must be ${closed(3)}, got "sun:05:59-sun:07:00"`,
    ]);
    assert.deepEqual(asked({ backupHour: 10 }), []);
    assert.deepEqual(asked({}, early), []);
    assert.deepEqual(asked({ backup: false }), []);
    assert.deepEqual(asked({}, { ...database, kind: "aurora" }), []);
  });

  it("refuses SSH from the whole internet in prod, and only there", () => {
    const open = { bastion: { adminCidrs: ["0.0.0.0/0"] }, web: { sshCidrs: ["0.0.0.0/0"], keyName: "k" } };
    assert.deepEqual(problems({ environment: "prod", ...open }), [
      'groundwork:bastion.adminCidrs must be blocks of known addresses in prod, never the whole internet, got ["0.0.0.0/0"]',
      'groundwork:web.sshCidrs must be blocks of known addresses in prod, never the whole internet, got ["0.0.0.0/0"]',
    ]);
    assert.deepEqual(problems({ environment: "stag", ...open }), []);
  });

  it("refuses private servers that can reach nothing", () => {
    const network = { egress: "none" };
    assert.deepEqual(problems({ environment: "prod", network, web: {} }), [
      'groundwork:network.egress must be another mode than none where groundwork:web.subnets is private, got "none"',
    ]);
    assert.deepEqual(problems({ environment: "dev", network, web: {} }), []);
  });

  it("refuses projects whose servers would never reach their image, or would be in the platform's own VPC", () => {
    const asked = (network: object, more: object = {}) =>
      problems({
        ...{ environment: "stag", web: {}, identity: {}, ...more },
        provisioner: { sender: "us@example.com", network },
      });
    const endpoints = ["ec2messages", "ecr.api", "ecr.dkr", "logs", "secretsmanager", "ssm", "ssmmessages"];
    assert.deepEqual(asked({ egress: "none", interfaceEndpoints: ["ssm"] }), [
      `groundwork:provisioner.network.interfaceEndpoints must be a list with ${endpoints.join(", ")} where nothing else leads out (groundwork:provisioner.network.egress is none), got ["ssm"]`,
    ]);
    assert.deepEqual(asked({ egress: "none", interfaceEndpoints: endpoints }), []);
    assert.deepEqual(asked({ existing }), []);
    assert.deepEqual(asked({ existing }, { network: { existing } }), [
      'groundwork:provisioner.network.existing.vpcId must be another VPC than groundwork:network.existing, which is the platform\'s, got "vpc-1"',
    ]);
    assert.deepEqual(asked({ existing: { ...existing, vpcId: "vpc-2" } }, { network: { existing } }), []);
  });

  it("accepts an existing VPC, and requires the route tables that a virtual IP needs", () => {
    const database = { engine: "shared-storage" };
    assert.deepEqual(problems({ environment: "prod", network: { existing }, web: {} }), []);
    assert.deepEqual(problems({ environment: "prod", network: { existing }, database }), [
      "groundwork:network.existing.virtualIpRouteTableIds must be a list of at least 1 where groundwork:database is shared-storage, got []",
    ]);
    const inside = { ...database, virtualIp: "10.8.0.5" };
    const tables = { ...existing, virtualIpRouteTableIds: ["rtb-1"] };
    assert.deepEqual(problems({ environment: "prod", network: { existing: tables }, database: inside }), [
      'groundwork:database.virtualIp must be outside the VPC\'s own cidrBlock, got "10.8.0.5"',
    ]);
  });

  it("refuses a certificate of another region than the stack's own", () => {
    const certificateArn = "arn:aws:acm:us-east-1:123456789012:certificate/0a1b";
    const config = (region: string) => ({
      "groundwork:environment": "dev",
      "groundwork:web": JSON.stringify({ domainName: "www.example.com", certificateArn }),
      "aws:region": region,
    });
    assert.throws(() => readSettings("test", config("eu-west-1")), {
      message:
        "Pulumi.test.yaml has 1 wrong setting:\n  groundwork:web.certificateArn must be a certificate in eu-west-1, the stack's own region, " +
        `got "${certificateArn}"`,
    });
    assert.equal(readSettings("test", config("us-east-1")).web?.certificateArn, certificateArn);
  });

  it("refuses passkeys on a site without a name of its own", () => {
    const of = (environment: string, web?: object) =>
      problems({ environment, identity: { passkeys: true, mfa: "optional" }, ...(web && { web }) });
    const NAMELESS =
      "groundwork:identity.passkeys must be false without groundwork:web.domainName, which brings HTTPS and the name that passkeys are bound to, got true";
    assert.deepEqual(of("dev"), [NAMELESS]);
    assert.deepEqual(of("dev", {}), [NAMELESS]);
    assert.deepEqual(of("prod", { domainName: "www.example.org" }), []);
    assert.deepEqual(
      problems({ environment: "prod", identity: { passkeys: true }, web: { domainName: "www.example.org" } }),
      [
        "groundwork:identity.passkeys must be false where mfa is required: Cognito allows passkeys there only with a setting (FactorConfiguration) " +
          "that the AWS provider lacks, got true",
      ],
    );
  });

  it("refuses database nodes that could reach neither EC2 nor their secret", () => {
    const shared = (network: object) =>
      problems({
        environment: "dev",
        database: { engine: "shared-storage", backupRetentionDays: 0 },
        network,
      });
    assert.deepEqual(shared({ egress: "none", interfaceEndpoints: ["ec2"] }), [
      'groundwork:network.interfaceEndpoints must be a list with ec2, logs, secretsmanager where groundwork:database is shared-storage and nothing else leads out, got ["ec2"]',
    ]);
    const managed = { environment: "dev", database: { engine: "managed" } };
    assert.deepEqual(problems({ ...managed, network: { egress: "none", interfaceEndpoints: ["logs"] } }), [
      'groundwork:network.interfaceEndpoints must be a list with secretsmanager where groundwork:database is managed and nothing else leads out, got ["logs"]',
    ]);
    for (const network of [{}, { egress: "none", interfaceEndpoints: ["secretsmanager"] }])
      assert.equal(read({ ...managed, network }).database?.engine, "managed");
    const enough = { egress: "none", interfaceEndpoints: ["ssm", "ec2", "logs", "secretsmanager"] };
    const base = { environment: "dev", database: { engine: "shared-storage", backupRetentionDays: 0 } };
    assert.deepEqual(
      [read({ ...base, network: enough }), read({ ...base, network: {} })].map((s) => s.network.egress),
      ["none", "instance"],
    );
  });

  it("reports conflicts between areas together with what is wrong elsewhere", () => {
    const bastion = { adminCidrs: ["0.0.0.0/0"] };
    assert.deepEqual(problems({ environment: "prod", keepData: "maybe", bastion }), [
      'groundwork:keepData must be of type boolean, got "maybe"',
      'groundwork:bastion.adminCidrs must be blocks of known addresses in prod, never the whole internet, got ["0.0.0.0/0"]',
    ]);
  });

  it("refuses an area without the areas that it depends on", () => {
    const area = (name: string, settings: object) => problems({ environment: "dev", [name]: settings });
    const needed = (name: string) =>
      ["web", "identity"].map(
        (other) => `groundwork:${other} must be given where groundwork:${name} is, got nothing`,
      );
    assert.deepEqual(area("delivery", { repository: "us/site" }), needed("delivery"));
    assert.deepEqual(area("provisioner", { sender: "us@example.com" }), needed("provisioner"));
  });

  it("refuses running areas in a stack of account-wide resources, and accepts operations there", () => {
    const of = (singletons: string, more: object) =>
      problems({ environment: "dev", keepData: false, account: { singletons }, ...more });
    const left = (area: string) =>
      `groundwork:${area} must be left out where groundwork:account.singletons is only, got "settings"`;
    assert.deepEqual(of("only", { operations: {} }), []);
    assert.deepEqual(of("only", { network: {}, web: {} }), [left("network"), left("web")]);
    for (const singletons of ["own", "shared"])
      assert.deepEqual(of(singletons, { network: {}, web: {} }), []);
  });

  it("reports only an area's own error, whatever else is configured", () => {
    const right = {
      account: {},
      network: { existing: { ...existing, vpcId: "vpc-2", virtualIpRouteTableIds: ["rtb-1"] } },
      bastion: { adminCidrs: ["10.9.0.0/16"] },
      database: { engine: "shared-storage" },
      web: { domainName: "www.example.com" },
      identity: {},
      delivery: { repository: "us/site" },
      provisioner: { sender: "us@example.com", network: { existing } },
      operations: {},
    };
    assert.deepEqual(problems({ environment: "prod", ...right }), []);
    for (const area of Object.keys(right)) {
      const [wrong, ...more] = problems({ environment: "prod", ...right, [area]: 7 });
      assert.match(wrong!, new RegExp(`^groundwork:${area} must be .* got 7$`));
      assert.deepEqual(more, [], area);
    }
  });

  it("refuses a virtual IP inside the VPC's own block, the usual one included", () => {
    const at = (virtualIp: string | undefined, cidrBlock?: string) =>
      problems({
        environment: "dev",
        network: { ...(cidrBlock && { cidrBlock }) },
        database: { engine: "shared-storage", ...(virtualIp && { virtualIp }) },
      });
    const told = (got: string) => [
      `groundwork:database.virtualIp must be outside the VPC's own cidrBlock, got "${got}"`,
    ];
    assert.deepEqual(at("10.0.9.9"), told("10.0.9.9"));
    assert.deepEqual(at("10.1.9.9", "10.1.0.0/16"), told("10.1.9.9"));
    assert.deepEqual(at(undefined, "10.10.0.0/16"), told("10.10.10.10"));
    assert.deepEqual([at("10.1.9.9"), at(undefined), at("10.0.9.9", "10.1.0.0/16")], [[], [], []]);
    assert.deepEqual(problems({ environment: "dev", network: { cidrBlock: "10.10.0.0/16" } }), []);
  });

  it("refuses backups if the node cannot install the tool for them", () => {
    const network = { egress: "none", interfaceEndpoints: ["ec2", "logs", "secretsmanager"] };
    assert.deepEqual(problems({ environment: "dev", database: { engine: "shared-storage" }, network }), [
      "groundwork:database.backupRetentionDays must be 0 where groundwork:network.egress is none: " +
        "what makes the backups is installed from the internet, got 1",
    ]);
  });

  it("accepts other databases in a network without a way out", () => {
    const network = { egress: "none" };
    const external = {
      engine: "external",
      secretArn: "arn:aws:secretsmanager:eu-west-1:123456789012:secret:theirs-AbCdEf",
      cidrBlocks: ["10.9.0.0/16"],
    };
    assert.deepEqual(problems({ environment: "dev", database: external, network }), []);
    const unsaved = { engine: "shared-storage", backupRetentionDays: 0 };
    assert.deepEqual(problems({ environment: "dev", database: unsaved, network }), [
      "groundwork:network.interfaceEndpoints must be a list with ec2, logs, secretsmanager where groundwork:database is shared-storage and nothing else leads out, got []",
    ]);
  });
});
