import { asList, documentText, omit, pascal, pick, tagList } from "../engine/shape";
import { Inputs, Request, Table } from "../engine/types";

/** Image repositories, on MiniStack; without Docker no image is pushed. */
export const ecr: Table = {
  Repository: async (r) => {
    const ecr = await r.use("ecr");
    const name = (r.inputs["name"] ?? r.physicalName()).toLowerCase();
    const { repository } = await ecr.createRepository({
      repositoryName: name,
      imageTagMutability: r.inputs["imageTagMutability"],
      imageScanningConfiguration: r.inputs["imageScanningConfiguration"],
      encryptionConfiguration: asList<Inputs>(r.inputs["encryptionConfigurations"]).map(
        ({ encryptionType, kmsKey }) => ({ encryptionType, kmsKey }),
      )[0],
      tags: tagList(r.tags),
    });
    return {
      id: name,
      outputs: {
        name,
        arn: repository!.repositoryArn,
        repositoryUrl: repository!.repositoryUri,
        registryId: r.account,
      },
    };
  },

  LifecyclePolicy: async (r) => {
    const ecr = await r.use("ecr");
    const { repository, policy } = r.inputs;
    await ecr.putLifecyclePolicy({ repositoryName: repository, lifecyclePolicyText: documentText(policy) });
    return { id: repository, outputs: { registryId: r.account } };
  },
};

/** Crosswalk's components: where an instance would run this image, the sandbox runs the web app's own bundle. */
export const awsxEcr: Table = {
  Repository: async (r) => {
    const made = await ecr["Repository"]!(r);
    return {
      id: "",
      outputs: { repository: { ...made.outputs, id: made.id }, url: made.outputs!["repositoryUrl"] },
    };
  },
  Image: async (r) => ({ id: "", outputs: { imageUri: `${r.inputs["repositoryUrl"]}:sandbox` } }),
};

/** Projects, applications and pipelines; sandbox/delivery/ executes what they declare. */
export const codebuild: Table = {
  Project: async (r) => {
    const codebuild = await r.use("codebuild");
    const name = r.physicalName(r.inputs["name"], 150);
    const { project } = await codebuild.createProject(projectOf(r, name));
    return { id: project!.arn!, outputs: { name, arn: project!.arn } };
  },
};

export function projectOf({ inputs: i, tags }: Request, name: string) {
  const lower = (one: Inputs | undefined) => one && omit(one);
  return {
    name,
    serviceRole: i["serviceRole"],
    // moto requires a location even if the pipeline brings the source and takes the output.
    source: { location: "pipeline", ...i["source"] },
    artifacts: {
      ...(i["artifacts"]?.type !== "NO_ARTIFACTS" && { location: "pipeline" }),
      ...i["artifacts"],
    },
    environment: i["environment"],
    ...pick(i, "description", "encryptionKey", "sourceVersion"),
    timeoutInMinutes: i["buildTimeout"],
    logsConfig: i["logsConfig"] && {
      cloudWatchLogs: lower(i["logsConfig"].cloudwatchLogs),
      s3Logs: lower(i["logsConfig"].s3Logs),
    },
    tags: Object.entries(tags).map(([key, value]) => ({ key, value })),
  } as never;
}

export const codedeploy: Table = {
  Application: async (r) => {
    const codedeploy = await r.use("codedeploy");
    const name = r.physicalName(r.inputs["name"], 100);
    const { applicationId } = await codedeploy.createApplication({
      applicationName: name,
      computePlatform: r.inputs["computePlatform"] ?? "Server",
      tags: tagList(r.tags),
    });
    return {
      id: applicationId!,
      outputs: { name, applicationId, arn: r.arn("codedeploy", `application:${name}`) },
    };
  },

  DeploymentGroup: async (r) => {
    const codedeploy = await r.use("codedeploy");
    const i = r.inputs;
    const { deploymentGroupId } = await codedeploy.createDeploymentGroup({
      applicationName: i["appName"],
      deploymentGroupName: i["deploymentGroupName"],
      ...deploymentGroupOf(i),
      tags: tagList(r.tags),
    } as never);
    return {
      id: deploymentGroupId!,
      outputs: {
        deploymentGroupId,
        arn: r.arn("codedeploy", `deploymentgroup:${i["appName"]}/${i["deploymentGroupName"]}`),
      },
    };
  },
};

/** What an update of a deployment group may change, in the API's terms; it leaves out whatever is not named. */
export function deploymentGroupOf(i: Inputs) {
  const { alarmConfiguration: alarms, loadBalancerInfo: balancer } = i;
  return {
    ...pick(i, "serviceRoleArn", "deploymentConfigName", "deploymentStyle", "autoRollbackConfiguration"),
    ...(i["autoscalingGroups"] && { autoScalingGroups: i["autoscalingGroups"] }),
    ...(i["ec2TagFilters"] && {
      ec2TagFilters: asList<Inputs>(i["ec2TagFilters"]).map((one) => pascal(one)),
    }),
    ...(i["blueGreenDeploymentConfig"] && {
      blueGreenDeploymentConfiguration: i["blueGreenDeploymentConfig"],
    }),
    ...(alarms && {
      alarmConfiguration: {
        enabled: alarms.enabled,
        alarms: asList<string>(alarms.alarms).map((name) => ({ name })),
      },
    }),
    ...(balancer && {
      loadBalancerInfo: {
        targetGroupInfoList: asList<Inputs>(balancer.targetGroupInfos).map(({ name }) => ({ name })),
      },
    }),
  };
}

export const codepipeline: Table = {
  Pipeline: async (r) => {
    const codepipeline = await r.use("codepipeline");
    const name = r.physicalName(r.inputs["name"], 100);
    const tags = Object.entries(r.tags).map(([key, value]) => ({ key, value }));
    // For moto without a proxy, as in a start of the emulators alone: it looks for the role, which only MiniStack has.
    await codepipeline
      .createPipeline({ pipeline: pipelineOf(r.inputs, name), tags })
      .catch((error: Error) => {
        if (!/AssumeRole/.test(error.message)) throw error;
      });
    return { id: name, outputs: { name, arn: r.arn("codepipeline", name) } };
  },
};

/** A pipeline in the API's terms. */
export function pipelineOf(i: Inputs, name: string) {
  const stores = asList<Inputs>(i["artifactStores"]).map(({ region, type, location, encryptionKey }) => ({
    region,
    store: { type, location, encryptionKey },
  }));
  return {
    name,
    roleArn: i["roleArn"],
    ...pick(i, "pipelineType", "executionMode"),
    ...(stores.length === 1
      ? { artifactStore: stores[0]!.store }
      : { artifactStores: Object.fromEntries(stores.map(({ region, store }) => [region, store])) }),
    stages: asList<Inputs>(i["stages"]).map((stage) => ({
      name: stage["name"],
      actions: asList<Inputs>(stage["actions"]).map(action),
    })),
  } as never;
}

function action(i: Inputs) {
  const { category, owner, provider, version, inputArtifacts, outputArtifacts, ...rest } = i;
  const named = (names: string[] | undefined) => asList<string>(names).map((name) => ({ name }));
  return {
    ...rest,
    actionTypeId: { category, owner, provider, version },
    inputArtifacts: named(inputArtifacts),
    outputArtifacts: named(outputArtifacts),
  };
}

/** Streams to storage, on MiniStack. */
export const kinesis: Table = {
  FirehoseDeliveryStream: async (r) => {
    const firehose = await r.use("firehose");
    const i = r.inputs;
    const name = r.physicalName(i["name"]);
    const s3: Inputs | undefined = i["extendedS3Configuration"];
    const http: Inputs | undefined = i["httpEndpointConfiguration"];
    const { DeliveryStreamARN } = await firehose.createDeliveryStream({
      DeliveryStreamName: name,
      DeliveryStreamType: "DirectPut",
      ExtendedS3DestinationConfiguration: s3 && {
        RoleARN: s3["roleArn"],
        BucketARN: s3["bucketArn"],
        Prefix: s3["prefix"],
        ErrorOutputPrefix: s3["errorOutputPrefix"],
        CompressionFormat: s3["compressionFormat"],
        BufferingHints: {
          SizeInMBs: s3["bufferingSize"] ?? 5,
          IntervalInSeconds: s3["bufferingInterval"] ?? 300,
        },
        CloudWatchLoggingOptions: s3["cloudwatchLoggingOptions"] && pascal(s3["cloudwatchLoggingOptions"]),
        EncryptionConfiguration: s3["kmsKeyArn"] && {
          KMSEncryptionConfig: { AWSKMSKeyARN: s3["kmsKeyArn"] },
        },
      },
      HttpEndpointDestinationConfiguration: http && {
        EndpointConfiguration: { Url: http["url"], Name: http["name"] },
        RoleARN: http["roleArn"],
        S3BackupMode: http["s3BackupMode"],
        S3Configuration: {
          RoleARN: http["s3Configuration"]["roleArn"],
          BucketARN: http["s3Configuration"]["bucketArn"],
        },
        BufferingHints: {
          SizeInMBs: http["bufferingSize"] ?? 5,
          IntervalInSeconds: http["bufferingInterval"] ?? 300,
        },
      },
      Tags: Object.keys(r.tags).length ? tagList(r.tags) : undefined,
    });
    return { id: DeliveryStreamARN!, outputs: { name, arn: DeliveryStreamARN } };
  },
};
