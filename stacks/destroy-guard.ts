import * as pulumi from "@pulumi/pulumi";

/** Set by `npm run destroy` to the stack that it means; for a prod environment only with `--yes-really`. */
const MEANT = "GROUNDWORK_DESTROY";

/** The CLI prints it when it refuses. */
const HOOK = "npm run destroy -- --stack STACK --yes-really";

const isMeant = () => process.env[MEANT] === pulumi.getStack();

/**
 * Stands before everything else in a stack when that is destroyed, and is in nobody's way otherwise. Costs nothing.
 * `pulumi destroy` refuses a state that has it, because only the program can say whether it may be deleted; with `--run-program` the
 * program says no. Past it lead a `--target`, and what edits the state.
 */
export class DestroyGuard extends pulumi.ComponentResource {
  constructor(name: string, before: pulumi.Resource[]) {
    super("groundwork:index:DestroyGuard", name, {}, { dependsOn: before, ...hooks() });
    this.registerOutputs({});
  }
}

/** Declares what the program does, and the guard before all of it. */
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

/** Takes back what AWS alone guards, and what holds no data, in a stack that is meant to go: AWS would refuse to delete it. */
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

/** Pulumi's mocks say that they take hooks, and then do not; nothing is destroyed under them. */
function hooks(): pulumi.ComponentResourceOptions {
  const monitor = pulumi.runtime.getMonitor() as { registerResourceHook?: unknown } | undefined;
  if (!monitor?.registerResourceHook) return {};
  return { hooks: { beforeDelete: [new pulumi.ResourceHook(HOOK, refuse, { onDryRun: true })] } };
}
