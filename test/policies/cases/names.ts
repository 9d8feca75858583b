import { allows, Cases, made, named, refuses } from "./case";

const FUNCTION = "aws:lambda/function:Function";
const ours = { runtime: "nodejs22.x", architectures: ["arm64"] };
const logging = (name: string, logGroup: string | undefined, logFormat = "JSON") =>
  named(name, FUNCTION, { loggingConfig: { logFormat, logGroup } });

/** What has a name only inside something else, or is made for its name. */
const HARMLESS = [
  "aws:route53/record:Record",
  "aws:route53/zone:Zone",
  "aws:ssm/parameter:Parameter",
  "aws:apigateway/model:Model",
  "aws:apigateway/requestValidator:RequestValidator",
  "aws:apigateway/authorizer:Authorizer",
  "aws:autoscaling/lifecycleHook:LifecycleHook",
  "aws:cognito/userGroup:UserGroup",
  "aws:cognito/resourceServer:ResourceServer",
  "aws:cognito/identityProvider:IdentityProvider",
];
const DICTATED = ["API-Gateway-Execution-Logs_abc/live", "aws-waf-logs-web", "/aws/imagebuilder/web"];

export const nameCases: Cases = {
  "sets no physical name": [
    ...["name", "functionName", "identifier", "clusterIdentifier"].map((property) =>
      refuses(
        `${property}`,
        [made("aws:any/thing:Thing", { [property]: "mine" })],
        `it sets ${property} to "mine"`,
      ),
    ),
    refuses(
      "a bucket's own name",
      [made("aws:s3/bucket:Bucket", { bucket: "mine" })],
      'it sets bucket to "mine"',
    ),
    ...DICTATED.map((name) =>
      refuses(`${name} in the midst of a name`, [made("aws:any/thing:Thing", { name: `my-${name}` })]),
    ),
    allows(
      "the bucket that something belongs to",
      made("aws:s3/bucketPolicy:BucketPolicy", { bucket: "files" }),
    ),
    allows("a prefix", made("aws:any/thing:Thing", { namePrefix: "mine-" })),
    allows("another provider's resource", made("random:index/randomId:RandomId", { name: "mine" })),
    allows(
      "names that AWS dictates",
      ...DICTATED.map((name) => made("aws:cloudwatch/logGroup:LogGroup", { name })),
    ),
    allows("names that cannot collide", ...HARMLESS.map((type) => made(type, { name: "mine" }))),
    allows(
      "what another resource is known by",
      made("aws:lambda/eventSourceMapping:EventSourceMapping", { functionName: "mover" }),
      made("aws:rds/clusterInstance:ClusterInstance", { clusterIdentifier: "cluster" }),
    ),
  ],
  "runs each function on Node 22 and arm64": [
    refuses("AWS's defaults", [made(FUNCTION)], "it runs on nothing and x86_64"),
    refuses("the right Node on AWS's own processor", [made(FUNCTION, { runtime: "nodejs22.x" })]),
    refuses("an older Node", [made(FUNCTION, { ...ours, runtime: "nodejs20.x" })]),
    refuses("another processor", [made(FUNCTION, { ...ours, architectures: ["x86_64"] })]),
    allows("both", made(FUNCTION, ours)),
  ],
  "gives each function a JSON log of its own": [
    refuses("plain text", [logging("it", "logs", "Text")]),
    refuses("one log for two", [logging("it", "logs"), logging("other", "logs")], "it", "other"),
    allows("a log for each", logging("one", "logs-1"), logging("two", "logs-2")),
    allows(
      "another resource by the same log",
      logging("one", "logs"),
      made("aws:any/thing:Thing", { loggingConfig: { logGroup: "logs" } }),
    ),
  ],
  "gives each function a role of its own": [
    refuses(
      "one role for three",
      ["a", "b", "c"].map((name) => named(name, FUNCTION, { role: "role" })),
      ...["a", "b", "c"].map((name) => `${name} shares its role with 2 other`),
    ),
    allows("a role for each", ...["a", "b"].map((name) => named(name, FUNCTION, { role: `role-${name}` }))),
  ],
  "sets each function's timeout and memory": [
    refuses("AWS's defaults", [made(FUNCTION)]),
    refuses("no memory", [made(FUNCTION, { timeout: 3 })]),
    refuses("no time", [made(FUNCTION, { memorySize: 128 })]),
    refuses("no time at all", [made(FUNCTION, { timeout: 0, memorySize: 128 })]),
    refuses("no memory at all", [made(FUNCTION, { timeout: 3, memorySize: 0 })]),
    allows("both", made(FUNCTION, { timeout: 1, memorySize: 1 })),
  ],
};
