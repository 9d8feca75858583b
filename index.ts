import * as pulumi from "@pulumi/pulumi";
import { guard } from "./stacks/guard";
import { platform } from "./stacks/platform";
import { readSettings } from "./stacks/settings";

const stack = pulumi.getStack();
const config = pulumi.runtime.allConfig();
const settings = readSettings(stack, config);
guard(stack, settings, config);

export = platform(settings);
