import {
  GetAccountCommand,
  GetEmailIdentityCommand,
  SendEmailCommand,
  SESv2Client,
} from "@aws-sdk/client-sesv2";
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

/** Whether SES sends to an address: while the account is in the sandbox, only to verified ones. */
export const mailReaches =
  (client: SESv2Client) =>
  async (address: string): Promise<boolean> =>
    (await leftSandbox(client)) || isVerified(client, address);

export const leftSandbox = async (client: SESv2Client): Promise<boolean> =>
  (await client.send(new GetAccountCommand({}))).ProductionAccessEnabled === true;

/** An address is verified itself, or through its domain. */
export const isVerified = async (client: SESv2Client, address: string): Promise<boolean> =>
  (await knows(client, address)) || knows(client, address.slice(address.lastIndexOf("@") + 1));

async function knows(client: SESv2Client, EmailIdentity: string): Promise<boolean> {
  try {
    const { VerifiedForSendingStatus } = await client.send(new GetEmailIdentityCommand({ EmailIdentity }));
    return VerifiedForSendingStatus === true;
  } catch (error) {
    if (!named(error, "NotFoundException")) throw error;
    return false;
  }
}
