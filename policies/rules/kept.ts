import { label, ofType, Rules } from "./rule";

/** What a property must be where data is kept, where it is not, and what AWS takes when it is absent. */
interface Flag {
  kept: unknown;
  dropped: unknown;
  absent: unknown;
}

const guard: Flag = { kept: true, dropped: false, absent: false };
const wipe: Flag = { kept: false, dropped: true, absent: false };

/** What holds data, whether Pulumi protects it, and its flags that go together. */
export const HOLDERS: Record<string, { protect: boolean; flags: Record<string, Flag> }> = {
  "aws:s3/bucket:Bucket": { protect: true, flags: { forceDestroy: wipe } },
  "aws:rds/instance:Instance": {
    protect: true,
    flags: { deletionProtection: guard, skipFinalSnapshot: wipe },
  },
  "aws:rds/cluster:Cluster": { protect: true, flags: { deletionProtection: guard, skipFinalSnapshot: wipe } },
  "aws:efs/fileSystem:FileSystem": { protect: true, flags: {} },
  "aws:dynamodb/table:Table": { protect: true, flags: { deletionProtectionEnabled: guard } },
  "aws:cognito/userPool:UserPool": {
    protect: true,
    flags: { deletionProtection: { kept: "ACTIVE", dropped: "INACTIVE", absent: "INACTIVE" } },
  },
  "aws:lb/loadBalancer:LoadBalancer": { protect: false, flags: { enableDeletionProtection: guard } },
  // The first is what mocks see of a component of awsx, the second what the engine sees.
  "awsx:ecr:Repository": { protect: false, flags: { forceDelete: wipe } },
  "aws:ecr/repository:Repository": { protect: false, flags: { forceDelete: wipe } },
};

/** One setting drives everything that guards data. */
export const keptRules: Rules = {
  "keeps whatever holds data where the stack says so, and only there": (view) =>
    ofType(view, ...Object.keys(HOLDERS)).flatMap((resource) => {
      const { protect, flags } = HOLDERS[resource.type]!;
      const wanted = Object.entries(flags).map(([name, flag]) => ({
        name,
        want: view.keepData ? flag.kept : flag.dropped,
        got: resource.inputs[name] ?? flag.absent,
      }));
      if (protect) wanted.push({ name: "protect", want: view.keepData, got: resource.protect });
      return wanted
        .filter(({ want, got }) => want !== got)
        .map(
          ({ name, want, got }) =>
            `${label(resource)} has ${name} ${String(got)} where ${String(want)} is due`,
        );
    }),
};
