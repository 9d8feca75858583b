// What is told before a stack is made of the e-mails that its projects would send.
import { strict as assert } from "node:assert";
import { askMail, mailLines } from "../../scripts/quotas/mail";
import { awsError, recordedClient } from "../functions/recorded-client";
import { some } from "../some";

const SENDER = "projects@example.com";
const UNVERIFIED = `SES in eu-west-1 sends nothing from ${SENDER}, the projects' sender, before it is verified:
    aws sesv2 create-email-identity --region eu-west-1 --email-identity ${SENDER}`;
const SANDBOX =
  "SES in eu-west-1 still has this account in its sandbox: e-mails of projects reach verified addresses only, and the console says which did not go out. SES's console is where to ask for production access.";

describe("the mail check of a planned stack", () => {
  const linesFor = (answers: Record<string, unknown>) =>
    mailLines(recordedClient(answers).client, SENDER, "eu-west-1");

  it("warns if mail would not go out, because of its sender or SES's sandbox", async () => {
    const verified = { VerifiedForSendingStatus: true };
    const unknown = awsError("NotFoundException");
    for (const [account, identities, lines] of some([
      [{ ProductionAccessEnabled: true }, [verified], []],
      [{ ProductionAccessEnabled: true }, [unknown, verified], []],
      [{ ProductionAccessEnabled: true }, [unknown, unknown], [UNVERIFIED]],
      [{ ProductionAccessEnabled: false }, [verified], [SANDBOX]],
      [{ ProductionAccessEnabled: false }, [unknown, unknown], [UNVERIFIED, SANDBOX]],
    ] as const))
      assert.deepEqual(await linesFor({ GetAccount: account, GetEmailIdentity: [...identities] }), lines);
  });

  it("does not fail if SES cannot be asked", async () => {
    for (const [error, why] of some([
      [
        awsError("AccessDeniedException"),
        "these credentials may not ses:GetAccount and ses:GetEmailIdentity.",
      ],
      [awsError("TimeoutError", "SES did not answer.\nAt all"), "SES did not answer."],
    ] as const))
      assert.deepEqual(await linesFor({ GetAccount: error }), [
        `Whether the projects' e-mails would go out was not looked at: ${why}`,
      ]);
  });

  it("is skipped if a stack has no projects", async () => {
    assert.deepEqual(await askMail({ "groundwork:web": {} }, "eu-west-1"), []);
    assert.deepEqual(await askMail({ "groundwork:provisioner": {} }, "eu-west-1"), []);
  });
});
