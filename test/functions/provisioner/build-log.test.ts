import { strict as assert } from "node:assert";
import { logTail } from "../../../functions/provisioner/aws/build-log";
import { healthIn } from "../../../functions/provisioner/aws/target-health";
import { withoutSecrets } from "../../../functions/provisioner/redaction";
import { recordedClient } from "../recorded-client";

const tailOf = async (...messages: string[]) => {
  const events = messages.map((message) => ({ message }));
  const { client, calls } = recordedClient({ GetLogEvents: { events } });
  return { text: await logTail(client, "gw-abc", "stream-1"), calls };
};

describe("the last lines of a build", () => {
  it("are read from the project's own build log", async () => {
    const { text, calls } = await tailOf("one\n", "two\nthree\n", "four");
    assert.equal(text, "one\ntwo\nthree\nfour");
    const asked = { logGroupName: "/groundwork/gw-abc/build", logStreamName: "stream-1", limit: 120 };
    assert.deepEqual(calls, [["GetLogEvents", asked]]);
  });

  it("are thirty at most, and none for an empty log", async () => {
    const { text } = await tailOf(...Array.from({ length: 100 }, (_, index) => `line ${index}\n`));
    assert.deepEqual([text.split("\n").length, text.split("\n")[0]], [30, "line 70"]);
    assert.equal((await tailOf()).text, "");
  });

  it("are 8,000 bytes at most, in whole lines from the end", async () => {
    const { text } = await tailOf(
      ...Array.from({ length: 30 }, (_, index) => `${index} ${"x".repeat(990)}\n`),
    );
    assert.ok(Buffer.byteLength(text) <= 8_000);
    assert.match(text, /^2[1-9] x+\n/);
    const long = (await tailOf(`${"ä".repeat(10_000)}end`)).text;
    assert.ok(Buffer.byteLength(long) <= 8_000 && long.startsWith("ä") && long.endsWith("end"));
  });

  it("are whole lines if they fit, and whole characters of a longer line", async () => {
    const two = [`${"x".repeat(3_999)}\n`, `${"y".repeat(4_000)}`];
    assert.equal((await tailOf(...two)).text, two.join(""));
    assert.equal((await tailOf(`${two[0]}`, `y${two[1]}`)).text, `y${two[1]}`);
    for (const end of ["", "e", "end"]) {
      const { text } = await tailOf(`${"€".repeat(5_000)}\ufffd${"€".repeat(100)}${end}`);
      assert.match(text, new RegExp(`^€+\ufffd€{100}${end}$`));
    }
    const { client } = recordedClient({ GetLogEvents: {} });
    assert.equal(await logTail(client, "gw-abc", "stream-1"), "");
  });

  it("are plain text, without colours or anything that a page or e-mail would interpret", async () => {
    assert.equal((await tailOf("\u001b[31mred\u001b[0m\u0007\r\n", "done\n")).text, "red\ndone");
  });

  it("show no secret, not even one that begins before them", async () => {
    const key = [
      "-----BEGIN OPENSSH PRIVATE KEY-----",
      ...Array<string>(60).fill("b3BlbnNzaC1rZXk"),
      "-----END OPENSSH PRIVATE KEY-----",
    ];
    const { text } = await tailOf(...key.map((line) => `${line}\n`), "after\n");
    assert.equal(text, "***\nafter");
    const cut = await tailOf(...key.slice(40).map((line) => `${line}\n`), "after\n");
    assert.equal(cut.text, "***\nafter");
  });
});

describe("what looks like a secret", () => {
  const HIDDEN = [
    ["fatal: could not read https://user:hunter22@github.com/x", "hunter22"],
    ["AWS said AKIAIOSFODNN7EXAMPLE", "AKIAIOSFODNN7EXAMPLE"],
    ["using ghp_SECRETTOKEN0123456789 now", "SECRETTOKEN"],
    ["github_pat_11ABCDEFG0123456789_abc", "11ABCDEFG"],
    ["glpat-abcdefghij1234567890", "abcdefghij"],
    ["npm_abcdefghijklmnopqrstuvwxyz0123456789", "abcdefghij"],
    ["jwt eyJhbGciOiJI.eyJzdWIiOiIx.c2lnbmF0dXJl", "eyJhbGci"],
    ["Authorization: Bearer abc.def", "abc.def"],
    ["curl -H 'x: Bearer abcdefghijklmnop'", "abcdefghijklmnop"],
    ["DATABASE_PASSWORD=s3cr3t-thing", "s3cr3t-thing"],
    ['{"apiKey": "s3cr3t thing"}', "s3cr3t thing"],
    ["AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG", "wJalrXUtnFEMI"],
    ["AWS_SESSION_TOKEN=IQoJb3JpZ2luX2VjE", "IQoJb3JpZ2luX2VjE"],
    ["SECRET_KEY_BASE: 0123abcd", "0123abcd"],
  ] as const;
  for (const [line, secret] of HIDDEN)
    it(`is hidden in: ${line.slice(0, 30)}`, () => {
      const told = withoutSecrets(line);
      assert.ok(!told.includes(secret) && told.includes("***"), told);
    });

  it("leaves what a team needs to read", () => {
    for (const line of [
      'npm error Missing script: "build"',
      "fatal: Remote branch mian not found in upstream origin",
      "Nothing is published: no index.html in any of these folders of the repository after its build: dist build out",
      "src/token.ts(3,7): error TS2322: Type 'string' is not assignable to type 'number'.",
      "https://github.com/example/site",
    ])
      assert.equal(withoutSecrets(line), line);
  });
});

describe("a balancer's judgement", () => {
  const judged = (...states: string[]) => {
    const TargetHealthDescriptions = states.map((State) => ({ TargetHealth: { State } }));
    const { client } = recordedClient({ DescribeTargetHealth: { TargetHealthDescriptions } });
    return healthIn(client)("arn:targets");
  };

  it("is healthy if all servers that stay are healthy, and there is one", async () => {
    for (const [states, well] of [
      [[], false],
      [["initial"], false],
      [["healthy"], true],
      [["healthy", "unhealthy"], false],
      [["healthy", "initial"], false],
      [["healthy", "draining"], true],
      [["draining"], false],
    ] as const)
      assert.equal(await judged(...states), well, states.join());
    const { client } = recordedClient({});
    assert.equal(await healthIn(client)("arn:targets"), false);
  });
});
