import { randomBytes } from "node:crypto";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import fp from "fastify-plugin";
import { type Identity, identitySource } from "../identity/identity";
import type { Challenge, People } from "../identity/people";
import type { Tokens } from "../identity/pool-calls";
import type { Person } from "../identity/tokens";
import { Refusal } from "../refusal";
import { clearCookie, readCookie, writeCookie } from "../session/cookies";

/** A whole session. The encrypted cookie holds it, so that any server can serve it. */
export interface Session {
  /** Ties forms to the session. */
  id: string;
  person?: Person;
  refreshToken?: string;
  /** A sign-in that waits for a second answer. */
  challenge?: Challenge;
  /** The last entered address, for the next form: in a page's URL it would end up in logs. */
  email?: string;
  /** What happened on the previous page, to show on the next one. */
  note?: string;
  /** Where to go after sign-in. */
  after?: string;
  /** An authenticator that a signed-in person is setting up. */
  secret?: string;
}

export type SignedInSession = Session & { person: Person };

type Renewal = Required<Pick<Session, "person" | "refreshToken">>;

declare module "fastify" {
  interface FastifyInstance {
    /** Absent if the app has no people: then nothing needs a session. */
    identity?: () => Promise<Identity>;
    /** The sessions being renewed, by refresh token: a page's parallel requests share one renewal. */
    renewals: Map<string, Promise<Renewal>>;
  }
  interface FastifyRequest {
    session: Session | null;
    /** Who is signed in, by a session or a token. */
    person: Person | null;
  }
}

const SESSION_DAYS = 30;
const PENDING_MINUTES = 15;
/** A token is renewed this long before it expires. */
const MARGIN_MS = 30_000;

/** People's sessions, in one sealed cookie. */
export default fp(async function session(server: FastifyInstance) {
  const { config, ports } = server;
  const stale = (error: Error) => server.log.warn({ err: error }, "the settings could not be read again");
  const source = config.PARAMETER_PATH ? identitySource(config, ports.platform, stale) : undefined;
  server.decorate("identity", source);
  server.decorate("renewals", new Map());
  server.decorateRequest("session", null);
  server.decorateRequest("person", null);
});

/** Who may sign in and how, or a refusal that says why nobody can. */
export async function requireIdentity(server: FastifyInstance): Promise<Identity> {
  if (!server.identity) throw new Refusal(503, "no sign-in is configured: set PARAMETER_PATH");
  return server.identity().catch((error: Error) => {
    server.log.warn({ err: error }, "the sign-in settings cannot be read yet");
    throw new Refusal(503, "sign-in is not available yet, try again in a moment", { retryAfterSeconds: 5 });
  });
}

/** The people, for what this request asks of them. */
export async function requirePeople(request: FastifyRequest): Promise<People> {
  return (await requireIdentity(request.server)).people.from(request.ip);
}

/** Opens the request's session, and renews its person's tokens when they are about to expire. */
export async function openSession(request: FastifyRequest, reply: FastifyReply): Promise<Session> {
  if (request.session) return request.session;
  const identity = await requireIdentity(request.server);
  const sealed = readCookie(request);
  const opened = sealed ? (identity.keys.open(sealed) as Session | undefined) : undefined;
  request.session = opened ? await renewed(identity, opened, request, reply) : { id: newId() };
  request.person = request.session.person ?? null;
  return request.session;
}

async function renewed(identity: Identity, session: Session, request: FastifyRequest, reply: FastifyReply) {
  if (!session.person || session.person.until - MARGIN_MS > Date.now()) return session;
  try {
    const next = { ...session, ...(await renewal(request, identity, session as SignedInSession)) };
    await keepSession(request, reply, next);
    return next;
  } catch (error) {
    if (isFinal(error)) {
      // Signed out elsewhere, disabled, or too old.
      clearCookie(request, reply);
      return { id: newId() };
    }
    // An outage or a throttled call must neither sign anybody out nor refuse a person whose token is still valid.
    if (session.person.until > Date.now()) return session;
    if (!(error instanceof Refusal)) throw error;
    throw new Refusal(503, "sign-in is busy, try again in a moment", { retryAfterSeconds: 2 });
  }
}

/** Whether the pool declared these tokens invalid, as opposed to being unable to answer. */
const isFinal = (error: unknown) => error instanceof Refusal && error.statusCode < 429;

function renewal(
  { ip, server: { renewals } }: FastifyRequest,
  { people, verify }: Identity,
  { person, refreshToken = "" }: SignedInSession,
): Promise<Renewal> {
  const running = renewals.get(refreshToken);
  if (running) return running;
  const renew = async () => {
    const tokens = await people.from(ip).refresh(person.username, refreshToken);
    return { person: await verify(tokens.id), refreshToken: tokens.refresh ?? refreshToken };
  };
  const started = renew().finally(() => renewals.delete(refreshToken));
  renewals.set(refreshToken, started);
  return started;
}

/** Writes the session's cookie. */
export async function keepSession(
  request: FastifyRequest,
  reply: FastifyReply,
  session: Session,
): Promise<void> {
  const { keys } = await requireIdentity(request.server);
  const minutes = session.person ? SESSION_DAYS * 24 * 60 : PENDING_MINUTES;
  writeCookie(request, reply, keys.seal(session, Date.now() + minutes * 60_000));
  request.session = session;
}

/** Starts a person's session. Its id is new, so that earlier forms and cookies are worthless. */
export async function signIn(request: FastifyRequest, reply: FastifyReply, tokens: Tokens): Promise<void> {
  const { verify } = await requireIdentity(request.server);
  const person = await verify(tokens.id);
  await keepSession(request, reply, { id: newId(), person, refreshToken: tokens.refresh });
}

const newId = () => randomBytes(18).toString("base64url");

const bearerOf = (request: FastifyRequest) => /^Bearer (\S+)$/.exec(request.headers.authorization ?? "")?.[1];

/** The session of the signed-in person; refuses anybody else. */
export async function requireSession(request: FastifyRequest, reply: FastifyReply): Promise<SignedInSession> {
  const session = await openSession(request, reply);
  if (!session.person) throw new Refusal(401, "log in first, at /login");
  return session as SignedInSession;
}

/** A hook for routes that only people may use, by their session or by a pool token that their program sends. */
export async function requirePerson(request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const token = bearerOf(request);
  if (token) {
    const { verify } = await requireIdentity(request.server);
    request.person = await verify(token).catch(() => {
      throw new Refusal(401, "the token must be a valid id token of this platform's user pool");
    });
    return;
  }
  await requireSession(request, reply);
}

/** A hook for routes that show more to people: it identifies the caller, and refuses only an invalid token. */
export async function knowPerson(request: FastifyRequest, reply: FastifyReply): Promise<void> {
  if (bearerOf(request)) await requirePerson(request, reply);
  else if (request.server.identity && readCookie(request)) await openSession(request, reply);
}

/** A hook for routes that change something. It refuses a request that another site made a browser send. */
export async function requireOwnForm(request: FastifyRequest, reply: FastifyReply): Promise<void> {
  // Browsers never add a bearer token by themselves, so no other site can have caused this request.
  if (bearerOf(request)) return;
  const { keys } = await requireIdentity(request.server);
  const { id } = await openSession(request, reply);
  const body = request.body as { form?: unknown } | undefined;
  if (!keys.isFormToken(id, request.headers["x-form-token"] ?? body?.form))
    throw new Refusal(403, "this form has expired: load the page again, then send it");
}
