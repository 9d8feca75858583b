import { strict as assert } from "node:assert";
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { images } from "../../../functions/provisioner/builds";
import { skip } from "../../skip";
import { substituted } from "./build-runner";
import { readTemplate } from "./template-files";

/** The environment that a server's own script writes for the container, run in bash with a stand-in for AWS. */
function environmentOf(engine: string, appEnvironment: string): Record<string, string> {
  const template = readTemplate("server");
  const data =
    template.Resources["ServerTemplate"]!.Properties.LaunchTemplateData.UserData["Fn::Base64"]["!Sub"];
  const [text, own] = data as [string, Record<string, { "!If"?: [string, string, unknown] }>];
  const { "!If": scheme } = own["DatabaseScheme"]!;
  assert.deepEqual(
    [template.Conditions![scheme![0]], scheme![2]],
    [{ "!Equals": [{ "!Ref": "Engine" }, "postgres"] }, { "!Ref": "Engine" }],
  );
  const script = substituted(/<<'FETCH'\n([\s\S]*?)\n\s*FETCH\n/.exec(text)![1]!, {
    "AWS::Region": "eu-west-1",
    Registry: "registry",
    Image: "image",
    DatabaseSecret: "arn",
    DatabaseHost: "db.internal",
    DatabasePort: "5432",
    DatabaseScheme: engine === "postgres" ? scheme![1] : engine,
    AppEnvironment: appEnvironment,
  });
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "server-"));
  try {
    const standIn = (name: string, does: string) =>
      fs.writeFileSync(path.join(folder, name), `#!/bin/bash\n${does}\n`, { mode: 0o755 });
    standIn("docker", "cat > /dev/null");
    standIn("aws", `[ "$1" = ecr ] || echo '{"username":"project","password":"a/b"}'`);
    const file = path.join(folder, "environment");
    const { status, stderr } = spawnSync(
      "bash",
      ["-c", script.replaceAll("/etc/project/environment", file)],
      {
        env: { PATH: `${folder}:${process.env["PATH"]!}` },
        input: "",
        encoding: "utf8",
      },
    );
    assert.equal(status, 0, stderr);
    const lines = fs.readFileSync(file, "utf8").split("\n").filter(Boolean);
    return Object.fromEntries(lines.map((line) => [line.split("=")[0]!, line.slice(line.indexOf("=") + 1)]));
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}

describe("a server's environment", () => {
  before(function () {
    for (const tool of ["jq", "envsubst"])
      if (spawnSync("which", [tool]).status !== 0) skip(this, "Linux", `${tool} is not installed`);
  });

  it("names its database by addresses that every library reads", () => {
    const { DATABASE_URL: postgres } = environmentOf("postgres", "");
    assert.equal(postgres, "postgresql://project:a%2Fb@db.internal:5432/project");
    assert.equal(
      environmentOf("mysql", "")["DATABASE_URL"],
      "mysql://project:a%2Fb@db.internal:5432/project",
    );
  });

  it("says it in the words of what runs in it, too", () => {
    const { WORDPRESS_DB_HOST, WORDPRESS_DB_PASSWORD } = environmentOf(
      "mysql",
      images["wordpress"]!.environment!,
    );
    assert.deepEqual([WORDPRESS_DB_HOST, WORDPRESS_DB_PASSWORD], ["db.internal", "a/b"]);
  });
});
