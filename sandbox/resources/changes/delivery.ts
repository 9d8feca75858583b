import { asList, pick } from "../../engine/shape";
import { Changes, Changing, Inputs } from "../../engine/types";
import { deploymentGroupOf, pipelineOf, projectOf } from "../delivery";
import { ifThere, record, withItsOwner } from "./calls";

export const ecr: Changes = {
  Repository: {
    carries: ["imageTagMutability", "imageScanningConfiguration", "forceDelete"],
    async update(r) {
      const ecr = await r.use("ecr");
      await ecr.putImageTagMutability({
        repositoryName: r.id,
        imageTagMutability: r.inputs["imageTagMutability"] ?? "MUTABLE",
      });
    },
    remove: async (r) =>
      (await r.use("ecr")).deleteRepository({ repositoryName: r.id, force: r.inputs["forceDelete"] }),
  },
  LifecyclePolicy: {
    remove: async (r) => ifThere((await r.use("ecr")).deleteLifecyclePolicy({ repositoryName: r.id })),
  },
};

/** Crosswalk's components. */
export const awsxEcr: Changes = {
  Repository: {
    carries: ["forceDelete"],
    update: () => Promise.resolve(),
    remove: async (r) =>
      (await r.use("ecr")).deleteRepository({ repositoryName: r.outputs["repository"].id, force: true }),
  },
  Image: record,
};

export const codebuild: Changes = {
  Project: {
    async update(r) {
      await (await r.use("codebuild")).updateProject(projectOf(r, r.outputs["name"]));
    },
    remove: async (r) => (await r.use("codebuild")).deleteProject({ name: r.outputs["name"] }),
  },
};

/** moto has no call that deletes one of these, or changes an application. */
const kept: Changing = { carries: [], update: () => Promise.resolve(), remove: withItsOwner };

export const codedeploy: Changes = {
  Application: kept,
  DeploymentGroup: {
    carries: [
      ...["serviceRoleArn", "deploymentConfigName", "deploymentStyle", "blueGreenDeploymentConfig"],
      ...["autoRollbackConfiguration", "alarmConfiguration", "loadBalancerInfo", "autoscalingGroups"],
    ],
    /** Only what has changed: a blue/green deployment may have chosen the group's servers since. */
    async update(r) {
      const codedeploy = await r.use("codedeploy");
      await codedeploy.updateDeploymentGroup({
        applicationName: r.inputs["appName"],
        currentDeploymentGroupName: r.inputs["deploymentGroupName"],
        ...deploymentGroupOf(pick(r.inputs, ...r.changed)),
      } as never);
    },
    remove: withItsOwner,
  },
};

export const codepipeline: Changes = {
  Pipeline: {
    async update(r) {
      await (await r.use("codepipeline")).updatePipeline({ pipeline: pipelineOf(r.inputs, r.id) });
    },
    remove: async (r) => (await r.use("codepipeline")).deletePipeline({ name: r.id }),
  },
};

export const kinesis: Changes = {
  FirehoseDeliveryStream: {
    remove: async (r) =>
      (await r.use("firehose")).deleteDeliveryStream({
        DeliveryStreamName: r.outputs["name"],
        AllowForceDelete: asList<Inputs>(r.inputs["serverSideEncryption"]).length > 0,
      }),
  },
};
