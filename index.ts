import * as pulumi from "@pulumi/pulumi";
import { platform } from "./stacks/platform";
import { readSettings } from "./stacks/settings";

const settings = readSettings(pulumi.getStack(), pulumi.runtime.allConfig());

export = platform(settings);
