import { DOCUMENTED, Documented } from "../../../policies/rules/aws/documented";
import { allows, Case, Cases, made, refuses } from "./case";

const FUNCTION = "aws:lambda/function:Function";
const GROUP = "aws:autoscaling/group:Group";
const RULE = "aws:cloudwatch/eventRule:EventRule";
const QUEUE = "aws:sqs/queue:Queue";
const FIREWALL = "aws:wafv2/webAcl:WebAcl";
const BUCKET_POLICY = "aws:s3/bucketPolicy:BucketPolicy";
const tagged = (tags: Record<string, string>) => made("aws:kms/key:Key", { tags });
const many = (count: number) => Array.from({ length: count }, (_, i) => `tag-${i}`);
const matching = (byteMatchStatement: object) =>
  made(FIREWALL, { rules: [{ name: "one", statement: { byteMatchStatement } }] });

/** Just inside and just outside of each bound that was written down by hand. */
function edges(type: string, path: string[], bound: Documented): Case[] {
  const at = (value: unknown) =>
    made(
      type,
      path.reduceRight<unknown>((inner, name) => ({ [name]: inner }), value) as Record<string, unknown>,
    );
  const field = path.join(".");
  const within = (value: unknown) =>
    allows(`${type}: ${field} ${JSON.stringify(value).slice(0, 30)}`, at(value));
  const beyond = (value: unknown) =>
    refuses(`${type}: ${field} ${JSON.stringify(value).slice(0, 30)}`, [at(value)], ", where AWS accepts ");
  const { length, range, count, values, properties = {} } = bound;
  return [
    ...(length?.[1] ? [within("a".repeat(length[1])), beyond("a".repeat(length[1] + 1))] : []),
    ...(range ? [...range.map(within), beyond(range[0]! - 1), beyond(range[1]! + 1)] : []),
    ...(count
      ? [
          within(Array.from({ length: count[1]! }, () => ({}))),
          beyond(Array.from({ length: count[1]! + 1 }, () => ({}))),
        ]
      : []),
    ...(values ? [...values.map(within), beyond("another")] : []),
    ...Object.entries(properties).flatMap(([name, inner]) => edges(type, [...path, name], inner)),
  ];
}

/** What a documented pattern takes and refuses. */
const WORDS: [type: string, field: string, good: string[], bad: string[]][] = [
  [
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
    "description",
    ["azAZ09 ._-:/()#,@[]+=&;{}!$*"],
    ["A client's block", '"', "?", "é", "a\nb", "—", "%"],
  ],
  ["aws:ec2/securityGroup:SecurityGroup", "name", ["web-1", "my sg-1"], ["sg-1", "it's"]],
  ["aws:lb/loadBalancer:LoadBalancer", "name", ["web-1"], ["-web", "web-", "internal-web", "web_1"]],
  ["aws:lb/targetGroup:TargetGroup", "name", ["web-1", "internal-web"], ["-web", "web-", "web.1"]],
  [
    "aws:lb/targetGroup:TargetGroup",
    "slowStart",
    ["0", "30", "99", "100", "900"],
    ["1", "29", "901", "1000"],
  ],
  [
    "aws:s3/bucket:Bucket",
    "bucket",
    ["abc", "my.files-1", "1a2"],
    [
      "Abc",
      "a_b",
      "a..b",
      "-ab",
      "ab-",
      "xn--a",
      "sthree-a",
      "amzn-s3-demo-a",
      "a-s3alias",
      "a--x-s3",
      "192.168.1.2",
    ],
  ],
  ["aws:apigateway/stage:Stage", "stageName", ["live-1_a"], ["live.1", "a b"]],
  ["aws:apigateway/model:Model", "name", ["Project1"], ["a-b", "a_b"]],
  [
    "aws:apigateway/resource:Resource",
    "pathPart",
    ["projects", "{id}", "{proxy+}"],
    ["a/b", "{id", "a b", "{}"],
  ],
  ["aws:sqs/queue:Queue", "name", ["jobs-1_a", "jobs.fifo"], ["jobs.1", "a b"]],
  ["aws:sns/topic:Topic", "name", ["alarms-1_a", "alarms.fifo"], ["alarms.1", "a b"]],
  [
    "aws:rds/instance:Instance",
    "backupWindow",
    ["03:00-03:30", "23:45-00:15"],
    ["3:00-3:30", "24:00-24:30", "03:00"],
  ],
  [
    "aws:rds/instance:Instance",
    "maintenanceWindow",
    ["sun:04:00-sun:04:30"],
    ["sunday:04:00-sunday:04:30", "04:00-04:30"],
  ],
  ["aws:kms/key:Key", "tags.aws:name", [], ["x"]],
  ["aws:kms/key:Key", "tags.AWS:name", [], ["x"]],
  ["aws:any/thing:Thing", "tags.aws:name", [], ["x"]],
  ["aws:any/thing:Thing", "tags.lawsuit", ["x"], []],
  ["other:any/thing:Thing", "tags.aws:name", ["x"], []],
];

const worded = ([type, field, good, bad]: (typeof WORDS)[number]): Case[] => {
  const [name, key] = field.split(".");
  const at = (value: string) => made(type, { [name!]: key ? { [key]: value } : value });
  return [
    ...good.map((value) => allows(`${type}: ${field} ${JSON.stringify(value)}`, at(value))),
    ...bad.map((value) => refuses(`${type}: ${field} ${JSON.stringify(value)}`, [at(value)])),
  ];
};

export const valueCases: Cases = {
  "gives each parameter a value that AWS accepts": [
    // A list of values.
    refuses(
      "a word that AWS does not know",
      [made(FUNCTION, { packageType: "Tar" })],
      'has packageType "Tar", where AWS accepts one of Zip, Image (https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html)',
    ),
    refuses(
      "a number that is none of a list",
      [made("aws:cloudwatch/logGroup:LogGroup", { retentionInDays: 10 })],
      "has retentionInDays 10, where AWS accepts one of 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365 and 10 more (https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-logs-loggroup.html)",
    ),
    allows("the words of a list", made(FUNCTION, { packageType: "Zip" })),
    allows("them in letters of the other case, which providers mend", made(FUNCTION, { packageType: "zip" })),
    // A range.
    refuses(
      "a number that is too large",
      [made(QUEUE, { delaySeconds: 901 })],
      "has delaySeconds 901, where AWS accepts 0 to 900",
    ),
    refuses(
      "a number that is too small",
      [made(QUEUE, { delaySeconds: -1 })],
      "has delaySeconds -1, where AWS accepts 0 to 900",
    ),
    refuses(
      "a number that is written as a text",
      [made(QUEUE, { delaySeconds: "901" })],
      "where AWS accepts 0 to 900",
    ),
    refuses("less than the least", [made(GROUP, { maxInstanceLifetime: -5, minSize: "x" })], "has minSize"),
    allows("a number at each end", made(QUEUE, { delaySeconds: 0 }), made(QUEUE, { delaySeconds: 900 })),
    // A length.
    refuses(
      "a text that is too long",
      [made(FUNCTION, { description: "a".repeat(257) })],
      `has description "${"a".repeat(60)}"... (257 characters), where AWS accepts at most 256 characters`,
    ),
    refuses(
      "a text that is too short",
      [made("aws:cloudtrail/trail:Trail", { name: "ab" })],
      'has name "ab", where AWS accepts 3 to 128 characters',
    ),
    allows("a text of just that length", made(FUNCTION, { description: "a".repeat(256) })),
    allows("as many characters of two units each", made(FUNCTION, { description: "\u{1f680}".repeat(256) })),
    // A pattern.
    refuses(
      "a character that a name must not have",
      [made(RULE, { name: "a rule" })],
      'has name "a rule", where AWS accepts what matches',
    ),
    refuses(
      "a name that holds a good one",
      [made(RULE, { name: "rule\nother rule" })],
      "where AWS accepts what matches",
    ),
    allows("a name of all characters that it may have", made(RULE, { name: "rule-1_a.B" })),
    // How many.
    refuses(
      "more entries than AWS takes",
      [made(FUNCTION, { architectures: ["arm64", "x86_64"] })],
      "has 2 entries in architectures, where AWS accepts 1",
    ),
    refuses(
      "too many tags",
      [
        made("aws:backup/vault:Vault", { tags: {} }),
        made("aws:rds/subnetGroup:SubnetGroup", {
          tags: Object.fromEntries(many(51).map((tag) => [tag, "x"])),
        }),
      ],
      "has 51 entries in tags, where AWS accepts at most 50",
    ),
    // Of a map.
    refuses("a tag whose name is too long", [tagged({ ["a".repeat(129)]: "x" })], "has the key of tags "),
    refuses("a tag that says too much", [tagged({ a: "x".repeat(257) })], "has tags "),
    allows("a tag of that length", tagged({ ["a".repeat(128)]: "x".repeat(256) })),
    // By hand.
    ...Object.entries(DOCUMENTED).flatMap(([type, properties]) =>
      Object.entries(properties).flatMap(([name, bound]) => edges(type, [name], bound)),
    ),
    ...WORDS.flatMap(worded),
    refuses(
      "a half of a half of Aurora's unit",
      [made("aws:rds/cluster:Cluster", { serverlessv2ScalingConfiguration: { minCapacity: 0.25 } })],
      "has serverlessv2ScalingConfiguration.minCapacity 0.25",
    ),
    allows(
      "a half of one",
      made("aws:rds/cluster:Cluster", { serverlessv2ScalingConfiguration: { minCapacity: 0.5 } }),
    ),
    refuses(
      "a secret without repeating it",
      [made("aws:rds/instance:Instance", { password: "short" })],
      "has password (5 characters), where AWS accepts at least 8 characters",
    ),
    // Inside.
    refuses(
      "what is wrong inside of a list's entry",
      [
        made("aws:dynamodb/table:Table", {
          attributes: [
            { name: "id", type: "S" },
            { name: "at", type: "X" },
          ],
        }),
      ],
      'has attributes.type "X", where AWS accepts one of S, N, B',
    ),
    refuses(
      "what is wrong in a list of texts",
      [made(GROUP, { terminationPolicies: ["Default", "x".repeat(1_601)] })],
      "has terminationPolicies",
    ),
    refuses(
      "a part that AWS asks for",
      [
        matching({
          searchString: "a",
          positionalConstraint: "EXACTLY",
          textTransformations: [{ priority: 0, type: "NONE" }],
        }),
      ],
      "lacks rules.statement.byteMatchStatement.fieldToMatch, which AWS requires (https://docs.aws.amazon.com/waf/latest/APIReference/API_CreateWebACL.html)",
    ),
    allows(
      "it where it is there",
      matching({
        searchString: "a",
        positionalConstraint: "EXACTLY",
        fieldToMatch: { uriPath: {} },
        textTransformations: [{ priority: 0, type: "NONE" }],
      }),
    ),
    // What nobody can judge yet, and what is nobody's to judge.
    allows("an empty text, which providers take for none", made(RULE, { name: "", description: null })),
    allows("what is known only after the update", made(RULE, { name: "(known after the update)" })),
    allows("properties that AWS says nothing of", made(BUCKET_POLICY, { bucket: "it", policy: "{}" })),
    allows("types that are not AWS's", made("random:index/randomId:RandomId", { byteLength: -1 })),
  ],
};
