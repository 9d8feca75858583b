import { strict as assert } from "node:assert";
import * as fc from "fast-check";
import { load } from "js-yaml";
import { cloudConfig, environmentFile, userData } from "../../../components/shared/cloud-config";

interface Parsed {
  write_files: { path: string; permissions: string; content: string }[];
  runcmd: string[][];
}

const parse = (text: string) => load(text) as Parsed;

describe("cloudConfig", () => {
  it("writes the whole text", () => {
    assert.equal(
      cloudConfig({
        files: [
          { path: "/etc/a", content: "one\n\n  two\n" },
          { path: "/usr/sbin/b", permissions: "0755", content: "#!/bin/sh\n" },
        ],
        commands: [["echo", 'a "b"', "$c"], ["/usr/sbin/b"]],
      }),
      `#cloud-config
write_files:
- path: /etc/a
  content: |1
   one

     two
- path: /usr/sbin/b
  permissions: "0755"
  content: |1
   #!/bin/sh
runcmd:
- ["echo","a \\"b\\"","$c"]
- ["/usr/sbin/b"]
`,
    );
  });

  it("keeps files and commands unchanged", () => {
    const line = fc.stringMatching(/^[ -~]{0,30}[!-~]$/);
    const content = fc
      .array(line, { minLength: 1, maxLength: 6 })
      .map((lines) => lines.join("\n") + "\n")
      .filter((text) => !text.startsWith("#!"));
    const command = fc.array(fc.stringMatching(/^[ -~]{1,20}$/), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(content, fc.array(command, { minLength: 1, maxLength: 3 }), (text, commands) => {
        const { write_files, runcmd } = parse(
          cloudConfig({ files: [{ path: "/a", content: text }], commands }),
        );
        assert.deepEqual(write_files, [{ path: "/a", content: text }]);
        assert.deepEqual(runcmd, commands);
      }),
    );
  });

  it("leaves out what only a script's reader needs: comments and empty lines", () => {
    const lines = [
      "#!/bin/sh",
      "# Why.",
      "",
      "  # Why, again.",
      "  # shellcheck disable=SC2086",
      "echo $1 # said",
      "x=#1",
    ];
    const parsed = parse(
      cloudConfig({ files: [{ path: "/a", content: lines.join("\n") }], commands: [["a"]] }),
    );
    assert.equal(
      parsed.write_files[0]!.content,
      ["#!/bin/sh", "  # shellcheck disable=SC2086", "echo $1 # said", "x=#1\n"].join("\n"),
    );
  });

  it("accepts a text of exactly the 16 KiB that EC2 accepts", () => {
    const of = (size: number) =>
      cloudConfig({ files: [{ path: "/a", content: "x".repeat(size) }], commands: [["a"]] });
    const rest = Buffer.byteLength(of(1)) - 1;
    assert.equal(Buffer.byteLength(of(16_384 - rest)), 16_384);
  });

  it("refuses more, counted in bytes", () => {
    assert.throws(
      () => cloudConfig({ files: [{ path: "/a", content: "é".repeat(8_192) }], commands: [["a"]] }),
      /^RangeError: user data must be at most 16384 bytes, got 16\d{3}$/,
    );
  });
});

describe("environmentFile", () => {
  it("has one line per variable", () => {
    assert.equal(environmentFile({ A: "1", B: "two words = 2" }), "A=1\nB=two words = 2\n");
  });

  for (const value of ["1\nB=2", "1\r2"])
    it(`refuses ${JSON.stringify(value)}, which would be another variable`, () => {
      assert.throws(
        () => environmentFile({ A: value }),
        /^RangeError: A must be a single line, got several$/,
      );
    });
});

describe("userData", () => {
  it("is base64 of UTF-8", () => {
    assert.equal(userData("#cloud-config é"), "I2Nsb3VkLWNvbmZpZyDDqQ==");
  });
});
