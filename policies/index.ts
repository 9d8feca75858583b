import { PolicyPack } from "@pulumi/policy";
import { policies } from "./pack";

new PolicyPack("groundwork", { policies, enforcementLevel: "mandatory" });
