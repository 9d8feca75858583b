export const ENVIRONMENTS = ["dev", "stag", "prod"] as const;
export type Environment = (typeof ENVIRONMENTS)[number];
export type TemplateName = "static" | "server" | "database";
export type Engine = "postgres" | "mysql";

/** What a kind of project needs beside its template. */
export interface Kind {
  template: "static" | "server";
  /** Comes with a managed database of this engine. */
  engine?: Engine;
  /** The page itself handles an unknown path; it is no error. */
  fallback?: true;
  /** May connect to wallets and chains anywhere. */
  openConnections?: true;
  /** Long-lived connections, always to the same server. */
  sticky?: true;
  /** No page of its programs was ever seen: no image of it was built where this was written. */
  untried?: true;
  /** A secret that it cannot serve without, and why. */
  needs?: { secret: string; because: string };
  /** Its starter repository, as in `examples/projects`. */
  starter?: string;
  /** Names of random values, generated once and the same on all of a project's servers. */
  made?: string[];
  /** Where the program keeps its visitors' uploads, and the numeric user that owns them. */
  uploads?: { folder: string; owner: number };
}

const mongo: Kind["needs"] = {
  secret: "MONGODB_URI",
  because:
    "it needs a MongoDB, and the platform creates none: Amazon's DocumentDB costs at least about 60 USD a month. Give the address of your own",
};

const site: Kind = { template: "static" };
const page: Kind = { template: "static", fallback: true };
const chain: Kind = { template: "static", fallback: true, openConnections: true };
const bare: Kind = { template: "server" };
const live: Kind = { template: "server", sticky: true };
/** Its servers pass messages on to each other's visitors, through the database. */
const chat: Kind = { ...live, engine: "postgres" };
const onPostgres: Kind = { template: "server", engine: "postgres" };
const onMysql: Kind = { template: "server", engine: "mysql" };

/** Numeric users in Debian and in the images of Node. */
const WWW_DATA = 33;
const NODE = 1000;

/** Signs what WordPress gives to logged-in users, so that each server recognises what another has signed. */
const wordpressSalts = ["AUTH", "SECURE_AUTH", "LOGGED_IN", "NONCE"].flatMap((name) => [
  `WORDPRESS_${name}_KEY`,
  `WORDPRESS_${name}_SALT`,
]);

const python: Kind = { ...onPostgres, made: ["SECRET_KEY"] };
const cms: Kind = { template: "server", sticky: true };

/** Every kind of project: type, then framework. A new kind takes one entry here and one in builds.ts. */
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
    rails: { ...onPostgres, made: ["SECRET_KEY_BASE"], starter: "rails" },
    node: { ...onPostgres, starter: "express" },
    mean: { ...bare, needs: mongo, starter: "mean" },
    django: { ...python, starter: "django" },
    flask: { ...python, starter: "flask" },
    fastapi: { ...python, starter: "fastapi" },
  },
  cms: {
    wordpress: {
      ...{ ...cms, engine: "mysql", made: wordpressSalts, starter: "wordpress" },
      uploads: { folder: "/var/www/html/wp-content/uploads", owner: WWW_DATA },
    },
    ghost: {
      ...{ ...cms, engine: "mysql", starter: "ghost" },
      uploads: { folder: "/var/lib/ghost/content", owner: NODE },
    },
    drupal: {
      ...{ ...cms, engine: "mysql", untried: true, made: ["DRUPAL_HASH_SALT"] },
      uploads: { folder: "/opt/drupal/web/sites/default/files", owner: WWW_DATA },
    },
    strapi: {
      ...{ ...cms, engine: "postgres", starter: "strapi" },
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
 * US cents a month, from the previews' price list for eu-west-1, on demand, without traffic except for sites, rounded up to whole dollars. A
 * test recalculates them (test/scale/catalogue.test.ts).
 */
export const cents: Record<TemplateName | "uploads", Record<Environment, number>> = {
  // Almost nothing here has a fixed cost: nearly all of it depends on visitors.
  static: { dev: 100, stag: 150, prod: 500 },
  server: { dev: 2000, stag: 4300, prod: 5800 },
  database: { dev: 1600, stag: 1600, prod: 5700 },
  // 2, 5 and 10 GB, and the same again in backups.
  uploads: { dev: 100, stag: 200, prod: 400 },
};

type Counts = Record<string, number>;
const build: Counts = { "CodeBuild::Project": 1, "IAM::Role": 1, "Logs::LogGroup": 1 };

/** Whatever a template creates beyond dev is listed by environment; a test compares it with the templates themselves. */
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

/** Scarce AWS resources, counted by what needs one each. */
export const ROOMS = ["sites", "balancers", "databases", "domains"] as const;
export type Room = (typeof ROOMS)[number];

/** How much of each a project takes. */
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

/** The parts that a project of this choice would consist of. */
export function resourcesOf(choice: Choice): Counts {
  const counts: Counts = {};
  for (const template of templatesOf(choice))
    for (const [resource, count] of Object.entries(resources[template](choice.environment)))
      counts[resource] = (counts[resource] ?? 0) + count;
  return counts;
}
