import * as fs from "node:fs";
import * as path from "node:path";
import { load } from "js-yaml";
import { root } from "../paths";
import { messageOf, Problem } from "../problem";
import { PROJECTS_DOMAIN, settingOf, withSetting } from "../program";

export interface Configuration {
  project: string;
  stack: string;
  region: string;
  defaultTags: Record<string, string>;
  /** In the form that pulumi.runtime.setAllConfig takes: texts, with structures as JSON. */
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

/** The addresses of the sandbox's own servers, for the program. */
export interface Served {
  /** The site, as host and port. */
  site?: string;
  /** The port of the projects' sites. */
  projects?: string;
  /** Where the starters' repositories are, with a slash at the end. */
  starters?: string;
}

export function servedAt({ site, projects, starters }: Served, configuration: Configuration): Configuration {
  let { values } = configuration;
  const uploads = settingOf("uploads", values);
  // One more site whose pages may send files to the buckets, whatever its name is on AWS.
  if (site && uploads) {
    const moreOrigins = [...(uploads.moreOrigins ?? []), ...originsOf(site)];
    values = withSetting("uploads", { ...uploads, moreOrigins }, values);
  }
  const provisioner = settingOf("provisioner", values);
  if (projects && starters && provisioner) {
    const repositories = [...(provisioner.repositories ?? []), starters];
    const link = `http://{name}.${PROJECTS_DOMAIN}:${projects}`;
    values = withSetting(
      "provisioner",
      { ...provisioner, repositories, link, starters: `${starters}{name}.git` },
      values,
    );
  }
  return { ...configuration, values };
}

/** The origins of the site's pages: a browser may come by either name. */
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
