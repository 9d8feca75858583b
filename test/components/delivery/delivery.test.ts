import { strict as assert } from "node:assert";
import { physicalName } from "../../harness";
import { ACCOUNT, build, POOL, REGION } from "./support";
import { LOGGING, rightsIn } from "../../statements";

const arn = (service: string, rest: string) => `arn:aws:${service}:${REGION}:${ACCOUNT}:${rest}`;

describe("Delivery", () => {
  it("keeps artifacts in a bucket under a rotated key of their own", async () => {
    const { one } = await build({ keptDays: 90 });
    assert.equal(one("kms/key:Key").inputs.enableKeyRotation, true);
    const [rule] = one("s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration").inputs.rules;
    assert.deepEqual(rule.expiration, { days: 90 });
    const { artifactStores, pipelineType } = one("codepipeline/pipeline:Pipeline").inputs;
    assert.equal(pipelineType, "V2");
    assert.deepEqual(artifactStores, [
      {
        type: "S3",
        location: "delivery-artifacts-id",
        encryptionKey: { type: "KMS", id: arn("kms", "key/delivery-artifacts-id") },
      },
    ]);
  });

  it("lets only the image's build use Docker, and logs every build with retention", async () => {
    const { all, one } = await build({ logRetentionDays: 14 });
    assert.deepEqual(
      all("codebuild/project:Project").map(({ name, inputs }) => [
        name,
        inputs.environment.privilegedMode,
        inputs.environment.type,
        inputs.source.buildspec,
        inputs.encryptionKey,
        inputs.logsConfig.cloudwatchLogs.groupName,
      ]),
      [
        ["delivery-test", false, "LINUX_CONTAINER", "webapp/deploy/buildspec.test.yml"],
        ["delivery-image", true, "ARM_CONTAINER", "webapp/deploy/buildspec.yml"],
      ].map((row) => [...row, arn("kms", "key/delivery-artifacts-id"), physicalName(String(row[0]))]),
    );
    assert.equal(one("cloudwatch/logGroup:LogGroup", "delivery-image").inputs.retentionInDays, 14);
  });

  it("deploys one server at a time behind the load balancer, and rolls back on failure and alarms", async () => {
    const { one } = await build({ rollbackAlarmNames: ["latency"], rollbackAt5xxPerMinute: 3 });
    const { inputs } = one("codedeploy/deploymentGroup:DeploymentGroup");
    assert.equal(inputs.deploymentConfigName, "CodeDeployDefault.OneAtATime");
    assert.deepEqual(inputs.autoscalingGroups, ["web"]);
    assert.deepEqual(inputs.deploymentStyle, {
      deploymentType: "IN_PLACE",
      deploymentOption: "WITH_TRAFFIC_CONTROL",
    });
    assert.deepEqual(inputs.loadBalancerInfo, { targetGroupInfos: [{ name: "web-targets" }] });
    assert.deepEqual(inputs.autoRollbackConfiguration, {
      enabled: true,
      events: ["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM"],
    });
    assert.deepEqual(inputs.alarmConfiguration, {
      enabled: true,
      alarms: [physicalName("delivery-web-server-errors"), "latency"],
    });
    const alarm = one("cloudwatch/metricAlarm:MetricAlarm").inputs;
    assert.deepEqual(
      [alarm.metricName, alarm.dimensions, alarm.threshold, alarm.treatMissingData],
      ["HTTPCode_Target_5XX_Count", { LoadBalancer: "app/web/0123456789abcdef" }, 3, "notBreaching"],
    );
  });

  it("creates a whole new group beside the old one when told to", async () => {
    const { one } = await build({ deployment: "blue-green" });
    const { inputs } = one("codedeploy/deploymentGroup:DeploymentGroup");
    assert.equal(inputs.deploymentStyle.deploymentType, "BLUE_GREEN");
    assert.deepEqual(inputs.blueGreenDeploymentConfig.greenFleetProvisioningOption, {
      action: "COPY_AUTO_SCALING_GROUP",
    });
  });

  it("lets the web servers fetch releases, and join a copied group", async () => {
    const { one } = await build({ deployment: "blue-green" });
    for (const policy of ["delivery-fetching", "delivery-web-servers"])
      assert.equal(one("iam/rolePolicy:RolePolicy", policy).inputs.role, "web-role");
  });

  it("uses an existing connection, or creates one that a person must accept", async () => {
    interface Action {
      configuration: Record<string, string>;
    }
    const connectionOf = (run: Awaited<ReturnType<typeof build>>) =>
      (run.one("codepipeline/pipeline:Pipeline").inputs.stages as { actions: Action[] }[])
        .flatMap(({ actions }) => actions)
        .flatMap(({ configuration }) => configuration["ConnectionArn"] ?? [])
        .join();
    const given = await build({
      connectionArn: "arn:aws:codeconnections:eu-west-1:123456789012:connection/x",
    });
    assert.deepEqual(given.all("codestarconnections/connection:Connection"), []);
    assert.equal(connectionOf(given), "arn:aws:codeconnections:eu-west-1:123456789012:connection/x");
    const made = await build();
    assert.equal(made.one("codestarconnections/connection:Connection").inputs.providerType, "GitHub");
    assert.match(connectionOf(made), /^arn:aws:codestar-connections:/);
  });

  it("serves start, state and rollback to tokens of the pool, each function with its own permissions", async () => {
    const { all, one } = await build({ starterGroup: "deployers", whileRunning: "queue" });
    assert.deepEqual(one("apigateway/authorizer:Authorizer").inputs.providerArns, [POOL]);
    assert.deepEqual(
      all("apigateway/method:Method")
        .map(({ name, inputs }) => [name, inputs.authorization])
        .sort(),
      ["get-pipeline", "post-rollback", "post-startpipeline"].map((route) => [
        `delivery-api-${route}`,
        "COGNITO_USER_POOLS",
      ]),
    );
    const { variables } = one("lambda/function:Function", "delivery-api-start").inputs.environment;
    assert.deepEqual(variables, {
      CLAIMS_TABLE: physicalName("delivery-api-claims"),
      PIPELINE: physicalName("delivery"),
      STARTER_GROUP: "deployers",
      WHILE_RUNNING: "queue",
    });
    const rights = rightsIn(one("iam/rolePolicy:RolePolicy", "delivery-api-state").inputs.policy, LOGGING);
    assert.deepEqual(Object.keys(rights).sort(), ["codepipeline:GetPipelineState", "dynamodb:Query"]);
  });

  it("notifies a person about failed runs, failed deployments and approvals", async () => {
    const { outputs } = await build({ approval: true });
    const events = Object.assign({}, ...outputs.monitoring.map(({ events }) => events)) as object;
    assert.deepEqual(Object.keys(events).sort(), [
      "delivery-approval",
      "delivery-deployment-failed",
      "delivery-run-failed",
    ]);
    const without = (await build({ approval: false })).outputs.monitoring;
    assert.equal(
      without.some(({ events }) => events?.["delivery-approval"]),
      false,
    );
  });

  it("keeps the table of releases when it keeps data", async () => {
    const { all } = await build({ keepData: true });
    assert.deepEqual(
      all("dynamodb/table:Table").map(({ name, protect, inputs }) => [
        name,
        protect,
        inputs.deletionProtectionEnabled,
        inputs.pointInTimeRecovery,
        inputs.ttl.attributeName,
      ]),
      [
        ["delivery-api-claims", true, true, { enabled: true }, "ttl"],
        ["delivery-releases", true, true, { enabled: true }, "expiresAt"],
      ],
    );
  });

  it("refuses every wrong argument in one error, before anything is declared", async () => {
    await assert.rejects(
      build({
        repository: "site",
        branch: "a b",
        deployment: "canary" as "in-place",
        refusedSeverities: ["BAD" as "LOW"],
        keptDays: 1,
      }),
      (error: Error) => {
        assert.equal(
          error.message,
          'Delivery "delivery": repository must be owner/name on GitHub, got "site"; ' +
            'branch must be a branch\'s name, got "a b"; ' +
            'deployment must be one of in-place, blue-green, got "canary"; ' +
            'refusedSeverities.0 must be one of CRITICAL, HIGH, MEDIUM, LOW, got "BAD"; ' +
            "keptDays must be a whole number from 7 to 3650, got 1",
        );
        return true;
      },
    );
  });
});
