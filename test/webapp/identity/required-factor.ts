import { totp } from "../../uploads/totp";
import { refusal } from "./pool";

type Input = Record<string, unknown>;

interface Somebody {
  password: string;
  /** Invited by an admin: the password is for one login only. */
  temporary?: boolean;
  confirmed?: boolean;
  factor?: string;
  /** What they have chosen, which is all that GetUser tells of. */
  preferred?: boolean;
}

const SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXPJBSW";
export const CONFIRMATION = "246810";

/**
 * What a pool that requires a second factor answers, after AWS's API reference: MiniStack lets somebody without one in, instead of asking
 * them to set one up. Each challenge is answered in the session that it came with, and only there.
 */
export class RequiredFactor {
  private readonly people = new Map<string, Somebody>();
  private readonly sessions = new Map<string, { email: string; secret?: string; proved?: boolean }>();
  private count = 0;

  /** @param idToken makes a token for this address */
  constructor(private readonly idToken: (email: string) => string) {}

  /** As `admin-create-user` does. */
  invite(email: string, password: string): void {
    this.people.set(email, { password, temporary: true, confirmed: true });
  }

  readonly answer = (name: string, input: Input): object => {
    const answer = this.answers[name];
    if (!answer) throw new Error(`this pool does not know ${name}`);
    return answer(input);
  };

  private readonly answers: Record<string, (input: Input) => object> = {
    SignUp: ({ Username, Password }) => {
      this.people.set(String(Username), { password: String(Password) });
      return { UserConfirmed: false };
    },
    ConfirmSignUp: ({ Username, ConfirmationCode }) => {
      if (ConfirmationCode !== CONFIRMATION) throw refusal("CodeMismatchException");
      this.known(String(Username)).confirmed = true;
      return {};
    },
    InitiateAuth: ({ AuthFlow, AuthParameters }) => {
      const { USERNAME, PASSWORD, REFRESH_TOKEN } = AuthParameters as Record<string, string>;
      if (AuthFlow === "REFRESH_TOKEN_AUTH") return this.tokens(REFRESH_TOKEN!);
      const somebody = this.known(USERNAME!);
      if (somebody.password !== PASSWORD) throw refusal("NotAuthorizedException");
      if (!somebody.confirmed) throw refusal("UserNotConfirmedException");
      return this.next(USERNAME!);
    },
    RespondToAuthChallenge: ({ ChallengeName, Session, ChallengeResponses }) => {
      const { NEW_PASSWORD, SOFTWARE_TOKEN_MFA_CODE } = ChallengeResponses as Record<string, string>;
      const { email, proved } = this.session(Session);
      const somebody = this.known(email);
      if (ChallengeName === "NEW_PASSWORD_REQUIRED") {
        Object.assign(somebody, { password: NEW_PASSWORD, temporary: false });
        return this.next(email);
      }
      if (ChallengeName === "MFA_SETUP" && !proved) throw refusal("NotAuthorizedException");
      if (ChallengeName === "SOFTWARE_TOKEN_MFA" && SOFTWARE_TOKEN_MFA_CODE !== totp(somebody.factor!))
        throw refusal("CodeMismatchException");
      this.sessions.delete(String(Session));
      return this.tokens(email);
    },
    AssociateSoftwareToken: ({ Session }) => {
      const { email } = this.session(Session);
      this.sessions.delete(String(Session));
      return { SecretCode: SECRET, Session: this.begin(email, { secret: SECRET }) };
    },
    VerifySoftwareToken: ({ Session, UserCode }) => {
      const { email, secret } = this.session(Session);
      if (UserCode !== totp(secret!)) throw refusal("EnableSoftwareTokenMFAException");
      this.sessions.delete(String(Session));
      this.known(email).factor = secret;
      return { Status: "SUCCESS", Session: this.begin(email, { proved: true }) };
    },
    SetUserMFAPreference: ({ AccessToken, SoftwareTokenMfaSettings }) => {
      const { Enabled } = SoftwareTokenMfaSettings as { Enabled: boolean };
      this.known(String(AccessToken)).preferred = Enabled;
      return {};
    },
    GetUser: ({ AccessToken }) => ({
      UserMFASettingList: this.known(String(AccessToken)).preferred ? ["SOFTWARE_TOKEN_MFA"] : undefined,
    }),
    RevokeToken: () => ({}),
  };

  private known(email: string): Somebody {
    const somebody = this.people.get(email);
    if (!somebody) throw refusal("UserNotFoundException");
    return somebody;
  }

  private session(id: unknown) {
    const found = this.sessions.get(String(id));
    if (!found) throw refusal("NotAuthorizedException");
    return found;
  }

  private begin(email: string, more: object = {}): string {
    const id = `session-${++this.count}`;
    this.sessions.set(id, { email, ...more });
    return id;
  }

  /** What stands between this person and their tokens. */
  private next(email: string) {
    const { temporary, factor } = this.known(email);
    const factorAsked = factor ? "SOFTWARE_TOKEN_MFA" : "MFA_SETUP";
    return {
      ChallengeName: temporary ? "NEW_PASSWORD_REQUIRED" : factorAsked,
      Session: this.begin(email),
      ChallengeParameters: { USER_ID_FOR_SRP: email },
    };
  }

  private readonly tokens = (email: string) => ({
    AuthenticationResult: { IdToken: this.idToken(email), AccessToken: email, RefreshToken: email },
  });
}
