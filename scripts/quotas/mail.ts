// Whether the e-mails of a stack's projects would be delivered.
import { SESv2Client } from "@aws-sdk/client-sesv2";
import { isVerified, leftSandbox } from "../../functions/provisioner/aws/mail";

const WAIT_MS = 5_000;

/** What to know about it, in lines; none for a stack without projects. E-mail stops nothing, so it refuses nothing. */
export async function askMail(config: Record<string, unknown>, region: string): Promise<string[]> {
  const { sender } = (config["groundwork:provisioner"] ?? {}) as { sender?: unknown };
  if (typeof sender !== "string") return [];
  const requestHandler = { requestTimeout: WAIT_MS, connectionTimeout: WAIT_MS, throwOnRequestTimeout: true };
  const client = new SESv2Client({ region, maxAttempts: 2, requestHandler });
  try {
    return await mailLines(client, sender, region);
  } finally {
    client.destroy();
  }
}

export async function mailLines(client: SESv2Client, sender: string, region: string): Promise<string[]> {
  try {
    const [known, free] = await Promise.all([isVerified(client, sender), leftSandbox(client)]);
    return [...(known ? [] : [unverified(sender, region)]), ...(free ? [] : [inSandbox(region)])];
  } catch (error) {
    const { name, message } = error as Error;
    const why = name.startsWith("AccessDenied")
      ? "these credentials may not ses:GetAccount and ses:GetEmailIdentity."
      : `${message.split("\n")[0]!.replace(/\.$/, "")}.`;
    return [`Whether the projects' e-mails would go out was not looked at: ${why}`];
  }
}

const unverified = (sender: string, region: string) =>
  `SES in ${region} sends nothing from ${sender}, the projects' sender, before it is verified:\n    aws sesv2 create-email-identity --region ${region} --email-identity ${sender}`;

const inSandbox = (region: string) =>
  `SES in ${region} still has this account in its sandbox: e-mails of projects reach verified addresses only, and the console says which did not go out. SES's console is where to ask for production access.`;
