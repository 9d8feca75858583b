import { randomBytes } from "node:crypto";
import { CognitoIdentityProvider } from "@aws-sdk/client-cognito-identity-provider";
import { live } from "../../../sandbox/crash";
import { readState } from "../../../sandbox/state";
import { shown } from "../ask";
import { Broken, Context, needs, NotAsked, Promised } from "../promised";
import { Visitor } from "../visitor";

export const signUp: Promised = {
  name: "a person signs up",
  expected: "an account is created with the site's own forms and the mailed code; then its owner can log in",
  takes: { sandbox: 3, AWS: 60 },
  usd: 0,
  missing: (stage) =>
    needs("userPoolId")(stage) ??
    (stage.signUp ? undefined : "--sign-up names no address whose mail you can read"),
  async run(context) {
    const { stage, made } = context;
    const email = stage.signUp!;
    const pool = poolOf(context);
    if (!(await pool.letsSignUp()))
      throw new NotAsked("people may not sign up themselves (identity.selfSignUp)");
    if (await pool.has(email)) throw new NotAsked(`${email} has an account already`);
    made.add({
      what: "the account that signed up",
      remove: () => pool.remove(email),
      there: () => pool.has(email),
    });
    const password = `Verify-${randomBytes(12).toString("hex")}!`;
    const visitor = new Visitor(stage.url);
    const step = async (path: string, fields: Record<string, string>, next: RegExp) => {
      const answer = await visitor.submit(path, { email, ...fields });
      const { location = "" } = answer.headers;
      if (answer.status !== 303 || !next.test(location))
        throw new Broken(`${path} answered ${location ? `${answer.status} to ${location}` : shown(answer)}`);
      return location;
    };
    await step("/signup", { password }, /^\/confirm$/);
    await step("/confirm", { code: await codeFor(context, email) }, /^\/login$/);
    const to = await step("/login", { password }, /^\/(?!login$)/);
    return /^\/login/.test(to)
      ? "signed up and confirmed with the mailed code; the login then asks for a second factor"
      : "signed up, confirmed with the mailed code, and logged in";
  },
};

/** The pool's accounts, as an operator sees them. */
function poolOf({ stage: { outputs, region } }: Context) {
  const cognito = new CognitoIdentityProvider({ region });
  const UserPoolId = outputs["userPoolId"]!;
  return {
    async letsSignUp(): Promise<boolean> {
      const { UserPool } = await cognito.describeUserPool({ UserPoolId });
      return UserPool?.AdminCreateUserConfig?.AllowAdminCreateUserOnly !== true;
    },
    has: (Username: string): Promise<boolean> =>
      cognito.adminGetUser({ UserPoolId, Username }).then(
        () => true,
        (error: Error) => {
          if (error.name === "UserNotFoundException") return false;
          throw error;
        },
      ),
    remove: (Username: string) => cognito.adminDeleteUser({ UserPoolId, Username }),
  };
}

/** The code in the e-mail to an address: the sandbox catches it, on AWS a person reads it. */
async function codeFor({ stage, question, until }: Context, email: string): Promise<string> {
  if (stage.target === "AWS") return (await question(`Code that was mailed to ${email}`)).trim();
  return until("The mail with the code", 20, async () => {
    const mail = (await live(readState())).mails.find(({ to }) => to.includes(email));
    return /\b\d{6}\b/.exec(mail?.text ?? "")?.[0];
  });
}
