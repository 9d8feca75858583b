import * as pulumi from "@pulumi/pulumi";
import { account } from "./stacks/account";
import { guarded, letGo } from "./stacks/destroy-guard";
import { guard } from "./stacks/guard";
import { platform } from "./stacks/platform";
import { readSettings } from "./stacks/settings";
import { tagAll } from "./stacks/tags";

const stack = pulumi.getStack();
const config = pulumi.runtime.allConfig();
const settings = readSettings(stack, config);
guard(stack, settings, config);
letGo();
tagAll(settings.environment);

const program = () => (settings.account.singletons === "only" ? account(settings) : platform(settings));

export = settings.environment === "prod" ? guarded(program) : program();
