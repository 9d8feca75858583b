export const ENVIRONMENTS = ["dev", "stag", "prod"] as const;
export type Environment = (typeof ENVIRONMENTS)[number];

/**
 * Everything that differs by environment: the defaults of settings, by `area.setting` or `area.part.setting`. `*` is any area with such a setting.
 * A setting that is not here has the component's own default. A stack's file overrides both.
 */
// prettier-ignore
const TABLE: Record<string, [dev: unknown, stag: unknown, prod: unknown]> = {
  //                              dev          stag           prod
  "keepData":                     [false,       true,          true],
  "*.logRetentionDays":           [7,           30,            365],

  "network.egress":               ["instance",  "instance-ha", "gateway-per-zone"],

  "database.multiAz":             [false,       true,          true],
  "database.backupRetentionDays": [1,           7,             35],
  "database.finalSnapshot":       [false,       true,          true],

  "web.subnets":                  ["public",    "private",     "private"],
  "web.instanceType":             ["t4g.micro", "t4g.small",   "t4g.small"],
  "web.minSize":                  [1,           2,             2],
  "web.maxSize":                  [2,           3,             3],
  "web.sessionManager":           [false,       true,          true],
  "web.openUsers":                [true,        true,          false],

  "identity.selfSignUp":          [true,        true,          false],
  "identity.mfa":                 ["optional",  "optional",    "required"],
  "identity.threatProtection":    [false,       false,         true],
  "identity.refreshTokenDays":    [30,          7,             1],

  "uploads.malwareScan":          [false,       false,         true],
  "uploads.noncurrentDays":       [7,           30,            90],

  "delivery.approval":            [false,       false,         true],
  "delivery.keptDays":            [30,          90,            365],

  "provisioner.prefix":           ["gwdev",     "gwstag",      "gwprod"],
  "provisioner.network.egress":   ["instance",  "instance-ha", "gateway-per-zone"],

  "operations.accountGuards":     [false,       false,         true],
  "operations.accessLogs":        [false,       true,          true],
  "operations.auditTrail":        [false,       false,         true],
  "operations.auditObjects":      [false,       false,         true],
  "operations.logExport":         [false,       false,         true],
  "operations.backup":            [false,       false,         true],
  "operations.firewall":          [false,       true,          true],
};

/** The defaults of an area's settings in an environment, or without an area, of the settings outside all areas. */
export function defaultsOf(environment: Environment, area?: string): Record<string, unknown> {
  const rows = Object.entries(TABLE).flatMap(([path, values]) => {
    const [, first, setting] = /^(?:(.+)\.)?([^.]+)$/.exec(path)!;
    const value = values[ENVIRONMENTS.indexOf(environment)];
    return first === area || (first === "*" && area !== undefined) ? [[setting, value]] : [];
  });
  return Object.fromEntries(rows) as Record<string, unknown>;
}

/** All paths of the table, for a test that each of them names a setting. */
export const tablePaths = (): string[] => Object.keys(TABLE);
