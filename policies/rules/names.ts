import { label, Rules } from "./rule";

/** Properties that identify a resource within its account. With a prefix instead, two can exist side by side. */
const NAMES = ["name", "functionName", "identifier", "clusterIdentifier"];

/** Log groups that AWS finds by a name of its own choice. */
const DICTATED = /^(API-Gateway-Execution-Logs_|aws-waf-logs-|\/aws\/imagebuilder\/)/;

/** A bucket's own name. On other types, `bucket` refers to a bucket. */
const OWN = { "aws:s3/bucket:Bucket": ["bucket"] } as Record<string, string[]>;

/** Names that cannot collide when a resource is replaced, and why. */
const HARMLESS: Record<string, string> = {
  "aws:route53/record:Record": "its purpose is the DNS name",
  "aws:route53/zone:Zone": "its purpose is the DNS name",
  "aws:ssm/parameter:Parameter": "its readers find it by its path",
  "aws:apigateway/model:Model": "a name inside its API",
  "aws:apigateway/requestValidator:RequestValidator": "a name inside its API",
  "aws:apigateway/authorizer:Authorizer": "a name inside its API",
  "aws:autoscaling/lifecycleHook:LifecycleHook": "a name inside its group",
  "aws:cognito/userGroup:UserGroup": "a name inside its pool",
  "aws:cognito/resourceServer:ResourceServer": "a name inside its pool",
  "aws:cognito/identityProvider:IdentityProvider": "a name inside its pool",
  "aws:lambda/eventSourceMapping:EventSourceMapping": "functionName says which function it feeds",
  "aws:lambda/invocation:Invocation": "functionName says which function it calls",
  "aws:rds/clusterInstance:ClusterInstance": "clusterIdentifier says to which cluster it belongs",
};

/** Pulumi chooses the names, so that a replacement can exist beside the old resource. */
export const nameRules: Rules = {
  "sets no physical name": (view) =>
    view.resources.flatMap((resource) => {
      if (!resource.type.startsWith("aws:") || HARMLESS[resource.type]) return [];
      return [...NAMES, ...(OWN[resource.type] ?? [])]
        .filter(
          (property) => resource.inputs[property] !== undefined && !DICTATED.test(resource.inputs[property]),
        )
        .map(
          (property) => `${label(resource)} sets ${property} to ${JSON.stringify(resource.inputs[property])}`,
        );
    }),
};
