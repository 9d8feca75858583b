import { strict as assert } from "node:assert";
import { mailer, mailReaches } from "../../../functions/provisioner/aws/mail";
import { some } from "../../some";
import { awsError, recordedClient } from "../recorded-client";

const DENIED = { name: "AccessDeniedException" };
const denied = () => awsError(DENIED.name);

describe("a mail", () => {
  it("is sent from the platform's address; one that is refused is a sentence", async () => {
    const refusals = [awsError("MessageRejected"), awsError("BadRequestException")];
    const { client, calls } = recordedClient({ SendEmail: [{}, ...refusals, denied()] });
    const mail = mailer(client, "platform@example.org");
    const letter = { to: ["a@example.org", "b@example.org"], subject: "hello", text: "you" };
    assert.equal(await mail(letter), undefined);
    assert.deepEqual(calls, [
      [
        "SendEmail",
        {
          FromEmailAddress: "platform@example.org",
          Destination: { ToAddresses: letter.to },
          Content: { Simple: { Subject: { Data: "hello" }, Body: { Text: { Data: "you" } } } },
        },
      ],
    ]);
    for (const _ of some(refusals))
      assert.deepEqual(await mail(letter), {
        refused: "The e-mail to a@example.org, b@example.org was refused.",
      });
    await assert.rejects(mail(letter), DENIED);
  });

  it("reaches whoever is verified, by address or by domain, and everybody outside of SES's sandbox", async () => {
    const known = (VerifiedForSendingStatus: boolean) => ({ VerifiedForSendingStatus });
    const unknown = awsError("NotFoundException");
    for (const [account, identities, reaches] of some([
      [{ ProductionAccessEnabled: true }, [], true],
      [{ ProductionAccessEnabled: false }, [known(true)], true],
      [{ ProductionAccessEnabled: false }, [unknown, known(true)], true],
      [{}, [known(false), known(false)], false],
      [{}, [unknown, unknown], false],
    ] as const)) {
      const { client, calls } = recordedClient({ GetAccount: account, GetEmailIdentity: [...identities] });
      assert.equal(await mailReaches(client)("team@example.org"), reaches);
      const asked = calls.slice(1).map(([, { EmailIdentity }]) => EmailIdentity);
      assert.deepEqual(asked, ["team@example.org", "example.org"].slice(0, identities.length));
    }
    const { client } = recordedClient({ GetEmailIdentity: denied() });
    await assert.rejects(mailReaches(client)("team@example.org"), DENIED);
  });
});
