// What the sandbox leans on in the two emulators: when one of these fails after a version changed, the sandbox lies.
import assert from "node:assert/strict";
import * as net from "node:net";
import { SSM } from "@aws-sdk/client-ssm";
import { clientsOf } from "../../sandbox/engine/clients";
import { Router } from "../../sandbox/fleet/router";
import { until } from "../../sandbox/problem";
import { SharedSandbox, sharedSandbox } from "./shared";
import { leftToAll } from "../left-to-all";

describe("the emulators' contract", () => {
  let sandbox: SharedSandbox;
  before(async function () {
    sandbox = await sharedSandbox(this);
  });

  describe("moto", () => {
    it("launches a group's instances with the launch template's user data, and replaces terminated ones", async () => {
      const [autoscaling, ec2] = [await sandbox.use("autoscaling"), await sandbox.use("ec2")];
      const UserData = Buffer.from("#cloud-config\n").toString("base64");
      const { LaunchTemplate } = await ec2.createLaunchTemplate({
        LaunchTemplateName: "contract",
        LaunchTemplateData: { ImageId: "ami-12c6146b", InstanceType: "t3.nano", UserData },
      });
      const AutoScalingGroupName = "contract";
      await autoscaling.createAutoScalingGroup({
        AutoScalingGroupName,
        MinSize: 1,
        MaxSize: 2,
        DesiredCapacity: 1,
        AvailabilityZones: ["eu-west-1a"],
        LaunchTemplate: { LaunchTemplateId: LaunchTemplate!.LaunchTemplateId, Version: "$Latest" },
      });
      const members = async () => {
        const { AutoScalingGroups } = await autoscaling.describeAutoScalingGroups({
          AutoScalingGroupNames: [AutoScalingGroupName],
        });
        return AutoScalingGroups![0]!.Instances!.map((one) => one.InstanceId!);
      };
      const [first] = await members();
      const attribute = await ec2.describeInstanceAttribute({ InstanceId: first, Attribute: "userData" });
      assert.equal(attribute.UserData!.Value, UserData);
      await autoscaling.terminateInstanceInAutoScalingGroup({
        InstanceId: first,
        ShouldDecrementDesiredCapacity: false,
      });
      await autoscaling.setDesiredCapacity({ AutoScalingGroupName, DesiredCapacity: 1 });
      const after = await members();
      assert.equal(after.length, 1);
      assert.notEqual(after[0], first);
      await autoscaling.deleteAutoScalingGroup({ AutoScalingGroupName, ForceDelete: true });
    });

    it("holds an instance back for its launch hook, and replaces one that is abandoned or waits too long", async function () {
      leftToAll(this);
      const [autoscaling, ec2] = [await sandbox.use("autoscaling"), await sandbox.use("ec2")];
      const { LaunchTemplate } = await ec2.createLaunchTemplate({
        LaunchTemplateName: "hooked",
        LaunchTemplateData: { ImageId: "ami-12c6146b", InstanceType: "t3.nano" },
      });
      const group = { AutoScalingGroupName: "hooked" };
      const hook = { ...group, LifecycleHookName: "launch" };
      await autoscaling.createAutoScalingGroup({
        ...{ ...group, MinSize: 0, MaxSize: 2, DesiredCapacity: 0, AvailabilityZones: ["eu-west-1a"] },
        LaunchTemplate: { LaunchTemplateId: LaunchTemplate!.LaunchTemplateId },
      });
      const put = (HeartbeatTimeout: number) =>
        autoscaling.putLifecycleHook({
          ...{ ...hook, HeartbeatTimeout, DefaultResult: "ABANDON" },
          LifecycleTransition: "autoscaling:EC2_INSTANCE_LAUNCHING",
        });
      const only = async () => {
        const { AutoScalingGroups: all } = await autoscaling.describeAutoScalingGroups({
          AutoScalingGroupNames: [group.AutoScalingGroupName],
        });
        const [one, ...more] = all![0]!.Instances!;
        assert.deepEqual(more, []);
        return { id: one!.InstanceId!, state: one!.LifecycleState! };
      };
      const say = (InstanceId: string, LifecycleActionResult: string) =>
        autoscaling.completeLifecycleAction({ ...hook, InstanceId, LifecycleActionResult });
      try {
        await put(600);
        await autoscaling.setDesiredCapacity({ ...group, DesiredCapacity: 1 });
        const first = await only();
        assert.equal(first.state, "Pending:Wait");
        await put(1);
        await say(first.id, "ABANDON");
        const second = await only();
        assert.notEqual(second.id, first.id);
        await put(600);
        const third = await until("The end of the wait", only, { wanted: ({ id }) => id !== second.id });
        assert.equal(third.state, "Pending:Wait");
        await say(third.id, "CONTINUE");
        assert.deepEqual(await only(), { id: third.id, state: "InService" });
        await assert.rejects(say(third.id, "CONTINUE"), /No active Lifecycle Action found with instance ID/);
        await autoscaling.setDesiredCapacity({ ...group, DesiredCapacity: 2 });
        await autoscaling.deleteLifecycleHook(hook); // gives up whoever still waits for it
        const { AutoScalingInstances: all } = await autoscaling.describeAutoScalingInstances({});
        const states = all!.flatMap((one) =>
          one.AutoScalingGroupName === "hooked" ? one.LifecycleState : [],
        );
        assert.deepEqual(states, ["InService", "InService"]);
      } finally {
        await autoscaling.deleteAutoScalingGroup({ ...group, ForceDelete: true });
      }
    });

    it("replaces a group's instances by an instance refresh, as many at once as may be missing", async () => {
      const [autoscaling, ec2] = [await sandbox.use("autoscaling"), await sandbox.use("ec2")];
      const { LaunchTemplate } = await ec2.createLaunchTemplate({
        LaunchTemplateName: "refreshed",
        LaunchTemplateData: { ImageId: "ami-12c6146b", InstanceType: "t3.nano" },
      });
      const group = { AutoScalingGroupName: "refreshed" };
      await autoscaling.createAutoScalingGroup({
        ...{ ...group, MinSize: 2, MaxSize: 2, DesiredCapacity: 2, AvailabilityZones: ["eu-west-1a"] },
        LaunchTemplate: { LaunchTemplateId: LaunchTemplate!.LaunchTemplateId },
      });
      const members = async () => {
        const { AutoScalingGroups: all } = await autoscaling.describeAutoScalingGroups({
          AutoScalingGroupNames: [group.AutoScalingGroupName],
        });
        return all![0]!.Instances!.map(({ InstanceId }) => InstanceId!);
      };
      const refresh = (MinHealthyPercentage: number) =>
        autoscaling.startInstanceRefresh({ ...group, Preferences: { MinHealthyPercentage } });
      try {
        const old = await members();
        await assert.rejects(refresh(100), /carries a MinHealthyPercentage below 100 alone, got 100/);
        await refresh(50);
        await assert.rejects(refresh(50), { name: "InstanceRefreshInProgressFault" });
        const status = async () =>
          (await autoscaling.describeInstanceRefreshes(group)).InstanceRefreshes![0]!;
        const { Status, PercentageComplete } = await until("The end of the refresh", status, {
          wanted: (one) => one.Status !== "Pending" && one.Status !== "InProgress",
        });
        assert.deepEqual([Status, PercentageComplete], ["Successful", 100]);
        const now = await members();
        assert.deepEqual([now.length, now.filter((id) => old.includes(id))], [2, []]);
      } finally {
        await autoscaling.deleteAutoScalingGroup({ ...group, ForceDelete: true });
      }
    });

    it("publishes the Amazon Linux parameters for arm64", async () => {
      const { moto, region, credentials } = sandbox.state.endpoints;
      const ssm = new SSM({ region, credentials, endpoint: moto });
      const { Parameter } = await ssm.getParameter({
        Name: "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64",
      });
      assert.match(Parameter!.Value!, /^ami-\w+$/);
    });

    it("keeps routes to network interfaces, which the router follows from instance to instance", async () => {
      const ec2 = await sandbox.use("ec2");
      const { Vpc } = await ec2.createVpc({ CidrBlock: "10.66.0.0/16" });
      const { Subnet } = await ec2.createSubnet({ VpcId: Vpc!.VpcId, CidrBlock: "10.66.1.0/24" });
      const { Instances } = await ec2.runInstances({
        MinCount: 2,
        MaxCount: 2,
        ImageId: "ami-12c6146b",
        SubnetId: Subnet!.SubnetId,
      });
      const [one, two] = Instances!;
      const wire = (instance: typeof one) => instance!.NetworkInterfaces![0]!.NetworkInterfaceId;
      const { RouteTable } = await ec2.createRouteTable({ VpcId: Vpc!.VpcId });
      const route = { RouteTableId: RouteTable!.RouteTableId, DestinationCidrBlock: "10.66.66.66/32" };
      await ec2.createRoute({ ...route, NetworkInterfaceId: wire(one) });

      const servers = await Promise.all([one, two].map(async (instance) => says(instance!.InstanceId!)));
      const ports = new Map(servers.map(({ id, port }) => [id, { host: "127.0.0.1", port }]));
      const router = new Router(sandbox.use, "10.66.66.66", (id) => ports.get(id));
      const address = await router.start();
      try {
        await router.follow();
        assert.equal(await hear(address.port), one!.InstanceId);
        await ec2.replaceRoute({ ...route, NetworkInterfaceId: wire(two) });
        await router.follow();
        assert.equal(await hear(address.port), two!.InstanceId);
      } finally {
        await router.stop();
        for (const { server } of servers) server.close();
      }
    });
  });

  describe("MiniStack", () => {
    it("lets root assume a service's role, and gives that role's permissions only", async () => {
      const [iam, sts] = [await sandbox.use("iam"), await sandbox.use("sts")];
      const { Role } = await iam.createRole({
        RoleName: "contract-machine",
        AssumeRolePolicyDocument: JSON.stringify({
          Version: "2012-10-17",
          Statement: [
            { Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" },
          ],
        }),
      });
      const { Credentials } = await sts.assumeRole({ RoleArn: Role!.Arn, RoleSessionName: "contract" });
      const asRole = clientsOf({
        region: sandbox.state.endpoints.region,
        endpoint: sandbox.state.endpoints.ministack,
        credentials: {
          accessKeyId: Credentials!.AccessKeyId!,
          secretAccessKey: Credentials!.SecretAccessKey!,
          sessionToken: Credentials!.SessionToken!,
        },
      });
      const listTables = async () => (await asRole("dynamodb")).listTables({});
      await assert.rejects(listTables(), { name: "AccessDeniedException" });
      await iam.putRolePolicy({
        RoleName: "contract-machine",
        PolicyName: "contract",
        PolicyDocument: JSON.stringify({
          Version: "2012-10-17",
          Statement: [{ Effect: "Allow", Action: "dynamodb:ListTables", Resource: "*" }],
        }),
      });
      assert.ok(Array.isArray((await listTables()).TableNames));
      await assert.rejects(
        asRole("dynamodb").then((dynamodb) => dynamodb.describeTable({ TableName: "contract" })),
        { name: "AccessDeniedException" },
      );
    });

    it("keeps a metric's dimensions apart", async () => {
      const cloudwatch = await sandbox.use("cloudwatch");
      const metric = (group: string) => ({
        MetricName: "CPUUtilization",
        Dimensions: [{ Name: "AutoScalingGroupName", Value: group }],
      });
      await cloudwatch.putMetricData({
        Namespace: "AWS/EC2",
        MetricData: [
          { ...metric("contract-hot"), Value: 90 },
          { ...metric("contract-cold"), Value: 10 },
        ],
      });
      const averages = await Promise.all(
        ["contract-hot", "contract-cold"].map(async (group) => {
          const { Datapoints } = await cloudwatch.getMetricStatistics({
            Namespace: "AWS/EC2",
            ...metric(group),
            StartTime: new Date(Date.now() - 300_000),
            EndTime: new Date(Date.now() + 60_000),
            Period: 60,
            Statistics: ["Average"],
          });
          return Datapoints?.[0]?.Average;
        }),
      );
      assert.deepEqual(averages, [90, 10]);
    });

    it("refuses EC2's events on its bus, so that the sandbox has to send them itself", async () => {
      const events = await sandbox.use("events");
      const { FailedEntryCount } = await events.putEvents({
        Entries: [{ Source: "aws.ec2", DetailType: "EC2 Instance State-change Notification", Detail: "{}" }],
      });
      assert.equal(FailedEntryCount, 1); // were it 0, the sandbox could use the bus itself
    });

    it("sends a topic's messages to an HTTP subscriber after the confirmation", async function () {
      leftToAll(this);
      const sns = await sandbox.use("sns");
      const { TopicArn } = await sns.createTopic({ Name: "contract" });
      await sns.subscribe({ TopicArn, Protocol: "email", Endpoint: "someone@example.com" });
      // Throws when it does not come.
      await until(
        "The mailbox's subscription",
        async () => {
          const { Subscriptions } = await sns.listSubscriptionsByTopic({ TopicArn });
          return Subscriptions?.find(
            (one) => one.Protocol === "http" && one.SubscriptionArn?.startsWith("arn:"),
          );
        },
        { everyMs: 200 },
      );
      await until(
        "The message in the mailbox",
        async () => {
          // Again and again: what is published before his confirmation has arrived reaches nobody.
          await sns.publish({ TopicArn, Subject: "contract", Message: "The message of the contract" });
          const answer = await fetch(`${sandbox.state.page}/sandbox/state.json`);
          return (await answer.text()).includes("The message of the contract");
        },
        { everyMs: 200 },
      );
    });
  });
});

async function says(id: string): Promise<{ id: string; server: net.Server; port: number }> {
  const server = net.createServer((socket) => socket.end(id));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { id, server, port: (server.address() as net.AddressInfo).port };
}

function hear(port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = "";
    const socket = net.connect(port, "127.0.0.1");
    socket.on("data", (part) => (text += part.toString()));
    socket.on("end", () => resolve(text));
    socket.on("error", reject);
  });
}
