import type { Rig } from "../../test/uploads/rig";
import { each, versionsIn } from "../../test/uploads/waiting";
import { Figure, rounded } from "../figure";

const LOOK_EVERY_MS = 100;
const LONGEST_MS = 400_000;

/** From the answer to a put until the object is gone from the normal bucket, seen by listing it over and over. */
export async function latencyFigures(rig: Rig, objects: number): Promise<Figure[]> {
  const { s3, outputs } = rig;
  const put = (key: string) =>
    s3.putObject({ Bucket: outputs.normal, Key: key, Body: "x".repeat(1_024), Tagging: "sensitive=yes" });
  await put("warm");
  await until(async () => (await versionsIn(s3, outputs.normal)).length === 0);

  const keys = Array.from({ length: objects }, (_, index) => `bench/${index}`);
  const waiting = new Map<string, number>();
  const latencies: number[] = [];
  const began = performance.now();
  let allPut = false;
  const putting = each(keys, async (key) => {
    await put(key);
    waiting.set(key, performance.now());
  }).then(() => (allPut = true));
  await until(async () => {
    const left = new Set((await versionsIn(s3, outputs.normal)).map(({ key }) => key));
    const now = performance.now();
    for (const [key, since] of waiting)
      if (!left.has(key)) {
        latencies.push(now - since);
        waiting.delete(key);
      }
    return allPut && waiting.size === 0;
  });
  await putting;
  const seconds = (performance.now() - began) / 1_000;
  latencies.sort((a, b) => a - b);
  const percentile = (share: number) => rounded(latencies[Math.ceil(share * latencies.length) - 1]!);
  console.log(`${objects} objects of 1 KB put and moved in ${rounded(seconds)} s`);
  return [
    { bench: "uploads", figure: "event to moved, p50 (ms)", ours: percentile(0.5), goal: "measured" },
    { bench: "uploads", figure: "event to moved, p99 (ms)", ours: percentile(0.99), goal: "measured" },
    {
      bench: "uploads",
      figure: "objects moved a second",
      ours: rounded(objects / seconds),
      goal: "measured",
    },
    { bench: "uploads", figure: "objects lost or left", ours: objects - latencies.length, goal: "<= 0" },
  ];
}

async function until(done: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + LONGEST_MS;
  while (!(await done())) {
    if (performance.now() > end) throw new Error(`not all objects moved within ${LONGEST_MS / 1_000} s`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}
