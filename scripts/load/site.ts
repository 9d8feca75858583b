import { OUTPUTS } from "../../sandbox/program";
import { Problem } from "../../sandbox/problem";
import { atSandbox } from "../command";
import { outputsOf, regionOf } from "../stack-outputs";
import { Options } from "./options";

/** The target of the load, and what can be observed of it. */
export interface Site {
  url: string;
  group?: string;
  region?: string;
  /** How often its CPU is measured. */
  periodSeconds: number;
}

const EC2_MEASURES_EVERY = 60;
const SANDBOX_MEASURES_EVERY = 5;

/** The site that the options name. For the sandbox, it also points this process at the emulators. */
export function siteOf({ url, stack, group }: Options): Site {
  if (url !== undefined) return { url, group, periodSeconds: EC2_MEASURES_EVERY };
  if (stack === "sandbox") {
    const state = atSandbox();
    return {
      url: state.url,
      group: state.outputs[OUTPUTS.webGroup] as string,
      periodSeconds: SANDBOX_MEASURES_EVERY,
    };
  }
  const outputs = outputsOf(stack!);
  if (!outputs.url) throw new Problem(`Stack ${stack} has no web tier, and so no URL to load.`);
  return {
    url: outputs.url,
    group: outputs.webGroupName,
    region: regionOf(stack!),
    periodSeconds: EC2_MEASURES_EVERY,
  };
}
