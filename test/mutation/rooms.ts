/** A part of the code that is mutated together, with the unit tests that have to notice. */
export interface Room {
  name: string;
  /** Files, or folders with a slash at the end. A file belongs to the first room that names it. */
  files: string[];
  /** The same of tests: only such as run in memory, without emulators, browsers or PostgreSQL. */
  tests: string[];
  /** The share of mutants, in per cent, that the tests must kill. */
  goal: number;
}

export const ROOMS: Room[] = [
  {
    name: "policies",
    files: ["policies/", "test/stacks/rules/"],
    tests: [
      "test/policies/declared.test.ts",
      "test/policies/rules.test.ts",
      "test/policies/pack.test.ts",
      "test/policies/security-page.test.ts",
      "test/stacks/violations.test.ts",
      "test/stacks/rules/",
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
    // Not the simulation, which takes a minute: each mutant would.
    tests: ["test/functions/database/"],
    goal: 95,
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
    ],
    goal: 85,
  },
  {
    name: "settings",
    files: ["stacks/schema/", "stacks/settings.ts"],
    tests: [
      "test/stacks/settings.test.ts",
      "test/stacks/settings-bounds.test.ts",
      "test/stacks/settings-words.test.ts",
      "test/stacks/settings-page.test.ts",
    ],
    goal: 85,
  },
  {
    name: "functions",
    files: ["functions/delivery/", "functions/provisioner/", "functions/shared/"],
    tests: ["test/functions/delivery/", "test/functions/provisioner/", "test/functions/shared/"],
    goal: 85,
  },
];
