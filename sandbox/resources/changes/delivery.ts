import { asList } from "../../engine/shape";
import { Changes, Inputs } from "../../engine/types";
import { projectOf } from "../delivery";
import { record } from "./calls";

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

export const codedeploy: Changes = {
  Application: {
    remove: async (r) =>
      (await r.use("codedeploy")).deleteApplication({ applicationName: r.outputs["name"] }),
  },
  // moto has no call that changes one.
  DeploymentGroup: {
    remove: async (r) =>
      (await r.use("codedeploy")).deleteDeploymentGroup({
        applicationName: r.inputs["appName"],
        deploymentGroupName: r.inputs["deploymentGroupName"],
      }),
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
