// The console in a browser, through the real web app; the provisioner's API behind it is stood in for.
import type { Page } from "playwright-core";
import { build } from "../../webapp/build";
import { readConfig } from "../../webapp/config";
import { closeBrowser, openPage } from "../browser";
import { listen } from "../listener";
import { freshDatabase } from "./helper";
import { person, platform, sealed, WITH_PEOPLE } from "./identity/platform";
import { Pool } from "./identity/pool";

const PROJECTS = "/groundwork/dev/provisioner/api-url";

export type Opened = Awaited<ReturnType<typeof openPage>>;

export interface ConsoleApp {
  /** The console of Ann, who asked for what is shown; the first project is open. */
  open(admin?: boolean): Promise<Opened & { page: Page }>;
  close(): Promise<void>;
}

/** @param answerTo what the API answers */
export async function startConsole(
  answerTo: (method: string, url: string) => [status: number, body: object],
): Promise<ConsoleApp> {
  const pool = new Pool();
  await pool.start();
  pool.answer = () => ({
    AuthenticationResult: { IdToken: pool.token(), AccessToken: "access", RefreshToken: "refresh" },
  });
  const api = await listen((request, response) => {
    const [status, body] = answerTo(request.method!, request.url!);
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  });
  const parameters = async (names: string[]) => ({
    ...(await platform.parameters(names)),
    [PROJECTS]: api.url,
  });
  const config = readConfig({ ...(await freshDatabase()), ...WITH_PEOPLE, PROVISIONER_PARAMETER: PROJECTS });
  const app = build(config, { log: { write: () => {} }, platform: { ...platform, parameters } });
  await app.listen({ port: 0, host: "127.0.0.1" });
  return {
    open: async (admin = false) => {
      const opened = await openPage({ viewport: { width: 390, height: 800 } });
      const { page } = opened;
      const url = app.listeningOrigin;
      const who = { ...person(Date.now() + 3_600_000), groups: admin ? ["admin"] : [] };
      const session = { id: "a", person: who, refreshToken: "refresh" };
      const [name, value] = sealed(session).split("=") as [string, string];
      await page.context().addCookies([{ name, value, url }]);
      await page.goto(`${url}/console`);
      return opened;
    },
    close: async () => {
      await closeBrowser();
      await app.close();
      await api.close();
      await pool.stop();
    },
  };
}
