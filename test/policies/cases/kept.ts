import type { Declared } from "../../../policies/declared";
import { Case, Cases, made } from "./case";

const RULE = "protects what holds data in a stack that keeps its data, and only there";

/** Of each type that holds data, how it is kept and how it is not, and whether Pulumi protects it. */
const HOLDERS: Record<string, { protect: boolean; kept: Declared["inputs"]; dropped: Declared["inputs"] }> = {
  "aws:s3/bucket:Bucket": { protect: true, kept: { forceDestroy: false }, dropped: { forceDestroy: true } },
  "aws:rds/instance:Instance": {
    protect: true,
    kept: { deletionProtection: true, skipFinalSnapshot: false },
    dropped: { deletionProtection: false, skipFinalSnapshot: true },
  },
  "aws:rds/cluster:Cluster": {
    protect: true,
    kept: { deletionProtection: true, skipFinalSnapshot: false },
    dropped: { deletionProtection: false, skipFinalSnapshot: true },
  },
  "aws:efs/fileSystem:FileSystem": { protect: true, kept: {}, dropped: {} },
  "aws:dynamodb/table:Table": {
    protect: true,
    kept: { deletionProtectionEnabled: true },
    dropped: { deletionProtectionEnabled: false },
  },
  "aws:cognito/userPool:UserPool": {
    protect: true,
    kept: { deletionProtection: "ACTIVE" },
    dropped: { deletionProtection: "INACTIVE" },
  },
  "aws:lb/loadBalancer:LoadBalancer": {
    protect: false,
    kept: { enableDeletionProtection: true },
    dropped: { enableDeletionProtection: false },
  },
  "awsx:ecr:Repository": { protect: false, kept: { forceDelete: false }, dropped: { forceDelete: true } },
  "aws:ecr/repository:Repository": {
    protect: false,
    kept: { forceDelete: false },
    dropped: { forceDelete: true },
  },
};

/** Each flag by itself is turned around: the rule has to name it. */
function oneTurned(keepData: boolean, type: string): Case[] {
  const { protect, kept, dropped } = HOLDERS[type]!;
  const [right, wrong] = keepData ? [kept, dropped] : [dropped, kept];
  const protectedAs = protect && keepData;
  const titled = (title: string) => `${title} on ${type} where data is ${keepData ? "kept" : "dropped"}`;
  return [
    {
      title: titled("allows what is required"),
      resources: [made(type, right, { protect: protectedAs })],
      problems: [],
      keepData,
    },
    ...Object.keys(right).map((flag) => ({
      title: titled(`refuses another ${flag}`),
      resources: [made(type, { ...right, [flag]: wrong[flag] }, { protect: protectedAs })],
      problems: [`it has ${flag} ${String(wrong[flag])} where ${String(right[flag])} is required`],
      keepData,
    })),
    ...(protect
      ? [
          {
            title: titled("refuses another protection"),
            resources: [made(type, right, { protect: !keepData })],
            problems: [`it has protect ${!keepData} where ${keepData} is required`],
            keepData,
          },
        ]
      : []),
  ];
}

/** AWS's own answers: it guards nothing, and destroys nothing that is full. */
const silent: Case[] = Object.entries(HOLDERS).flatMap(([type, { protect, dropped }]) =>
  [true, false].map((keepData) => {
    const unguarded = Object.entries(dropped).filter(([, value]) => value !== true);
    const unwiped = Object.entries(dropped).filter(([, value]) => value === true);
    return {
      title: `takes AWS's defaults on ${type} where data is ${keepData ? "kept" : "dropped"}`,
      resources: [made(type, {}, { protect: protect && keepData })],
      problems: (keepData ? unguarded : unwiped).map(([flag]) => `it has ${flag} `),
      keepData,
    };
  }),
);

export const keptCases: Cases = {
  [RULE]: [
    ...Object.keys(HOLDERS).flatMap((type) => [...oneTurned(true, type), ...oneTurned(false, type)]),
    ...silent,
  ],
};
