import { version } from "@pulumi/aws/package.json";

/** The AWS provider's words for what our components return as resources, for who makes an SDK of them. It has 1,700 more. */
const RETURNED = ["lb/listener:Listener", "lb/loadBalancer:LoadBalancer", "lb/targetGroup:TargetGroup"];

export const SCHEMA = {
  name: "aws",
  version,
  meta: { moduleFormat: "(.*)(?:/[^/]*)" },
  language: { python: { respectSchemaVersion: true } },
  resources: Object.fromEntries(
    RETURNED.map((type) => [`aws:${type}`, { properties: {}, inputProperties: {} }]),
  ),
};
