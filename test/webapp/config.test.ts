import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { ConfigError, isLoopback, readConfig } from "../../webapp/config";
import { createAuthority } from "./certificates";
import { newFolder } from "../folder";

const SECRET = "arn:aws:secretsmanager:us-east-1:111111111111:secret:CloudyDB-AbCdEf";
const BY_IAM = { DATABASE_IAM_USER: "web", DATABASE_HOST: "db.example.com", AWS_REGION: "eu-west-1" };

function problemsOf(environment: Record<string, string>): string[] {
  try {
    readConfig(environment);
    return [];
  } catch (error) {
    assert.ok(error instanceof ConfigError);
    return error.problems;
  }
}

describe("configuration", () => {
  it("has defaults for everything, and treats an empty variable as unset", () => {
    const expected = {
      PORT: 8080,
      HOST: "0.0.0.0",
      LOG_LEVEL: "info",
      INSTANCE_NAME: os.hostname(),
      DATABASE_TLS: "verify",
      DATABASE_POOL_SIZE: 10,
      LOAD_QUEUE: 64,
      RATE_LIMIT_PER_MINUTE: 600,
      TRUSTED_PROXIES: 1,
      SHUTDOWN_SECONDS: 15,
      ACCOUNT_ANSWER_MS: 1_000,
      OPEN_USERS: "yes",
      SIGN_IN_TRIES_PER_MINUTE: 20,
      TRACED_PERCENT: 0,
      TRACES_ENDPOINT: "http://127.0.0.1:4318/v1/traces",
      METRICS_INTERVAL_SECONDS: 60,
    };
    assert.deepEqual(readConfig({}), expected);
    assert.deepEqual(readConfig({ PORT: "", DATABASE_SECRET_ARN: "", UNKNOWN: "x" }), expected);
  });

  it("reads the authority from a file", () => {
    const file = path.join(newFolder("groundwork-ca"), "ca.pem");
    const { certificate } = createAuthority();
    fs.writeFileSync(file, certificate);
    assert.equal(
      readConfig({ DATABASE_SECRET_ARN: SECRET, DATABASE_CA_FILE: file }).DATABASE_CA,
      certificate,
    );
    fs.rmSync(path.dirname(file), { recursive: true });
  });

  const wrong: [Record<string, string>, string[]][] = [
    [{ PORT: "65536" }, ["PORT must be a whole number from 0 to 65535, got 65536"]],
    [{ SHUTDOWN_SECONDS: "20" }, ["SHUTDOWN_SECONDS must be a whole number from 1 to 18, got 20"]],
    [{ AWS_REGION: "Ireland" }, ['AWS_REGION must be an AWS region such as eu-west-1, got "Ireland"']],
    [
      { DATABASE_SECRET_ARN: "CloudyDB" },
      ['DATABASE_SECRET_ARN must be the ARN of a Secrets Manager secret, got "CloudyDB"'],
    ],
    [
      { DATABASE_SECRET_ARN: SECRET, DATABASE_ROLE_ARN: "Cloudy" },
      ['DATABASE_ROLE_ARN must be the ARN of an IAM role, got "Cloudy"'],
    ],
    [
      { DATABASE_SECRET_ARN: SECRET, DATABASE_URL: "postgresql://u:hush@localhost/x" },
      ["DATABASE_URL must not be set together with DATABASE_SECRET_ARN, got both"],
    ],
    [
      { DATABASE_HOST: "10.10.10.10" },
      ["DATABASE_HOST must come with DATABASE_SECRET_ARN or DATABASE_IAM_USER, got it alone"],
    ],
    [
      { DATABASE_ROLE_ARN: "arn:aws:iam::111111111111:role/Cloudy" },
      ["DATABASE_ROLE_ARN must come with DATABASE_SECRET_ARN, got it alone"],
    ],
    [
      { DATABASE_IAM_USER: "web" },
      [
        "DATABASE_IAM_USER must come with DATABASE_HOST, got none",
        "DATABASE_IAM_USER must come with AWS_REGION, got none",
      ],
    ],
    [
      { ...BY_IAM, DATABASE_SECRET_ARN: SECRET },
      ["DATABASE_IAM_USER must not be set together with DATABASE_SECRET_ARN, got both"],
    ],
    [
      { ...BY_IAM, DATABASE_URL: "postgresql://localhost/x" },
      ["DATABASE_IAM_USER must not be set together with DATABASE_URL, got both"],
    ],
    [
      { ...BY_IAM, DATABASE_HOST: "localhost", DATABASE_TLS: "off" },
      ["DATABASE_TLS must be verify where DATABASE_IAM_USER is set, got off"],
    ],
    [
      { ...BY_IAM, DATABASE_IAM_USER: "Web App" },
      ['DATABASE_IAM_USER must be a user of PostgreSQL such as web, got "Web App"'],
    ],
    [
      { DATABASE_READ_HOST: "10.10.10.11" },
      [
        "DATABASE_READ_HOST must come with DATABASE_SECRET_ARN, DATABASE_IAM_USER or DATABASE_URL, got it alone",
      ],
    ],
    [
      { DATABASE_SECRET_ARN: SECRET, DATABASE_HOST: "10.10.10.10", DATABASE_TLS: "off" },
      ["DATABASE_TLS must be verify for a database on another machine, got off for 10.10.10.10"],
    ],
    [
      { DATABASE_SECRET_ARN: SECRET, DATABASE_TLS: "off" },
      [
        "DATABASE_TLS must be verify for a database on another machine, got off for the host that the secret names",
      ],
    ],
    [
      { DATABASE_URL: "postgresql://u:hush@db.example.com/x", DATABASE_TLS: "off" },
      ["DATABASE_TLS must be verify for a database on another machine, got off for db.example.com"],
    ],
    [
      { UPLOADS_PARAMETER: "/groundwork/dev/uploads/settings" },
      ["UPLOADS_PARAMETER must come with PARAMETER_PATH, got it alone"],
    ],
    [
      { PROVISIONER_PARAMETER: "/groundwork/dev/provisioner/api-url" },
      ["PROVISIONER_PARAMETER must come with PARAMETER_PATH, got it alone"],
    ],
    [
      { TRACED_PERCENT: "101", TRACES_ENDPOINT: "agent:4318" },
      [
        "TRACED_PERCENT must be a whole number from 0 to 100, got 101",
        'TRACES_ENDPOINT must be an http:// or https:// address, got "agent:4318"',
      ],
    ],
    [{ DATABASE_TLS: "prefer" }, ['DATABASE_TLS must be verify or off, got "prefer"']],
    [{ DATABASE_CA: "hush" }, ["DATABASE_CA must be PEM certificates, got something else"]],
    [{ DATABASE_CA_FILE: "/nowhere.pem" }, ['DATABASE_CA_FILE must be a readable file, got "/nowhere.pem"']],
    [
      { PORT: "a", HOST: "", LOAD_QUEUE: "0", METRICS_NAMESPACE: "a b" },
      [
        'PORT must be a whole number from 0 to 65535, got "a"',
        "LOAD_QUEUE must be a whole number from 1 to 10000, got 0",
        'METRICS_NAMESPACE must be a CloudWatch namespace, got "a b"',
      ],
    ],
  ];
  for (const [environment, problems] of wrong) {
    it(`refuses ${Object.keys(environment).join(" with ")}: ${problems[0]}`, () => {
      assert.deepEqual(problemsOf(environment), problems);
    });
  }

  it("refuses a file without certificates", () => {
    assert.deepEqual(problemsOf({ DATABASE_CA_FILE: __filename }), [
      `DATABASE_CA_FILE must hold PEM certificates, got ${JSON.stringify(__filename)} without any`,
    ]);
  });

  it("knows which hosts are this machine", () => {
    const hosts = [
      "localhost",
      "127.0.0.1",
      "127.1.2.3",
      "::1",
      "[::1]",
      "127.0.0.1.example.com",
      "10.0.0.1",
      "0.0.0.0",
    ];
    assert.deepEqual(hosts.filter(isLoopback), ["localhost", "127.0.0.1", "127.1.2.3", "::1", "[::1]"]);
  });
});
