import type { FastifyReply, FastifyRequest } from "fastify";

/** The prefix makes browsers refuse the cookie from any other host or path, or over a plain connection. */
const nameFor = (request: FastifyRequest) => (request.protocol === "https" ? "__Host-session" : "session");

export function readCookie(request: FastifyRequest): string | undefined {
  const wanted = `${nameFor(request)}=`;
  const found = request.headers.cookie?.split(";").find((one) => one.trim().startsWith(wanted));
  return found?.trim().slice(wanted.length);
}

export function writeCookie(request: FastifyRequest, reply: FastifyReply, value: string): void {
  reply.header("set-cookie", cookie(request, value));
}

export function clearCookie(request: FastifyRequest, reply: FastifyReply): void {
  reply.header("set-cookie", `${cookie(request, "")}; Max-Age=0`);
}

function cookie(request: FastifyRequest, value: string): string {
  const secure = request.protocol === "https" ? "; Secure" : "";
  return `${nameFor(request)}=${value}; Path=/; HttpOnly; SameSite=Lax${secure}`;
}
