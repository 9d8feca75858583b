import * as fs from "node:fs";
import * as path from "node:path";
import { load } from "js-yaml";
import { root } from "../paths";
import { messageOf, Problem } from "../problem";
import { settingOf, withSetting } from "../program";

export interface Configuration {
  project: string;
  stack: string;
  region: string;
  defaultTags: Record<string, string>;
  /** As pulumi.runtime.setAllConfig takes it: texts, structures as JSON. */
  values: Record<string, string>;
}

/** What `pulumi --stack NAME` would read: Pulumi.NAME.yaml over Pulumi.yaml. */
export function readConfiguration(stack: string, folder = root): Configuration {
  const project = read(path.join(folder, "Pulumi.yaml"));
  const file = path.join(folder, `Pulumi.${stack}.yaml`);
  if (!fs.existsSync(file))
    throw new Problem(
      `There is no stack "${stack}": choose one of ${stacksOf(folder).join(", ")} with --stack NAME.`,
    );
  const name = String(project["name"]);
  const values: Record<string, string> = {};
  for (const config of [project["config"], read(file)["config"]])
    for (const [key, value] of Object.entries((config ?? {}) as Record<string, unknown>))
      values[key.includes(":") ? key : `${name}:${key}`] = textOf(key, value);
  const defaultTags = JSON.parse(values["aws:defaultTags"] ?? "{}") as { tags?: Record<string, string> };
  return {
    project: name,
    stack,
    region: values["aws:region"] ?? "us-east-1",
    defaultTags: defaultTags.tags ?? {},
    values,
  };
}

/** With the site's address here as one more whose pages may send files to the buckets, whatever its name is on AWS. */
export function servedAt(site: string | undefined, configuration: Configuration): Configuration {
  const uploads = settingOf("uploads", configuration.values);
  if (!site || !uploads) return configuration;
  const moreOrigins = [...(uploads.moreOrigins ?? []), ...originsOf(site)];
  return {
    ...configuration,
    values: withSetting("uploads", { ...uploads, moreOrigins }, configuration.values),
  };
}

/** Whose pages are the site's: a browser may be led to it by either name. */
export const originsOf = (site: string): string[] =>
  [site, site.replace("127.0.0.1", "localhost")].map((one) => `http://${one}`);

function read(file: string): Record<string, unknown> {
  try {
    return (load(fs.readFileSync(file, "utf8")) ?? {}) as Record<string, unknown>;
  } catch (error) {
    throw new Problem(`${path.basename(file)} is not YAML: ${messageOf(error).split("\n")[0]}.`);
  }
}

const stacksOf = (folder: string) =>
  fs.readdirSync(folder).flatMap((name) => /^Pulumi\.(.+)\.yaml$/.exec(name)?.[1] ?? []);

function textOf(key: string, value: unknown): string {
  if (value !== null && typeof value === "object") {
    if ("secure" in value)
      throw new Problem(
        `The setting ${key} is encrypted for Pulumi's own engine and cannot be read here: give it as plain text in a stack for the sandbox.`,
      );
    return JSON.stringify(value);
  }
  return String(value);
}
