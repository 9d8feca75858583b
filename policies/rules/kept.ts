import { label, ofType, Rules } from "./rule";

/** A property's value where data is kept, its value where it is not, and AWS's default. */
interface Flag {
  kept: unknown;
  dropped: unknown;
  absent: unknown;
}

const guard: Flag = { kept: true, dropped: false, absent: false };
const wipe: Flag = { kept: false, dropped: true, absent: false };

/** The types that hold data, whether Pulumi protects them, and their flags. */
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
  // For a component of awsx, mocks see the first type and the engine the second.
  "awsx:ecr:Repository": { protect: false, flags: { forceDelete: wipe } },
  "aws:ecr/repository:Repository": { protect: false, flags: { forceDelete: wipe } },
};

/** One setting controls everything that protects data. */
export const keptRules: Rules = {
  "protects what holds data in a stack that keeps its data, and only there": (view) =>
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
            `${label(resource)} has ${name} ${String(got)} where ${String(want)} is required`,
        );
    }),
};
