import { Use } from "../engine/clients";

const ID = /(?:vpc|subnet)-[0-9a-f]{17}/g;

/**
 * The VPC and subnets that the program has in moto, once more in MiniStack, whose CloudFormation makes databases in a network of its
 * own only. Each is made when it is first named.
 */
export class TwinNetwork {
  private readonly twins = new Map<string, Promise<string>>();
  private readonly originals = new Map<string, string>();

  constructor(private readonly emulators: { moto: Use; ministack: Use }) {}

  /** A text for MiniStack, with the twins' ids in the place of the program's. */
  async translate(text: string): Promise<string> {
    const ids = [...new Set(text.match(ID))];
    const twins = await Promise.all(ids.map((id) => this.twinOf(id)));
    return ids.reduce((changed, id, index) => changed.replaceAll(id, twins[index]!), text);
  }

  /** The program's own id for a twin's; undefined for what is no twin. */
  originalOf(twin: string): string | undefined {
    return this.originals.get(twin);
  }

  private twinOf(id: string): Promise<string> {
    const known = this.twins.get(id) ?? this.make(id);
    this.twins.set(id, known);
    return known;
  }

  /** What moto does not know stays what it is. */
  private async make(id: string): Promise<string> {
    const twin = await (id.startsWith("vpc-") ? this.makeVpc(id) : this.makeSubnet(id));
    if (twin) this.originals.set(twin, id);
    return twin ?? id;
  }

  private async makeVpc(id: string): Promise<string | undefined> {
    const moto = await this.emulators.moto("ec2");
    const { Vpcs } = await moto.describeVpcs({ Filters: [{ Name: "vpc-id", Values: [id] }] });
    if (!Vpcs?.[0]) return undefined;
    const ministack = await this.emulators.ministack("ec2");
    const { Vpc } = await ministack.createVpc({ CidrBlock: Vpcs[0].CidrBlock! });
    return Vpc!.VpcId!;
  }

  private async makeSubnet(id: string): Promise<string | undefined> {
    const moto = await this.emulators.moto("ec2");
    const { Subnets } = await moto.describeSubnets({ Filters: [{ Name: "subnet-id", Values: [id] }] });
    if (!Subnets?.[0]) return undefined;
    const { VpcId, CidrBlock, AvailabilityZone } = Subnets[0];
    const place = { VpcId: await this.twinOf(VpcId!), CidrBlock, AvailabilityZone };
    const ministack = await this.emulators.ministack("ec2");
    const { Subnet } = await ministack.createSubnet(place);
    return Subnet!.SubnetId!;
  }
}
