import { ask } from "../ask";
import { Broken, Context, needs, Promised } from "../promised";
import { webServers } from "../web-servers";
import { command } from "./command";
import { FLIPS } from "./flips";
import { leftOf, TAG } from "./nothing-left";
import type { SettingsFile } from "./settings-file";

/** What else a run from nothing to nothing needs. */
export interface Whole {
  /** The tag that all of the run's resources have. */
  run: string;
  file: SettingsFile;
  /** Whether the run was interrupted. */
  signal: AbortSignal;
}

/** A promise of the run as a whole. */
export type Part = Omit<Promised, "run"> & { run(context: Context, whole: Whole): Promise<string> };

export const tagsOf = ({ run, file }: Pick<Whole, "run" | "file">): Record<string, unknown> => {
  const before = file.config["aws:defaultTags"] as { tags?: object } | undefined;
  return { "aws:defaultTags": { ...before, tags: { ...before?.tags, [TAG]: run } } };
};

const ANSWER_SECONDS = 1_200;

export const up: Part = {
  name: "a stack is created from nothing",
  expected: "npm run up ends well",
  takes: { sandbox: 0, AWS: 1_500 },
  usd: 0,
  missing: () => undefined,
  async run({ stage }, { file, ...whole }) {
    file.write(tagsOf({ file, ...whole }));
    await command("up", stage.stack);
    return "npm run up ended well";
  },
};

export const answers: Part = {
  name: "the site of a new stack answers",
  expected: "200 at /health, and as many healthy servers as the group wants",
  takes: { sandbox: 0, AWS: 300 },
  usd: 0,
  missing: needs("webGroupName"),
  async run({ stage, until }) {
    await until("An answer of the site", ANSWER_SECONDS, async () =>
      ask(`${stage.url}/health`).then(
        ({ status }) => status === 200,
        () => false,
      ),
    );
    const { wanted } = await until("Every server's health", ANSWER_SECONDS, async () => {
      const now = await webServers(stage);
      return now.healthy.length >= now.wanted && now;
    });
    return `200, by ${wanted} of ${wanted} servers`;
  },
};

const settings = FLIPS.map(({ area, setting }) => `${area}.${setting}`).join(", ");

export const flip: Part = {
  name: "a setting is changed and changed back",
  expected: `each by itself: ${settings}; AWS reports the new value, then the old one again; afterwards nothing is left to change`,
  takes: { sandbox: 0, AWS: FLIPS.length * 600 },
  usd: 0.1,
  missing: needs("webGroupName", "vpcId"),
  async run({ stage }, { signal, ...whole }) {
    const { file } = whole;
    const told: string[] = [];
    for (const { area, setting, applies, seen, other } of FLIPS) {
      const key = `groundwork:${area}`;
      const written = (file.config[key] ?? {}) as Record<string, unknown>;
      if (applies && !applies(written)) continue;
      const changed = async (config: Record<string, unknown>, due: string) => {
        file.write({ ...tagsOf(whole), ...config });
        await command("up", stage.stack);
        signal.throwIfAborted();
        const now = await seen(stage);
        if (now !== due) throw new Broken(`${area}.${setting}: AWS reports ${now}, not ${due}`);
      };
      const before = await seen(stage);
      const there = other(before);
      await changed({ [key]: { ...written, [setting]: there.value } }, there.seen);
      await changed({}, before);
      told.push(`${setting} ${before}, ${there.seen}, ${before} again`);
    }
    await command("preview", stage.stack, "--expect-no-changes", "--no-quotas");
    return `${told.join("; ")}; then nothing to change`;
  },
};

const TRIES = 3;

export const down: Part = {
  name: "a stack is destroyed and leaves nothing",
  expected:
    "npm run destroy ends well, and AWS finds nothing with the run's tag except what is about to disappear",
  takes: { sandbox: 0, AWS: 1_500 },
  usd: 0,
  missing: () => undefined,
  async run({ stage, untilGone, say }, { run }) {
    // AWS may need a moment until dependent resources are gone as well.
    for (let tried = 1; ; tried++)
      try {
        await command("destroy", stage.stack);
        break;
      } catch (error) {
        if (tried === TRIES) throw error;
        say(`npm run destroy did not end well: trying again (${tried + 1} of ${TRIES})`);
      }
    let left: string[] = [];
    await untilGone("The end of what has the tag", 900, async () => {
      left = await leftOf(run, stage.region);
      return left.length === 0;
    }).catch(() => {
      throw new Broken(`STILL THERE, with the tag ${TAG}=${run}: ${left.join(", ")}`);
    });
    return `npm run destroy ended well, and nothing has the tag ${TAG}=${run}`;
  },
};

/** In the order of the checks, with those of a running stack in the middle. */
export const around = (inner: Promised[]): Part[] => [up, answers, ...inner, flip, down];
