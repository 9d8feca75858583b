import { until } from "../../sandbox/problem";
import type { Rig } from "../../test/uploads/rig";
import { each, versionsIn } from "../../test/uploads/waiting";
import { Figure, percentile, rounded } from "../figure";

const ALONE = 50;
const LOOKING = { everyMs: 25, seconds: 400 };

/** From the answer to a put until the object is gone from the normal bucket, seen by listing it over and over. */
export async function latencyFigures(rig: Rig, objects: number): Promise<Figure[]> {
  const { s3, outputs } = rig;
  const put = (key: string) =>
    s3.putObject({ Bucket: outputs.normal, Key: key, Body: "x".repeat(1_024), Tagging: "sensitive=yes" });
  await put("warm");
  const moved = () =>
    until("The move", () => versionsIn(s3, outputs.normal), {
      ...LOOKING,
      wanted: ({ length }) => length === 0,
    });
  await moved();

  const alone: number[] = [];
  for (let index = 0; index < ALONE; index++) {
    await put(`alone/${index}`);
    const since = performance.now();
    await moved();
    alone.push(performance.now() - since);
  }
  const { latencies, seconds } = await burst(rig, put, objects);
  console.log(`${objects} objects of 1 KB put at once and moved in ${rounded(seconds)} s`);
  return [
    ...percentiles(`${ALONE} objects one by one`, alone),
    ...percentiles(`${objects} objects at once`, latencies),
    {
      bench: "uploads",
      figure: "objects moved a second",
      ours: rounded(objects / seconds),
      goal: "measured",
    },
    { bench: "uploads", figure: "objects lost or left", ours: objects - latencies.length, goal: "<= 0" },
  ];
}

async function burst({ s3, outputs }: Rig, put: (key: string) => Promise<unknown>, objects: number) {
  const keys = Array.from({ length: objects }, (_, index) => `bench/${index}`);
  const waiting = new Map<string, number>();
  const latencies: number[] = [];
  const began = performance.now();
  let allPut = false;
  const putting = each(keys, async (key) => {
    await put(key);
    waiting.set(key, performance.now());
  }).then(() => (allPut = true));
  await until(
    `The move of ${objects} objects`,
    async () => {
      const left = new Set((await versionsIn(s3, outputs.normal)).map(({ key }) => key));
      const now = performance.now();
      for (const [key, since] of waiting)
        if (!left.has(key)) {
          latencies.push(now - since);
          waiting.delete(key);
        }
      return allPut && waiting.size === 0;
    },
    LOOKING,
  );
  await putting;
  return { latencies, seconds: (performance.now() - began) / 1_000 };
}

function percentiles(what: string, values: number[]): Figure[] {
  return [0.5, 0.99].map((share) => ({
    bench: "uploads",
    figure: `event to moved, ${what}, p${share * 100} (ms)`,
    ours: rounded(percentile(values, share)),
    goal: "measured",
  }));
}
