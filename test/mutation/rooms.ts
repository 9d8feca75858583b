/** A part of the code that is mutated together, with the unit tests that have to notice. */
export interface Room {
  name: string;
  /** Files, or folders with a slash at the end. A file belongs to the first room that names it. */
  files: string[];
  /**
   * The same of tests: only such as run in memory, without emulators, browsers or PostgreSQL. The tool sees only what runs in a test or in its
   * `beforeEach`: what `before` calls looks like code that no test runs.
   */
  tests: string[];
  /** The share of mutants, in per cent, that the tests must kill. */
  goal: number;
}

/** Files that no room mutates, because only a proof that takes its time sees what they do; with the reason and that proof. */
export const PROVED_ELSEWHERE: Record<string, string> = {
  "functions/provisioner/entries/":
    "hands the SDK's clients and a Lambda's environment to the functions: test/provisioner runs the zips",
  "functions/provisioner/aws/common.ts":
    "reads a Lambda's environment and makes the SDK's clients: test/provisioner runs the zips",
  "functions/shared/traced-calls.ts":
    "listens to a process's own calls as soon as it is loaded: test/components/shared/traced-calls.test.ts traces a zip's",
  "functions/database/agent/guard.ts":
    "owns a process in a namespace of its own, and files' locks: test/database/rig.test.ts kills it",
  "functions/database/agent/run-agent.ts":
    "ties the agent to AWS and to a process's signals: test/database/rig.test.ts runs it",
  "functions/database/agent/main.ts":
    "reads a command line and ends a process: test/database/rig.test.ts runs it",
  "functions/database/app-user/":
    "asks RDS for a token and PostgreSQL for a user: test/webapp/database/own-user.test.ts runs it",
  "functions/database/backup/command.ts":
    "reads a command line and ends a process: test/database/backup.test.ts runs it",
  "functions/database/backup/inspect.ts":
    "reads a restored PostgreSQL: test/database/backup.test.ts drills one",
  "functions/database/backup/run-backup.ts":
    "ties the backups to AWS and to pgBackRest: test/database/backup.test.ts runs it",
  "sandbox/fleet/fleet.ts": "ties the fleet to the emulators: test/sandbox/lifecycle.test.ts starts it",
  "sandbox/fleet/runner.ts": "starts servers as processes: test/sandbox/lifecycle.test.ts starts them",
  "sandbox/fleet/router.ts": "leads connections to a node: test/sandbox/contract.test.ts connects it",
  "sandbox/fleet/balancer.ts": "listens for visitors: test/sandbox/traversal.test.ts visits it",
  "sandbox/fleet/metadata.ts": "answers servers on a port: test/sandbox/fuzz.test.ts asks it",
};

export const ROOMS: Room[] = [
  {
    name: "policies",
    files: ["policies/"],
    tests: [
      "test/policies/from-engine.test.ts",
      "test/policies/rules.test.ts",
      "test/policies/pack.test.ts",
      "test/policies/security-page.test.ts",
      "test/policies/violations.test.ts",
      "test/policies/rules/",
    ],
    goal: 95,
  },
  {
    name: "mover",
    files: ["functions/uploads/"],
    tests: ["test/functions/uploads/"],
    goal: 95,
  },
  {
    name: "protocol",
    files: [
      ...["protocol", "lease-store", "cloud", "password", "switchover", "nodes", "config"].map(
        (name) => `functions/database/agent/${name}.ts`,
      ),
      ...["lease", "lease-item", "routes", "failover", "failover-ports"].map(
        (name) => `functions/database/${name}.ts`,
      ),
    ],
    // Not the simulation, which takes a minute: each mutant would. Nor the agent's own, which wait for seconds.
    tests: [
      ...["cloud", "config", "holder", "lease-store", "password", "step", "switchover"].map(
        (name) => `test/functions/database/agent/${name}.test.ts`,
      ),
      "test/functions/database/failover-ports.test.ts",
      "test/functions/database/failover.test.ts",
    ],
    goal: 95,
  },
  {
    name: "agent",
    files: ["advertised", "agent", "guard-client", "health", "lines", "password-ports"].map(
      (name) => `functions/database/agent/${name}.ts`,
    ),
    tests: [
      "advertised",
      "agent",
      "agent-holding",
      "agent-hours",
      "guard-client",
      "health",
      "password-ports",
    ].map((name) => `test/functions/database/agent/${name}.test.ts`),
    goal: 85,
  },
  {
    name: "session",
    files: ["webapp/session/", "webapp/plugins/session.ts"],
    tests: ["test/webapp/session/"],
    goal: 95,
  },
  {
    name: "identity",
    files: ["webapp/identity/", "webapp/console/id-tokens.ts"],
    tests: ["test/webapp/identity/", "test/webapp/platform-settings.test.ts"],
    goal: 95,
  },
  {
    name: "plugins",
    files: ["webapp/plugins/"],
    tests: [
      "test/webapp/documentation.test.ts",
      "test/webapp/home.test.ts",
      "test/webapp/load.test.ts",
      "test/webapp/metrics.test.ts",
      "test/webapp/rate-limit.test.ts",
      "test/webapp/plugins/",
    ],
    goal: 85,
  },
  {
    name: "settings",
    files: [
      "stacks/areas.ts",
      "stacks/across-areas.ts",
      "stacks/settings.ts",
      "components/shared/options.ts",
    ],
    tests: [
      "test/components/shared/options.test.ts",
      ...["", "-across", "-bounds", "-page", "-schema", "-words"].map(
        (part) => `test/stacks/settings${part}.test.ts`,
      ),
    ],
    goal: 85,
  },
  {
    name: "database",
    files: ["functions/database/"],
    tests: [
      ...["agent/cloud", "failover-ports", "muster"].map((name) => `test/functions/database/${name}.test.ts`),
      "test/functions/database/backup/",
    ],
    goal: 85,
  },
  {
    // Tables: each of their mutants loads all tests anew, so these are few.
    name: "catalogue",
    files: ["builds", "catalogue", "parameters"].map((name) => `functions/provisioner/${name}.ts`),
    tests: ["catalogue", "images", "submit", "values"].map(
      (name) => `test/functions/provisioner/${name}.test.ts`,
    ),
    goal: 85,
  },
  {
    // What a request may say, and the document of it: tables, too.
    name: "requests",
    files: ["body", "fields", "openapi", "operations", "request", "value-rules", "values"].map(
      (name) => `functions/provisioner/${name}.ts`,
    ),
    tests: ["fields", "judged-request", "openapi", "openapi-bodies", "request", "values"].map(
      (name) => `test/functions/provisioner/${name}.test.ts`,
    ),
    goal: 85,
  },
  {
    name: "provisioner",
    files: ["functions/provisioner/"],
    tests: ["test/functions/provisioner/"],
    goal: 85,
  },
  {
    name: "delivery",
    files: ["functions/delivery/"],
    tests: ["test/functions/delivery/"],
    goal: 85,
  },
  {
    name: "shared",
    files: ["functions/shared/", "functions/web/"],
    tests: ["test/functions/shared/", "test/functions/web/"],
    goal: 85,
  },
  {
    name: "fleet",
    files: ["sandbox/fleet/"],
    tests: [
      "alarm-judge",
      "alarm-states",
      "balancer-figures",
      "cpu",
      "event-delivery",
      "event-patterns",
      "event-rules",
      "forwarding",
      "groups",
      "launch-hooks",
      "listener-rules",
      "refresh",
      "remembered",
      "scaling",
      "scaling-calls",
      "target-group",
      "timeline",
      "told",
      "translation",
      "upgrade",
      "view",
      "web-apps",
    ].map((name) => `test/sandbox/${name}.test.ts`),
    goal: 85,
  },
  {
    name: "statements",
    files: ["shared/permissions", "delivery/deploy-permissions", "uploads/access"].map(
      (name) => `components/${name}.ts`,
    ),
    tests: ["delivery/rights", "shared/permissions", "shared/ready-role", "uploads/access"].map(
      (name) => `test/components/${name}.test.ts`,
    ),
    goal: 85,
  },
  {
    name: "alarms",
    files: [
      ...["database", "delivery", "network", "operations", "provisioner", "uploads", "web"].map(
        (area) => `components/${area}/alarms.ts`,
      ),
      ...["operations/log-export", "shared/rest-api", "web/baked-image"].map(
        (name) => `components/${name}-alarms.ts`,
      ),
    ],
    tests: [
      ...["database", "delivery", "network", "operations", "provisioner", "uploads", "web"].map(
        (area) => `test/components/${area}/alarms.test.ts`,
      ),
      "test/components/operations/log-export.test.ts",
      "test/components/shared/rest-api-alarms.test.ts",
    ],
    goal: 85,
  },
  {
    name: "scripts",
    files: ["network/nat-script", "network/subnet-plan", "shared/cloud-config", "web/instance-script"].map(
      (name) => `components/${name}.ts`,
    ),
    tests: ["network/nat-script", "network/subnet-plan", "shared/cloud-config", "web/instance-script"].map(
      (name) => `test/components/${name}.test.ts`,
    ),
    goal: 85,
  },
];
