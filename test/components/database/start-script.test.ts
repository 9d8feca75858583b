import { strict as assert } from "node:assert";
import { X509Certificate } from "node:crypto";
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { startScript, vaultScript } from "../../../components/database/start-script";
import { newFolder } from "../../folder";

/** The script beside stand-ins that write down how they were called. */
describe("What a database node starts", () => {
  let folder: string;
  beforeEach(() => {
    folder = newFolder("start-script");
    const calls = path.join(folder, "calls");
    const command = (name: string, text: string) =>
      fs.writeFileSync(path.join(folder, name), `#!/bin/bash\n${text}\n`, { mode: 0o755 });
    command("setpriv", `while [ "$1" != KILL ]; do shift; done; shift; exec "$@"`);
    // It reads what it is given to its end: else whoever writes to it may be ended by that.
    command(
      "aws",
      `echo "aws $2" >> ${calls}
      if [ $2 = get-secret-value ]; then cat ${folder}/secret 2>/dev/null || { echo "$ERROR" >&2; exit 254; }; fi
      cat > /dev/null; echo word`,
    );
    command("initdb", `echo initdb >> ${calls}; mkdir "$2"`);
    // The real one, but for the certificate that it makes: that ends when the test says.
    command("openssl", `exec /usr/bin/openssl "\${@/3650/\${DAYS:-3650}}"`);
    command(
      "postgres",
      `echo "postgres $1 $PG_OOM_ADJUST_VALUE" >> ${calls}; echo "$*" > ${folder}/words; cat > /dev/null`,
    );
    command("restore", `echo "restore $1" >> ${calls}; touch "$2/PG_VERSION" "$2/groundwork-mark"`);
    fs.writeFileSync(path.join(folder, "start"), startScript);
    fs.writeFileSync(
      path.join(folder, "variables"),
      `MOUNT=${folder}\nRUN_DIR=${folder}\nPG_BIN=${folder}\nPG_UID=0\nPG_GID=0\nCLIENT_CIDR=10.0.0.0/8\nVIRTUAL_IP=10.10.10.10\nSECRET_ARN=arn\n`,
    );
  });

  const LEASE = {
    GROUNDWORK_NODE: "i-1",
    GROUNDWORK_RECORD: "lease/1",
    GROUNDWORK_EPOCH: "4",
    GROUNDWORK_FREE: "",
    GROUNDWORK_INITIALISED: "",
    ERROR: "An error occurred (ResourceNotFoundException) when calling the GetSecretValue operation",
  };
  /** What the guard and the stand-ins are told by the environment; the rest is said in the node's file. */
  type Given = Partial<typeof LEASE> & Record<string, string>;
  const run = (given: Given = {}) => {
    const all = Object.entries(given);
    const environment = all.filter(([name]) => name in LEASE || name === "DAYS");
    const lines = all
      .filter((one) => !environment.includes(one))
      .map(([name, value]) => `${name}=${value}\n`);
    fs.appendFileSync(path.join(folder, "variables"), lines.join(""));
    return spawnSync("bash", [path.join(folder, "start"), path.join(folder, "variables")], {
      env: { PATH: `${folder}:/usr/bin:/bin`, ...LEASE, ...Object.fromEntries(environment) },
      input: "",
      encoding: "utf8",
    });
  };
  const calls = () => {
    const file = path.join(folder, "calls");
    return fs.existsSync(file) ? fs.readFileSync(file, "utf8").trim().split("\n") : [];
  };
  const start = (given: Given = {}) => {
    const { status, stderr } = run(given);
    assert.equal(status, 0, stderr);
    return calls();
  };
  const refuses = (lease: Partial<typeof LEASE>, why: RegExp) => {
    const before = calls().filter((call) => !call.includes("get-secret-value"));
    const { status, stderr } = run(lease);
    assert.equal(status, 1, stderr);
    assert.match(stderr, why);
    assert.deepEqual(
      calls().filter((call) => !call.includes("get-secret-value")),
      before,
    );
  };
  const used = () => fs.readFileSync(path.join(folder, "epoch"), "utf8");
  const RUNS = "postgres -D 0";
  const FIRST = [
    "aws get-secret-value",
    "aws get-random-password",
    "initdb",
    "postgres --single ",
    "aws put-secret-value",
    RUNS,
  ];

  it("creates the data if there is none, and uses it at the next start", () => {
    assert.deepEqual(start(), FIRST);
    assert.deepEqual(start(), [...FIRST, RUNS]);
  });

  it("reaches a secret in another account with the role there, and uses that role for nothing else", () => {
    const arn = "arn:aws:secretsmanager:us-east-1:210987654321:secret:db-AbCdEf";
    const role = "arn:aws:iam::210987654321:role/keeper";
    fs.writeFileSync(path.join(folder, "vault"), vaultScript(arn, role), { mode: 0o755 });
    const asked = path.join(folder, "asked");
    const aws = `#!/bin/bash
      echo "$* by \${AWS_SESSION_TOKEN:-itself}" >> ${asked}
      case $2 in
        assume-role) printf 'key\\thidden\\tsession\\n' ;;
        get-secret-value) echo "ResourceNotFoundException" >&2; exit 254 ;;
        put-secret-value) cat > ${folder}/stored ;;
        *) echo word ;;
      esac\n`;
    fs.writeFileSync(path.join(folder, "aws"), aws, { mode: 0o755 });
    start({ VAULT: path.join(folder, "vault"), SECRET_ARN: arn });
    const assume =
      `sts assume-role --role-arn ${role} --role-session-name i-1 ` +
      "--query Credentials.[AccessKeyId,SecretAccessKey,SessionToken] --output text by itself";
    const at = `--secret-id ${arn}`;
    assert.deepEqual(fs.readFileSync(asked, "utf8").trim().split("\n"), [
      assume,
      `secretsmanager get-secret-value ${at} --query SecretString --output text --region us-east-1 by session`,
      "secretsmanager get-random-password --password-length 40 --exclude-punctuation --query RandomPassword --output text by itself",
      assume,
      `secretsmanager put-secret-value ${at} --secret-string file:///dev/stdin --region us-east-1 by session`,
    ]);
    assert.equal(JSON.parse(fs.readFileSync(path.join(folder, "stored"), "utf8")).password, "word");
  });

  it("refuses to start if it cannot assume that role", () => {
    const arn = "arn:aws:secretsmanager:us-east-1:210987654321:secret:db-AbCdEf";
    fs.writeFileSync(path.join(folder, "vault"), vaultScript(arn, "arn:role"), { mode: 0o755 });
    const aws = "#!/bin/bash\necho 'An error occurred (AccessDenied)' >&2; exit 254\n";
    fs.writeFileSync(path.join(folder, "aws"), aws, { mode: 0o755 });
    const { status, stderr } = run({ VAULT: path.join(folder, "vault"), SECRET_ARN: arn });
    assert.equal(status, 1);
    assert.match(stderr, /the secret could not be read: An error occurred \(AccessDenied\)/);
  });

  it("marks the data with its owner before PostgreSQL starts", () => {
    start();
    assert.equal(used(), "lease/1 4 i-1\n");
    start({ GROUNDWORK_EPOCH: "5", GROUNDWORK_NODE: "i-2" });
    assert.equal(used(), "lease/1 5 i-2\n");
  });

  it("refuses data that a newer epoch has used, or another node in the same one", () => {
    start();
    refuses(
      { GROUNDWORK_EPOCH: "3" },
      /used by 'i-1' in epoch '4' of the record 'lease\/1', the lease is at 3;/,
    );
    refuses({ GROUNDWORK_NODE: "i-2" }, /used by 'i-1' in epoch '4'/);
    assert.equal(used(), "lease/1 4 i-1\n");
  });

  it("refuses data of another record, however high its own epoch, until a person says that it is free", () => {
    start();
    const lost = { GROUNDWORK_RECORD: "lease/2", GROUNDWORK_EPOCH: "99", GROUNDWORK_NODE: "i-2" };
    refuses(
      lost,
      /used by 'i-1' under the record 'lease\/1', epoch '4', of which the lease's record lease\/2 knows/,
    );
    refuses({ ...lost, GROUNDWORK_FREE: "lease/1 3" }, /under the record 'lease\/1'/);
    start({ ...lost, GROUNDWORK_FREE: "lease/1 4" });
    assert.equal(used(), "lease/2 99 i-2\n");
  });

  it("refuses data whose mark is damaged", () => {
    start();
    for (const text of ["", "lease/1", "lease/1 \n"]) {
      fs.writeFileSync(path.join(folder, "epoch"), text);
      assert.notEqual(run({ GROUNDWORK_EPOCH: "5" }).status, 0, text);
    }
  });

  it("refuses to create new data if lease, storage or secret say that there was some", () => {
    refuses({ GROUNDWORK_INITIALISED: "yes" }, /postgresql is gone, and PostgreSQL has run on it;/);
    fs.writeFileSync(path.join(folder, "epoch"), "lease/1 3 i-1\n");
    refuses({}, /postgresql is gone, and PostgreSQL has run on it;/);
    fs.rmSync(path.join(folder, "epoch"));
    for (const mark of ['"initialised":true', '"initialised": true']) {
      fs.writeFileSync(path.join(folder, "secret"), `{"username":"app",${mark}}`);
      refuses({}, /postgresql is gone, and the secret is that of a database that there was;/);
    }
    fs.writeFileSync(path.join(folder, "secret"), '{"username":"app","password":"secret"}');
    assert.deepEqual(start().slice(-5), FIRST.slice(1));
  });

  it("refuses to create data while the secret cannot be read", () => {
    refuses(
      { ERROR: "Could not connect to the endpoint URL" },
      /the secret could not be read: Could not connect/,
    );
  });

  it("starts over if the first start was interrupted", () => {
    fs.mkdirSync(path.join(folder, "new"));
    assert.deepEqual(start(), FIRST);
  });

  const RESTORE = ["restore latest", "aws get-random-password", "aws put-secret-value", RUNS];
  const restoring = () => ({ RESTORE: path.join(folder, "restore"), RESTORE_FROM: "latest" });

  it("restores a backup instead of creating the data, once, when told to", () => {
    assert.deepEqual(start(restoring()), RESTORE);
    assert.deepEqual(start(), [...RESTORE, RUNS]);
    assert.deepEqual(fs.readdirSync(path.join(folder, "postgresql")).sort(), [
      "PG_VERSION",
      "pg_hba.conf",
      "pg_ident.conf",
      "server.crt",
      "server.key",
    ]);
  });

  it("moves existing data aside for a restore, and keeps it", () => {
    fs.mkdirSync(path.join(folder, "postgresql"));
    fs.writeFileSync(path.join(folder, "postgresql/before"), "");
    assert.deepEqual(start(restoring()), RESTORE);
    const aside = fs.readdirSync(folder).filter((name) => name.startsWith("postgresql.before-"));
    assert.deepEqual(
      aside.map((name) => fs.readdirSync(path.join(folder, name))),
      [["before"]],
    );
  });

  it("restores to no time twice, even if a node with an older setting starts later", () => {
    start(restoring());
    start({ RESTORE_FROM: "2026-11-26T20:00:00Z" });
    const calls = start({ RESTORE_FROM: "latest" });
    assert.deepEqual(
      calls.filter((call) => call.startsWith("restore")),
      ["restore latest", "restore 2026-11-26T20:00:00Z"],
    );
  });

  it("leaves the data alone, and PostgreSQL down, when a restore fails", () => {
    fs.mkdirSync(path.join(folder, "postgresql"));
    fs.writeFileSync(path.join(folder, "restore"), "#!/bin/bash\nexit 1\n");
    assert.throws(() => start(restoring()));
    assert.ok(!fs.existsSync(path.join(folder, "calls")));
    assert.ok(fs.existsSync(path.join(folder, "postgresql")));
  });

  const certificate = () => new X509Certificate(fs.readFileSync(path.join(folder, "postgresql/server.crt")));

  it("keeps its certificate from start to start", () => {
    start();
    const first = certificate();
    start();
    assert.equal(certificate().serialNumber, first.serialNumber);
    assert.equal(first.subject, "CN=10.10.10.10");
  });

  it("creates a new one for another virtual IP, and when less than a year is left", () => {
    start();
    start({ VIRTUAL_IP: "10.10.10.11" });
    const moved = certificate();
    assert.equal(moved.checkIP("10.10.10.11"), "10.10.10.11");
    for (const name of ["postgresql", "epoch"]) fs.rmSync(path.join(folder, name), { recursive: true });
    start({ DAYS: "360" });
    const short = certificate().serialNumber;
    start();
    assert.notEqual(certificate().serialNumber, short);
    assert.ok(Date.parse(certificate().validTo) - Date.now() > 3600 * 86_400_000);
  });

  it("sets who may connect at each start, also for data from another network", () => {
    const rules = () => fs.readFileSync(path.join(folder, "postgresql/pg_hba.conf"), "utf8");
    const local = "local all postgres peer map=host\n";
    start();
    assert.equal(rules(), `${local}hostssl app app,app_b 10.0.0.0/8 scram-sha-256\n`);
    start({ CLIENT_CIDR: "172.16.0.0/16" });
    assert.equal(rules(), `${local}hostssl app app,app_b 172.16.0.0/16 scram-sha-256\n`);
    assert.equal(
      fs.readFileSync(path.join(folder, "postgresql/pg_ident.conf"), "utf8"),
      "host root postgres\n",
    );
  });

  it("archives only if there is a program for it", () => {
    const words = () => fs.readFileSync(path.join(folder, "words"), "utf8");
    start();
    assert.doesNotMatch(words(), /archive/);
    start({ ARCHIVE: "/bin/pgbackrest-archive", ARCHIVE_SECONDS: "300" });
    assert.match(
      words(),
      /-c archive_mode=on -c archive_command=\/bin\/pgbackrest-archive %p -c archive_timeout=300/,
    );
  });

  it("leaves damaged data and its secret alone: PostgreSQL itself refuses them", () => {
    fs.mkdirSync(path.join(folder, "postgresql"));
    assert.deepEqual(start(), [RUNS]);
  });
});
