// Settings that no argument covers: `transforms` change any child of a component before it is created, at any depth.
import type { ResourceTransform } from "@pulumi/pulumi";
import { AuditTrail, Network } from "@groundwork-platform/components";

/** An AWS property: fewer lines in the flow log. */
const tenMinutes: ResourceTransform = ({ type, props, opts }) =>
  type === "aws:ec2/flowLog:FlowLog" ? { props: { ...props, maxAggregationInterval: 600 }, opts } : undefined;

/** A Pulumi option: the VPC outlives the stack. */
const keptVpc: ResourceTransform = ({ type, props, opts }) =>
  type === "aws:ec2/vpc:Vpc" ? { props, opts: { ...opts, retainOnDelete: true } } : undefined;

/** A rule in addition to the component's own. */
const archived: ResourceTransform = ({ type, props, opts }) => {
  if (type !== "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration") return undefined;
  const archive = { id: "archive", status: "Enabled", filter: { prefix: "" } };
  const transitions = [{ days: 90, storageClass: "GLACIER_IR" }];
  return { props: { ...props, rules: [...props["rules"], { ...archive, transitions }] }, opts };
};

const network = new Network("network", { egress: "gateway" }, { transforms: [tenMinutes, keptVpc] });
const trail = new AuditTrail("audit", { bucketDays: 400, keepData: false }, { transforms: [archived] });

export const vpcId = network.vpcId;
export const trailBucketName = trail.bucketName;
