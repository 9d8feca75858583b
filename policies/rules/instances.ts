import { each, list, ofType, label, Rules } from "./rule";

const INSTANCE = "aws:ec2/instance:Instance";
const TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate";

/** How our instances start, and what replaces them. */
export const instanceRules: Rules = {
  "requires a session token for instance metadata": each(
    [INSTANCE, TEMPLATE],
    ({ inputs }) =>
      inputs.metadataOptions?.httpTokens !== "required" && "accepts metadata requests without a token",
  ),

  "starts groups from a numbered version of a launch template": each(
    ["aws:autoscaling/group:Group"],
    ({ inputs }) => {
      const template =
        inputs.launchTemplate ?? inputs.mixedInstancesPolicy?.launchTemplate?.launchTemplateSpecification;
      return !/^\d+$/.test(String(template?.version)) && "does not notice when its launch template changes";
    },
  ),

  "replaces a group's instances when their template changes": each(
    ["aws:autoscaling/group:Group"],
    ({ inputs }) => !inputs.instanceRefresh && "keeps old instances, because it has no instance refresh",
  ),

  "uses no launch configuration, which AWS has closed": (view) =>
    ofType(view, "aws:ec2/launchConfiguration:LaunchConfiguration").map(label),

  "requires TLS 1.2 or newer at each HTTPS listener": each(
    ["aws:lb/listener:Listener"],
    ({ inputs }) =>
      ["HTTPS", "TLS"].includes(inputs.protocol) &&
      !/^ELBSecurityPolicy-(TLS13-1-[23]|FS-1-2|TLS-1-2)/.test(inputs.sslPolicy ?? "") &&
      `speaks ${inputs.sslPolicy ?? "AWS's oldest policy"}`,
  ),

  "redirects plain HTTP to HTTPS where there is HTTPS": each(
    ["aws:lb/listener:Listener"],
    ({ inputs }, view) => {
      const secured = ofType(view, "aws:lb/listener:Listener").some(
        (other) =>
          other.inputs.loadBalancerArn === inputs.loadBalancerArn && other.inputs.protocol === "HTTPS",
      );
      const redirects = list(inputs.defaultActions).every((action) => action.redirect?.protocol === "HTTPS");
      return secured && inputs.protocol === "HTTP" && !redirects && "answers over plain HTTP";
    },
  ),
};
