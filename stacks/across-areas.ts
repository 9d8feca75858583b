import { inTheWay } from "../components/operations/backup-plan";
import { overlaps, parseCidr } from "../components/shared/cidr";
import { must } from "../components/shared/refusals";
import type { Settings } from "./schema";

/** Checks that no single area can do: one line for each problem. `given` names the areas in the file. */
export function acrossAreas(settings: Partial<Settings>, given: string[], region?: string): string[] {
  const found = [
    ...missing(given),
    ...besideAccount(settings, given),
    ...virtualIp(settings),
    ...unreachableNodes(settings),
    ...unreachableSecret(settings),
    ...unreachablePackages(settings),
    ...unreachableServers(settings),
    ...unreachableProjects(settings),
    ...sharedWithProjects(settings),
    ...openSsh(settings),
    ...backupsByTheClock(settings),
    ...existing(settings),
    ...elsewhere(settings, region),
    ...passkeysWithoutName(settings),
  ];
  return found.map(({ reason }) => `groundwork:${reason}`);
}

/** The other areas that an area requires. */
const NEEDS: Record<string, string[]> = {
  delivery: ["web", "identity"],
  provisioner: ["web", "identity"],
};

const missing = (given: string[]) =>
  Object.entries(NEEDS).flatMap(([area, needed]) =>
    needed.flatMap((other) =>
      must(
        !given.includes(area) || given.includes(other),
        other,
        `given where groundwork:${area} is`,
        undefined,
      ),
    ),
  );

/** A stack with only the account's singletons has no areas to run. */
const besideAccount = ({ account }: Partial<Settings>, given: string[]) =>
  given
    .filter((area) => !["environment", "keepData", "account", "operations"].includes(area))
    .flatMap((area) =>
      must(
        account?.singletons !== "only",
        area,
        "left out where groundwork:account.singletons is only",
        "settings",
      ),
    );

function virtualIp({ network, database }: Partial<Settings>) {
  if (!network || database?.engine !== "shared-storage") return [];
  const address = parseCidr(`${database.virtualIp}/32`)!;
  const block = parseCidr(network.existing?.cidrBlock ?? network.cidrBlock)!;
  return must(
    !overlaps(address, block),
    "database.virtualIp",
    "outside the VPC's own cidrBlock",
    database.virtualIp,
  );
}

/** The services that a shared-storage node calls. Packages come through S3's gateway endpoint, the lease through DynamoDB's. */
const NODE_SERVICES = ["ec2", "logs", "secretsmanager"];

/** A node that cannot reach EC2 can neither fence the other one nor move the route. This shows now, not at the first failover. */
function unreachableNodes({ network, database }: Partial<Settings>) {
  if (!network || network.existing || network.egress !== "none" || database?.engine !== "shared-storage")
    return [];
  const { interfaceEndpoints } = network;
  return must(
    NODE_SERVICES.every((service) => interfaceEndpoints.includes(service)),
    "network.interfaceEndpoints",
    `a list with ${NODE_SERVICES.join(", ")} where groundwork:database is shared-storage and nothing else leads out`,
    interfaceEndpoints,
  );
}

/** The function that creates the app's user of a managed database reads the master's secret from inside the VPC. */
function unreachableSecret({ network, database }: Partial<Settings>) {
  if (!network || network.existing || network.egress !== "none" || database?.engine !== "managed") return [];
  const { interfaceEndpoints } = network;
  return must(
    interfaceEndpoints.includes("secretsmanager"),
    "network.interfaceEndpoints",
    "a list with secretsmanager where groundwork:database is managed and nothing else leads out",
    interfaceEndpoints,
  );
}

/** Amazon Linux does not have pgBackRest, and PostgreSQL's own packages are on the internet. */
function unreachablePackages({ network, database }: Partial<Settings>) {
  if (!network || network.existing || network.egress !== "none" || database?.engine !== "shared-storage")
    return [];
  return must(
    database.backupRetentionDays === 0,
    "database.backupRetentionDays",
    "0 where groundwork:network.egress is none: what makes the backups is installed from the internet",
    database.backupRetentionDays,
  );
}

/** Web servers download packages and the app when they start. */
function unreachableServers({ network, web }: Partial<Settings>) {
  if (!network || network.existing) return [];
  return must(
    network.egress !== "none" || web?.subnets !== "private",
    "network.egress",
    "another mode than none where groundwork:web.subnets is private",
    network.egress,
  );
}

/** The services that a project's server calls. Its packages and its image's layers come through S3's gateway endpoint. */
const PROJECT_SERVICES = [
  "ec2messages",
  "ecr.api",
  "ecr.dkr",
  "logs",
  "secretsmanager",
  "ssm",
  "ssmmessages",
];

/** A stag or prod server that cannot reach its image would be retried for ever. */
function unreachableProjects({ provisioner }: Partial<Settings>) {
  if (!provisioner || provisioner.network.existing || provisioner.network.egress !== "none") return [];
  const { interfaceEndpoints } = provisioner.network;
  return must(
    PROJECT_SERVICES.every((service) => interfaceEndpoints.includes(service)),
    "provisioner.network.interfaceEndpoints",
    `a list with ${PROJECT_SERVICES.join(", ")} where nothing else leads out (groundwork:provisioner.network.egress is none)`,
    interfaceEndpoints,
  );
}

/** The second VPC exists to keep strangers' containers out of the platform's own. */
function sharedWithProjects({ network, provisioner }: Partial<Settings>) {
  const theirs = provisioner?.network.existing?.vpcId;
  return must(
    theirs === undefined || theirs !== network?.existing?.vpcId,
    "provisioner.network.existing.vpcId",
    "another VPC than groundwork:network.existing, which is the platform's",
    theirs,
  );
}

/** In prod, only known addresses may use SSH. */
function openSsh({ environment, bastion, web }: Partial<Settings>) {
  if (environment !== "prod") return [];
  const known = (blocks: string[], path: string) =>
    must(
      blocks.every((block) => parseCidr(block)!.prefix > 0),
      path,
      "blocks of known addresses in prod, never the whole internet",
      blocks,
    );
  return [
    ...known(bastion?.adminCidrs ?? [], "bastion.adminCidrs"),
    ...known(web?.sshCidrs ?? [], "web.sshCidrs"),
  ];
}

/** RDS refuses a backup in its own windows and in the hour before, every night. Aurora accepts one at any time. */
function backupsByTheClock({ database, operations }: Partial<Settings>) {
  if (database?.engine !== "managed" || database.kind === "aurora" || !operations?.backup) return [];
  const { backupHour: hour } = operations;
  return (["backupWindow", "maintenanceWindow"] as const).flatMap((window) =>
    must(
      !inTheWay(database[window], hour),
      `database.${window}`,
      `closed while AWS Backup begins, from ${hour}:00 for two hours (operations.backupHour), and an hour after that`,
      database[window],
    ),
  );
}

function existing({ network, database }: Partial<Settings>) {
  if (!network?.existing || database?.engine !== "shared-storage") return [];
  const { virtualIpRouteTableIds } = network.existing;
  return must(
    virtualIpRouteTableIds.length > 0,
    "network.existing.virtualIpRouteTableIds",
    "a list of at least 1 where groundwork:database is shared-storage",
    virtualIpRouteTableIds,
  );
}

/** A load balancer uses certificates of its own region. */
function elsewhere({ web }: Partial<Settings>, region?: string) {
  const { certificateArn } = web ?? {};
  if (region === undefined || certificateArn === undefined) return [];
  return must(
    String(certificateArn).split(":")[3] === region,
    "web.certificateArn",
    `a certificate in ${region}, the stack's own region`,
    certificateArn,
  );
}

/** Browsers accept passkeys only over HTTPS, and bind each of them to the site's name. */
function passkeysWithoutName({ web, identity }: Partial<Settings>) {
  if (!identity?.passkeys) return [];
  return must(
    web?.domainName !== undefined,
    "identity.passkeys",
    "false without groundwork:web.domainName, which brings HTTPS and the name that passkeys are bound to",
    true,
  );
}
