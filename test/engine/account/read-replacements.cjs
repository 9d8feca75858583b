// node test/engine/account/read-replacements.cjs PROVIDER: asks Terraform's AWS provider, which Pulumi's is made of, argument by argument
// whether a change of it replaces the resource, and writes the answers to sandbox/resources/replacements.json, in Pulumi's words. PROVIDER is the provider's
// executable, as `terraform init` fetches it. Nothing is asked of AWS. To be run when a stack gets a new type of resource; the test of the
// table says which are missing.
const { spawn } = require("node:child_process");
const fs = require("node:fs");
const path = require("node:path");
const { createInterface } = require("node:readline");
const grpc = require("@grpc/grpc-js");
const { loadSync } = require("@grpc/proto-loader");

const root = path.join(__dirname, "../../..");
const INVENTORY = path.join(root, "test/inventory");
/** Deeper in, no argument of ours forces a replacement. */
const DEEPEST = 2;

/** What the stacks have by awsx, or by other settings than theirs. */
const MORE = [
  "aws:ecr/repository:Repository",
  "aws:ecr/lifecyclePolicy:LifecyclePolicy",
  "aws:rds/cluster:Cluster",
  "aws:rds/clusterInstance:ClusterInstance",
  "aws:rds/clusterParameterGroup:ClusterParameterGroup",
  "aws:sns/topicSubscription:TopicSubscription",
  "aws:kms/alias:Alias",
];

/** Where Pulumi's module and name are not those of Terraform's type. */
const RENAMED = {
  "apigateway/response": "aws_api_gateway_gateway_response",
  "autoscaling/group": "aws_autoscaling_group",
  "cloudtrail/trail": "aws_cloudtrail",
  "codedeploy/application": "aws_codedeploy_app",
  "codepipeline/pipeline": "aws_codepipeline",
  "iam/openIdConnectProvider": "aws_iam_openid_connect_provider",
  "lb/loadBalancer": "aws_lb",
  "rds/instance": "aws_db_instance",
  "rds/parameterGroup": "aws_db_parameter_group",
  "rds/subnetGroup": "aws_db_subnet_group",
  "s3/bucketObjectv2": "aws_s3_object",
  "sqs/redriveAllowPolicy": "aws_sqs_queue_redrive_allow_policy",
};

const snake = (text) =>
  text
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replace(/([A-Z])([A-Z][a-z])/g, "$1_$2")
    .toLowerCase();
const camel = (text) => text.replace(/_([a-z0-9])/g, (_, letter) => letter.toUpperCase());

function terraformType(type, schemas) {
  const [module, name] = type.split(":")[1].split("/");
  const renamed = RENAMED[`${module}/${name}`];
  const [area, thing] = [snake(module), snake(name)];
  const guesses = [
    `aws_${area}_${thing}`,
    `aws_${thing}`,
    `aws_ec2_${thing}`,
    `aws_vpc_${thing}`,
    `aws_${area.replace("apigateway", "api_gateway")}_${thing}`,
  ];
  return renamed ?? guesses.find((guess) => schemas[guess]);
}

/** The arguments of a Pulumi resource, by the words of its types. */
function argumentsOf(type) {
  const [module, name] = type.split(":")[1].split("/");
  const file = fs.readFileSync(path.join(root, "node_modules/@pulumi/aws", module, `${name}.d.ts`), "utf8");
  const [, body] = /export interface \w+Args \{\n([\s\S]*?)\n\}/.exec(file);
  return [...body.matchAll(/^ {4}(\w+)\??: /gm)].map(([, argument]) => argument);
}

const OWN_NAMES = {
  "aws:cloudwatch/metricAlarm:MetricAlarm": { alarm_name: "name" },
  "aws:lambda/function:Function": { function_name: "name", filename: "code" },
  "aws:lambda/permission:Permission": { function_name: "function" },
  "aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter": { log_group_name: "logGroup" },
};

/** Pulumi writes lists in the plural, and calls some ids by what they are of. */
function pulumiName(type, attribute, known) {
  const name = camel(OWN_NAMES[type]?.[attribute] ?? attribute);
  const forms = [
    name,
    `${name}s`,
    `${name}es`,
    name.replace(/y$/, "ies"),
    name.replace(/(Id|Arn|Name)$/, ""),
  ];
  return forms.find((form) => known.includes(form));
}

/** MessagePack, of what plans are made of. */
function pack(value) {
  if (value === null) return Buffer.from([0xc0]);
  if (typeof value === "boolean") return Buffer.from([value ? 0xc3 : 0xc2]);
  if (typeof value === "number") return Buffer.from([value]);
  if (typeof value === "string") {
    const text = Buffer.from(value);
    return Buffer.concat([Buffer.from([0xd9, text.length]), text]);
  }
  const sized = (kind, length) => Buffer.from([kind, length >> 8, length & 255]);
  if (Array.isArray(value)) return Buffer.concat([sized(0xdc, value.length), ...value.map(pack)]);
  const entries = Object.entries(value);
  return Buffer.concat([sized(0xde, entries.length), ...entries.flatMap(([k, v]) => [pack(k), pack(v)])]);
}

const SINGLE_OR_GROUP = [1, 5];
const nothing = ({ attributes, block_types }) =>
  Object.fromEntries([
    ...attributes.map(({ name }) => [name, null]),
    ...block_types.map(({ type_name, block, nesting }) => [
      type_name,
      SINGLE_OR_GROUP.includes(nesting) ? (nesting === 5 ? nothing(block) : null) : nesting === 4 ? {} : [],
    ]),
  ]);

/** Two values of a type that differ; none of what is made of objects, which blocks stand for. */
function twoOf(type) {
  if (type === "string") return ["a", "b"];
  if (type === "number") return [1, 2];
  if (type === "bool") return [false, true];
  const [kind, inner] = type;
  const two = typeof inner === "string" ? twoOf(inner) : undefined;
  if (!two) return undefined;
  return kind === "map" ? two.map((value) => ({ key: value })) : two.map((value) => [value]);
}

/** Each argument that can be set, as `[path, before, after]`, where the two are the block with nothing else in it. */
function* changes(block, deep = 0) {
  for (const { name, type, optional, required } of block.attributes) {
    const two = optional || required ? twoOf(JSON.parse(type.toString())) : undefined;
    if (!two) continue;
    const [before, after] = two.map((value) => ({ ...nothing(block), [name]: value }));
    yield [[name], before, after];
  }
  if (deep === DEEPEST) return;
  for (const { type_name, block: inner, nesting } of block.block_types) {
    const wrap = (value) => ({
      ...nothing(block),
      [type_name]: SINGLE_OR_GROUP.includes(nesting) ? value : [value],
    });
    for (const [rest, before, after] of changes(inner, deep + 1))
      yield [[type_name, ...rest], wrap(before), wrap(after)];
  }
}

async function start(executable) {
  const child = spawn(executable, [], {
    env: {
      ...process.env,
      TF_PLUGIN_MAGIC_COOKIE: "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2",
      PLUGIN_PROTOCOL_VERSIONS: "5",
    },
    stdio: ["ignore", "pipe", "ignore"],
  });
  const line = await new Promise((resolve, reject) => {
    createInterface(child.stdout).once("line", resolve);
    child.once("exit", (code) => reject(new Error(`the provider ended with ${code}`)));
  });
  const [, , network, address] = line.split("|");
  const { tfplugin5 } = grpc.loadPackageDefinition(
    loadSync(path.join(__dirname, "terraform.proto"), { keepCase: true, defaults: true }),
  );
  const client = new tfplugin5.Provider(
    network === "unix" ? `unix:${address}` : address,
    grpc.credentials.createInsecure(),
    { "grpc.max_receive_message_length": -1 },
  );
  const call = (method, request) =>
    new Promise((resolve, reject) =>
      client[method](request, (error, answer) => (error ? reject(error) : resolve(answer))),
    );
  return { call, stop: () => child.kill() };
}

/** Nobody is asked: neither for credentials nor for the account. */
const OFFLINE = {
  region: "eu-west-1",
  access_key: "a",
  secret_key: "a",
  skip_credentials_validation: true,
  skip_metadata_api_check: "true",
  skip_requesting_account_id: true,
  skip_region_validation: true,
};

/** Where the provider looks at more than one argument: what the others are then. */
const OTHERS = {
  aws_api_gateway_authorizer: { type: "REQUEST", authorizer_uri: "a" },
  aws_cloudwatch_metric_alarm: { statistic: "Sum" },
  aws_dynamodb_table: {
    billing_mode: "PAY_PER_REQUEST",
    hash_key: "a",
    attribute: [{ name: "a", type: "S" }],
  },
  aws_kinesis_firehose_delivery_stream: { destination: "http_endpoint" },
  aws_lambda_function: { handler: "a", runtime: "nodejs22.x" },
  aws_lb_target_group: { port: 1, protocol: "HTTP", vpc_id: "a", target_type: "instance" },
};
/** Where the provider wants a second argument to change along with the first; by its documentation. */
const ALSO = {
  "aws:dynamodb/table:Table": ["hashKey", "rangeKey"],
  "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream": ["destination", "name"],
};

async function replacing(provider, type, terraform, { block }) {
  const known = argumentsOf(type);
  const found = new Set();
  const refused = [];
  const id = block.attributes.some(({ name }) => name === "id") ? { id: "id" } : {};
  for (const [steps, before, after] of changes(block)) {
    const name = pulumiName(type, steps[0], known);
    if (!name) continue;
    const written = [name, ...steps.slice(1).map(camel)].join(".");
    const others = Object.fromEntries(
      Object.entries(OTHERS[terraform] ?? {}).filter(([argument]) => argument !== steps[0]),
    );
    const answer = await provider.ask("PlanResourceChange", {
      type_name: terraform,
      prior_state: { msgpack: pack({ ...before, ...others, ...id }) },
      proposed_new_state: { msgpack: pack({ ...after, ...others, ...id }) },
      config: { msgpack: pack({ ...after, ...others }) },
    });
    const problem = answer?.diagnostics.find(({ severity }) => severity === 1);
    if (!answer || problem) refused.push(`${written} (${problem ? problem.summary : "it ended"})`);
    else if (answer.requires_replace.some((path) => path.steps[0]?.attribute_name === steps[0]))
      found.add(written);
  }
  return { found: [...found, ...(ALSO[type] ?? [])].sort(), refused };
}

/** A provider that is started anew when it ends at what it was asked, as it does where an argument of its own is missing. */
async function lasting(executable) {
  let running;
  let schema;
  const begin = async () => {
    running = await start(executable);
    schema = await running.call("GetSchema", {});
    const config = { ...nothing(schema.provider.block), ...OFFLINE };
    await running.call("Configure", { terraform_version: "1.9.0", config: { msgpack: pack(config) } });
  };
  await begin();
  return {
    schemas: schema.resource_schemas,
    ask: (method, request) =>
      running.call(method, request).catch(async () => {
        running.stop();
        await begin();
      }),
    stop: () => running.stop(),
  };
}

async function main(executable) {
  const inventories = fs.readdirSync(INVENTORY).filter((file) => file.endsWith(".txt"));
  const types = [
    ...inventories.flatMap((file) =>
      fs
        .readFileSync(path.join(INVENTORY, file), "utf8")
        .split("\n")
        .map((line) => line.split(" ")[0]),
    ),
    ...MORE,
  ].filter((type) => type.startsWith("aws:"));
  const provider = await lasting(executable);
  const table = {};
  for (const type of [...new Set(types)].sort()) {
    const terraform = terraformType(type, provider.schemas);
    if (!terraform || !provider.schemas[terraform]) {
      console.error(`${type}: the provider has no such resource`);
      continue;
    }
    const { found, refused } = await replacing(provider, type, terraform, provider.schemas[terraform]);
    table[type] = found;
    if (refused.length > 0) console.error(`${type}: not told of ${refused.join(", ")}`);
  }
  provider.stop();
  const [version] = /\d+\.\d+\.\d+/.exec(path.basename(executable)) ?? ["unknown"];
  fs.writeFileSync(
    path.join(root, "sandbox/resources/replacements.json"),
    `${JSON.stringify({ source: `terraform-provider-aws ${version}, by read-replacements.cjs`, replacements: table }, null, 2)}\n`,
  );
}

void main(process.argv[2]);
