export const ENVIRONMENTS = ["dev", "stag", "prod"] as const;
export type Environment = (typeof ENVIRONMENTS)[number];
export type TemplateName = "static" | "server" | "database";
export type Engine = "postgres" | "mysql";

/** What a kind of project needs beyond its template. */
export interface Kind {
  template: "static" | "server";
  /** Comes with a managed database of this engine. */
  engine?: Engine;
  /** An unknown path is the page's own business, not an error. */
  fallback?: true;
  /** May talk to wallets and chains anywhere. */
  openConnections?: true;
  /** Long connections, always to the same server. */
  sticky?: true;
  /** Of none of its programs a page was ever seen: no image of it was built where this was written. */
  untried?: true;
  /** A secret without which it cannot serve, and why. */
  needs?: { secret: string; because: string };
  /** Its repository to begin with, as `examples/projects` has it. */
  starter?: string;
  /** Names of what is random, made once and the same on all of a project's servers. */
  made?: string[];
  /** Where the program keeps what its visitors upload, and whom it is by its number. */
  uploads?: { folder: string; owner: number };
}

const mongo: Kind["needs"] = {
  secret: "MONGODB_URI",
  because:
    "it needs a MongoDB, and the platform makes none: Amazon's DocumentDB begins at some 60 USD a month. Give the address of one of yours",
};

const site: Kind = { template: "static" };
const page: Kind = { template: "static", fallback: true };
const chain: Kind = { template: "static", fallback: true, openConnections: true };
const bare: Kind = { template: "server" };
const live: Kind = { template: "server", sticky: true };
/** Its servers pass on to each other's visitors what is said, by way of the database. */
const chat: Kind = { ...live, engine: "postgres" };
const onPostgres: Kind = { template: "server", engine: "postgres" };
const onMysql: Kind = { template: "server", engine: "mysql" };

/** Users by their numbers, in Debian and in the images of Node. */
const WWW_DATA = 33;
const NODE = 1000;

/** Signs what WordPress hands out to those who are logged in, so that each server knows what another has signed. */
const wordpressSalts = ["AUTH", "SECURE_AUTH", "LOGGED_IN", "NONCE"].flatMap((name) => [
  `WORDPRESS_${name}_KEY`,
  `WORDPRESS_${name}_SALT`,
]);

const python: Kind = { ...onPostgres, made: ["SECRET_KEY"] };
const cms: Kind = { template: "server", sticky: true, untried: true };

/** Every kind of project: type, then framework. A further kind is one entry here and one in builds.ts. */
export const kinds: Record<string, Record<string, Kind>> = {
  static: {
    html: { ...site, starter: "html" },
    hugo: { ...site, starter: "hugo" },
    jekyll: { ...site, starter: "jekyll" },
  },
  spa: {
    react: { ...page, starter: "react" },
    angular: { ...page, starter: "angular" },
    vue: { ...page, starter: "vue" },
  },
  dapp: { react: { ...chain, starter: "dapp" }, vue: chain },
  dynamic: {
    php: { ...onMysql, starter: "php" },
    rails: { ...onPostgres, untried: true, made: ["SECRET_KEY_BASE"] },
    node: { ...onPostgres, starter: "express" },
    mean: { ...bare, untried: true, needs: mongo },
    django: { ...python, starter: "django" },
    flask: { ...python, starter: "flask" },
    fastapi: { ...python, starter: "fastapi" },
  },
  cms: {
    wordpress: {
      ...{ ...cms, engine: "mysql", made: wordpressSalts },
      uploads: { folder: "/var/www/html/wp-content/uploads", owner: WWW_DATA },
    },
    ghost: { ...cms, engine: "mysql", uploads: { folder: "/var/lib/ghost/content", owner: NODE } },
    drupal: {
      ...{ ...cms, engine: "mysql", made: ["DRUPAL_HASH_SALT"] },
      uploads: { folder: "/opt/drupal/web/sites/default/files", owner: WWW_DATA },
    },
    strapi: {
      ...{ ...cms, engine: "postgres" },
      made: [
        ...["APP_KEYS", "API_TOKEN_SALT", "ADMIN_JWT_SECRET", "JWT_SECRET"],
        ...["TRANSFER_TOKEN_SALT", "ENCRYPTION_KEY"],
      ],
      uploads: { folder: "/app/public/uploads", owner: NODE },
    },
  },
  realtime: { socketio: { ...chat, starter: "socketio" }, node: { ...live, starter: "signalling" } },
};

/**
 * US cents a month, by the price list of the previews for eu-west-1, on demand and without traffic but for sites, rounded up to whole dollars. A
 * test reckons them anew (test/scale/catalogue.test.ts).
 */
export const cents: Record<TemplateName | "uploads", Record<Environment, number>> = {
  // Next to nothing stands still here: nearly all of it is for visitors.
  static: { dev: 100, stag: 150, prod: 500 },
  server: { dev: 2000, stag: 4300, prod: 5800 },
  database: { dev: 1600, stag: 1600, prod: 5700 },
  // 2, 5 and 10 GB, and as much in backups.
  uploads: { dev: 100, stag: 200, prod: 400 },
};

type Counts = Record<string, number>;
const build: Counts = { "CodeBuild::Project": 1, "IAM::Role": 1, "Logs::LogGroup": 1 };

/** What each template makes beyond dev is told apart by environment; a test holds it against the templates themselves. */
const resources: Record<TemplateName | "uploads", (environment: Environment) => Counts> = {
  static: () => ({
    ...build,
    "S3::Bucket": 2,
    "S3::BucketPolicy": 2,
    "CloudFront::Distribution": 1,
  }),
  server: (environment) => ({
    ...build,
    "IAM::Role": 2,
    "IAM::InstanceProfile": 1,
    "Logs::LogGroup": 2,
    "ECR::Repository": 1,
    "EC2::LaunchTemplate": 1,
    "AutoScaling::AutoScalingGroup": 1,
    ...(environment === "dev"
      ? { "EC2::SecurityGroup": 1 }
      : {
          "EC2::SecurityGroup": 2,
          "AutoScaling::ScalingPolicy": 1,
          "ElasticLoadBalancingV2::LoadBalancer": 1,
          "ElasticLoadBalancingV2::Listener": 2,
          "ElasticLoadBalancingV2::TargetGroup": 1,
        }),
  }),
  database: () => ({
    "EC2::SecurityGroup": 1,
    "RDS::DBInstance": 1,
    "RDS::DBParameterGroup": 1,
    "RDS::DBSubnetGroup": 1,
    "SecretsManager::Secret": 1,
    "SecretsManager::SecretTargetAttachment": 1,
  }),
  uploads: () => ({
    "EC2::SecurityGroup": 1,
    "EFS::FileSystem": 1,
    "EFS::MountTarget": 2,
    "EFS::AccessPoint": 1,
  }),
};

export interface Choice {
  type: string;
  framework: string;
  environment: Environment;
  domain?: string | null;
}

/** What AWS has little of, counted by what needs one each. */
export const ROOMS = ["sites", "balancers", "databases", "domains"] as const;
export type Room = (typeof ROOMS)[number];

/** What of it a project takes. */
export function roomsOf({ type, framework, environment, domain }: Choice): Room[] {
  const kind = kindOf(type, framework);
  if (!kind) return [];
  const rooms: Room[] = domain ? ["domains"] : [];
  if (kind.template === "static") return ["sites", ...rooms];
  if (environment !== "dev") rooms.push("balancers");
  return kind.engine ? [...rooms, "databases"] : rooms;
}

/** The kind that a request names, if the catalogue has it. */
export const kindOf = (type: string, framework: string): Kind | undefined =>
  Object.hasOwn(kinds, type) && Object.hasOwn(kinds[type]!, framework) ? kinds[type]![framework] : undefined;

function templatesOf({ type, framework }: Choice): (keyof typeof resources)[] {
  const { template, engine, uploads } = kindOf(type, framework)!;
  return [template, ...(engine ? (["database"] as const) : []), ...(uploads ? (["uploads"] as const) : [])];
}

/** What a project of this choice costs a month. */
export const centsOf = (choice: Choice): number =>
  templatesOf(choice).reduce((sum, template) => sum + cents[template][choice.environment], 0);

/** What a project of this choice would be made of. */
export function resourcesOf(choice: Choice): Counts {
  const counts: Counts = {};
  for (const template of templatesOf(choice))
    for (const [resource, count] of Object.entries(resources[template](choice.environment)))
      counts[resource] = (counts[resource] ?? 0) + count;
  return counts;
}
