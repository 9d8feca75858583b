import { strict as assert } from "node:assert";
import * as fc from "fast-check";
import { contains, overlaps, parseCidr } from "../../../components/shared/cidr";
import { planSubnets, Zone, ZONES } from "../../../components/network/subnet-plan";
import { some } from "../../some";

const table = (cidr: string, zones: Zone[]) =>
  Object.fromEntries(planSubnets(cidr, zones).map((s) => [`${s.tier} ${s.zone}`, s.cidrBlock]));

const someZones = fc.subarray([...ZONES], { minLength: 2 });
const someVpc = fc
  .record({ octet: fc.integer({ min: 0, max: 255 }), prefix: fc.integer({ min: 16, max: 23 }) })
  .map(({ octet, prefix }) => `10.${octet}.0.0/${prefix}`);

describe("subnet plan", () => {
  it("gives two zones exactly the four subnets of the reference network", () => {
    assert.deepEqual(table("10.0.0.0/16", ["a", "b"]), {
      "public a": "10.0.0.0/24",
      "private a": "10.0.1.0/24",
      "public b": "10.0.2.0/24",
      "private b": "10.0.3.0/24",
    });
  });

  it("continues with the third zone after them", () => {
    assert.deepEqual(table("10.0.0.0/16", ["a", "b", "c"]), {
      ...table("10.0.0.0/16", ["a", "b"]),
      "public c": "10.0.4.0/24",
      "private c": "10.0.5.0/24",
    });
  });

  it("cuts the smallest VPC into /28", () => {
    assert.deepEqual(table("10.9.8.0/23", ["a", "f"]), {
      "public a": "10.9.8.0/28",
      "private a": "10.9.8.16/28",
      "public f": "10.9.8.160/28",
      "private f": "10.9.8.176/28",
    });
  });

  it("keeps every subnet inside the VPC and apart from all others, whatever the zones", () => {
    fc.assert(
      fc.property(someVpc, someZones, (cidr, zones) => {
        const blocks = planSubnets(cidr, zones).map((s) => parseCidr(s.cidrBlock)!);
        const vpc = parseCidr(cidr)!;
        return blocks.every(
          (one, i) => contains(vpc, one) && blocks.every((other, j) => i === j || !overlaps(one, other)),
        );
      }),
    );
  });

  it("moves no subnet when a zone is added", () => {
    fc.assert(
      fc.property(someVpc, someZones, (cidr, zones) => {
        const all = table(cidr, [...ZONES]);
        assert.deepEqual({ ...all, ...table(cidr, zones) }, all);
      }),
    );
  });

  it("moves no subnet when a tier is added, and overlaps none", () => {
    fc.assert(
      fc.property(someVpc, someZones, (cidr, zones) => {
        const today = planSubnets(cidr, zones);
        const tomorrow = planSubnets(cidr, zones, ["public", "private", "isolated"]);
        const isolated = tomorrow.filter((s) => (s.tier as string) === "isolated");
        assert.deepEqual(
          tomorrow.filter((s) => (s.tier as string) !== "isolated"),
          today,
        );
        assert(isolated.every((s) => contains(parseCidr(cidr)!, parseCidr(s.cidrBlock)!)));
        for (const one of some(isolated))
          for (const other of some(today))
            assert(!overlaps(parseCidr(one.cidrBlock)!, parseCidr(other.cidrBlock)!));
      }),
    );
  });

  it("refuses an invalid block", () => {
    for (const wrong of ["10.0.0.0", "10.0.0.1/16", "10.0.0.256/24", "10.0.0.0/33", "ten/16"])
      assert.throws(() => planSubnets(wrong, ["a", "b"]), {
        message: `cidrBlock must be an IPv4 block such as 10.0.0.0/16, got ${wrong}`,
      });
  });
});
