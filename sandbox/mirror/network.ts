import { OfBoth } from "../engine/clients";

const ID = /(?:vpc|subnet)-[0-9a-f]{17}/g;

/**
 * Repeats in MiniStack the VPC and subnets that the program has in moto: MiniStack's CloudFormation creates databases only in a network
 * that it knows. Each is created when it is first named.
 */
export class MirrorNetwork {
  private readonly mirrored = new Map<string, Promise<string>>();
  private readonly originals = new Map<string, string>();

  constructor(private readonly emulators: OfBoth) {}

  /** A text for MiniStack, with the mirror's ids instead of the program's. */
  async translate(text: string): Promise<string> {
    const ids = [...new Set(text.match(ID))];
    const mirrored = await Promise.all(ids.map((id) => this.mirrorOf(id)));
    return ids.reduce((changed, id, index) => changed.replaceAll(id, mirrored[index]!), text);
  }

  /** The program's own id for one of the mirror's; undefined for any other. */
  originalOf(id: string): string | undefined {
    return this.originals.get(id);
  }

  private mirrorOf(id: string): Promise<string> {
    const known = this.mirrored.get(id) ?? this.make(id);
    this.mirrored.set(id, known);
    return known;
  }

  /** Ids that moto does not know stay unchanged. */
  private async make(id: string): Promise<string> {
    const mirrored = await (id.startsWith("vpc-") ? this.makeVpc(id) : this.makeSubnet(id));
    if (mirrored) this.originals.set(mirrored, id);
    return mirrored ?? id;
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
    const subnet = { VpcId: await this.mirrorOf(VpcId!), CidrBlock, AvailabilityZone };
    const ministack = await this.emulators.ministack("ec2");
    const { Subnet } = await ministack.createSubnet(subnet);
    return Subnet!.SubnetId!;
  }
}
