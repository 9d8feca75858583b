import { createHmac, randomBytes } from "node:crypto";
import {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
  type AuthenticationResponseJSON,
  type RegistrationResponseJSON,
  type WebAuthnCredential,
} from "@simplewebauthn/server";
import { refusal, SETTINGS } from "./pool";

type Input = Record<string, unknown>;
type Answer = object | Promise<object>;

interface Somebody {
  password: string;
  /** Whether an authenticator app is on, beside which Cognito takes no passkey. */
  factor?: boolean;
  passkeys: Map<string, WebAuthnCredential>;
  /** What a new passkey must have signed. */
  adding?: string;
}

const SITE = "localhost";
const ADDED = 1_764_230_400;

/**
 * What a pool with passkeys answers, after AWS's developer guide and API reference. Passkeys are verified for real, by the library that
 * sites verify them with; nothing that a browser sends is believed.
 */
export class PasskeyPool {
  private readonly people = new Map<string, Somebody>();
  private readonly sessions = new Map<string, { email: string; challenge: string }>();
  private strangers = 0;

  /**
   * @param idToken makes a token for this address
   * @param origin where the site's pages lie
   */
  constructor(
    private readonly idToken: (email: string) => string,
    private readonly origin: () => string,
  ) {}

  join(email: string, password: string, factor = false): void {
    this.people.set(email, { password, factor, passkeys: new Map() });
  }

  /** Gives a person this many passkeys that no device has. */
  passkeysFor(email: string, count = 1): void {
    const passkeys = Array.from({ length: count }, (_, i) => ({
      id: `passkey-${i}`,
      publicKey: new Uint8Array(),
      counter: 0,
    }));
    this.people.get(email)!.passkeys = new Map(passkeys.map((one) => [one.id, one]));
  }

  /** How often each passkey of this person's was used, by the passkeys' ids. */
  passkeysOf(email: string): [id: string, count: number][] {
    return [...this.people.get(email)!.passkeys.values()].map(({ id, counter }) => [id, counter]);
  }

  readonly answer = (name: string, input: Input): Answer => {
    const answer = this.answers[name];
    if (!answer) throw new Error(`this pool does not know ${name}`);
    return answer(input);
  };

  private readonly answers: Record<string, (input: Input) => Answer> = {
    InitiateAuth: ({ AuthFlow, AuthParameters }) => {
      const { USERNAME, PASSWORD, REFRESH_TOKEN, PREFERRED_CHALLENGE, SECRET_HASH } =
        AuthParameters as Record<string, string>;
      if (AuthFlow === "REFRESH_TOKEN_AUTH") return this.tokens(REFRESH_TOKEN!);
      if (SECRET_HASH !== secretHash(USERNAME!)) throw refusal("NotAuthorizedException");
      if (AuthFlow === "USER_AUTH") return this.begin(USERNAME!, PREFERRED_CHALLENGE!);
      const somebody = this.people.get(USERNAME!);
      if (somebody?.password !== PASSWORD) throw refusal("NotAuthorizedException");
      return this.tokens(USERNAME!);
    },
    RespondToAuthChallenge: async ({ ChallengeName, Session, ChallengeResponses }) => {
      const { USERNAME, CREDENTIAL, SECRET_HASH } = ChallengeResponses as Record<string, string>;
      const begun = this.sessions.get(String(Session));
      // An answer ends its session, whatever comes of it.
      this.sessions.delete(String(Session));
      const wrong = ChallengeName !== "WEB_AUTHN" || SECRET_HASH !== secretHash(USERNAME!);
      if (!begun || wrong || begun.email !== USERNAME) throw refusal("NotAuthorizedException");
      const response = JSON.parse(CREDENTIAL!) as AuthenticationResponseJSON;
      const passkeys = this.people.get(begun.email)?.passkeys;
      const credential = passkeys?.get(response.id);
      if (!passkeys || !credential) throw refusal("NotAuthorizedException");
      const { verified, authenticationInfo } = await verifyAuthenticationResponse({
        response,
        credential,
        expectedChallenge: begun.challenge,
        expectedOrigin: this.origin(),
        expectedRPID: SITE,
        requireUserVerification: true,
      }).catch(() => {
        throw refusal("NotAuthorizedException");
      });
      if (!verified) throw refusal("NotAuthorizedException");
      passkeys.set(credential.id, { ...credential, counter: authenticationInfo.newCounter });
      return this.tokens(begun.email);
    },
    StartWebAuthnRegistration: async ({ AccessToken }) => {
      const { email, somebody } = this.holder(AccessToken);
      const options = await generateRegistrationOptions({
        rpName: "Groundwork",
        rpID: SITE,
        userName: email,
        attestationType: "none",
        excludeCredentials: [...somebody.passkeys.keys()].map((id) => ({ id })),
        authenticatorSelection: { residentKey: "required", userVerification: "required" },
        supportedAlgorithmIDs: [-7, -257],
      });
      somebody.adding = options.challenge;
      return { CredentialCreationOptions: options };
    },
    CompleteWebAuthnRegistration: async ({ AccessToken, Credential }) => {
      const { somebody } = this.holder(AccessToken);
      const { adding } = somebody;
      delete somebody.adding;
      if (!adding) throw refusal("WebAuthnChallengeNotFoundException");
      const { registrationInfo } = await verifyRegistrationResponse({
        response: Credential as RegistrationResponseJSON,
        expectedChallenge: adding,
        expectedOrigin: this.origin(),
        expectedRPID: SITE,
        requireUserVerification: true,
      }).catch(() => {
        throw refusal("WebAuthnOriginNotAllowedException");
      });
      if (!registrationInfo) throw refusal("WebAuthnCredentialNotSupportedException");
      somebody.passkeys.set(registrationInfo.credential.id, registrationInfo.credential);
      return {};
    },
    ListWebAuthnCredentials: ({ AccessToken }) => ({
      Credentials: [...this.holder(AccessToken).somebody.passkeys.keys()].map((id, i) => ({
        CredentialId: id,
        FriendlyCredentialName: `Passkey ${i + 1}`,
        RelyingPartyId: SITE,
        AuthenticatorTransports: ["internal"],
        CreatedAt: ADDED,
      })),
    }),
    DeleteWebAuthnCredential: ({ AccessToken, CredentialId }) => {
      if (!this.holder(AccessToken).somebody.passkeys.delete(String(CredentialId)))
        throw refusal("ResourceNotFoundException");
      return {};
    },
    GetUser: ({ AccessToken }) => ({
      UserMFASettingList: this.holder(AccessToken).somebody.factor ? ["SOFTWARE_TOKEN_MFA"] : undefined,
    }),
    RevokeToken: () => ({}),
  };

  /** Who may log in by a passkey is asked for one; a stranger is asked for this or that; anybody else for the password. */
  private async begin(email: string, preferred: string): Promise<object> {
    const somebody = this.people.get(email);
    const usable = somebody ? !somebody.factor && somebody.passkeys.size > 0 : ++this.strangers % 2 === 0;
    const Session = randomBytes(300).toString("base64url");
    if (preferred !== "WEB_AUTHN" || !usable)
      return {
        ChallengeName: "SELECT_CHALLENGE",
        AvailableChallenges: ["PASSWORD", "PASSWORD_SRP"],
        Session,
      };
    const options = await generateAuthenticationOptions({
      rpID: SITE,
      userVerification: "required",
      allowCredentials: [...(somebody?.passkeys.keys() ?? ["c3RyYW5nZXI"])].map((id) => ({ id })),
    });
    this.sessions.set(Session, { email, challenge: options.challenge });
    return {
      ChallengeName: "WEB_AUTHN",
      ChallengeParameters: { CREDENTIAL_REQUEST_OPTIONS: JSON.stringify(options) },
      Session,
    };
  }

  private holder(accessToken: unknown): { email: string; somebody: Somebody } {
    const email = String(accessToken);
    const somebody = this.people.get(email);
    if (!somebody) throw refusal("NotAuthorizedException");
    return { email, somebody };
  }

  private readonly tokens = (email: string) => ({
    AuthenticationResult: { IdToken: this.idToken(email), AccessToken: email, RefreshToken: email },
  });
}

const secretHash = (username: string) =>
  createHmac("sha256", SETTINGS.webClientSecret)
    .update(username + SETTINGS.webClientId)
    .digest("base64");
