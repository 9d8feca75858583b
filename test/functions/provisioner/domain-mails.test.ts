import { strict as assert } from "node:assert";
import { lapsingMail, recordsMail } from "../../../functions/provisioner/domain-mails";
import { Project } from "../../../functions/provisioner/project";

const NAME = "www.example.com";
const RECORDS = [
  { name: `_a.${NAME}`, type: "CNAME" as const, value: "_b.acm-validations.aws" },
  { name: NAME, type: "CNAME" as const, value: "shop.projects.example.org" },
];
const PAGE = "https://www.example.org/console?project=abc";
const settings = { consoleUrl: "https://www.example.org" };
const project = { id: "abc", name: "shop", email: "team@example.org" } as Project;

describe("the mail about a name's records", () => {
  const mailOf = (more: object = {}) =>
    recordsMail(settings, project, {
      ...{ domain: NAME, state: "waits", until: "2100-03-04T08:00:30.000Z", records: RECORDS },
      ...more,
    });

  it("has each of them to copy from lines of their own, apart from the words", () => {
    const [words, ...lines] = mailOf().text.split("\n");
    assert.match(words!, /^www\.example\.com leads to shop once these two records exist/);
    assert.deepEqual(lines.slice(0, 9), [
      "",
      `  _a.${NAME}`,
      "  CNAME",
      "  _b.acm-validations.aws",
      "",
      `  ${NAME}`,
      "  CNAME",
      "  shop.projects.example.org",
      "",
    ]);
  });

  it("says which one has to stay, what stands for the other at the top of a zone, and until when", () => {
    const lines = mailOf().text.split("\n");
    const [stays, leads, ends, ...rest] = lines.slice(
      lines.findIndex((line) => line.startsWith("The first")),
    );
    assert.match(stays!, /must stay/);
    assert.match(leads!, /ALIAS or ANAME/);
    assert.match(ends!, /by 2100-03-04 08:00 UTC .* without www\.example\.com\.$/);
    assert.deepEqual(rest, ["", PAGE]);
  });

  it("goes out though there are no records to tell", () => {
    assert.match(mailOf({ records: undefined }).text, /:\n\nThe first one/);
  });
});

describe("the mail about a name whose certificate ends", () => {
  const mailOf = (records?: typeof RECORDS) =>
    lapsingMail(settings, project, { domain: NAME, state: "serves", reason: "It ends.", records }).text;

  it("has the record alone that is missing", () => {
    const [words, ...lines] = mailOf(RECORDS).split("\n");
    assert.match(words!, /^It ends\. Enter it again .* without www\.example\.com:$/);
    assert.deepEqual(lines, ["", `  _a.${NAME}`, "  CNAME", "  _b.acm-validations.aws", "", PAGE]);
  });

  it("goes out though there is no record to tell", () => {
    assert.deepEqual(mailOf().split("\n").slice(1), ["", PAGE]);
  });
});
