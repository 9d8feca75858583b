import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  hkdfSync,
  randomBytes,
  timingSafeEqual,
} from "node:crypto";

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** The sealed content: a session, or a login that waits for an answer. */
type Sealed = "cookie" | "ticket";

/** Keys derived from one secret, one per use, so that a value made for one use is worthless in another. */
export class SessionKeys {
  private readonly seals: Record<Sealed, Buffer>;
  private readonly sign_: Buffer;

  constructor(secret: Uint8Array) {
    if (secret.length < 32)
      throw new Error(`a session secret must have 32 bytes or more, got ${secret.length}`);
    const key = (use: string) => Buffer.from(hkdfSync("sha256", secret, "", `groundwork ${use} v1`, 32));
    this.seals = { cookie: key("session cookie"), ticket: key("login ticket") };
    this.sign_ = key("form token");
  }

  /** Encrypts and authenticates a value: nobody without the secret can read, change or make one. */
  seal(value: unknown, expiresAt: number, as: Sealed = "cookie"): string {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv("aes-256-gcm", this.seals[as], nonce);
    const text = cipher.update(JSON.stringify({ expiresAt, value }));
    return Buffer.concat([nonce, text, cipher.final(), cipher.getAuthTag()]).toString("base64url");
  }

  /** The value; undefined if it was not sealed here, was changed, or is too old. */
  open(sealed: string, now = Date.now(), as: Sealed = "cookie"): unknown {
    const bytes = Buffer.from(sealed, "base64url");
    try {
      const decipher = createDecipheriv("aes-256-gcm", this.seals[as], bytes.subarray(0, NONCE_BYTES));
      decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
      const text = Buffer.concat([
        decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES)),
        decipher.final(),
      ]);
      const { expiresAt, value } = JSON.parse(text.toString("utf8")) as { expiresAt: number; value: unknown };
      return expiresAt > now ? value : undefined;
    } catch {
      return undefined; // not authentic, or too short to be
    }
  }

  /** The token that a form of this session must send, which no other site can know. */
  formToken(sessionId: string): string {
    return createHmac("sha256", this.sign_).update(sessionId).digest("base64url");
  }

  isFormToken(sessionId: string, token: unknown): boolean {
    if (typeof token !== "string") return false;
    const [expected, got] = [Buffer.from(this.formToken(sessionId)), Buffer.from(token)];
    return expected.length === got.length && timingSafeEqual(expected, got);
  }
}
