import { allows, Cases, made, refuses } from "./case";

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

export const valueCases: Cases = {
  "gives each parameter a value that AWS takes": [
    // A list of values.
    refuses(
      "a word that AWS does not know",
      [made(FUNCTION, { packageType: "Tar" })],
      'has packageType "Tar", where AWS takes one of Zip, Image (https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html)',
    ),
    refuses(
      "a number that is none of a list",
      [made("aws:cloudwatch/logGroup:LogGroup", { retentionInDays: 10 })],
      "has retentionInDays 10, where AWS takes one of 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365 and 10 more (https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-logs-loggroup.html)",
    ),
    allows("the words of a list", made(FUNCTION, { packageType: "Zip" })),
    allows("them in letters of the other case, which providers mend", made(FUNCTION, { packageType: "zip" })),
    // A range.
    refuses(
      "a number that is too large",
      [made(QUEUE, { delaySeconds: 901 })],
      "has delaySeconds 901, where AWS takes 0 to 900",
    ),
    refuses(
      "a number that is too small",
      [made(QUEUE, { delaySeconds: -1 })],
      "has delaySeconds -1, where AWS takes 0 to 900",
    ),
    refuses(
      "a number that is written as a text",
      [made(QUEUE, { delaySeconds: "901" })],
      "where AWS takes 0 to 900",
    ),
    refuses("less than the least", [made(GROUP, { maxInstanceLifetime: -5, minSize: "x" })], "has minSize"),
    allows("a number at each end", made(QUEUE, { delaySeconds: 0 }), made(QUEUE, { delaySeconds: 900 })),
    // A length.
    refuses(
      "a text that is too long",
      [made(FUNCTION, { description: "a".repeat(257) })],
      `has description "${"a".repeat(60)}"... (257 characters), where AWS takes at most 256 characters`,
    ),
    refuses(
      "a text that is too short",
      [made("aws:cloudtrail/trail:Trail", { name: "ab" })],
      'has name "ab", where AWS takes 3 to 128 characters',
    ),
    allows("a text of just that length", made(FUNCTION, { description: "a".repeat(256) })),
    allows("as many characters of two units each", made(FUNCTION, { description: "\u{1f680}".repeat(256) })),
    // A pattern.
    refuses(
      "a character that a name must not have",
      [made(RULE, { name: "a rule" })],
      'has name "a rule", where AWS takes what fits',
    ),
    refuses(
      "a name that holds a good one",
      [made(RULE, { name: "rule\nother rule" })],
      "where AWS takes what fits",
    ),
    allows("a name of all characters that it may have", made(RULE, { name: "rule-1_a.B" })),
    // How many.
    refuses(
      "more entries than AWS takes",
      [made(FUNCTION, { architectures: ["arm64", "x86_64"] })],
      "has 2 entries in architectures, where AWS takes 1",
    ),
    refuses(
      "too many tags",
      [
        made("aws:backup/vault:Vault", { tags: {} }),
        made("aws:rds/subnetGroup:SubnetGroup", {
          tags: Object.fromEntries(many(51).map((tag) => [tag, "x"])),
        }),
      ],
      "has 51 entries in tags, where AWS takes at most 50",
    ),
    // Of a map.
    refuses("a tag whose name is too long", [tagged({ ["a".repeat(129)]: "x" })], "has the key of tags "),
    refuses("a tag that says too much", [tagged({ a: "x".repeat(257) })], "has tags "),
    allows("a tag of that length", tagged({ ["a".repeat(128)]: "x".repeat(256) })),
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
      'has attributes.type "X", where AWS takes one of S, N, B',
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
      "lacks rules.statement.byteMatchStatement.fieldToMatch, which AWS asks for (https://docs.aws.amazon.com/waf/latest/APIReference/API_CreateWebACL.html)",
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
