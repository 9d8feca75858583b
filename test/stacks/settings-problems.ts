import { readSettings, Settings, SettingsError } from "../../stacks/settings";

/** What other areas need, so that only the setting in question can be wrong. */
const AROUND: Record<string, object> = {
  delivery: { web: {}, identity: {}, delivery: { repository: "us/site" } },
  provisioner: { web: {}, identity: {}, provisioner: { sender: "us@example.com" } },
  external: {
    database: {
      engine: "external",
      secretArn: "arn:aws:secretsmanager:eu-west-1:1:secret:a",
      cidrBlocks: ["10.1.0.0/16"],
    },
  },
  managed: { database: { engine: "managed" } },
  shared: { database: { engine: "shared-storage" } },
};
/** The area of the file that such a part stands for. */
export const PLACE: Record<string, string> = {
  external: "database",
  managed: "database",
  shared: "database",
};

/** What is said of a setting in an area where all else is right. */
export function problems(
  area: string,
  setting: string,
  value: unknown,
  more: object = {},
  environment = "dev",
): string[] {
  const settings = { environment, ...(AROUND[area] ?? {}) } as Record<string, unknown>;
  const place = PLACE[area] ?? area;
  settings[place] = { ...(settings[place] as object | undefined), ...more, [setting]: value };
  return allProblems(settings);
}

/** Reads a whole file, given area by area. */
export const readAll = (settings: Record<string, unknown>): Settings =>
  readSettings(
    "test",
    Object.fromEntries(
      Object.entries(settings).map(([key, value]) => [
        `groundwork:${key}`,
        typeof value === "string" ? value : JSON.stringify(value),
      ]),
    ),
  );

/** What is said of it. */
export function allProblems(settings: Record<string, unknown>): string[] {
  try {
    readAll(settings);
    return [];
  } catch (error) {
    if (error instanceof SettingsError) return error.problems;
    throw error;
  }
}
