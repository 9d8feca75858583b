import { strict as assert } from "node:assert";
import * as fs from "node:fs";
import * as path from "node:path";
import { ADDRESSED, GUARDED, HELD, ONCE } from "./cases/held";
import { now } from "./cases/late";
import { NEEDS } from "./cases/needs";
import { role, trust } from "./cases/roles";
import { TRUSTS } from "./cases/trusts";
import { TWICE } from "./cases/twice";
import { VALUES } from "./cases/values";
import { Account, Refused } from "./account/account";
import { difference } from "../../sandbox/engine/difference";
import { named } from "../../sandbox/provider/names";
import type { Thing } from "./account/rule";
import { RULES } from "./account/rules";

/** An account with one rule, which is asked once. */
function accountOf(name: string): { account: Account; code: string } {
  const rule = RULES.find((one) => one.name === name);
  if (!rule) throw new Error(`there is no rule ${JSON.stringify(name)}`);
  return { account: new Account([rule], 0), code: rule.code };
}

const WAY_IN = "an internet gateway stays while its VPC has addresses";

const refuses = (asked: Promise<unknown>, code: string) =>
  assert.rejects(asked, (error: Refused) => error instanceof Refused && error.code === code);

describe("the strict account", () => {
  describe("refuses a duplicate:", () => {
    for (const [name, [type, inputs]] of Object.entries(TWICE))
      it(name, async () => {
        const { account, code } = accountOf(name);
        const { id } = await account.create(`aws:${type}`, "a", inputs);
        await refuses(account.create(`aws:${type}`, "b", inputs), code);
        await account.update(`aws:${type}`, id, inputs);
        await account.delete(`aws:${type}`, id);
        await account.create(`aws:${type}`, "b", inputs);
      });
  });

  describe("refuses to delete what is in use:", () => {
    for (const [name, [type, inputs, user, of]] of Object.entries(HELD))
      it(name, async () => {
        const { account, code } = accountOf(name);
        const thing = account.put(`aws:${type}`, "a", inputs);
        const { id } = account.put(`aws:${user}`, "b", of(thing));
        await refuses(account.delete(`aws:${type}`, thing.id), code);
        await account.delete(`aws:${user}`, id);
        await account.delete(`aws:${type}`, thing.id);
      });
  });

  describe("keeps the internet gateway of a VPC, and of no other, while the VPC has", () => {
    for (const [name, of] of Object.entries(ADDRESSED))
      it(name, async () => {
        const { account, code } = accountOf(WAY_IN);
        const [own, other] = ["own", "other"].map((one) => {
          const { id: vpcId } = account.put("aws:ec2/vpc:Vpc", one, {});
          return {
            way: account.put("aws:ec2/internetGateway:InternetGateway", one, { vpcId }),
            subnet: account.put("aws:ec2/subnet:Subnet", one, { vpcId }).id,
          };
        }) as [{ way: Thing; subnet: string }, { way: Thing; subnet: string }];
        const [type, inputs] = of(own.subnet, account);
        const { id } = account.put(`aws:${type}`, "b", inputs);
        await account.delete(other.way.type, other.way.id);
        await refuses(account.delete(own.way.type, own.way.id), code);
        await account.delete(`aws:${type}`, id);
        await account.delete(own.way.type, own.way.id);
      });
  });

  describe("refuses to delete what is protected or not empty:", () => {
    for (const [name, [type, guarded, free]] of Object.entries(GUARDED))
      it(name, async () => {
        const { account, code } = accountOf(name);
        const { id } = account.put(`aws:${type}`, "a", guarded);
        await refuses(account.delete(`aws:${type}`, id), code);
        await account.update(`aws:${type}`, id, free);
        await account.delete(`aws:${type}`, id);
      });
  });

  describe("refuses to delete what the whole account shares, and lets a returning stack create it again:", () => {
    for (const [name, type] of Object.entries(ONCE))
      it(name, async () => {
        const { account, code } = accountOf(name);
        await account.create(`aws:${type}`, "a", {});
        const { id } = await account.create(`aws:${type}`, "a", {});
        await refuses(account.delete(`aws:${type}`, id), code);
      });
  });

  describe("refuses to create something before what it needs:", () => {
    for (const [name, { type, inputs, there = [], needed }] of Object.entries(NEEDS))
      it(name, async () => {
        const { account, code } = accountOf(name);
        for (const [one, args] of there) account.put(`aws:${one}`, "a", now(args, account));
        await refuses(account.create(`aws:${type}`, "b", now(inputs, account)), code);
        for (const [one, args] of needed) account.put(`aws:${one}`, "a", now(args, account));
        await account.create(`aws:${type}`, "b", now(inputs, account));
      });
  });

  describe("refuses a role that does not trust the service:", () => {
    for (const [name, [type, service, inputs]] of Object.entries(TRUSTS))
      it(name, async () => {
        const { code } = accountOf(name);
        const ask = (trusted: string) => {
          const { account } = accountOf(name);
          const [roleType, args] = role(trust(trusted));
          const { outputs } = account.put(`aws:${roleType}`, "r", args);
          return account.create(`aws:${type}`, "a", inputs(outputs.arn as string));
        };
        await refuses(ask("another.amazonaws.com"), code);
        await ask(service);
      });
  });

  describe("refuses a value that does not fit what exists:", () => {
    for (const [name, { type, there = [], before, refused, taken, meanwhile = [] }] of Object.entries(VALUES))
      it(name, async () => {
        const { account, code } = accountOf(name);
        for (const [one, args] of there) account.put(`aws:${one}`, "a", now(args, account));
        const ask = async (inputs: object) => {
          if (!before) return account.create(`aws:${type}`, "b", inputs);
          return account.update(`aws:${type}`, account.put(`aws:${type}`, "b", before).id, inputs);
        };
        const kept = meanwhile.map(([one, args]) => account.put(`aws:${one}`, "c", now(args, account)));
        await refuses(ask(now(refused, account)), code);
        for (const thing of kept) await account.delete(thing.type, thing.id);
        await ask(now(taken, account));
      });
  });

  describe("remembers what a deletion leaves:", () => {
    it("a last snapshot has a name of its own", async () => {
      const { account, code } = accountOf("a last snapshot has a name of its own");
      const leaving = RULES.find(({ name }) => name === "a guarded database stays")!;
      const both = new Account(
        [leaving, RULES.find(({ code: one, on }) => one === code && on[0] === "delete")!],
        0,
      );
      const type = "aws:rds/instance:Instance";
      const make = () => both.put(type, "d", { skipFinalSnapshot: false, finalSnapshotIdentifier: "last" });
      await both.delete(type, make().id);
      await refuses(both.delete(type, make().id), code);
      assert.deepEqual(account.all("Instance"), []);
    });

    it("a deleted secret keeps its name for a while", async () => {
      const { account, code } = accountOf("a deleted secret keeps its name for a while");
      const type = "aws:secretsmanager/secret:Secret";
      const make = (recoveryWindowInDays: number) =>
        account.create(type, "s", { name: "s", recoveryWindowInDays });
      await account.delete(type, (await make(0)).id);
      await account.delete(type, (await make(7)).id);
      await refuses(make(7), code);
    });

    it("parameters stay in use until the window in which a new version comes", async () => {
      const account = new Account(
        RULES.filter(({ types }) => types[0]!.startsWith("rds/")),
        0,
      );
      const upgraded = async (more: object) => {
        const [old, young] = ["17", "18"].map((version) => {
          const family = `postgres${version}`;
          return account.put("aws:rds/parameterGroup:ParameterGroup", family, {
            name: `${family} ${JSON.stringify(more)}`,
            family,
          });
        }) as [Thing, Thing];
        const args = (engineVersion: string, { inputs }: Thing) => ({
          ...{ engine: "postgres", engineVersion, parameterGroupName: inputs.name as string },
          ...{ allowMajorVersionUpgrade: true, ...more },
        });
        const { type, id } = account.put("aws:rds/instance:Instance", "d", args("17", old));
        await account.update(type, id, args("18", young));
        await account.delete(old.type, old.id);
      };
      await upgraded({ applyImmediately: true });
      await refuses(upgraded({}), "InvalidDBParameterGroupState");
    });
  });

  it("has a case that breaks each rule, and a source for each", () => {
    const cases = [TWICE, HELD, GUARDED, ONCE, NEEDS, TRUSTS, VALUES].flatMap((one) => Object.keys(one));
    const leaving = ["a last snapshot has a name of its own", "a deleted secret keeps its name for a while"];
    const names = RULES.map(({ name }) => name);
    assert.deepEqual([...cases, ...leaving, WAY_IN].sort(), [...names].sort());
    assert.equal(new Set(names).size, names.length);
    assert.deepEqual(
      RULES.filter(({ source }) => source.length < 20).map(({ name }) => name),
      [],
    );
  });

  it("waits, where the provider retries, until the reason for its refusal is gone", async () => {
    const rule = RULES.find(({ name }) => name === "a VPC in use stays")!;
    const account = new Account([rule], 10_000);
    const vpc = account.put("aws:ec2/vpc:Vpc", "v", {});
    const subnet = account.put("aws:ec2/subnet:Subnet", "s", { vpcId: vpc.id });
    const deleted = account.delete(vpc.type, vpc.id);
    await account.delete(subnet.type, subnet.id);
    await deleted;
    assert.deepEqual(account.all("Vpc", "Subnet"), []);
  });
});

describe("a change to a resource", () => {
  const LISTENER = "aws:lb/listener:Listener";
  const TARGETS = "aws:lb/targetGroup:TargetGroup";

  it("is nothing, an update or a replacement, as the provider says of each argument", () => {
    const of = (olds: object, news: object) => difference(LISTENER, olds, news);
    assert.deepEqual(of({ port: 80 }, { port: 80 }), {
      changed: [],
      replaces: [],
      deleteBeforeReplace: false,
    });
    assert.deepEqual(of({ port: 80 }, { port: 81 }), {
      changed: ["port"],
      replaces: [],
      deleteBeforeReplace: false,
    });
    assert.deepEqual(of({ loadBalancerArn: "a" }, { loadBalancerArn: "b" }).replaces, ["loadBalancerArn"]);
  });

  it("is a replacement when it changes a part of an argument that cannot be updated", () => {
    const hook = (heartbeatTimeout: number) => ({ initialLifecycleHooks: [{ name: "a", heartbeatTimeout }] });
    const of = (olds: object, news: object) => difference("aws:autoscaling/group:Group", olds, news).replaces;
    assert.deepEqual(of(hook(1), hook(2)), ["initialLifecycleHooks"]);
    const refresh = (strategy: string) => ({ instanceRefresh: { strategy } });
    assert.deepEqual(of(refresh("a"), refresh("b")), []);
  });

  it("deletes the old resource first when both have the name that the program gave", () => {
    const given = (port: number) => ({ name: "web", port });
    assert.equal(difference(TARGETS, given(1), given(2)).deleteBeforeReplace, true);
    const made = named(TARGETS, "web", undefined, { port: 1 });
    assert.equal(
      difference(TARGETS, made, named(TARGETS, "web", undefined, { port: 2 })).deleteBeforeReplace,
      false,
    );
  });

  it("keeps a generated name, which is new for each resource", () => {
    const first = named(TARGETS, "web", undefined, {});
    assert.match(String(first.name), /^web-[0-9a-f]{7}$/);
    assert.equal(named(TARGETS, "web", first, { port: 1 }).name, first.name);
    assert.notEqual(named(TARGETS, "web", undefined, {}).name, first.name);
    assert.deepEqual(named("aws:route53/record:Record", "web", undefined, {}), {});
  });

  it("refuses a name that is longer than AWS allows", () => {
    assert.throws(() => named(TARGETS, "w".repeat(25), undefined, {}), /is longer than 32/);
  });

  it("is defined for every type that a stack declares", () => {
    const table = JSON.parse(
      fs.readFileSync(path.join(__dirname, "../../sandbox/resources/replacements.json"), "utf8"),
    ) as {
      replacements: Record<string, string[]>;
    };
    const inventory = path.join(__dirname, "../inventory");
    const inventories = fs.readdirSync(inventory).filter((file) => file.endsWith(".txt"));
    const types = inventories.flatMap((file) =>
      fs
        .readFileSync(path.join(inventory, file), "utf8")
        .split("\n")
        .map((line) => line.split(" ")[0]!),
    );
    const missing = types.filter((type) => type.startsWith("aws:") && !(type in table.replacements));
    assert.deepEqual(missing, []);
  });
});
