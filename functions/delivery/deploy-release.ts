import { locationIn, parametersIn, PipelineJobEvent } from "./pipeline-job";
import { Bundle } from "./releases";

export interface DeployPorts {
  bundles: { stamp(bucket: string, key: string): Promise<Bundle> };
  deployments: {
    /** Names of the alarms that stop a deployment. */
    alarms(): Promise<string[]>;
    /** Installs a bundle, under the given alarms if there are any; returns nothing while another deployment is running. */
    deploy(bundle: Bundle, description: string, alarms?: string[]): Promise<string | undefined>;
    stateOf(deploymentId: string): Promise<{ status: string; reason?: string }>;
  };
  /** Those of the given alarms that are ringing now. */
  alarms: { ringing(names: string[]): Promise<string[]> };
  job: {
    succeed(id: string): Promise<void>;
    fail(id: string, message: string): Promise<void>;
    goOn(id: string, token: string, summary: string): Promise<void>;
  };
}

/**
 * The pipeline's deployment: starts it, and checks it each time the pipeline calls again. CodePipeline's own action cannot leave
 * out an alarm, so one that rings before the release has begun would block every release that could fix its cause.
 */
export async function deployRelease(event: PipelineJobEvent, ports: DeployPorts): Promise<void> {
  const { id, data } = event["CodePipeline.job"];
  try {
    const under = data.continuationToken;
    await (under ? watch(id, under, ports) : begin(id, data, ports));
  } catch (error) {
    const { name } = error as Error;
    await ports.job.fail(
      id,
      `CodeDeploy could not be asked: ${name}. A deployment that has started continues.`,
    );
  }
}

async function begin(id: string, data: PipelineJobEvent["CodePipeline.job"]["data"], ports: DeployPorts) {
  const location = locationIn(data);
  if (!location) return ports.job.fail(id, "The build left no bundle.");
  const { execution, commit } = parametersIn(data);
  const all = await ports.deployments.alarms();
  const ringing = await ports.alarms.ringing(all);
  const deployment = await ports.deployments.deploy(
    await ports.bundles.stamp(location.bucketName, location.objectKey),
    `Release ${execution ?? "?"} (commit ${commit ?? "?"})`,
    ringing.length > 0 ? all.filter((name) => !ringing.includes(name)) : undefined,
  );
  if (!deployment)
    return ports.job.fail(id, "Another deployment is under way: retry the stage after its end.");
  const without = ringing.length > 0 ? `, without ${ringing.join(", ")}, which fired before` : "";
  return ports.job.goOn(id, deployment, `Begun${without}`);
}

async function watch(id: string, deployment: string, ports: DeployPorts) {
  const { status, reason } = await ports.deployments.stateOf(deployment);
  if (status === "Succeeded") return ports.job.succeed(id);
  if (status === "Failed" || status === "Stopped")
    return ports.job.fail(
      id,
      `Deployment ${deployment} has ${status.toLowerCase()}: ${reason ?? "no reason given"}`,
    );
  return ports.job.goOn(id, deployment, status);
}
