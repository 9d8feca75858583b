import { strict as assert } from "node:assert";
import { linesWithoutSecrets, withoutSecrets } from "../../../functions/provisioner/redaction";
import { some } from "../../some";

const begin = (kind: string) => `-----BEGIN ${kind}PRIVATE KEY-----`;
const end = (kind: string) => `-----END ${kind}PRIVATE KEY-----`;
const JWT = ["eyJhbGciOiJub25lIn0", "eyJzdWIiOiJhIn0tLQ", "c2lnbmF0dXJl-_x"].join(".");
const LETTERS = "abcdefghijklmnop";

describe("a text without secrets", () => {
  for (const [what, text, shown] of some<[string, string, string]>([
    ["a key of no named kind", `a\n${begin("")}\nMIIE\nvQ==\n${end("")}\nb`, "a\n***\nb"],
    ["a key of a named kind", `${begin("OPENSSH ")}\nb3Bl\n${end("OPENSSH ")} b`, "*** b"],
    ["two keys and what lies between", `${begin("")}x${end("")} b ${begin("")}y${end("")}`, "*** b ***"],
    ["a key whose end was not read", `a ${begin("RSA ")}\nMIIE\nvQ==`, "a ***"],
    ["a key whose beginning was not read", `MIIE\nvQ==\n${end("RSA ")}\nb`, "***\nb"],
    [
      "who signs in to a URL",
      "postgres://me:pw@host/a, git+ssh://x@y",
      "postgres://***@host/a, git+ssh://***@y",
    ],
    ["an access key of AWS", `A3TX${"Q7".repeat(8)} AKIA${"Q7".repeat(8)}`, "*** ***"],
    ["tokens of hosts", `ghp_${LETTERS} glpat-${LETTERS} xoxb-${LETTERS} sk-${LETTERS}`, "*** *** *** ***"],
    ["no word that only begins like one", "sk-short npm_run xox-", "sk-short npm_run xox-"],
    ["a token with its signature", `got ${JWT} b`, "got *** b"],
    ["a token that nobody signed", `got ${JWT.replace(/[^.]*$/, "")} b`, "got *** b"],
    [
      "a header",
      "authorization:x y\nProxy-Authorization  =  z",
      "authorization: ***\nProxy-Authorization: ***",
    ],
    ["a scheme with its value", `Bearer  ${LETTERS}, basic ${LETTERS}`, "Bearer ***, basic ***"],
    ["no bearer of news", "the bearer of news, basic things", "the bearer of news, basic things"],
    ["a value by its name", "MY_DB.password=a b", "MY_DB.password=*** b"],
    ["a value between quotes", `"api-key": "a b", c.token = 'd e'`, `"api-key": ***, c.token = ***`],
    ["names in one word", "apikey=1 accesskey=2 privatekey: 3", "apikey=*** accesskey=*** privatekey: ***"],
    [
      "names in two words",
      "API_KEY=1 access-key=2 private_key=3",
      "API_KEY=*** access-key=*** private_key=***",
    ],
  ]))
    it(`hides ${what}`, () => {
      assert.equal(withoutSecrets(text), shown);
    });

  it("hides each line of a key, and no other, where every line stays in its place", () => {
    const key = [begin(""), "MIIE", end("")];
    assert.deepEqual(linesWithoutSecrets(["a", ...key, "b"]), ["a", "***", "***", "***", "b"]);
    assert.deepEqual(linesWithoutSecrets(["MIIE", end(""), "b"]), ["***", "***", "b"]);
    assert.deepEqual(linesWithoutSecrets([end(""), "b"]), ["***", "b"]);
    assert.deepEqual(linesWithoutSecrets([begin(""), "MIIE"]), ["***", "***"]);
    assert.deepEqual(linesWithoutSecrets(["a", "b"]), ["a", "b"]);
  });
});
