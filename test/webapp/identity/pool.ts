import { generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import type http from "node:http";
import type { PlatformSettings } from "../../../webapp/identity/settings";
import { awsCallOf, listen, type Listener } from "../../listener";

export const POOL = "eu-west-1_AbCdEfGhI";
export const SETTINGS: PlatformSettings = {
  userPoolId: POOL,
  webClientId: "web-client",
  webClientSecret: "web-secret",
  apiClientId: "api-client",
  sessionKeyArn: "arn:aws:kms:eu-west-1:123456789012:key/1",
  passwordMinimumLength: 12,
  selfSignUp: true,
  threatProtection: true,
};

/** Every pool's, because a pair of keys takes a fifth of a second to make. */
const KEYS = generateKeyPairSync("rsa", { modulusLength: 2048 });

type Claims = Record<string, unknown>;
const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
const inSeconds = (seconds: number) => Math.floor(Date.now() / 1000) + seconds;

/** A user pool's own keys and endpoint, in this process: its tokens are as real as Cognito's. */
export class Pool {
  /** Requests for its public keys, and calls of Cognito's API: their names with what they carry. */
  readonly fetched: string[] = [];
  readonly calls: [name: string, input: Record<string, unknown>][] = [];
  /** What the API answers, or the error that it refuses with. */
  answer: (name: string, input: Record<string, unknown>) => object | Promise<object> = () => ({});
  keysStatus = 200;
  private server!: Listener;
  private saved: NodeJS.ProcessEnv = {};

  async start(): Promise<this> {
    this.fetched.length = this.calls.length = 0;
    this.keysStatus = 200;
    this.answer = () => ({});
    this.saved = { ...process.env };
    this.server = await listen((request, response) => this.serve(request, response));
    process.env["AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER"] = this.server.url;
    process.env["AWS_ENDPOINT_URL"] = this.server.url;
    process.env["AWS_ACCESS_KEY_ID"] = "instance";
    process.env["AWS_SECRET_ACCESS_KEY"] = "key";
    return this;
  }

  async stop(): Promise<void> {
    for (const name of Object.keys(process.env)) if (!(name in this.saved)) delete process.env[name];
    Object.assign(process.env, this.saved);
    await this.server.close();
  }

  /** The claims of an id token of this pool for its web client. */
  claims(more: Claims = {}): Claims {
    return {
      sub: "4f1e6a50-0000-4000-8000-000000000001",
      aud: SETTINGS.webClientId,
      token_use: "id",
      iss: `https://cognito-idp.eu-west-1.amazonaws.com/${POOL}`,
      exp: inSeconds(600),
      iat: inSeconds(0),
      "cognito:username": "ann",
      email: "ann@example.com",
      ...more,
    };
  }

  /** A token signed by the pool's own key, unless told otherwise. */
  token(claims: Claims = {}, header: object = {}, key: KeyObject = KEYS.privateKey): string {
    const text = `${encoded({ alg: "RS256", kid: "own", ...header })}.${encoded(this.claims(claims))}`;
    return `${text}.${sign("sha256", Buffer.from(text), key).toString("base64url")}`;
  }

  /** The public key, as anybody may read it. */
  publicPem(): string {
    return KEYS.publicKey.export({ type: "spki", format: "pem" }) as string;
  }

  private async serve(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    if (request.method === "GET") {
      this.fetched.push(request.url!);
      const jwk = { ...KEYS.publicKey.export({ format: "jwk" }), kid: "own", alg: "RS256", use: "sig" };
      return void response.writeHead(this.keysStatus).end(JSON.stringify({ keys: [jwk] }));
    }
    const { target, body } = await awsCallOf(request);
    const name = target.split(".").pop()!;
    const input = JSON.parse(body) as Record<string, unknown>;
    this.calls.push([name, input]);
    try {
      const answer = JSON.stringify(await this.answer(name, input));
      response.writeHead(200, JSON_1_1).end(answer);
    } catch (error) {
      const { name: __type, message } = error as Error;
      response.writeHead(400, JSON_1_1).end(JSON.stringify({ __type, message }));
    }
  }
}

const JSON_1_1 = { "content-type": "application/x-amz-json-1.1" };

/** An error as Cognito names it. */
export const refusal = (name: string) => Object.assign(new Error("refused"), { name });
