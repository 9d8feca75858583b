import * as pulumi from "@pulumi/pulumi";
import { guarded, letGo } from "./stacks/destroy-guard";
import { guard } from "./stacks/guard";
import { platform } from "./stacks/platform";
import { readSettings } from "./stacks/settings";

const stack = pulumi.getStack();
const config = pulumi.runtime.allConfig();
const settings = readSettings(stack, config);
guard(stack, settings, config);
letGo();

export = settings.environment === "prod" ? guarded(() => platform(settings)) : platform(settings);
