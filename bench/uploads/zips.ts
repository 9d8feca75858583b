import * as pulumi from "@pulumi/pulumi";
import { FileUploads } from "../../components/uploads/file-uploads";
import { zipOf } from "../../sandbox/engine/archive";
import { run } from "../../test/harness";
import type { Rig } from "../../test/uploads/rig";
import { Figure, median, rounded } from "../figure";

const ROUNDS = 5;

/** The mover's zip beside the one that Pulumi's CallbackFunction makes of the same body with its defaults. */
export async function zipFigures(rig: Rig): Promise<Figure[]> {
  const own = await ownArchive();
  const ours = await zipOf(own);
  const text = await ((await own.assets)["__index.js"] as pulumi.asset.StringAsset).text;
  // What CallbackFunction puts beside the serialized body: every package of package.json's dependencies.
  const paths = await pulumi.runtime.computeCodePaths();
  const theirs = await zipOf(
    new pulumi.asset.AssetArchive({
      ...Object.fromEntries(paths),
      "__index.js": new pulumi.asset.StringAsset(text),
    }),
  );
  const sizes = { ours: ours.length, theirs: theirs.length };
  console.log(
    `zips: ours ${sizes.ours} bytes, CallbackFunction's ${sizes.theirs} bytes in ${paths.size} packages and files`,
  );
  const cold = await coldStarts(rig, { ours, theirs });
  return [
    { bench: "uploads", figure: "mover's zip (bytes)", ours: sizes.ours, goal: "<= 10000" },
    {
      bench: "uploads",
      figure: "its zip's share of the default one",
      ours: sizes.ours,
      peer: sizes.theirs,
      peerName: "CallbackFunction",
      ratio: Number((sizes.ours / sizes.theirs).toPrecision(2)),
      goal: "ratio <= 0.01",
    },
    {
      bench: "uploads",
      figure: "first call of a new process (ms, median)",
      ours: rounded(median(cold.ours)),
      peer: cold.theirs.length ? rounded(median(cold.theirs)) : null,
      peerName: "CallbackFunction",
      ratio: cold.theirs.length ? rounded(median(cold.ours) / median(cold.theirs)) : null,
      goal: "measured",
    },
  ];
}

async function ownArchive(): Promise<pulumi.asset.AssetArchive> {
  const { one } = await run(() => ({
    uploads: new FileUploads("uploads", {
      keepData: false,
      parameterPath: "/groundwork/bench",
    }),
  }));
  return (await one("lambda/function:Function").inputs.code) as pulumi.asset.AssetArchive;
}

/** Each round makes both run in a new process, by a changed variable, one after the other. */
async function coldStarts(rig: Rig, zips: { ours: Uint8Array; theirs: Uint8Array }) {
  const { lambda, outputs } = rig;
  const { Role, Environment } = await lambda.getFunctionConfiguration({ FunctionName: outputs.moverName });
  const times = { ours: [] as number[], theirs: [] as number[] };
  for (const name of ["ours", "theirs"] as const)
    await lambda.createFunction({
      FunctionName: `bench-${name}`,
      Role,
      Runtime: "nodejs22.x",
      Handler: "__index.handler",
      Timeout: 30,
      MemorySize: 512,
      Environment,
      Code: { ZipFile: zips[name] },
    });
  for (let round = 0; round < ROUNDS; round++)
    for (const name of ["ours", "theirs"] as const) {
      const FunctionName = `bench-${name}`;
      const Variables = { ...Environment!.Variables, ROUND: String(round) };
      await lambda.updateFunctionConfiguration({ FunctionName, Environment: { Variables } });
      const begun = performance.now();
      const answer = await lambda.invoke({ FunctionName, Payload: JSON.stringify({ Records: [] }) });
      const milliseconds = performance.now() - begun;
      if (answer.FunctionError)
        throw new Error(`${FunctionName} failed: ${Buffer.from(answer.Payload!).toString()}`);
      times[name].push(milliseconds);
    }
  return times;
}
