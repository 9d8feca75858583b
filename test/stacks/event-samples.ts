import type { Fields } from "../../sandbox/fleet/event-pattern";
import { ACCOUNT, DOCS, event, nameOf, REGION, type Samples } from "./event-shape";
import { MALWARE_SAMPLES } from "./malware-samples";
import { ONCE } from "./schedule";
import type { StackView } from "../../policies/declared";

const certificate = (type: string, detail: Fields) =>
  event(
    "aws.acm",
    type,
    { CertificateType: "AMAZON_ISSUED", CommonName: "example.com", ...detail },
    `arn:aws:acm:${REGION}:${ACCOUNT}:certificate/1`,
  );

const finding = (status: string, isDeleted = false) =>
  event("aws.access-analyzer", "Access Analyzer Finding", {
    version: "1.0",
    id: "22222222-dcba-4444-dcba-333333333333",
    status,
    resourceType: "AWS::S3::Bucket",
    resource: "arn:aws:s3:::files",
    isPublic: true,
    isDeleted,
  });

/** Some of its events say `state`, others `status`, as its API does. */
const backup = (job: "Backup" | "Copy" | "Restore", detail: Fields) =>
  event("aws.backup", `${job} Job State Change`, { backupSizeInBytes: "36048", ...detail });

const database = (kind: "Instance" | "Cluster", identifier: string, category: string) =>
  event("aws.rds", `RDS DB ${kind} Event`, {
    EventCategories: [category],
    SourceType: kind === "Instance" ? "DB_INSTANCE" : "CLUSTER",
    SourceArn: `arn:aws:rds:${REGION}:${ACCOUNT}:db:${identifier}`,
    Date: "2026-01-02T03:04:05Z",
    Message: "A message",
    SourceIdentifier: identifier,
    EventID: "RDS-EVENT-0049",
  });

const image = (recipe: string, status: string) =>
  event(
    "aws.imagebuilder",
    "EC2 Image Builder Image State Change",
    { "previous-state": { status: "BUILDING" }, state: { status } },
    `arn:aws:imagebuilder:${REGION}:${ACCOUNT}:image/${recipe}/1.0.0/1`,
  );

const refresh = (group: string, status: string) =>
  event(
    "aws.autoscaling",
    `EC2 Auto Scaling Instance Refresh ${status}`,
    { InstanceRefreshId: "c613620e-07e2-4ed2-a9e2-ef8258911ade", AutoScalingGroupName: group },
    `arn:aws:autoscaling:${REGION}:${ACCOUNT}:autoScalingGroup:0123:autoScalingGroupName/${group}`,
  );

const run = (pipeline: string, state: string) =>
  event("aws.codepipeline", "CodePipeline Pipeline Execution State Change", {
    pipeline,
    "execution-id": "12345678-1234-5678-abcd-12345678abcd",
    version: 3,
    state,
  });

const action = (pipeline: string, category: string, state: string) =>
  event("aws.codepipeline", "CodePipeline Action Execution State Change", {
    pipeline,
    "execution-id": "12345678-1234-5678-abcd-12345678abcd",
    stage: "Release",
    action: "Approve",
    state,
    type: { owner: "AWS", category, provider: "Manual", version: "1" },
    version: 3,
  });

const deployment = (application: string, deploymentGroup: string, state: string) =>
  event("aws.codedeploy", "CodeDeploy Deployment State-change Notification", {
    instanceGroupId: "9fd2fbef-2157-40d8-91e7-6845af69e2d2",
    region: REGION,
    application,
    deploymentId: "d-123456789",
    state,
    deploymentGroup,
  });

const build = (project: string, status: string) =>
  event("aws.codebuild", "CodeBuild Build State Change", {
    "build-status": status,
    "project-name": project,
    "build-id": `arn:aws:codebuild:${REGION}:${ACCOUNT}:build/${project}:1`,
    version: "1",
  });

const launch = (group: string, type = "EC2 Instance Launch Successful") =>
  event("aws.autoscaling", type, {
    StatusCode: "InProgress",
    AutoScalingGroupName: group,
    ActivityId: "87654321-4321-4321-4321-210987654321",
    EC2InstanceId: "i-1234567890abcdef0",
  });

const stackChange = (name: string, type = "CloudFormation Stack Status Change") => {
  const id = `arn:aws:cloudformation:${REGION}:${ACCOUNT}:stack/${name}/1`;
  return event(
    "aws.cloudformation",
    type,
    { "stack-id": id, "status-details": { status: "CREATE_COMPLETE", "status-reason": "" } },
    id,
  );
};

const instance = (state: string, type = "EC2 Instance State-change Notification") =>
  event("aws.ec2", type, { "instance-id": "i-1234567890abcdef0", state });

/** By the rule's name; of the stack that declares it. */
export const SAMPLES: Record<string, (view: StackView) => Samples> = {
  "alarms-account-certificate": () => ({
    page: `${DOCS}/acm/latest/userguide/supported-events.html`,
    takes: [
      certificate("ACM Certificate Renewal Action Required", {
        Action: "RENEWAL",
        RenewalStatusReason: "PENDING_VALIDATION",
        DaysToExpiry: 30,
      }),
      certificate("ACM Certificate Expired", { DomainValidationMethod: "DNS", Action: "RENEWAL" }),
    ],
    passes: [
      certificate("ACM Certificate Available", { Action: "RENEWAL" }),
      // AWS renews it by itself.
      certificate("ACM Certificate Approaching Expiration", { DaysToExpiry: 31 }),
    ],
  }),
  "alarms-account-open": () => ({
    page: `${DOCS}/IAM/latest/UserGuide/access-analyzer-eventbridge.html`,
    takes: [finding("ACTIVE")],
    // A deleted finding keeps its status.
    passes: [finding("ARCHIVED"), finding("RESOLVED"), finding("ACTIVE", true)],
  }),
  "alarms-backup-failed": () => ({
    page: `${DOCS}/aws-backup/latest/devguide/eventbridge.html`,
    takes: ["FAILED", "ABORTED", "EXPIRED"].map((state) => backup("Backup", { state })),
    passes: [backup("Backup", { state: "COMPLETED" }), backup("Copy", { state: "FAILED" })],
  }),
  "alarms-restore-failed": () => ({
    page: `${DOCS}/aws-backup/latest/devguide/eventbridge.html`,
    takes: ["FAILED", "ABORTED"].map((status) => backup("Restore", { restoreJobId: "1", status })),
    passes: [
      backup("Restore", { restoreJobId: "1", status: "COMPLETED" }),
      backup("Backup", { state: "FAILED" }),
    ],
  }),
  "alarms-database-down": (view) => {
    const own = nameOf(view, "aws:rds/instance:Instance", "database", "identifier");
    return {
      page: `${DOCS}/AmazonRDS/latest/UserGuide/rds-cloudwatch-events.sample.html`,
      takes: (["Instance", "Cluster"] as const).flatMap((kind) =>
        ["failure", "failover"].map((category) => database(kind, own, category)),
      ),
      passes: [database("Instance", "another", "failover"), database("Instance", own, "backup")],
    };
  },
  ...MALWARE_SAMPLES,
  "alarms-web-launch-failed": (view) => {
    const own = nameOf(view, "aws:autoscaling/group:Group", "web");
    const failed = "EC2 Instance Launch Unsuccessful";
    return {
      page: `${DOCS}/autoscaling/ec2/userguide/ec2-auto-scaling-event-reference.html`,
      takes: [launch(own, failed)],
      passes: [launch(own), launch(`${own}-2`, failed), launch(own, "EC2 Instance Terminate Unsuccessful")],
    };
  },
  "alarms-web-refresh-failed": (view) => {
    const own = nameOf(view, "aws:autoscaling/group:Group", "web");
    return {
      page: `${DOCS}/autoscaling/ec2/userguide/instance-refresh-eventbridge-events.html`,
      takes: [refresh(own, "Failed")],
      passes: [refresh(own, "Succeeded"), refresh(own, "Cancelled"), refresh(`${own}-2`, "Failed")],
    };
  },
  "alarms-web-image-failed": (view) => {
    const recipe = nameOf(view, "aws:imagebuilder/imageRecipe:ImageRecipe", "web-image");
    return {
      page: `${DOCS}/imagebuilder/latest/userguide/integ-eventbridge.html`,
      takes: [image(recipe, "FAILED")],
      passes: [image(recipe, "AVAILABLE"), image(`${recipe}-2`, "FAILED")],
    };
  },
  "web-image-old": (view) => {
    const recipe = nameOf(view, "aws:imagebuilder/imageRecipe:ImageRecipe", "web-image");
    return {
      page: `${DOCS}/imagebuilder/latest/userguide/integ-eventbridge.html`,
      takes: [image(recipe, "AVAILABLE")],
      passes: [image(recipe, "FAILED"), image(`${recipe}-2`, "AVAILABLE")],
    };
  },
  "database-failover-state-change": () => ({
    page: `${DOCS}/AWSEC2/latest/UserGuide/monitoring-instance-state-changes.html`,
    takes: ["pending", "running", "stopping", "stopped", "shutting-down", "terminated"].map((state) =>
      instance(state),
    ),
    passes: [instance("terminated", "EC2 Spot Instance Interruption Warning")],
  }),
  "alarms-delivery-approval": (view) => {
    const own = nameOf(view, "aws:codepipeline/pipeline:Pipeline", "delivery");
    return {
      page: `${DOCS}/codepipeline/latest/userguide/detect-state-changes-cloudwatch-events.html`,
      takes: [action(own, "Approval", "STARTED")],
      passes: [
        action(own, "Approval", "SUCCEEDED"),
        action(own, "Deploy", "STARTED"),
        action("another", "Approval", "STARTED"),
      ],
    };
  },
  "alarms-delivery-run-failed": (view) => {
    const own = nameOf(view, "aws:codepipeline/pipeline:Pipeline", "delivery");
    return {
      page: `${DOCS}/codepipeline/latest/userguide/detect-state-changes-cloudwatch-events.html`,
      takes: [run(own, "FAILED")],
      passes: [run(own, "SUCCEEDED"), run("another", "FAILED")],
    };
  },
  "alarms-delivery-deployment-failed": (view) => {
    const own = nameOf(view, "aws:codedeploy/application:Application", "delivery-web");
    return {
      page: `${DOCS}/codedeploy/latest/userguide/monitoring-cloudwatch-events.html`,
      takes: ["FAILURE", "STOP"].map((state) => deployment(own, "web", state)),
      passes: [deployment(own, "web", "SUCCESS"), deployment("another", "web", "FAILURE")],
    };
  },
  "delivery-releases-deployed": (view) => {
    const own = nameOf(view, "aws:codedeploy/application:Application", "delivery-web");
    return {
      page: `${DOCS}/codedeploy/latest/userguide/monitoring-cloudwatch-events.html`,
      takes: [deployment(own, "web", "SUCCESS")],
      passes: [
        deployment(own, "web", "START"),
        deployment(own, "another", "SUCCESS"),
        deployment("another", "web", "SUCCESS"),
      ],
    };
  },
  "provisioner-builds": ({ stack }) => ({
    page: `${DOCS}/codebuild/latest/userguide/sample-build-notifications.html`,
    takes: ["SUCCEEDED", "FAILED", "STOPPED", "FAULT", "TIMED_OUT"].map((status) =>
      build(`gw${stack}-shop-build`, status),
    ),
    passes: [build(`gw${stack}-shop-build`, "IN_PROGRESS"), build("delivery-image", "SUCCEEDED")],
  }),
  "provisioner-replacements": ({ stack }) => ({
    page: `${DOCS}/autoscaling/ec2/userguide/ec2-auto-scaling-event-reference.html`,
    takes: [launch(`gw${stack}-shop-Group-1`)],
    passes: [
      launch("web-1"),
      launch(`gw${stack}-shop-Group-1`, "EC2 Instance Launch Unsuccessful"),
      launch(`gw${stack}-shop-Group-1`, "EC2 Instance Terminate Successful"),
    ],
  }),
  "provisioner-stacks": ({ stack }) => ({
    page: `${DOCS}/AWSCloudFormation/latest/UserGuide/event-detail-stack-status-change.html`,
    takes: [stackChange(`gw${stack}-shop`)],
    passes: [stackChange("shop"), stackChange(`gw${stack}-shop`, "CloudFormation Resource Status Change")],
  }),
};

/** How often a rule without a pattern runs. */
export const SCHEDULES: Record<string, string> = {
  "database-failover-each-minute": "rate(1 minute)",
  "provisioner-domains": "rate(1 minute)",
  "provisioner-minute": "rate(1 minute)",
  "web-image-first": ONCE,
};
