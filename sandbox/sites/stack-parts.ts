import { Use } from "../engine/clients";

/** What CloudFormation knows about projects' stacks, and what it has created of their parts. */
export class StackParts {
  /** @param use MiniStack's clients, with root's keys */
  constructor(private readonly use: Use) {}

  /** The database that CloudFormation has recorded for a stack, if it has one. */
  async databaseOf(stack: string) {
    const { address, port, secret } = await this.outputsOf(await this.of(stack, "Database"));
    return address && port && secret ? { address, port, secret } : undefined;
  }

  private async outputsOf(stack: string | undefined): Promise<Record<string, string | undefined>> {
    if (!stack) return {};
    const cloudformation = await this.use("cloudformation");
    const { Stacks } = await cloudformation.describeStacks({ StackName: stack });
    const of = (name: string) =>
      Stacks?.[0]?.Outputs?.find(({ OutputKey }) => OutputKey === name)?.OutputValue;
    return { address: of("Address"), port: of("Port"), secret: of("SecretArn") };
  }

  /** The start configuration of a stack's server. */
  async userDataOf(stack: string): Promise<string> {
    const ec2 = await this.use("ec2");
    const { LaunchTemplateVersions } = await ec2.describeLaunchTemplateVersions({
      LaunchTemplateId: await this.of(stack, "ServerTemplate"),
      Versions: ["$Latest"],
    });
    const { UserData = "" } = LaunchTemplateVersions![0]!.LaunchTemplateData!;
    return Buffer.from(UserData, "base64").toString();
  }

  /** What CloudFormation created for a part of the stack's template. */
  async of(StackName: string, LogicalResourceId: string): Promise<string | undefined> {
    const cloudformation = await this.use("cloudformation");
    const { StackResources = [] } = await cloudformation.describeStackResources({ StackName });
    return StackResources.find((one) => one.LogicalResourceId === LogicalResourceId)?.PhysicalResourceId;
  }
}
