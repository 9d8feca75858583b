import type { FastifyInstance, LightMyRequestResponse } from "fastify";
import type { Session } from "../../webapp/plugins/session";
import { keys, sealed } from "./identity/platform";

/** A browser that sends forms, and keeps its cookie. */
export function formBrowser(app: FastifyInstance, session: Session = { id: "a" }) {
  let cookie = sealed(session);
  const keep = (answer: LightMyRequestResponse) => {
    const set = answer.headers["set-cookie"];
    if (set) cookie = String(set).split(";")[0]!;
    return answer;
  };
  return {
    open: async (url: string) => keep(await app.inject({ url, headers: { cookie } })),
    send: async (url: string, fields: Record<string, string>) =>
      keep(
        await app.inject({
          method: "POST",
          url,
          headers: { cookie, "content-type": "application/x-www-form-urlencoded" },
          payload: new URLSearchParams({ form: keys.formToken(session.id), ...fields }).toString(),
        }),
      ),
  };
}
