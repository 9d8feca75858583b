import * as pulumi from "@pulumi/pulumi";

/** `npm run destroy` sets it to the stack that it means, for a prod environment only with `--yes-really`. */
const MEANT = "GROUNDWORK_DESTROY";

/** The CLI prints this name when it refuses. */
const HOOK = "npm run destroy -- --stack STACK --yes-really";

const isMeant = () => process.env[MEANT] === pulumi.getStack();

/**
 * Comes before everything else when a stack is destroyed, and does nothing otherwise. Costs nothing.
 * `pulumi destroy` refuses a state that contains it, because only the program can tell whether the stack may be deleted. With
 * `--run-program`, the program says no. A `--target` gets past it, and so do commands that edit the state.
 */
export class DestroyGuard extends pulumi.ComponentResource {
  constructor(name: string, before: pulumi.Resource[]) {
    super("groundwork:index:DestroyGuard", name, {}, { dependsOn: before, ...hooks() });
    this.registerOutputs({});
  }
}

/** Declares the program's resources, and the guard that is destroyed before all of them. */
export function guarded<T>(program: () => T): T {
  const topmost: pulumi.Resource[] = [];
  pulumi.runtime.registerStackTransformation(({ resource, opts }) => {
    if (!opts.parent) topmost.push(resource);
    return undefined;
  });
  const outputs = program();
  new DestroyGuard("destroy-guard", [...topmost]);
  return outputs;
}

/** Turns off protection that only AWS enforces, on resources without data, in a stack that is to be destroyed: AWS would refuse otherwise. */
export function letGo(): void {
  if (!isMeant()) return;
  pulumi.runtime.registerStackTransformation(({ type, props, opts }) =>
    type === "aws:lb/loadBalancer:LoadBalancer"
      ? { props: { ...props, enableDeletionProtection: false }, opts }
      : undefined,
  );
}

function refuse(): void {
  const stack = pulumi.getStack();
  if (!isMeant())
    throw new Error(`stack ${stack} is a prod environment: npm run destroy -- --stack ${stack} --yes-really`);
}

/** Pulumi's mocks claim to support hooks but do not. Under mocks, nothing is destroyed. */
function hooks(): pulumi.ComponentResourceOptions {
  const monitor = pulumi.runtime.getMonitor() as { registerResourceHook?: unknown } | undefined;
  if (!monitor?.registerResourceHook) return {};
  return { hooks: { beforeDelete: [new pulumi.ResourceHook(HOOK, refuse, { onDryRun: true })] } };
}
