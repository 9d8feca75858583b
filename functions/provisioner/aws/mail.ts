import { SendEmailCommand, SESv2Client } from "@aws-sdk/client-sesv2";
import { CommonPorts } from "../ports";
import { named } from "../../shared/is-named";

export function mailer(client: SESv2Client, sender: string): CommonPorts["mail"] {
  return async ({ to, subject, text }) => {
    try {
      await client.send(
        new SendEmailCommand({
          FromEmailAddress: sender,
          Destination: { ToAddresses: to },
          Content: { Simple: { Subject: { Data: subject }, Body: { Text: { Data: text } } } },
        }),
      );
      return undefined;
    } catch (error) {
      if (!named(error, "MessageRejected", "BadRequestException")) throw error;
      return { refused: `The e-mail to ${to.join(", ")} was refused.` };
    }
  };
}
